"""Lex Sarah (the list only, without texts), and complaints and suggestions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Query, Router
from ninja.responses import Status
from pydantic import Field, StrictBool

from roder import access
from roder.access.matrix import Action, Resource
from roder.api import values
from roder.api.answers import (
    ALSO,
    POSTED,
    ComplaintOut,
    ComplaintPage,
    ComplaintRow,
    LexSarahPage,
    LexSarahRow,
    unit_out,
)
from roder.api.auth import Token, person
from roder.api.posting import Key, once
from roder.api.scopes import Scope
from roder.api.values import After, Code, Committee, Day, Id, Input, Limit, Moment, text
from roder.organisation.models import Person, Unit
from roder.quality.models import Complaint, LexSarahCase
from roder.quality.services import complaints as handling
from roder.steering.models import ComplaintSubject

lex_sarah = Router(tags=["Lex Sarah"])
complaints = Router(tags=["Klagomål och synpunkter"])


@lex_sarah.get(
    "", auth=Token(Scope.LEX_SARAH_READ), response={200: LexSarahPage, **ALSO}, summary="Lista lex Sarah"
)
def list_lex_sarah(
    request: HttpRequest,
    committee: Committee = None,
    state: Literal["reported", "investigated", "decided", "notified", "closed"] | None = None,
    reported_from: Annotated[Day | None, Query(description="Rapporterad denna dag eller senare.")] = None,
    reported_before: Annotated[Day | None, Query(description="Rapporterad före denna dag.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> LexSarahPage:
    """De senast rapporterade först, aldrig med text."""
    user = person(request)
    access.require(user, Action.VIEW, Resource.LEX_SARAH)
    rows = values.within(user, access.visible(user, LexSarahCase.objects.all()), committee)
    rows = rows.select_related("committee", "unit", "decision")
    if state is not None:
        rows = rows.filter(state=state)
    if reported_from is not None:
        rows = rows.filter(reported_at__gte=values.start_of(reported_from))
    if reported_before is not None:
        rows = rows.filter(reported_at__lt=values.start_of(reported_before))
    found, place = values.a_page(rows, "reported_at", after, limit)
    items = [
        LexSarahRow(
            id=one.pk, number=one.number, committee=one.committee.slug, unit=unit_out(one.unit),
            reported_at=one.reported_at, law=one.law, external=one.external, state=one.state,
            outcome=one.decision.outcome if one.decision else None,
            decided_on=one.decision.decided_on if one.decision else None, notified_on=one.notified_on,
            closed_on=one.closed_on,
        )
        for one in found
    ]  # fmt: skip
    return LexSarahPage(items=items, next=place)


class ComplaintIn(Input):
    """A complaint or suggestion that came in some other way than through the form."""

    committee: Code
    kind: Literal["klagomal", "synpunkt", "berom", "forslag", "felanmalan", "fraga"]
    channel: Literal["post", "epost", "telefon", "personal", "ivo"]
    text: Annotated[str, *text(20_000)]
    received_at: Moment | None = None
    number: Annotated[str, *text(40)] = ""
    anonymous: StrictBool = False
    name: Annotated[str, *text(120)] = ""
    contact: Annotated[str, *text(200)] = ""
    unit: Code | None = None
    subjects: list[Code] = Field(default_factory=list, max_length=30)
    concerns_declaration: StrictBool = False


def _row(one: Complaint) -> dict[str, Any]:
    return {
        "id": one.pk,
        "number": one.number,
        "committee": one.committee.slug,
        "unit": unit_out(one.unit),
        "kind": one.kind,
        "channel": one.channel,
        "anonymous": one.anonymous,
        "received_at": one.received_at,
        "state": one.state,
        "answered_at": one.answered_at,
        "subjects": [each.subject.code for each in one.matters.all()],
    }


def _rows(user: Person, slug: str | None) -> QuerySet[Complaint]:
    access.require(user, Action.VIEW, Resource.COMPLAINTS)
    rows = values.within(user, access.visible(user, Complaint.objects.all()), slug)
    return rows.select_related("committee", "unit").prefetch_related("matters__subject")


@complaints.get(
    "", auth=Token(Scope.COMPLAINTS_READ), response={200: ComplaintPage, **ALSO}, summary="Lista klagomål"
)
def list_complaints(
    request: HttpRequest,
    committee: Committee = None,
    kind: Literal["klagomal", "synpunkt", "berom", "forslag", "felanmalan", "fraga"] | None = None,
    state: Literal["received", "acknowledged", "answered", "closed"] | None = None,
    received_from: Annotated[Day | None, Query(description="Inkommen denna dag eller senare.")] = None,
    received_before: Annotated[Day | None, Query(description="Inkommen före denna dag.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> ComplaintPage:
    """De senast inkomna först, utan text."""
    rows = _rows(person(request), committee)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if state is not None:
        rows = rows.filter(state=state)
    if received_from is not None:
        rows = rows.filter(received_at__gte=values.start_of(received_from))
    if received_before is not None:
        rows = rows.filter(received_at__lt=values.start_of(received_before))
    found, place = values.a_page(rows, "received_at", after, limit)
    return ComplaintPage(items=[ComplaintRow(**_row(one)) for one in found], next=place)


@complaints.get(
    "/{id}", auth=Token(Scope.COMPLAINTS_READ), response={200: ComplaintOut, **ALSO}, summary="Ett klagomål"
)
def get_complaint(request: HttpRequest, id: Id) -> ComplaintOut:
    """Klagomålet med text och svar, utan namn och kontaktuppgifter."""
    user = person(request)
    one = _rows(user, None).filter(pk=id).first()
    if one is None:
        raise Http404("Klagomålet finns inte.")
    access.record(user, "complaint.read", one, channel="api")
    return ComplaintOut(**_row(one), text=one.text, answer=one.answer, action=one.action)


@complaints.post(
    "",
    auth=Token(Scope.COMPLAINTS_WRITE),
    response={200: ComplaintRow, 201: ComplaintRow, **POSTED},
    summary="Registrera ett klagomål eller en synpunkt",
)
def register_complaint(
    request: HttpRequest, body: ComplaintIn, idempotency_key: Key = None
) -> Status[ComplaintRow]:
    """Registrerar det som kommit in på annat sätt än genom formuläret. 200 när samma redan har tagits emot."""
    user = person(request)
    committee = values.committee_of(user, body.committee)
    subjects = list(ComplaintSubject.objects.filter(committee=committee, code__in=body.subjects))
    if unknown := set(body.subjects) - {one.code for one in subjects}:
        raise ValidationError({"subjects": f"Typen ”{min(unknown)}” finns inte i nämndens styrmodell."})
    unit = Unit.objects.filter(committee=committee, code=body.unit).first() if body.unit else None
    if body.unit and unit is None:
        raise ValidationError({"unit": f"Enheten ”{body.unit}” finns inte i nämnden."})
    received = handling.Received(
        kind=body.kind, channel=body.channel, text=body.text, received_at=body.received_at, number=body.number,
        anonymous=body.anonymous, name=body.name, contact=body.contact, unit=unit, subjects=subjects,
        concerns_declaration=body.concerns_declaration,
    )  # fmt: skip
    made, new = once(
        request, idempotency_key, body, Complaint, lambda: handling.register(committee, user, received)
    )
    rows = Complaint.objects.select_related("committee", "unit").prefetch_related("matters__subject")
    return Status(201 if new else 200, ComplaintRow(**_row(rows.get(pk=made.pk))))
