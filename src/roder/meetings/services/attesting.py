"""Attesting: each of the chair and the attesters, logged in or on paper; one item at once; opening again."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from roder import access
from roder.access import Action
from roder.access.matrix import Resource
from roder.access.rights import NotAllowedError
from roder.core.persons import checked_text
from roder.meetings.models import Attestation, BodyMember, Meeting, MinuteItem, Minutes, Presence
from roder.meetings.rules import minutes as rules
from roder.meetings.rules.minutes import MinutesFault
from roder.meetings.services import dispatch, minutes_tasks
from roder.meetings.services.minutes_draft import hold, signers_of
from roder.organisation.models import Person

#: How long a reason for opening minutes again may be.
MOST_REASON = 300


def attest(minutes: Minutes, member: BodyMember, by: Person, *, on_paper: date | None = None) -> Attestation:
    """A member approves the checked minutes; when all have, they are attested.

    Somebody who is logged in approves for themselves. The secretary notes a signature on paper with its day
    (``on_paper``). Raises NotAllowedError; MinutesFault (not checked, not one who attests, was absent, done already).
    """
    with transaction.atomic():
        held = _held(minutes)
        keys = [one.pk for one in signers_of(held)]
        done = _done(held, None)
        if fault := rules.attest_fault(held.state, member.pk, keys, done):
            raise MinutesFault(fault)
        made = _sign(held, None, member, by, on_paper)
        minutes_tasks.attested_by(held, member, by)
        access.record(by, "minutes.attested", held, member=member.pk, paper=bool(on_paper))
        if rules.all_attested(keys, [*done, member.pk]):
            held.save_over(held.revision, state=rules.ATTESTED)
            minutes_tasks.attested(held, attested_day(held) or timezone.localdate(), by)
            dispatch.plan_all(held, by)
    minutes.refresh_from_db()
    return made


def attest_at_once(
    paragraph: MinuteItem, member: BodyMember, by: Person, *, on_paper: date | None = None
) -> Attestation:
    """A member approves one paragraph before the rest of the minutes (omedelbar justering); when all have, its decision
    may be sent and its notice put up, and it cannot be changed.

    Raises as `attest`, and MinutesFault when the item is not marked for it or has no decision.
    """
    with transaction.atomic():
        record = Minutes.objects.filter(meeting__items=paragraph.item_id).first()
        if record is None:
            raise MinutesFault("Protokollet är inte öppnat.")
        held = _held(record)
        row = MinuteItem.objects.select_for_update(of=("self",)).get(pk=paragraph.pk)
        if held.state not in (rules.DRAFT, rules.CHECKED):
            raise MinutesFault("Protokollet är redan justerat.")
        if not row.immediate:
            raise MinutesFault(
                f"§ {row.number} ska inte justeras omedelbart. Markera det på paragrafen först."
            )
        if row.number is None or not row.points.exists():
            raise MinutesFault("Paragrafen saknar nummer eller beslut. Skriv beslutet innan den justeras.")
        keys = [one.pk for one in signers_of(held)]
        done = _done(held, row)
        if fault := rules.attest_fault(rules.CHECKED, member.pk, keys, done):
            raise MinutesFault(fault)
        made = _sign(held, row, member, by, on_paper)
        access.record(by, "paragraph.attested", row, member=member.pk, paper=bool(on_paper))
        if rules.all_attested(keys, [*done, member.pk]):
            last = max(one.at for one in row.attestations.all())
            row.save_over(row.revision, attested_at=last)
            minutes_tasks.paragraph_attested(row, held, timezone.localdate(last), by)
            if dispatch.plan_recipients(row):
                minutes_tasks.to_dispatch(held, by)
    paragraph.refresh_from_db()
    return made


def reopen(minutes: Minutes, by: Person, reason: str) -> Minutes:
    """Open checked minutes for changes again. What some have approved already is taken back: they approve what will
    stand. The reason is told in the tasks that end. Raises NotAllowedError; MinutesFault without a reason, or when all
    have attested; ValidationError at ``reason`` for a text that cannot be kept."""
    with transaction.atomic():
        held = hold(minutes, by, rules.DRAFT, rules.CHECKED, rules.ATTESTED, rules.LOCKED)
        if held.state == rules.ATTESTED:
            raise MinutesFault("Protokollet är justerat och kan inte ändras.")
        rules.require_move(held.state, rules.DRAFT)
        why = checked_text(reason, "reason", MOST_REASON)
        if not why:
            raise MinutesFault("Skriv varför protokollet öppnas igen.", field="reason")
        taken = Attestation.objects.filter(minutes=held, paragraph=None).delete()[0]
        held.save_over(held.revision, state=rules.DRAFT)
        minutes_tasks.attesting_ends(held, by, why)
        access.record(by, "minutes.reopened", held, attestations=taken)
    return held


def attested_day(minutes: Minutes) -> date | None:
    """The day the last one attested; None while somebody has not."""
    rows = list(minutes.attestations.filter(paragraph=None))
    keys = [one.pk for one in signers_of(minutes)]
    if not rules.all_attested(keys, [one.member_id for one in rows]):
        return None
    return timezone.localdate(max(one.at for one in rows))


def _held(minutes: Minutes) -> Minutes:
    return Minutes.objects.select_for_update(of=("self",)).select_related("meeting__body").get(pk=minutes.pk)


def _done(minutes: Minutes, paragraph: MinuteItem | None) -> list[int]:
    return list(
        Attestation.objects.filter(minutes=minutes, paragraph=paragraph).values_list("member", flat=True)
    )


def _sign(
    minutes: Minutes, paragraph: MinuteItem | None, member: BodyMember, by: Person, on_paper: date | None
) -> Attestation:
    """Write the approval, if it is the person's own or the secretary notes a paper."""
    meeting: Meeting = minutes.meeting
    there = Presence.objects.filter(meeting=meeting, member=member, status=Presence.Status.PRESENT)
    if not there.exists():
        raise MinutesFault(f"{member} var inte närvarande och kan inte justera protokollet.")
    at = timezone.now()
    if on_paper is not None:
        access.require(by, Action.EDIT, Resource.MINUTES, meeting.committee)
        if fault := rules.paper_fault(on_paper, meeting.date, timezone.localdate()):
            raise MinutesFault(fault, field="on_paper")
        at = min(at, timezone.make_aware(datetime.combine(on_paper, time(12))))
    elif member.person_id != by.pk:
        if access.may(by, Action.EDIT, Resource.MINUTES, meeting.committee):
            raise MinutesFault(
                "Bara personen själv justerar inloggad. Har protokollet skrivits under på papper? Ange dagen.",
                field="on_paper",
            )
        raise NotAllowedError("Bara den som är vald att justera kan justera protokollet.")
    return Attestation.objects.create(minutes=minutes, paragraph=paragraph, member=member, at=at, by=by)
