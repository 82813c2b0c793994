"""Presence, who serves, and conflicts of interest (7-meetings 7.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from hashlib import sha256

from django.db import transaction

from roder import access
from roder.access import Action
from roder.core.models import StaleRecordError
from roder.meetings.models import AgendaItem, Ballot, BodyMember, Conflict, Meeting, Minutes, Presence
from roder.meetings.rules import session as rules
from roder.meetings.rules.session import SessionFault
from roder.meetings.services.members import PRESIDES, members_on, seats
from roder.organisation.models import Person

PRESENT, ABSENT = Presence.Status.PRESENT, Presence.Status.ABSENT


@dataclass(frozen=True)
class Row:
    """A member's presence as it is noted. ``serves_for`` makes a substitute serve."""

    member: BodyMember
    status: str = PRESENT
    serves_for: BodyMember | None = None
    remote: bool = False
    arrived: time | None = None
    left: time | None = None


def hold(meeting: Meeting, *, begun: bool = True) -> Meeting:
    """Lock the meeting to the end of the transaction and make sure that it is in session (or not ended yet).

    Raises SessionFault.
    """
    found = Meeting.objects.select_for_update().select_related("body", "committee").get(pk=meeting.pk)
    if found.state in (Meeting.State.ENDED, Meeting.State.CANCELLED):
        word = found.get_state_display()
        raise SessionFault(f"Sammanträdet är {word}. Det som ska rättas skrivs i protokollet.")
    if begun and found.state != Meeting.State.OPEN:
        raise SessionFault("Sammanträdet är inte öppnat. Anteckna närvaron och öppna det först.")
    if Minutes.objects.filter(meeting=found, state=Minutes.State.LOCKED).exists():
        raise SessionFault("Protokollet är låst. Ingenting i det kan ändras.")
    return found


def hold_item(item: AgendaItem, by: Person, action: Action = Action.EDIT) -> AgendaItem:
    """The item, locked, where the person may do the deed and the meeting is in session."""
    access.require(by, action, item)
    hold(item.meeting)
    found = (
        AgendaItem.objects.select_for_update(of=("self",))
        .select_related("meeting__body", "meeting__committee", "case")
        .get(pk=item.pk)
    )
    if found.withdrawn:
        raise SessionFault("Punkten utgår. Ta tillbaka den på ärendelistan först.")
    return found


# --- who serves ---------------------------------------------------------------------------------------------------


def presences(meeting: Meeting) -> list[Presence]:
    """The presence of a meeting, in the body's order."""
    rows = Presence.objects.filter(meeting=meeting).select_related("member", "serves_for")
    return list(rows.order_by("member__order", "member_id"))


def serving(meeting: Meeting) -> list[BodyMember]:
    """Those who serve now, in the body's order: members present and substitutes called in, who have not left."""
    return [one.member for one in presences(meeting) if one.serves and one.left is None]


def serving_at(item: AgendaItem) -> list[BodyMember]:
    """Those who take part in an item: they who serve, without those with a conflict of interest, with their
    replacements."""
    conflicts = list(Conflict.objects.filter(item=item).select_related("replaced_by"))
    barred = {one.member_id for one in conflicts}
    found = [one for one in serving(item.meeting) if one.pk not in barred]
    found += [one.replaced_by for one in conflicts if one.replaced_by]
    return sorted(found, key=lambda one: (one.order, one.pk))


def presiding(item: AgendaItem) -> BodyMember | None:
    """Who presides at an item: the chair, or else the vice chairs in order; None when nobody of them serves."""
    by_post = {one.post: one for one in reversed(serving_at(item))}
    return next((by_post[post] for post in PRESIDES if post in by_post), None)


def stamp(rows: Iterable[Presence]) -> str:
    """What the presence looks like now, as a short text: another text means that somebody has changed it."""
    told = "|".join(
        f"{one.member_id},{one.status},{one.serves_for_id},{one.remote},{one.arrived},{one.left}"
        for one in rows
    )
    return sha256(told.encode()).hexdigest()[:16]


def set_presence(
    meeting: Meeting,
    member: BodyMember,
    by: Person,
    *,
    status: str = PRESENT,
    serves_for: BodyMember | None = None,
    remote: bool = False,
    arrived: time | None = None,
    left: time | None = None,
) -> Presence:
    """Note one member's presence. A member who is present serves; a substitute does when ``serves_for`` is given.

    A member who comes takes the place back from the substitute. Raises SessionFault: what is wrong, at ``rows``.
    """
    row = Row(member, status, serves_for, remote, arrived, left)
    set_presences(meeting, [row], by)
    return Presence.objects.get(meeting=meeting, member=member)


@transaction.atomic
def set_presences(
    meeting: Meeting, rows: Sequence[Row], by: Person, *, expected: str | None = None
) -> list[Presence]:
    """Note the presence of several at once. ``expected``: the stamp that the form was filled in over.

    Raises StaleRecordError when somebody else has changed the presence since, SessionFault with every row's fault.
    """
    access.require(by, Action.EDIT, meeting)
    meeting = hold(meeting, begun=False)
    before = presences(meeting)
    if expected is not None and stamp(before) != expected:
        raise StaleRecordError(meeting)
    sits = {one.pk: one for one in members_on(meeting.body, meeting.date)}
    faults = _presence_faults(meeting, rows, sits, before)
    if faults:
        raise SessionFault("Närvaron är inte sparad. Rätta det som är markerat.", rows=faults)
    _write(meeting, rows, before)
    access.record(by, "meeting.presence_noted", meeting, rows=len(rows))
    return presences(meeting)


def _write(meeting: Meeting, rows: Sequence[Row], before: list[Presence]) -> None:
    old = {one.member_id: one for one in before}
    comes = {one.member.pk: one for one in rows if not one.member.substitute and _there(one)}
    for one in before:  # free the places first, so that two substitutes can change places
        back = comes.get(one.serves_for_id) if one.serves_for_id else None
        given = next((row for row in rows if row.member.pk == one.member_id), None)
        if back is not None or (given is not None and given.serves_for != one.serves_for):
            one.serves, one.serves_for = not one.member.substitute and one.serves, None
            one.served_until = back.arrived if back is not None else one.served_until
            one.revision += 1
            one.save()
    for row in sorted(rows, key=lambda one: one.member.substitute):
        found = old.get(row.member.pk) or Presence(meeting=meeting, member=row.member, revision=0)
        back = comes.get(row.serves_for.pk) if row.serves_for else None
        serves_for = None if back is not None else row.serves_for
        found.status, found.remote = row.status, row.remote and row.status == PRESENT
        found.arrived, found.left = row.arrived, row.left
        found.serves = row.status == PRESENT and (not row.member.substitute or serves_for is not None)
        found.serves_for = serves_for if found.serves else None
        if found.serves:
            found.served_until = None
        found.revision += 1
        found.save()


def _there(row: Row) -> bool:
    return row.status == PRESENT and row.left is None


def _presence_faults(
    meeting: Meeting, rows: Sequence[Row], sits: dict[int, BodyMember], before: list[Presence]
) -> dict[int, str]:
    """What is wrong with rows of presence, at whom."""
    will = {one.member_id: (one.status == PRESENT and one.left is None) for one in before}
    will |= {row.member.pk: _there(row) for row in rows}
    serves = {one.member_id: one.serves_for_id for one in before if one.serves_for_id and one.left is None}
    served = dict(serves)
    for row in rows:
        serves.pop(row.member.pk, None)
    voted = set(
        Ballot.objects.filter(vote__item__meeting=meeting)
        .exclude(choice=Ballot.Choice.AWAY)
        .values_list("member_id", flat=True)
    )
    taken = {absent: substitute for substitute, absent in serves.items()}
    faults: dict[int, str] = {}
    for row in rows:
        key, place = row.member.pk, row.serves_for
        if key not in sits:
            faults[key] = f"Sitter inte i {meeting.body.name} den dagen. Ändra i registret över ledamöter."
        elif row.status == ABSENT and key in voted:
            faults[key] = (
                "Har röstat på sammanträdet och kan inte vara frånvarande. Skriv när ledamoten gick."
            )
        elif row.arrived and row.left and row.left < row.arrived:
            faults[key] = "Gick före sin ankomst. Ändra en av tiderna."
        elif place is not None and (why := _cannot_serve(row, place, sits)):
            faults[key] = why
        elif place is not None and row.left is None:
            if will.get(place.pk) and served.get(key) != place.pk:  # else the member takes the place back
                faults[key] = f"{place} är närvarande och tjänstgör. Ingen ersättare behövs."
            elif taken.setdefault(place.pk, key) != key:
                faults[key] = f"Någon annan tjänstgör redan för {place}. Välj en annan ledamot."
    return faults


def _cannot_serve(row: Row, place: BodyMember, sits: dict[int, BodyMember]) -> str:
    if not row.member.substitute:
        return "Är ordinarie ledamot och tjänstgör för egen del. Välj ingen att tjänstgöra för."
    if row.status == ABSENT:
        return "Är frånvarande och kan inte tjänstgöra. Ändra närvaron eller välj ingen."
    if place.pk not in sits or place.substitute:
        return "Välj en ordinarie ledamot i organet att tjänstgöra för."
    return ""


@transaction.atomic
def call_in(meeting: Meeting, by: Person) -> dict[BodyMember, BodyMember]:
    """Call in substitutes for all who are absent and have nobody: {the absent member: who serves}. In order:
    the personal substitute, the party's, the others. Only substitutes who are present and do not serve already."""
    access.require(by, Action.EDIT, meeting)
    meeting = hold(meeting, begun=False)
    suggested = suggested_calls(meeting)
    if suggested:
        there = {one.member_id: one for one in presences(meeting)}
        rows = [
            Row(substitute, PRESENT, member, there[substitute.pk].remote, there[substitute.pk].arrived)
            for member, substitute in suggested.items()
        ]
        set_presences(meeting, rows, by)
    return suggested


def suggested_calls(meeting: Meeting) -> dict[BodyMember, BodyMember]:
    """Who would be called in for whom now."""
    sits = {one.pk: one for one in members_on(meeting.body, meeting.date)}
    rows = presences(meeting)
    there = {one.member_id for one in rows if one.status == PRESENT and one.left is None}
    served = {one.serves_for_id for one in rows if one.serves_for_id and one.left is None}
    taken = {one.member_id for one in rows if one.member.substitute and one.serves and one.left is None}
    # who serves for somebody already needs nobody: count them as there
    found = rules.call_in(seats(sits.values()), there | {key for key in served if key}, (), taken)
    return {sits[member]: sits[substitute] for member, substitute in found.items()}


# --- conflicts of interest ------------------------------------------------------------------------------------------


def suggested_replacement(item: AgendaItem, member: BodyMember) -> BodyMember | None:
    """Who would serve in an item for a member with a conflict of interest."""
    sits = {one.pk: one for one in members_on(item.meeting.body, item.meeting.date)}
    rows = presences(item.meeting)
    there = {one.member_id for one in rows if one.status == PRESENT and one.left is None}
    taken = {one.member_id for one in rows if one.member.substitute and one.serves and one.left is None}
    conflicts = list(Conflict.objects.filter(item=item))
    taken |= {one.replaced_by_id for one in conflicts if one.replaced_by_id}
    barred = {one.member_id for one in conflicts}
    # a substitute who serves is replaced as the member would be
    for_whom = next(
        (one.serves_for_id for one in rows if one.member_id == member.pk and one.serves_for_id), None
    )
    key = rules.substitute_for(
        for_whom or member.pk, seats(sits.values()), there, barred | {member.pk}, taken
    )
    return sits.get(key) if key else None


@transaction.atomic
def declare_conflict(
    item: AgendaItem, member: BodyMember, by: Person, reason: str = "", replaced_by: BodyMember | None = None
) -> Conflict:
    """Jäv: the member takes no part in the item (KL 6:28–32). ``replaced_by``: the substitute who serves instead.

    Raises SessionFault when the member has voted in the item, or when the substitute cannot serve.
    """
    item = hold_item(item, by)
    conflicts = list(Conflict.objects.filter(item=item))
    if any(one.member_id == member.pk for one in conflicts):
        raise SessionFault(f"Jäv är redan antecknat för {member}.", field="member")
    rows = {one.member_id: one for one in presences(item.meeting)}
    stands_in = {one.replaced_by_id for one in conflicts}
    if (member.pk not in rows or not rows[member.pk].serves) and member.pk not in stands_in:
        raise SessionFault(f"{member} tjänstgör inte, så ingen jäv behöver antecknas.", field="member")
    if Ballot.objects.filter(vote__item=item, member=member).exclude(choice=Ballot.Choice.AWAY).exists():
        raise SessionFault(
            f"{member} har redan röstat i ärendet. Ta bort rösten innan du antecknar jäv.", field="member"
        )
    if replaced_by is not None:
        there = rows.get(replaced_by.pk)
        why = ""
        if not replaced_by.substitute:
            why = "är inte ersättare"
        elif there is None or there.status == ABSENT or there.left is not None:
            why = "är inte närvarande"
        elif there.serves or replaced_by.pk in stands_in:
            why = "tjänstgör redan för någon annan"
        elif any(one.member_id == replaced_by.pk for one in conflicts) or replaced_by.pk == member.pk:
            why = "är själv jävig i ärendet"
        if why:
            raise SessionFault(f"{replaced_by} {why}. Välj en annan ersättare.", field="replaced_by")
    found = Conflict(item=item, member=member, reason=reason.strip(), replaced_by=replaced_by)
    found.full_clean()
    found.save()
    access.record(by, "item.conflict_noted", item, member=member.pk)
    return found


@transaction.atomic
def withdraw_conflict(conflict: Conflict, by: Person) -> None:
    """Take back a conflict of interest that was noted by mistake."""
    item = hold_item(conflict.item, by)
    if conflict.replaced_by and (
        Ballot.objects.filter(vote__item=item, member=conflict.replaced_by)
        .exclude(choice=Ballot.Choice.AWAY)
        .exists()
    ):
        raise SessionFault(f"{conflict.replaced_by} har röstat i ärendet. Ta bort rösten först.")
    access.record(by, "item.conflict_withdrawn", item, member=conflict.member_id)
    conflict.delete()
