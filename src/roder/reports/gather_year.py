"""Reads the annual wheel and the action plans of an occasion's year to plain facts."""

from __future__ import annotations

from roder.followup import wheel
from roder.followup.rules.wheel import Event, span_of, stops, when
from roder.organisation.models import Role
from roder.reports.facts_year import WheelFact, YearFacts
from roder.steering.models import Occasion


def fact(event: Event, number: int) -> WheelFact:
    """An event as it is told, with the number of its mark."""
    return WheelFact(
        number=number,
        day=event.day,
        last=event.last,
        when=when(event.day, event.last) + (f" kl. {event.clock}" if event.clock else ""),
        title=event.title,
        whom=event.whom,
        ring_code=event.ring.value,
        ring=event.ring.label,
        role=str(Role(event.role).label) if event.role in Role.values else event.role,
        body=event.body,
        note=event.note,
    )


def gather_year(occasion: Occasion) -> YearFacts | None:
    """The wheel where the year is planned, and the plans where they are planned or followed up; nothing elsewhere. A
    constant number of queries."""
    if occasion.kind != Occasion.Kind.PLAN:
        return None
    found = wheel.events(occasion.committee, *span_of(occasion.year))
    return YearFacts(wheel=tuple(fact(one, stop.number) for stop in stops(found) for one in stop.events))
