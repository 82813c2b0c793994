"""Pages of the annual wheel: the year as a picture with its list, and the whole list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, get_script_prefix, resolve
from django.utils import timezone

from roder.access.matrix import Action, Resource
from roder.economy.pages.export import as_file
from roder.followup import wheel
from roder.followup.rules import wheel as rules
from roder.followup.rules.wheel import Event, Ring
from roder.organisation.models import Role
from roder.reports.gather_year import fact
from roder.reports.year_parts import wheel_table
from roder.web.scope import CommitteeRequest, Scope, committee_page


@dataclass(frozen=True)
class Line:
    """An event as it is shown."""

    number: int
    event: Event
    when: str
    who: str
    url: str
    state: tuple[str, str]
    new: bool


def _address(event: Event, scope: Scope) -> str:
    """Where an event leads; nothing when the room has no such page, or the person may not open it."""
    if isinstance(event.url, str):
        return event.url
    name, arguments = event.url
    other = Scope(scope.user, scope.committee, event.year or scope.year)
    try:
        found = other.url(name, *arguments)
    except NoReverseMatch:
        return ""
    page = resolve(found.removeprefix(get_script_prefix().rstrip("/"))).func
    resource, action = getattr(page, "needs", (None, Action.VIEW))
    return found if resource is None or scope.may(action, resource) else ""


def who(event: Event) -> str:
    """Whose it is and what it is about, in words."""
    role = str(Role(event.role).label).capitalize() if event.role in Role.values else event.role
    return ", ".join(part for part in (role, event.body) if part)


def lines(stops: Iterable[rules.Stop], scope: Scope, today: date) -> list[Line]:
    """A line for each event, with the number of its mark."""
    return [
        Line(
            stop.number,
            event,
            rules.when(event.day, event.last) + (f" kl. {event.clock}" if event.clock else ""),
            who(event),
            _address(event, scope),
            event.standing(today),
            place == 0,
        )
        for stop in stops
        for place, event in enumerate(stop.events)
    ]


def _by_month(found: Iterable[Line], year: int) -> list[tuple[str, list[Line]]]:
    """The lines under the months of the wheel; what began earlier stands in its first month."""
    months: dict[tuple[int, int], list[Line]] = {month: [] for month in rules.months_of(year)}
    first = next(iter(months))
    for line in found:
        months[max(first, (line.event.day.year, line.event.day.month))].append(line)
    return [(rules.month_name(*month), inside) for month, inside in months.items()]


def _asked(request: HttpRequest) -> tuple[list[str], str]:
    """The rings and the role that are chosen; what does not exist is left out."""
    rings = [one for one in request.GET.getlist("ring") if one in list(Ring)]
    role = request.GET.get("roll", "")
    return rings, role if role in Role.values else ""


def _context(request: CommitteeRequest) -> dict[str, Any]:
    scope = request.scope
    start, end = rules.span_of(scope.year)
    rings, role = _asked(request)
    every = wheel.events(scope.committee, start, end, request.user)
    found = [one for one in every if (not rings or one.ring in rings) and (not role or one.role == role)]
    today = timezone.localdate()
    stops = rules.stops(found)
    known = {one.role for one in every if one.role in Role.values}
    shown = lines(stops, scope, today)
    return {
        "stops": stops,
        "lines": shown,
        "months": _by_month(shown, scope.year),
        "rings": [(ring.value, ring.label, ring in rings) for ring in Ring],
        "role": role,
        "roles": sorted(((one, str(Role(one).label).capitalize()) for one in known), key=lambda one: one[1]),
        "chosen": bool(rings or role),
        "today": today,
        "every": len(every),
        "late": sum(line.state[1] == "bad" for line in shown),
        "next_year": scope.year + 1,
        "mine": _mine(scope, known),
    }


def _mine(scope: Scope, known: set[str]) -> list[tuple[str, str]]:
    """The person's own roles that have something on the wheel."""
    return [(one, str(Role(one).label)) for one in sorted(scope.roles() & known)]


@committee_page(Resource.STEERING)
def picture(request: CommitteeRequest) -> HttpResponse:
    """The year as a wheel: twelve months, a mark for each day on which something happens, and the list beside."""
    context = _context(request)
    return render(
        request, "followup/wheel/wheel.html", {**context, "drawn": drawing(context, request.scope.year)}
    )


def drawing(context: dict[str, Any], year: int) -> dict[str, Any]:
    """What the picture is drawn of: sectors, marks, spans, months and today."""
    marks = rules.placed(context["stops"], year)
    today: date = context["today"]
    start, end = rules.span_of(year)
    hand = None
    if start <= today <= end:
        inner, outer = rules.point(rules.turn(today), 104), rules.point(rules.turn(today), 344)
        hand = {"x1": inner[0], "y1": inner[1], "x2": outer[0], "y2": outer[1]}
    return {
        "size": rules.SIZE,
        "centre": rules.CENTRE,
        "radius": rules.MARK,
        "sectors": [
            (ring.value, [(month % 2, rules.sector(month, ring)) for month in range(1, 13)]) for ring in Ring
        ],
        "spans": rules.spans(marks),
        "marks": [(one, _told(one.stop)) for one in marks],
        "months": [
            (*rules.point(rules.turn(date(year, month, 15)), rules.LABEL), rules.MONTHS[month - 1][:3])
            for month in range(1, 13)
        ],
        "hand": hand,
        "hollow": any(one.hollow for one in marks),
    }


def _told(stop: rules.Stop) -> str:
    return f"{stop.number}. {rules.when(stop.day, stop.day)}: " + "; ".join(
        f"{one.title} ({one.whom})" if one.whom else one.title for one in stop.events
    )


@committee_page(Resource.STEERING)
def listed(request: CommitteeRequest) -> HttpResponseBase:
    """The whole list of the year, to filter, print and take out (``?format=csv`` or ``xlsx``)."""
    scope = request.scope
    context = _context(request)
    table = wheel_table(
        [fact(one, stop.number) for stop in context["stops"] for one in stop.events], scope.year
    )
    title = f"Årshjul {scope.year}"
    if file := as_file(request, "arshjul", title, [table], kind="Uppföljning"):
        return file
    return render(request, "followup/wheel/list.html", context)
