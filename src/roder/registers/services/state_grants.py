"""State grants over a year: the days that fall in it, and grants whose days follow from a rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from roder import access
from roder.access import Action, Resource
from roder.core.put import created
from roder.organisation.models import Body, Person
from roder.registers.models import StateGrant
from roder.registers.rules import flows
from roder.registers.services import deadlines

#: (what, the day by which, the day it was done)
DAYS = (
    ("Ansök", "apply_by", "applied_on"),
    ("Rekvirera", "requisition_by", "requisitioned_on"),
    ("Återrapportera", "report_by", "reported_on"),
)


@dataclass(frozen=True)
class YearDay:
    """One day of the year by which something is to be done for a grant."""

    due: date
    what: str
    grant: StateGrant
    done: date | None
    word: str
    tone: str


def days_of(user: Any, committee: Body, year: int, today: date | None = None) -> list[YearDay]:
    """The days that fall in a year, in order; those of a refused grant are left out after the application."""
    now = today or timezone.localdate()
    falls = Q()
    for _, due, _ in DAYS:
        falls |= Q(**{f"{due}__year": year})
    rows = access.visible(user, StateGrant.objects.filter(falls, committee=committee))
    found = []
    for row in rows:
        for what, due_name, done_name in DAYS:
            due, done = getattr(row, due_name), getattr(row, done_name)
            if due is None or due.year != year or (row.state == StateGrant.State.REFUSED and what != "Ansök"):
                continue
            word, tone = flows.tone(due, done, now)
            found.append(YearDay(due, what, row, done, word, tone))
    return sorted(found, key=lambda one: (one.due, one.grant.name))


@transaction.atomic
def add_by_rule(committee: Body, code: str, year: int, by: Person) -> StateGrant:
    """Add the year's grant with the days that its rule gives; the tasks come with it.

    Raises NotAllowedError; LookupError for an unknown rule; ValidationError when the year has it already.
    """
    access.require(by, Action.EDIT, Resource.STATE_GRANTS, committee)
    rule = next((one for one in flows.STATE_GRANTS if one.code == code), None)
    if rule is None:
        raise LookupError(f"Ingen regel för statsbidrag heter {code}.")
    made = StateGrant(committee=committee, year=year, name=rule.name, **rule.values(year))
    if StateGrant.objects.filter(committee=committee, year=year, name=rule.name).exists():
        raise ValidationError(f"{rule.name} {year} finns redan i registret.")
    created(made)
    access.record(by, "added", made)
    deadlines.keep(made, by)
    return made
