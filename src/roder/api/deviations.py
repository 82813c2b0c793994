"""Deviations: the list, one of them, and to report one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Query, Router
from ninja.responses import Status
from pydantic import Field, StrictBool

from roder import access
from roder.access.matrix import Action, Resource
from roder.access.rights import NotAllowedError
from roder.api import values
from roder.api.answers import (
    ALSO,
    POSTED,
    DeviationOut,
    DeviationPage,
    DeviationRow,
    StepOut,
    TypeOut,
    unit_out,
)
from roder.api.auth import Token, person
from roder.api.posting import Key, once
from roder.api.scopes import Scope
from roder.api.values import After, Code, Committee, Day, Id, Input, Limit, Moment, text
from roder.organisation.models import Person, Unit, UnitPath
from roder.quality.models import Deviation
from roder.quality.services import report as reporting

router = Router(tags=["Avvikelser"])
State = Literal["reported", "classified", "investigated", "decided", "followed_up", "closed", "merged"]
Direction = Literal["intern", "till_region", "fran_region", "extern_utforare"]


class TypeIn(Input):
    """A type of deviation by its code in the steering model, with the code of its cause when known."""

    type: Code
    cause: Annotated[str, *text(100)] = ""


class DeviationIn(Input):
    """A report. Personal identity numbers are refused in every text: give the reference of the care system."""

    committee: Code
    unit: Code = Field(description="enhetens kod")
    occurred_at: Moment
    discovered_at: Moment | None = None
    what: Annotated[str, *text(20_000)]
    types: list[TypeIn] = Field(min_length=1, max_length=30)
    place: Annotated[str, *text(200)] = ""
    reference: Annotated[str, *text(40)] = ""
    immediate_action: Annotated[str, *text(20_000)] = ""
    told: Annotated[str, *text(300)] = ""
    severity: Annotated[int, Field(ge=0, le=9, strict=True)] | None = None
    work_environment: StrictBool = False
    direction: Direction = "intern"


def _row(one: Deviation) -> dict[str, Any]:
    return {
        "id": one.pk,
        "number": one.number,
        "committee": one.committee.slug,
        "unit": unit_out(one.unit),
        "occurred_at": one.occurred_at,
        "discovered_at": one.discovered_at,
        "reported_at": one.reported_at,
        "law": one.law,
        "direction": one.direction,
        "severity": one.severity,
        "serious": one.serious,
        "state": one.state,
        "types": [
            TypeOut(code=each.type.code, label=each.type.label, cause=each.cause.code if each.cause else None)
            for each in one.matters.all()
        ],
        "classified_at": one.classified_at,
        "closed_at": one.closed_at,
    }


def _rows(user: Person, slug: str | None) -> QuerySet[Deviation]:
    """The deviations that the person may see. Raises NotAllowedError for those who have nothing to do with them."""
    if not any(access.may(user, one, Resource.DEVIATIONS) for one in (Action.VIEW, Action.REPORT)):
        raise NotAllowedError("Dina mandat ger inte rätt till avvikelser.")
    rows = values.within(user, access.visible(user, Deviation.objects.all()), slug)
    return rows.select_related("committee", "unit").prefetch_related("matters__type", "matters__cause")


@router.get(
    "", auth=Token(Scope.DEVIATIONS_READ), response={200: DeviationPage, **ALSO}, summary="Lista avvikelser"
)
def list_deviations(
    request: HttpRequest,
    committee: Committee = None,
    unit: Annotated[Code | None, Query(description="Enhetens kod; de under den följer med.")] = None,
    type: Annotated[Code | None, Query(description="Typens kod.")] = None,
    state: State | None = None,
    severity: Annotated[int | None, Query(ge=0, le=9)] = None,
    reported_from: Annotated[Day | None, Query(description="Rapporterad denna dag eller senare.")] = None,
    reported_before: Annotated[Day | None, Query(description="Rapporterad före denna dag.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> DeviationPage:
    """De senast rapporterade först, utan fri text. Värdet next i svaret leder till nästa sida."""
    user = person(request)
    rows = _rows(user, committee)
    if unit is not None:
        units = Unit.objects.filter(code=unit, committee__in=access.committees(user).values("pk"))
        rows = rows.filter(unit__in=UnitPath.objects.filter(ancestor__in=units).values("descendant"))
    if type is not None:
        rows = rows.filter(pk__in=Deviation.objects.filter(matters__type__code=type).values("pk"))
    if state is not None:
        rows = rows.filter(state=state)
    if severity is not None:
        rows = rows.filter(severity=severity)
    if reported_from is not None:
        rows = rows.filter(reported_at__gte=values.start_of(reported_from))
    if reported_before is not None:
        rows = rows.filter(reported_at__lt=values.start_of(reported_before))
    found, place = values.a_page(rows, "reported_at", after, limit)
    return DeviationPage(items=[DeviationRow(**_row(one)) for one in found], next=place)


@router.get(
    "/{id}", auth=Token(Scope.DEVIATIONS_READ), response={200: DeviationOut, **ALSO}, summary="En avvikelse"
)
def get_deviation(request: HttpRequest, id: Id) -> DeviationOut:
    """Avvikelsen med det som rapporterades. Konsekvens och orsak ges till den som handlägger den."""
    return _shown(person(request), id)


def _shown(user: Person, pk: int) -> DeviationOut:
    one = _rows(user, None).prefetch_related("steps").filter(pk=pk).first()
    if one is None:
        raise Http404("Avvikelsen finns inte.")
    works = access.visible(user, Deviation.objects.filter(pk=pk), own=False).exists()
    access.record(user, "deviation.read", one, channel="api")
    return DeviationOut(
        **_row(one),
        reference=one.reference,
        place=one.place,
        what=one.what,
        immediate_action=one.immediate_action,
        consequence=one.consequence if works else None,
        cause=one.cause if works else None,
        steps=[StepOut(code=step.code, due_at=step.due_at, done_at=step.done_at) for step in one.steps.all()],
    )


@router.post(
    "",
    auth=Token(Scope.DEVIATIONS_REPORT),
    response={200: DeviationRow, 201: DeviationRow, **POSTED},
    summary="Rapportera en avvikelse",
)
def report_deviation(
    request: HttpRequest, body: DeviationIn, idempotency_key: Key = None
) -> Status[DeviationRow]:
    """Rapporterar som nyckelns ägare, med samma regler som formuläret. 200 när samma rapport redan har tagits emot."""
    user = person(request)
    committee = values.committee_of(user, body.committee)
    sent = reporting.Sent(
        unit=Unit.objects.filter(committee=committee, code=body.unit).first(),
        occurred_at=body.occurred_at,
        discovered_at=body.discovered_at,
        types=[(one.type, one.cause) for one in body.types],
        what=body.what,
        place=body.place,
        reference=body.reference,
        immediate_action=body.immediate_action,
        told=body.told,
        severity=body.severity,
        work_environment=body.work_environment,
        direction=body.direction,
        client_key=idempotency_key,
    )
    made, new = once(
        request, idempotency_key, body, Deviation, lambda: reporting.report(committee, user, sent)
    )
    rows = Deviation.objects.select_related("committee", "unit").prefetch_related(
        "matters__type", "matters__cause"
    )
    return Status(201 if new else 200, DeviationRow(**_row(rows.get(pk=made.pk))))
