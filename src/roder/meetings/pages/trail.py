"""What became of it: the page of a chain, from a decision, a case or a watch."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch

from roder import access
from roder.access.matrix import Resource
from roder.meetings.models import Case, MinuteItem, Watch
from roder.meetings.services.trail import Step, Trail, trail_of, trail_of_case, trail_of_watch
from roder.reports.kinds import report_class
from roder.reports.models import Report
from roder.tasks.kinds import place_of
from roder.tasks.models import Task
from roder.web.scope import CommitteeRequest, Scope, committee_page

Place = tuple[str, tuple[Any, ...]]
#: Where a step of each kind leads.
PLACES: dict[str, Callable[[Any], Place | None]] = {
    "meetings.case": lambda one: ("meetings:case", (one.pk,)),
    "meetings.casestep": lambda one: ("meetings:case", (one.case_id,)),
    "meetings.document": lambda one: ("meetings:document", (one.pk,)),
    "meetings.minuteitem": lambda one: ("meetings:paragraph", (one.pk,)),
    "meetings.agendaitem": lambda one: ("meetings:meeting", (one.meeting_id,)),
    "meetings.dispatch": lambda one: ("meetings:paragraph", (one.paragraph_id,)),
    "meetings.watch": lambda one: ("meetings:watch", (one.pk,)),
    "meetings.watchreport": lambda one: (
        ("meetings:meeting", (one.meeting_id,)) if one.meeting_id else ("meetings:watch", (one.watch_id,))
    ),
    "reports.report": lambda one: ("reports:version", (one.kind, one.occasion.code, one.number)),
    "steering.assignment": lambda one: ("steering:assignment", (one.pk,)),
    "steering.goal": lambda one: ("steering:goal", (one.pk,)),
    "measures.measure": lambda one: ("measures:measure", (one.pk,)),
}


def leads_to(step: Step, scope: Scope) -> str:
    """The address of the page that a step leads to; empty when there is none."""
    record = step.record
    if isinstance(record, Task):  # its subject is a step of the chain
        page = PLACES.get(record.subject_kind)
        return _address(scope, page(SimpleNamespace(pk=record.subject_id))) if page else ""
    if (place := PLACES.get(record._meta.label_lower)) is not None:
        return _address(_year_of(record, scope), place(record))
    other = place_of(record._meta.label_lower)
    return _address(scope, other(record)) if other else ""


def _address(scope: Scope, place: Any) -> str:
    if not place:
        return ""
    if isinstance(place, str):
        return place
    try:
        return scope.url(place[0], *place[1])
    except NoReverseMatch:
        return ""


def _year_of(record: Model, scope: Scope) -> Scope:
    """A report stands under the year of its occasion."""
    if isinstance(record, Report):
        return Scope(scope.user, scope.committee, record.occasion.year)
    return scope


def title_of(step: Step) -> str:
    """What a step is called: a report by its name and not by its codes."""
    record = step.record
    if isinstance(record, Report):
        return f"{report_class(record.kind).title}, {record.occasion.name}, version {record.number}"
    return step.what


def _shown(request: CommitteeRequest, trail: Trail, heading: str, back: tuple[str, str]) -> HttpResponse:
    scope = request.scope
    lines = [(step, title_of(step), leads_to(step, scope)) for step in trail.steps]
    context = {
        "trail": trail,
        "lines": [line for line in lines if line[0].on or line[0].kind == "report"],
        "coming": [line for line in lines if not line[0].on and line[0].kind != "report"],
        "heading": heading,
        "back": back,
    }
    return render(request, "meetings/trail.html", context)


def _found(request: CommitteeRequest, rows: QuerySet[Any], pk: int, missing: str) -> Any:
    row = access.visible(request.user, rows.filter(pk=pk)).first()
    if row is None:
        raise Http404(missing)
    return row


@committee_page(Resource.MEETINGS)
def paragraph_trail(request: CommitteeRequest, pk: int) -> HttpResponse:
    """What became of a decision."""
    rows = MinuteItem.objects.filter(item__meeting__committee=request.scope.committee)
    rows = rows.select_related("item__meeting__body", "item__case", "body").defer("search")
    one = _found(request, rows, pk, "Paragrafen finns inte.")
    number = f"§ {one.number} " if one.number else ""
    back = ("Till paragrafen", request.scope.url("meetings:paragraph", pk))
    return _shown(request, trail_of(one, request.user), f"{number}{one.heading}", back)


@committee_page(Resource.CASES)
def case_trail(request: CommitteeRequest, pk: int) -> HttpResponse:
    """What became of a case."""
    rows = Case.objects.filter(committee=request.scope.committee).defer("search")
    one = _found(request, rows, pk, "Ärendet finns inte.")
    back = ("Till ärendet", request.scope.url("meetings:case", pk))
    return _shown(request, trail_of_case(one, request.user), f"{one.number} {one.title}", back)


@committee_page(Resource.WATCHES)
def watch_trail(request: CommitteeRequest, pk: int) -> HttpResponse:
    """What a watch came of, and what it has led to."""
    rows = Watch.objects.filter(committee=request.scope.committee).select_related("paragraph__item")
    one = _found(request, rows.defer("search", "paragraph__search"), pk, "Bevakningen finns inte.")
    back = ("Till bevakningen", request.scope.url("meetings:watch", pk))
    return _shown(request, trail_of_watch(one, request.user), one.title, back)
