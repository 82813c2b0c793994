"""Meetings, decisions with what became of them, and the balance list. Read only.

What is secret is not there for those without the right to it: neither as a row nor as the number of one.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.db.models import F, Max, Prefetch, QuerySet
from django.http import Http404, HttpRequest
from ninja import Query, Router

from roder import access
from roder.access.matrix import Action, Resource
from roder.api import values
from roder.api.answers import ALSO, unit_out
from roder.api.auth import Token, person
from roder.api.meeting_answers import (
    ItemOut,
    MeetingOut,
    MeetingPage,
    MeetingRow,
    ParagraphPage,
    ParagraphRow,
    RecipientOut,
    RhythmOut,
    TrailOut,
    TrailStepOut,
    WatchPage,
    WatchRow,
)
from roder.api.scopes import Scope
from roder.api.values import After, Code, Committee, Day, Id, Limit, Number
from roder.meetings.models import (
    AgendaItem,
    DecisionPoint,
    Meeting,
    MinuteItem,
    Watch,
)
from roder.meetings.services import agenda
from roder.meetings.services.calendar import sees_draft
from roder.meetings.services.trail import trail_of
from roder.organisation.models import Person

meetings = Router(tags=["Sammanträden"])
paragraphs = Router(tags=["Beslut"])
watches = Router(tags=["Balanslista"])

Outcome = Literal["approved", "changed", "rejected", "returned", "deferred", "withdrawn", "noted"]


def _meetings(user: Person, slug: str | None) -> QuerySet[Meeting]:
    access.require(user, Action.VIEW, Resource.MEETINGS)
    rows = values.within(user, access.visible(user, Meeting.objects.all()), slug)
    return rows.select_related("committee", "body")


def _meeting_row(one: Meeting) -> dict[str, Any]:
    names = ("date", "starts", "ends", "place", "state")
    return {
        "id": one.pk, "committee": one.committee.slug, "body": one.body.slug,
        **{name: getattr(one, name) for name in names},
    }  # fmt: skip


@meetings.get(
    "", auth=Token(Scope.MEETINGS_READ), response={200: MeetingPage, **ALSO}, summary="Lista sammanträden"
)
def list_meetings(
    request: HttpRequest,
    committee: Committee = None,
    body: Annotated[Code | None, Query(description="Organets adressnamn, till exempel ett utskotts.")] = None,
    date_from: Annotated[Day | None, Query(description="Denna dag eller senare.")] = None,
    date_before: Annotated[Day | None, Query(description="Före denna dag.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> MeetingPage:
    """Sammanträdena, det senaste först."""
    rows = _meetings(person(request), committee)
    if body is not None:
        rows = rows.filter(body__slug=body)
    if date_from is not None:
        rows = rows.filter(date__gte=date_from)
    if date_before is not None:
        rows = rows.filter(date__lt=date_before)
    found, place = values.a_page(rows, "date", after, limit, date.fromisoformat)
    return MeetingPage(items=[MeetingRow(**_meeting_row(one)) for one in found], next=place)


@meetings.get(
    "/{id}", auth=Token(Scope.MEETINGS_READ), response={200: MeetingOut, **ALSO}, summary="Ett sammanträde"
)
def get_meeting(request: HttpRequest, id: Id) -> MeetingOut:
    """Sammanträdet med sin ärendelista. Innan kallelsen är skickad är listan tom för den som inte förbereder den."""
    user = person(request)
    one = _meetings(user, None).filter(pk=id).first()
    if one is None:
        raise Http404("Sammanträdet finns inte.")
    printed = agenda.numbers(one)
    rows = access.visible(user, AgendaItem.objects.filter(meeting=one))
    rows = rows.select_related("case", "parent__case")
    if not sees_draft(user, one):
        rows = rows.none()
    items = list(
        rows.defer(*(f"{of}case__{heavy}" for of in ("", "parent__") for heavy in ("search", "summary")))
    )
    seen = access.visible(user, MinuteItem.objects.filter(item__meeting=one)).values_list("item_id", "pk")
    written = dict(seen)
    order = {pk: place for place, pk in enumerate(printed)}
    items.sort(key=lambda item: (order.get(item.pk, len(order)), item.position, item.pk))
    return MeetingOut(
        **_meeting_row(one),
        items=[
            ItemOut(
                id=item.pk, number=printed.get(item.pk, ""), kind=item.kind, title=item.title, case=item.case_id,
                case_number=item.case.number if item.case else None, presenter=item.presenter,
                secret=item.under_secrecy, withdrawn=item.withdrawn, paragraph=written.get(item.pk),
            )
            for item in items
        ],
    )  # fmt: skip


def _paragraphs(user: Person, slug: str | None) -> QuerySet[MinuteItem]:
    access.require(user, Action.VIEW, Resource.MEETINGS)
    rows = values.within(
        user, access.visible(user, MinuteItem.objects.all()), slug, "item__meeting__committee"
    )
    heavy = ("search", "summary", "preparation", "procedure", "item__case__search", "item__case__summary")
    points = Prefetch("points", DecisionPoint.objects.order_by("position"))
    rows = rows.select_related("body", "item__case", "item__meeting__committee").defer(*heavy)
    return rows.annotate(date=F("item__meeting__date")).prefetch_related(points)


def _paragraph_rows(user: Person, found: list[MinuteItem]) -> list[ParagraphRow]:
    repealed = {one.repeals_id for one in found if one.repeals_id}
    seen = set(
        access.visible(user, MinuteItem.objects.filter(pk__in=repealed)).values_list("pk", flat=True)
        if repealed
        else ()
    )
    return [
        ParagraphRow(
            id=one.pk, committee=one.item.meeting.committee.slug, body=one.body.slug, year=one.year, number=one.number,
            date=one.item.meeting.date, heading=one.heading, outcome=one.outcome,
            points=[point.text for point in one.points.all()],
            recipients=[
                RecipientOut(name=str(each.get("name", "")), purpose=str(each.get("purpose", "")))
                for each in one.recipients
            ],
            case=one.item.case_id, case_number=one.item.case.number if one.item.case else None,
            repeals=one.repeals_id if one.repeals_id in seen else None,
        )
        for one in found
    ]  # fmt: skip


@paragraphs.get(
    "", auth=Token(Scope.MEETINGS_READ), response={200: ParagraphPage, **ALSO}, summary="Lista beslut"
)
def list_paragraphs(
    request: HttpRequest,
    committee: Committee = None,
    body: Annotated[Code | None, Query(description="Organets adressnamn.")] = None,
    year: Annotated[int | None, Query(ge=1900, le=2100, description="Protokollets år.")] = None,
    outcome: Outcome | None = None,
    case: Annotated[Number | None, Query(description="Ärendets id.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> ParagraphPage:
    """Paragraferna i justerade protokoll med sina beslutspunkter, de senaste först."""
    user = person(request)
    rows = _paragraphs(user, committee)
    wanted = {"body__slug": body, "year": year, "outcome": outcome, "item__case": case}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    found, place = values.a_page(rows, "date", after, limit, date.fromisoformat)
    return ParagraphPage(items=_paragraph_rows(user, found), next=place)


@paragraphs.get(
    "/{id}/trail",
    auth=Token(Scope.MEETINGS_READ),
    response={200: TrailOut, **ALSO},
    summary="Vad blev det av beslutet",
)
def get_trail(request: HttpRequest, id: Id) -> TrailOut:
    """Kedjan från underlag till beslut och vidare till det som gjordes, i tidsordning."""
    user = person(request)
    one = _paragraphs(user, None).filter(pk=id).first()
    if one is None:
        raise Http404("Paragrafen finns inte.")
    trail = trail_of(one, user)
    return TrailOut(
        paragraph=one.pk,
        repealed_by=trail.repealed_by.pk if trail.repealed_by else None,
        steps=[
            TrailStepOut(
                on=step.on, label=step.label, what=step.what, whose=step.whose, state=step.state, note=step.note,
                record=step.gid, here=step.here,
            )
            for step in trail.steps
        ],
    )  # fmt: skip


@watches.get("", auth=Token(Scope.WATCHES_READ), response={200: WatchPage, **ALSO}, summary="Balanslistan")
def list_watches(
    request: HttpRequest,
    committee: Committee = None,
    state: Literal["open", "paused", "done", "dropped"] | None = None,
    after: After = None,
    limit: Limit = 50,
) -> WatchPage:
    """Det som nämnden bevakar, det senast upptagna först."""
    user = person(request)
    access.require(user, Action.VIEW, Resource.WATCHES)
    rows = values.within(user, access.visible(user, Watch.objects.all()), committee)
    if state is not None:
        rows = rows.filter(state=state)
    rows = rows.select_related("committee", "unit").defer("search").prefetch_related("rhythms")
    found, place = values.a_page(
        rows.annotate(reported_on=Max("reports__on")), "opened_on", after, limit, date.fromisoformat
    )
    seen = set(
        access.visible(
            user, MinuteItem.objects.filter(pk__in=[one.paragraph_id for one in found if one.paragraph_id])
        ).values_list("pk", flat=True)
    )
    names = (
        "title", "number_text", "what", "decided_on", "section", "responsible", "role", "state", "opened_on",
        "closed_on", "closed_why", "reported_on",
    )  # fmt: skip
    items = [
        WatchRow(
            id=one.pk, committee=one.committee.slug, case=one.case_id, unit=unit_out(one.unit),
            paragraph=one.paragraph_id if one.paragraph_id in seen else None,
            rhythms=[RhythmOut(kind=each.kind, printed=each.printed) for each in one.rhythms.all()],
            **{name: getattr(one, name) for name in names},
        )
        for one in found
    ]  # fmt: skip
    return WatchPage(items=items, next=place)
