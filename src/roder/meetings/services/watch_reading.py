"""What a person wrote about when: read into the plans of ``add_watch``, with cases looked up by their number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.conf import settings

from roder import access, tasks
from roder.access import Action
from roder.meetings.models import Case
from roder.meetings.rules.rhythms import OCCASIONS, RhythmFault, read_rhythm
from roder.meetings.services.case_series import find_case
from roder.meetings.services.watch_times import Plan, WatchFault, today
from roder.organisation.models import Body, Person
from roder.steering.models import Occasion
from roder.tasks.rules import add_months

#: The accounts' words, the kind of occasion, and how many months after its cut-off the committee has them.
_ACCOUNTS = (("delår", Occasion.Kind.INTERIM, 1), ("bokslut", Occasion.Kind.ANNUAL, 2))


def months_of_accounts(committee: Body) -> dict[str, int]:
    """The month in which the committee handles the interim and the annual accounts: the setting ACCOUNTS_MONTHS, else
    one and two months after the cut-off of the steering model's latest occasion, else September and February."""
    found = dict(OCCASIONS)
    for word, kind, after in _ACCOUNTS:
        occasion = Occasion.objects.filter(committee=committee, kind=kind).order_by("-cut_off").first()
        if occasion is not None:
            found[word] = add_months(occasion.cut_off, after).month
    own: Mapping[str, int] = getattr(settings, "ACCOUNTS_MONTHS", {})
    return {**found, **own}


def plan_of(committee: Body, kind: str, text: str, by: Person | None, day: date | None = None) -> Plan:
    """One rhythm as written. ``by`` None: a case is looked up whoever may see it (for loading).

    Raises WatchFault with what could not be read, or when the case is not found.
    """
    try:
        reading = read_rhythm(text, day or today(), months_of_accounts(committee))
    except RhythmFault as fault:
        raise WatchFault(str(fault), "rhythms") from fault
    condition = None
    if reading.waits is not None:
        condition = tasks.Condition(text=reading.waits.text)
        if reading.waits.case:
            case = find_case(committee, reading.waits.case)
            if case is None or (by is not None and not access.may(by, Action.VIEW, case)):
                raise WatchFault(
                    f"”{text}”: ärendet {reading.waits.case} finns inte i nämndens diarium. Rätta numret.",
                    "rhythms",
                )
            reached = Case.Phase.values[Case.Phase.values.index(reading.waits.phase) :]
            condition = tasks.Condition(record=case, states=reached, field="phase")
    return kind, reading.printed, reading.rule, condition


def plans_of(committee: Body, by: Person | None, lines: Mapping[str, str]) -> list[Plan]:
    """Rhythms as they are written on a form: kind (B, MI or empty) -> text, one rhythm on each line.

    Raises WatchFault; ``field`` is the kind's."""
    found: list[Plan] = []
    for kind, text in lines.items():
        for line in text.splitlines():
            if not line.strip():
                continue
            try:
                found.append(plan_of(committee, kind, line, by))
            except WatchFault as fault:
                raise WatchFault(str(fault), f"rhythm_{kind.lower() or 'other'}") from fault
    return found
