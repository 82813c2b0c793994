"""The session of a meeting: opening, what is said and decided (from the modules beside), and ending (7-meetings 7.4).

open_meeting(meeting, by)
set_presence(meeting, member, by); call_in(meeting, by)
declare_conflict(item, member, by, "Äger huset", replaced_by=substitute)
propose(item, "reject", [member], "", by)
vote = start_vote(item, "bifall", "avslag", by); cast_all(vote, {member: "yes"}, by); end_vote(vote, by)
paragraph = decide(item, by, points=["Nämnden antar förslaget."], outcome="approved")
reserve(item, [member], "", by); catch_assignment(paragraph, by, title="Återkom med …", …)
end_meeting(meeting, by)
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from roder import access
from roder.access import Action
from roder.meetings.models import AgendaItem, Meeting, MinuteItem, Minutes, Vote
from roder.meetings.rules.session import ItemState, MeetingNotDoneError, SessionFault, missing_at_end
from roder.meetings.services.attendance import (
    Row,
    call_in,
    declare_conflict,
    hold,
    presences,
    presiding,
    serving,
    serving_at,
    set_presence,
    set_presences,
    suggested_calls,
    suggested_replacement,
    withdraw_conflict,
)
from roder.meetings.services.decisions import (
    catch_assignment,
    decide,
    proposed_points,
    proposed_procedure,
    reserve,
    took_part,
    union_reminder,
    withdraw_reservation,
)
from roder.meetings.services.elections import elect, withdraw_election
from roder.meetings.services.members import members_on
from roder.meetings.services.votes import (
    cancel_vote,
    cast,
    cast_all,
    end_vote,
    propose,
    start_vote,
    withdraw_proposal,
)
from roder.organisation.models import Person

__all__ = [
    "Row",
    "call_in",
    "cancel_vote",
    "cast",
    "cast_all",
    "catch_assignment",
    "decide",
    "declare_conflict",
    "elect",
    "end_meeting",
    "end_vote",
    "members_on",
    "missing",
    "open_meeting",
    "presences",
    "presiding",
    "propose",
    "proposed_points",
    "proposed_procedure",
    "reopen_meeting",
    "reserve",
    "serving",
    "serving_at",
    "set_presence",
    "set_presences",
    "start_vote",
    "suggested_calls",
    "suggested_replacement",
    "took_part",
    "union_reminder",
    "withdraw_conflict",
    "withdraw_election",
    "withdraw_proposal",
    "withdraw_reservation",
]


@transaction.atomic
def open_meeting(meeting: Meeting, by: Person, *, at: datetime | None = None) -> Meeting:
    """Open the meeting, now or ``at``. Raises SessionFault when it is open already, ended or cancelled."""
    access.require(by, Action.DECIDE, meeting)
    found = hold(meeting, begun=False)
    if found.state == Meeting.State.OPEN:
        raise SessionFault("Sammanträdet är redan öppnat.")
    found.save_over(found.revision, state=Meeting.State.OPEN, opened_at=at or timezone.now())
    access.record(by, "meeting.opened", found)
    return found


def missing(meeting: Meeting) -> list[tuple[int | None, str]]:
    """What is missing before the meeting may end: (the item's key or None, what). Items that are to be decided need a
    decision; headings over other items, information and announcements do not."""
    items = AgendaItem.objects.filter(meeting=meeting, withdrawn=False).order_by("position", "id")
    decided = set(
        MinuteItem.objects.filter(item__meeting=meeting).exclude(outcome="").values_list("item_id", flat=True)
    )
    voting = set(Vote.objects.filter(item__meeting=meeting, ended_at=None).values_list("item_id", flat=True))
    rows = list(items)
    parents = {one.parent_id for one in rows}
    there = presences(meeting)
    ordinary = sum(not one.substitute for one in members_on(meeting.body, meeting.date))
    states = [
        ItemState(
            one.pk, one.title, one.kind == AgendaItem.Kind.DECISION and one.pk not in parents, one.pk in decided,
            one.pk in voting,
        )
        for one in rows
    ]  # fmt: skip
    ever = sum(1 for one in there if one.serves)
    return missing_at_end(states, presence=bool(there) or not ordinary, serving=ever, members=ordinary)


@transaction.atomic
def end_meeting(meeting: Meeting, by: Person, *, at: datetime | None = None) -> Meeting:
    """End the meeting, now or ``at``. Raises MeetingNotDoneError with everything that is missing."""
    access.require(by, Action.DECIDE, meeting)
    found = hold(meeting)
    if left := missing(found):
        raise MeetingNotDoneError(left)
    ended = at or timezone.now()
    if found.opened_at is not None and ended < found.opened_at:
        raise SessionFault("Sammanträdet kan inte sluta innan det öppnades. Ändra tiden.")
    found.save_over(
        found.revision, state=Meeting.State.ENDED, ended_at=ended, ends=timezone.localtime(ended).time()
    )
    access.record(by, "meeting.ended", found)
    return found


@transaction.atomic
def reopen_meeting(meeting: Meeting, by: Person) -> Meeting:
    """Open again a meeting that was ended too soon, as long as its minutes have not been attested."""
    access.require(by, Action.DECIDE, meeting)
    found = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if found.state != Meeting.State.ENDED:
        raise SessionFault("Bara ett avslutat sammanträde kan öppnas igen.")
    done = (Minutes.State.ATTESTED, Minutes.State.LOCKED)
    if Minutes.objects.filter(meeting=found, state__in=done).exists():
        raise SessionFault("Protokollet är justerat. Sammanträdet kan inte öppnas igen.")
    found.save_over(found.revision, state=Meeting.State.OPEN, ended_at=None, ends=None)
    access.record(by, "meeting.opened", found, again=True)
    return found
