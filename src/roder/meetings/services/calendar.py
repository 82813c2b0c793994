"""Meetings from the calendar: planned one by one or a whole year, moved, cancelled, summoned."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date, time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from roder import access, tasks
from roder.access import Action, Resource
from roder.access.rights import User
from roder.core.faults import UserFault
from roder.meetings.models import AgendaItem, BodyMember, DocumentVersion, Meeting
from roder.meetings.rules.calendar import Deadlines, Lead, Planned, deadlines
from roder.organisation.models import Body, Person

DOCUMENTS, PRESIDIUM, SUMMONS = "meetings.documents", "meetings.presidium", "meetings.summons"
#: kind of task -> the field with its day, and what is to be done
DAYS = {
    DOCUMENTS: ("documents_by", "Få in handlingarna till {}"),
    PRESIDIUM: ("presidium_on", "Gå igenom ärendelistan med presidiet inför {}"),
    SUMMONS: ("summons_by", "Skicka kallelsen till {}"),
}
State = Meeting.State


class MeetingFault(UserFault):
    """What was asked for cannot be done with the meeting or its agenda as it is. The message is Swedish."""


#: Any of these shows an agenda before it is summoned: who prepares it, the presidium, who writes what is to be decided.
_DRAFT = (
    (Action.EDIT, Resource.MEETINGS),
    (Action.DECIDE, Resource.MEETINGS),
    (Action.EDIT, Resource.CASES),
)


def sees_draft(user: User, meeting: Meeting) -> bool:
    """Whether somebody sees the agenda before the summons: those who prepare it, the presidium, and those who write
    what is to be decided."""
    if meeting.state != Meeting.State.PLANNED:
        return True
    return any(access.may(user, action, resource, meeting.committee_id) for action, resource in _DRAFT)


def seen_items(user: User, rows: QuerySet[AgendaItem]) -> QuerySet[AgendaItem]:
    """The points of agendas that somebody sees wherever they stand: a draft's only where its agenda may be seen."""
    shown = {
        grant.committee_id for grant in access.grants(user)
        if any(access.may(user, action, resource, grant.committee_id) for action, resource in _DRAFT)
    }  # fmt: skip
    return access.visible(user, rows).exclude(
        ~Q(meeting__committee__in=shown), meeting__state=Meeting.State.PLANNED
    )


def lead() -> Lead:
    """How long before a meeting things are done: the setting MEETING_LEAD_DAYS, three numbers of days."""
    documents, presidium, summons = settings.MEETING_LEAD_DAYS
    return Lead(documents, presidium, summons)


def bodies_of(committee: Body) -> list[Body]:
    """Who may have meetings kept in the committee's house: itself, its subcommittees, and the municipality's
    council and executive board, whose decisions are followed here."""
    own = Body.objects.filter(municipality=committee.municipality)
    kinds = (Body.Kind.EXECUTIVE_BOARD, Body.Kind.COUNCIL)
    found = own.filter(pk=committee.pk) | own.filter(parent=committee) | own.filter(kind__in=kinds)
    order = {Body.Kind.COMMITTEE: 0, Body.Kind.SUBCOMMITTEE: 1}
    return sorted(found.select_related("municipality"), key=lambda body: (order.get(body.kind, 2), body.name))  # type: ignore[call-overload]


def meeting_days(body: Body) -> Iterable[date]:
    """The days a body meets, cancelled meetings left out: what tasks for every meeting are counted from."""
    rows = Meeting.objects.filter(body=body).exclude(state=State.CANCELLED)
    return rows.values_list("date", flat=True)


def plan_meeting(
    body: Body,
    committee: Body,
    date: date,
    starts: time,
    by: Person,
    *,
    place: str = "",
    ends: time | None = None,
    days: Deadlines | None = None,
) -> Meeting:
    """Plan a meeting: deadlines are counted backwards unless ``days`` says them, and become tasks of the secretary.

    Raises MeetingFault when the body does not belong here, ValidationError when there is a meeting then already."""
    access.require(by, Action.EDIT, Resource.MEETINGS, committee)
    if body.pk not in {one.pk for one in bodies_of(committee)}:
        raise MeetingFault(
            f"{body.name} har inte sina sammanträden här. Välj nämnden, dess utskott, styrelsen eller fullmäktige."
        )
    wanted = days or deadlines(date, lead())
    with transaction.atomic():
        made = Meeting(
            committee=committee, body=body, date=date, starts=starts, ends=ends, place=place.strip(),
            documents_by=wanted.documents_by, presidium_on=wanted.presidium_on, summons_by=wanted.summons_by,
        )  # fmt: skip
        _check(made)
        made.full_clean()
        made.save()
        access.record(by, "meeting.planned", made, on=date.isoformat())
        _open_tasks(made, by)
    return made


def plan_year(
    body: Body, committee: Body, days: Iterable[Planned], starts: time, by: Person, *, place: str = ""
) -> tuple[list[Meeting], list[date]]:
    """Plan the meetings of a list of days; ``starts`` where a line has no time of its own. Gives the new meetings, and
    the days on which the body meets already (they are left as they are)."""
    made: list[Meeting] = []
    known: list[date] = []
    with transaction.atomic():
        there = set(meeting_days(body))
        for planned in days:
            if planned.day in there:
                known.append(planned.day)
            else:
                made.append(
                    plan_meeting(body, committee, planned.day, planned.starts or starts, by, place=place)
                )
    return made, known


def change_meeting(
    meeting: Meeting,
    by: Person,
    expected_revision: int,
    *,
    date: date,
    starts: time,
    place: str,
    ends: time | None = None,
    documents_by: date | None = None,
    presidium_on: date | None = None,
    summons_by: date | None = None,
) -> Meeting:
    """Change day, time, place or deadlines. When the day is moved and the deadlines are as before, they are counted
    anew. Those who were summoned already are told. Raises StaleRecordError, MeetingFault, ValidationError."""
    access.require(by, Action.EDIT, meeting)
    with transaction.atomic():
        now = _locked(meeting)
        if now.state in (State.ENDED, State.CANCELLED):
            raise MeetingFault(f"Sammanträdet är {now.get_state_display()} och kan inte ändras.")
        moved = date != now.date
        same = (documents_by, presidium_on, summons_by) == (
            now.documents_by,
            now.presidium_on,
            now.summons_by,
        )
        if moved and same:
            counted = deadlines(date, lead())
            documents_by, presidium_on, summons_by = (
                counted.documents_by, counted.presidium_on, counted.summons_by
            )  # fmt: skip
        told = moved or (starts, place.strip()) != (now.starts, now.place)
        values = {
            "date": date, "starts": starts, "ends": ends, "place": place.strip(), "documents_by": documents_by,
            "presidium_on": presidium_on, "summons_by": summons_by,
        }  # fmt: skip
        for name, value in values.items():
            setattr(now, name, value)
        _check(now)
        now.save_over(expected_revision, **values)
        access.record(by, "meeting.moved" if moved else "meeting.changed", now, on=date.isoformat())
        for kind, (field, _) in DAYS.items():
            tasks.reschedule(kind, now, getattr(now, field), by=by)
        if told and now.state == State.SUMMONED:
            _tell(now, f"Ändrad tid eller plats: {_called(now)}", f"kl. {now.starts:%H.%M}, {now.place}")
    return now


def cancel_meeting(meeting: Meeting, by: Person, reason: str) -> Meeting:
    """Cancel a meeting (ställa in), with the reason. Its tasks are struck; those who were summoned are told."""
    access.require(by, Action.EDIT, meeting)
    if not reason.strip():
        raise ValidationError({"reason": "Skriv varför sammanträdet ställs in."})
    with transaction.atomic():
        now = _locked(meeting)
        if now.state not in (State.PLANNED, State.SUMMONED):
            raise MeetingFault(f"Sammanträdet är {now.get_state_display()} och kan inte ställas in.")
        summoned = now.state == State.SUMMONED
        now.save_over(now.revision, state=State.CANCELLED)
        access.record(by, "meeting.cancelled", now)
        tasks.cancel_all(now, f"Sammanträdet är inställt: {reason.strip()}"[:900], by=by)
        if summoned:
            _tell(now, f"Inställt: {_called(now)}", reason.strip())
    return now


def summon(meeting: Meeting, by: Person) -> Meeting:
    """Send the summons: members are told with a link, what stands on the agenda is frozen, the task is done.

    A meeting that was summoned already: its members are told that the agenda has changed. Raises MeetingFault."""
    access.require(by, Action.EDIT, meeting)
    with transaction.atomic():
        now = _locked(meeting)
        if now.state not in (State.PLANNED, State.SUMMONED):
            raise MeetingFault(
                f"Sammanträdet är {now.get_state_display()}. Kallelsen skickas före sammanträdet."
            )
        if not now.items.filter(withdrawn=False).exists():
            raise MeetingFault("Ärendelistan är tom. Lägg till minst en punkt innan kallelsen skickas.")
        again = now.state == State.SUMMONED
        freeze_papers(now)
        if again:
            _tell(now, f"Ändrade handlingar: {_called(now)}", "Ärendelistan eller handlingarna är ändrade.")
            access.record(by, "meeting.summoned_again", now)
            return now
        now.save_over(now.revision, state=State.SUMMONED, summoned_at=timezone.now())
        access.record(by, "meeting.summoned", now)
        for kind in DAYS:
            tasks.complete(kind, now, by)
        _tell(now, f"Kallelse: {_called(now)}", f"kl. {now.starts:%H.%M}, {now.place}".strip(" ,"))
    return now


def freeze_papers(meeting: Meeting) -> int:
    """Freeze the versions that stand on the agenda: what has been sent never changes. Gives how many were frozen."""
    rows = DocumentVersion.objects.filter(papers__item__meeting=meeting, frozen_at=None)
    numbers = list(rows.values_list("pk", flat=True).distinct())
    return DocumentVersion.objects.filter(pk__in=numbers).update(frozen_at=timezone.now())


def members_to_tell(meeting: Meeting) -> list[Person | tasks.Owner]:
    """Who is summoned: those with a seat in the body that day who log in; in the committee itself those with the
    mandate of a member or chair, where no seats are registered."""
    seats = BodyMember.objects.filter(body=meeting.body, valid__contains=meeting.date, person__isnull=False)
    people: list[Person | tasks.Owner] = [one.person for one in seats.select_related("person") if one.person]
    if not people and meeting.body_id == meeting.committee_id:
        people = [tasks.Owner(role, committee=meeting.committee) for role in ("chair", "member")]
    return people


def _tell(meeting: Meeting, line: str, text: str) -> None:
    tasks.notify(members_to_tell(meeting), line, text, meeting)


def _called(meeting: Meeting) -> str:
    return f"{meeting.body.name} {meeting.date.isoformat()}"


def _locked(meeting: Meeting) -> Meeting:
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("body", "committee")
    return rows.get(pk=meeting.pk)


def _check(meeting: Meeting) -> None:
    """The order of the days, in Swedish, at the field."""
    faults: dict[str, str] = {}
    if meeting.ends and meeting.ends <= meeting.starts:
        faults["ends"] = "Sluttiden är före starttiden. Rätta en av dem."
    known = [
        (name, getattr(meeting, name)) for name in ("documents_by", "presidium_on", "summons_by", "date")
    ]
    given = [(name, day) for name, day in known if day]
    for (name, day), (_, after) in itertools.pairwise(given):
        if day > after:
            faults[name] = (
                "Ordningen är handlingar, presidium, kallelse, sammanträde. "
                f"{day.isoformat()} är efter {after.isoformat()}."
            )
    if faults:
        raise ValidationError(faults)


def _open_tasks(meeting: Meeting, by: Person) -> None:
    today = timezone.localdate()
    owner = tasks.Owner("secretary", committee=meeting.committee)
    if meeting.date < today:
        return  # a meeting that is entered afterwards asks nobody to prepare it
    for kind, (field, words) in DAYS.items():
        if day := getattr(meeting, field):
            tasks.open_task(kind, meeting, owner=owner, due=day, what=words.format(_called(meeting)), by=by)
