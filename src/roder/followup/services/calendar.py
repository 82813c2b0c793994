"""The dates of the annual wheel's calendar as tasks: those that a role answers for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from roder import tasks
from roder.followup.rules.wheel import month_days
from roder.organisation.models import Body
from roder.steering.models import SteeringModelVersion
from roder.steering.services import parsed
from roder.tasks.models import LIVE, State

TASK = "followup.calendar"
#: How long before its day something of the calendar becomes a task.
AHEAD = timedelta(days=30)


@dataclass(frozen=True)
class Dated:
    """An entry of the calendar on a day, with whose it is. ``key`` tells it from the others of the committee."""

    key: str
    what: str
    due: date
    role: str


def dated(version: SteeringModelVersion) -> Iterator[Dated]:
    """The entries of a model's calendar that a role answers for, with the last day of each."""
    for item in parsed(version).calendar:
        if item.role is None:
            continue
        days = (
            [item.end or item.date]
            if item.date is not None
            else [month_days(version.year, month)[1] for month in sorted(item.months)]
        )
        for place, day in enumerate(days):
            key = f"{version.year}:{item.code}:{place}"[:80]
            yield Dated(key, item.label[:300], day, str(item.role))


@transaction.atomic
def open_calendar(version: SteeringModelVersion, today: date | None = None) -> int:
    """Open the tasks of the dates that are near, and move or strike those that a new version of the model has moved or
    taken away. Can be run again: what somebody has done is not opened anew. Gives how many were opened."""
    day, committee = today or timezone.localdate(), version.committee
    wanted = {one.key: one for one in dated(version)}
    made = tasks.of(committee).filter(kind=TASK, key__startswith=f"{version.year}:")
    there = {one.key: one for one in made.exclude(state=State.CANCELLED)}
    opened = 0
    for key, task in there.items():
        if task.state not in LIVE:
            continue
        if key not in wanted:
            tasks.cancel(TASK, committee, "Styrmodellen har inte längre datumet.", key=key)
        else:
            tasks.reschedule(TASK, committee, wanted[key].due, key)
            tasks.hand_over(TASK, committee, _owner(wanted[key], committee), key=key)
    for key, one in wanted.items():
        if key not in there and one.due - AHEAD <= day <= one.due:
            tasks.open_task(
                TASK, committee, owner=_owner(one, committee), due=one.due, what=one.what, key=key
            )
            opened += 1
    return opened


def _owner(one: Dated, committee: Body) -> tasks.Owner:
    return tasks.Owner(one.role, committee=committee)


def open_due(today: date | None = None) -> int:
    """Open what is near in every committee's latest models. For the night. Gives how many were opened."""
    day = today or timezone.localdate()
    latest = (
        SteeringModelVersion.objects.filter(year__range=(day.year - 1, day.year + 1))
        .defer("source", "content")
        .select_related("committee")
        .order_by("committee", "year", "-version")
        .distinct("committee", "year")
    )
    return sum(open_calendar(version, day) for version in latest)
