"""The annual wheel: everything that recurs in a committee's year, from the rooms that own it (3.4).

A room adds what it has by declaring a source::

    wheel.source("kolada", published, resource=Resource.MEASURES)

where ``published(committee, start, end)`` gives ``Event``s. What the wheel shows is a question to the sources; nothing
is kept here, so nothing can be out of date.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from typing import Any

from django.apps import apps

from roder import access
from roder.access.matrix import Action, Resource
from roder.followup.rules.wheel import Event, Ring, merged
from roder.organisation.models import Body

__all__ = ["Event", "Ring", "Source", "events", "source", "sources"]

Events = Callable[[Body, date, date], Iterable[Event]]


@dataclass(frozen=True)
class Source:
    """A declared source. See ``source``."""

    name: str
    events: Events
    resource: Resource
    common: bool


_SOURCES: dict[str, Source] = {}


def source(
    name: str, events: Events, *, resource: Resource = Resource.STEERING, common: bool = True
) -> Source:
    """Declare a source: ``events(committee, start, end)`` gives what happens between two days, in a constant number of
    queries.

    Those who may see ``resource`` in the committee see its events, but such as name a record: they are seen by those
    who may see the record. ``common`` False: they concern single parts of the organisation or people, and stand on the
    page of those who may see them but in no paper. Declaring the same name again replaces it.
    """
    made = Source(name, events, resource, common)
    _SOURCES[name] = made
    return made


def sources() -> tuple[Source, ...]:
    """Every source."""
    import_module("roder.followup.wheel_sources")  # the rooms below; those above have declared their own
    return tuple(_SOURCES.values())


def events(
    committee: Body, start: date, end: date, user: Any = None, *, rings: Collection[str] = (), role: str = ""
) -> list[Event]:
    """What happens in a committee between two days, in order, as ``user`` may see it (None: what is common to all, for
    papers). With ``rings`` or ``role`` only those. A constant number of queries, whatever the number of units.
    """
    found: list[Event] = []
    for one in sources():
        if user is None and not one.common:
            continue
        allowed = user is None or access.may(user, Action.VIEW, one.resource, committee)
        for event in one.events(committee, start, end):
            if event.last < start or event.day > end or not (allowed or event.record):
                continue
            if (rings and event.ring not in rings) or (role and event.role != role):
                continue
            found.append(replace(event, source=one.name))
    return merged(found if user is None else _seen(found, user))


def _seen(found: list[Event], user: Any) -> list[Event]:
    """Those whose record the user may see, or that have none: one query for each kind of record."""
    asked: dict[str, set[int]] = {}
    for one in found:
        if one.record:
            asked.setdefault(one.record[0], set()).add(one.record[1])
    seen: set[tuple[str, int]] = set()
    for label, ids in asked.items():
        rows = apps.get_model(label)._base_manager.filter(pk__in=ids)
        seen |= {(label, pk) for pk in access.visible(user, rows).values_list("pk", flat=True)}
    return [one for one in found if one.record is None or one.record in seen]
