"""The demonstration's registers: Oxelösund's grants to associations over four years, and the days of its state grant.

Loaded from ``examples/<kommun>/foreningsbidrag.yaml`` and ``statsbidrag.yaml``. Can be run again without harm.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from django.db import transaction

from roder import access
from roder.core.faults import UserFault
from roder.core.yamlfile import Shape, read_yaml
from roder.organisation.models import Body
from roder.registers.models import Association, GrantApplication, GrantCall, StateGrant
from roder.registers.rules import flows
from roder.registers.services import deadlines


class _Association(Shape):
    name: str
    short: str
    purpose: str = ""


class _Grant(Shape):
    to: str
    amount: Decimal
    share: int | None = None
    other_form: str = ""


class _Call(Shape):
    year: int
    printed_total: Decimal | None = None
    decided: bool
    grants: tuple[_Grant, ...]


class GrantFile(Shape):
    """``foreningsbidrag.yaml``: the associations, and each year's amounts as they were printed."""

    source: str
    committee: str
    associations: tuple[_Association, ...]
    calls: tuple[_Call, ...]


class _StateGrant(Shape):
    rule: str
    year: int


class StateGrantFile(Shape):
    """``statsbidrag.yaml``: the grants whose days follow from a rule, by year."""

    source: str
    committee: str
    grants: tuple[_StateGrant, ...]


def load(examples: Path) -> list[str]:
    """Load every folder's files of the small registers. What is there already is left as it is. Gives what was done.

    Raises UserFault for a file that cannot be read or names what is not there."""
    done = []
    for path in sorted(examples.glob("*/foreningsbidrag.yaml")):
        if path.parent.name == "formular":
            continue
        done.append(load_grants(path))
    done += [load_state_grants(path) for path in sorted(examples.glob("*/statsbidrag.yaml"))]
    return done


def _committee(path: Path, slug: str) -> Body:
    found = Body.objects.filter(slug=slug).first()
    if found is None:
        raise UserFault(f"{path}: nämnden {slug} finns inte. Läs in mappens organisation först.")
    return found


@transaction.atomic
def load_grants(path: Path) -> str:
    """Load one file of grants. Gives what was loaded, in words."""
    file = read_yaml(path, GrantFile)
    committee = _committee(path, file.committee)
    by_name: dict[str, Association] = {}
    for position, one in enumerate(file.associations, start=1):
        by_name[one.short], _ = Association.objects.get_or_create(
            committee=committee,
            name=one.name,
            defaults={"short_name": one.short, "purpose": one.purpose, "position": position},
        )
    states = GrantApplication.State
    for call in file.calls:
        made, _ = GrantCall.objects.get_or_create(
            committee=committee,
            year=call.year,
            defaults={"title": "Föreningsbidrag", "printed_total": call.printed_total},
        )
        for grant in call.grants:
            if grant.to not in by_name:
                raise UserFault(f"{path}: {call.year}: föreningen {grant.to} står inte bland föreningarna.")
            row, new = GrantApplication.objects.get_or_create(
                call=made,
                association=by_name[grant.to],
                defaults={
                    "state": states.DECIDED if call.decided else states.ASSESSED,
                    "proposed": None if call.decided else grant.amount,
                    "granted": grant.amount if call.decided else None,
                    "printed_share": grant.share,
                    "other_form": grant.other_form,
                },
            )
            if new:
                deadlines.keep(row, None)
    access.record(None, "setup.loaded", f"{committee.slug}/foreningsbidrag")
    return f"{committee}: föreningsbidrag {file.calls[0].year}–{file.calls[-1].year} till {len(by_name)} föreningar"


@transaction.atomic
def load_state_grants(path: Path) -> str:
    """Load one file of state grants. Gives what was loaded, in words."""
    file = read_yaml(path, StateGrantFile)
    committee = _committee(path, file.committee)
    rules = {one.code: one for one in flows.STATE_GRANTS}
    for grant in file.grants:
        rule = rules.get(grant.rule)
        if rule is None:
            raise UserFault(f"{path}: ingen regel heter {grant.rule}. De som finns: {', '.join(rules)}.")
        made, new = StateGrant.objects.get_or_create(
            committee=committee, year=grant.year, name=rule.name, defaults=rule.values(grant.year)
        )
        if new:
            deadlines.keep(made, None)
    access.record(None, "setup.loaded", f"{committee.slug}/statsbidrag")
    return f"{committee}: statsbidrag med sina dagar, {len(file.grants)} st"
