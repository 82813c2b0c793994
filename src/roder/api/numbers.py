"""Figures, what they are computed from, key figures and their outcomes, and the owner's tasks."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router

from roder import access, tasks
from roder.access.matrix import Action, Resource
from roder.api import values
from roder.api.answers import (
    ALSO,
    ComputedOut,
    FigureOut,
    MeasuredOut,
    MeasuredPage,
    MeasureOut,
    MeasurePage,
    SnapshotOut,
    TaskOut,
    ValueOut,
    unit_out,
)  # fmt: skip
from roder.api.auth import Token, person
from roder.api.problems import Refused
from roder.api.scopes import Scope
from roder.api.values import After, Code, Committee, Day, Limit
from roder.figures.calculate import compute
from roder.figures.hiding import HIDDEN, hidden_rows, require_seen
from roder.figures.manifest import SnapshotFault
from roder.figures.models import Snapshot
from roder.figures.registry import At, UnknownFigureError, catalogue, find
from roder.figures.source import LiveSource, SnapshotSource
from roder.measures.models import Measure, MeasureValue
from roder.steering.models import Occasion
from roder.tasks.listing import lines

router = Router(tags=["Siffror"])
measured = Router(tags=["Nyckeltal"])
own = Router(tags=["Uppgifter"])
MOST_TASKS = 200


@router.get(
    "/figures",
    auth=Token(Scope.FIGURES_READ),
    response={200: list[FigureOut], **ALSO},
    summary="Siffrornas katalog",
)
def list_figures(request: HttpRequest) -> list[FigureOut]:
    """Varje siffra med sina nycklar och den mening som definierar den."""
    access.require(person(request), Action.VIEW, Resource.FIGURES)
    return [
        FigureOut(
            name=one.name, label=one.label, unit=one.unit.value, keys=list(one.per), sentence=one.sentence,
            source=one.source_note,
        )
        for one in catalogue().values()
    ]  # fmt: skip


@router.get(
    "/figures/{name}",
    auth=Token(Scope.FIGURES_READ),
    response={200: ComputedOut, **ALSO},
    summary="Räkna en siffra",
)
def compute_figure(
    request: HttpRequest,
    name: Annotated[Code, Path(description="Siffrans namn i katalogen.")],
    committee: Annotated[Code, Query(description="Nämndens adressnamn.")],
    occasion: Annotated[Code, Query(description="Tillfällets kod, till exempel 2022-08.")],
    snapshot: Annotated[
        Code | None, Query(description="Ett uttags kod; annars räknas på det som gäller nu.")
    ] = None,
) -> ComputedOut:
    """Siffran vid ett tillfälle. Små tal om händelser döljs (hidden) för den som inte får öppna alla ärenden."""
    user = person(request)
    body = values.committee_of(user, committee)
    access.require(user, Action.VIEW, Resource.FIGURES, body)
    try:
        declared = find(name)
    except UnknownFigureError as fault:
        raise Http404(str(fault)) from fault
    require_seen(user, declared, body)
    rows = Occasion.objects.filter(committee=body, code=occasion).select_related("committee")
    when = access.visible(user, rows).first()
    if when is None:
        raise Http404("Tillfället finns inte.")
    taken = None
    if snapshot is not None:
        snapshots = access.visible(user, Snapshot.objects.filter(code=snapshot, occasion=when))
        taken = snapshots.select_related("occasion__committee").first()
        if taken is None:
            raise Http404("Uttaget finns inte.")
    try:
        with SnapshotSource.open(taken) if taken else LiveSource(body.pk) as source:
            result = compute(declared.name, source, At.of(when))
    except SnapshotFault as fault:
        raise Refused(409, str(fault)) from fault
    hidden = hidden_rows(user, body, result, when.cut_off)
    return ComputedOut(
        figure=declared.name,
        committee=body.slug,
        occasion=when.code,
        cut_off=when.cut_off,
        snapshot=taken.code if taken else None,
        rows=[
            ValueOut(
                key=row.key, label=result.label(row), value=row.value, numerator=row.numerator,
                denominator=row.denominator, text=row.text(suffix=True), hidden=False,
            )
            if place not in hidden
            else ValueOut(
                key=row.key, label=result.label(row), value=None, numerator=None, denominator=None, text=HIDDEN,
                hidden=True,
            )
            for place, row in enumerate(result.rows)
        ],
    )  # fmt: skip


@router.get(
    "/snapshots",
    auth=Token(Scope.FIGURES_READ),
    response={200: list[SnapshotOut], **ALSO},
    summary="Lista uttag",
)
def list_snapshots(request: HttpRequest, committee: Committee = None, limit: Limit = 50) -> list[SnapshotOut]:
    """De senast tagna uttagen."""
    user = person(request)
    access.require(user, Action.VIEW, Resource.FIGURES)
    rows = values.within(user, access.visible(user, Snapshot.objects.all()), committee)
    return [
        SnapshotOut(
            code=one.code, committee=one.committee.slug, occasion=one.occasion.code, cut_off=one.cut_off,
            taken_at=one.taken_at, rows=one.rows, manifest_sha256=one.manifest_sha256,
        )
        for one in rows.select_related("committee", "occasion").order_by("-taken_at", "-pk")[:limit]
    ]  # fmt: skip


@measured.get(
    "/measures",
    auth=Token(Scope.MEASURES_READ),
    response={200: MeasurePage, **ALSO},
    summary="Lista nyckeltal",
)
def list_measures(request: HttpRequest, committee: Committee = None) -> MeasurePage:
    """Nyckeltalen med kod, enhet och önskad riktning."""
    user = person(request)
    access.require(user, Action.VIEW, Resource.MEASURES)
    rows = values.within(user, access.visible(user, Measure.objects.all()), committee)
    items = [
        MeasureOut(
            id=one.pk, committee=one.committee.slug, code=one.code, title=one.title, unit=one.unit,
            decimals=one.decimals, direction=one.direction, kolada_id=one.kolada_id,
        )
        for one in rows.select_related("committee").order_by("committee", "position", "code")
    ]  # fmt: skip
    return MeasurePage(items=items)


@measured.get(
    "/measure-values",
    auth=Token(Scope.MEASURES_READ),
    response={200: MeasuredPage, **ALSO},
    summary="Lista utfall",
)
def list_values(
    request: HttpRequest,
    committee: Committee = None,
    measure: Annotated[Code | None, Query(description="Nyckeltalets kod.")] = None,
    period_from: Annotated[Day | None, Query(description="Perioden börjar denna dag eller senare.")] = None,
    period_before: Annotated[Day | None, Query(description="Perioden börjar före denna dag.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> MeasuredPage:
    """Utfallen, senaste perioden först. Ett värde som saknas är null, med orsak."""
    user = person(request)
    access.require(user, Action.VIEW, Resource.MEASURES)
    rows = values.within(
        user, access.visible(user, MeasureValue.objects.all()), committee, "measure__committee"
    )
    if measure is not None:
        rows = rows.filter(measure__code=measure)
    if period_from is not None:
        rows = rows.filter(period_start__gte=period_from)
    if period_before is not None:
        rows = rows.filter(period_start__lt=period_before)
    rows = rows.select_related("measure__committee", "unit")
    found, place = values.a_page(rows, "period_start", after, limit, date.fromisoformat)
    items = [
        MeasuredOut(
            id=one.pk, measure=one.measure.code, committee=one.measure.committee.slug, unit=unit_out(one.unit),
            period_start=one.period_start, period_end=one.period_end, sex=one.sex, part=one.part,
            comparison=one.comparison, value=one.value, numerator=one.numerator, denominator=one.denominator,
            status=one.status, reason=one.reason,
        )
        for one in found
    ]  # fmt: skip
    return MeasuredPage(items=items, next=place)


@own.get(
    "/tasks", auth=Token(Scope.TASKS_READ), response={200: list[TaskOut], **ALSO}, summary="Ägarens uppgifter"
)
def my_tasks(request: HttpRequest, limit: Limit = 50) -> list[TaskOut]:
    """Det som väntar på nyckelns ägare, det som ska vara klart först först."""
    user = person(request)
    access.require(user, Action.VIEW, Resource.TASKS)
    return [
        TaskOut(
            id=one.task.pk, kind=one.task.kind, label=one.label, what=one.what, committee=one.task.committee.slug,
            unit=unit_out(one.task.unit), due_at=one.due, late=one.late, url=one.url,
        )
        for one in lines(tasks.open_for(user)[: min(limit, MOST_TASKS)])
    ]  # fmt: skip
