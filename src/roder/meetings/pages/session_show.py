"""What the pages of the session show: the agenda with how far it has come, and an item as it stands."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from roder import access
from roder.access import Action
from roder.access.rights import User
from roder.meetings.models import (
    AgendaItem,
    Ballot,
    Conflict,
    DecisionPoint,
    Election,
    ItemPaper,
    Meeting,
    MinuteItem,
    Presence,
    Proposal,
    Reservation,
    Vote,
)
from roder.meetings.rules import votes as rules
from roder.meetings.services import agenda, attendance
from roder.meetings.services import votes as vote_services
from roder.meetings.services.calendar import sees_draft
from roder.meetings.services.members import members_on
from roder.web.scope import CommitteeRequest


@dataclass
class Line:
    """A line of the agenda beside the session."""

    item: AgendaItem
    number: str
    decided: bool = False
    voting: bool = False
    current: bool = False


@dataclass
class VoteShown:
    """A vote with its ballots by choice."""

    vote: Vote
    lists: list[tuple[str, list[str]]] = field(default_factory=list)


def find_meeting(request: CommitteeRequest, pk: int) -> Meeting:
    """A meeting of the committee whose agenda the person may see: its session shows every point. Raises Http404."""
    rows = Meeting.objects.filter(committee=request.scope.committee).select_related("body", "committee")
    found = get_object_or_404(access.visible(request.user, rows), pk=pk)
    if not sees_draft(request.user, found):
        raise Http404("Kallelsen är inte skickad än.")
    return found


def items_of(meeting: Meeting, user: User) -> list[AgendaItem]:
    """The points of the agenda that the person may see, in order; one under a point that they may not see is left
    out with it."""
    rows = AgendaItem.objects.filter(meeting=meeting).select_related("case", "parent__case")
    seen = {one.pk: one for one in access.visible(user, rows)}
    return [
        seen[line.id]
        for line in agenda.rules.in_order(agenda.lines(meeting))
        if line.id in seen and (line.parent is None or line.parent in seen)
    ]


def find_item(request: CommitteeRequest, pk: int) -> AgendaItem:
    """A point of the committee's that the person may see; none before its agenda may be seen. Raises Http404."""
    rows = AgendaItem.objects.filter(meeting__committee=request.scope.committee).select_related(
        "meeting__body", "meeting__committee", "case", "parent"
    )
    found = get_object_or_404(access.visible(request.user, rows), pk=pk)
    hidden = found.parent is not None and not access.may(request.user, Action.VIEW, found.parent)
    if hidden or not sees_draft(request.user, found.meeting):
        raise Http404("Punkten finns inte.")
    return found


def lines(meeting: Meeting, user: User, current: AgendaItem | None = None) -> list[Line]:
    """The agenda with how far each point has come."""
    numbers = agenda.numbers(meeting)
    points = access.visible(user, DecisionPoint.objects.filter(paragraph__item__meeting=meeting))
    decided = set(points.values_list("paragraph__item_id", flat=True))
    open_votes = access.visible(user, Vote.objects.filter(item__meeting=meeting, ended_at=None))
    voting = set(open_votes.values_list("item_id", flat=True))
    return [
        Line(
            one,
            numbers[one.pk],
            one.pk in decided,
            one.pk in voting,
            current is not None and one.pk == current.pk,
        )
        for one in items_of(meeting, user)
    ]


def now_at(shown: list[Line]) -> AgendaItem | None:
    """The point that the meeting is at: where a vote is held, else the first without a decision that needs one."""
    for one in shown:
        if one.voting:
            return one.item
    return next(
        (
            one.item
            for one in shown
            if not one.decided and not one.item.withdrawn and one.item.kind == AgendaItem.Kind.DECISION
        ),
        None,
    )


def neighbours(shown: list[Line], item: AgendaItem) -> tuple[AgendaItem | None, AgendaItem | None]:
    """The point before and the point after."""
    rows = [one.item for one in shown if not one.item.withdrawn or one.item.pk == item.pk]
    at = next((place for place, one in enumerate(rows) if one.pk == item.pk), None)
    if at is None:
        return None, None
    return (rows[at - 1] if at else None), (rows[at + 1] if at + 1 < len(rows) else None)


def _votes(item: AgendaItem, user: User) -> list[VoteShown]:
    rows = list(access.visible(user, Vote.objects.filter(item=item)))
    ballots = access.visible(user, Ballot.objects.filter(vote__in=rows)).select_related("member")
    by_vote: dict[int, dict[str, list[str]]] = {}
    for one in ballots.order_by("member__order", "member_id"):
        by_vote.setdefault(one.vote_id, {}).setdefault(one.choice, []).append(str(one.member))
    return [
        VoteShown(one, [(rules.WORDS[key], by_vote.get(one.pk, {}).get(key, [])) for key in rules.CHOICES])
        for one in rows
    ]


def _seen(user: User, rows: QuerySet[Any]) -> list[Any]:
    return list(access.visible(user, rows))


def item_context(item: AgendaItem, user: User) -> dict[str, Any]:
    """A point as it stands: papers, conflicts, proposals in the order that they are put, votes, decision,
    reservations and elections; what the person may see of them."""
    proposals = _seen(user, Proposal.objects.filter(item=item).prefetch_related("members"))
    return {
        "item": item,
        "papers": _seen(
            user, ItemPaper.objects.filter(item=item).select_related("version__document").order_by("position", "id")
        ),
        "conflicts": _seen(user, Conflict.objects.filter(item=item).select_related("member", "replaced_by")),
        "proposals": proposals,
        "propositions": rules.propositions_in_words(vote_services.motions(item)) if proposals else [],
        "votes": _votes(item, user),
        "points": _seen(user, DecisionPoint.objects.filter(paragraph__item=item)),
        "paragraph": access.visible(user, MinuteItem.objects.filter(item=item)).first(),
        "repeals": access.visible(user, MinuteItem.objects.filter(repealed_by__item=item)).first(),
        "reservations": _seen(user, Reservation.objects.filter(item=item).prefetch_related("members")),
        "elections": _seen(
            user, Election.objects.filter(item=item).select_related("body", "replaces", "stands_in_for")
        ),
        "presiding": attendance.presiding(item),
        "serving": attendance.serving_at(item),
    }  # fmt: skip


def presence_summary(meeting: Meeting) -> dict[str, Any]:
    """How many sit, are there and serve."""
    rows = attendance.presences(meeting)
    ordinary = sum(not one.substitute for one in members_on(meeting.body, meeting.date))
    there = [one for one in rows if one.status == Presence.Status.PRESENT]
    serving = sum(1 for one in rows if one.serves and one.left is None)
    return {
        "rows": rows,
        "present": len(there),
        "serving": serving,
        "ordinary": ordinary,
        "quorum": ordinary // 2 + 1 if ordinary else 0,
        "may_decide": not ordinary or serving * 2 > ordinary,
    }


def digest(text: str) -> str:
    """A short sign of what was shown, so that nothing is sent again that has not changed."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
