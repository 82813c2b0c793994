"""Proposals and votes (7-meetings 7.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from roder import access
from roder.access import Action
from roder.core.models import StaleRecordError
from roder.core.words import joined
from roder.meetings.models import AgendaItem, Ballot, BodyMember, Conflict, Proposal, Vote
from roder.meetings.rules import votes as rules
from roder.meetings.rules.session import SessionFault
from roder.meetings.services.attendance import hold_item, presiding, serving_at
from roder.organisation.models import Person

# --- proposals ------------------------------------------------------------------------------------------------------


@transaction.atomic
def propose(item: AgendaItem, kind: str, members: Iterable[BodyMember], text: str, by: Person) -> Proposal:
    """A proposal by members who take part in the item. Raises SessionFault at the field that is wrong."""
    item = hold_item(item, by)
    members = list(members)
    if not members:
        raise SessionFault("Välj vem eller vilka som yrkar.", field="members")
    takes_part = {one.pk for one in serving_at(item)}
    if outside := [str(one) for one in members if one.pk not in takes_part]:
        raise SessionFault(
            f"{joined(outside)} tjänstgör inte i ärendet och kan inte yrka. Rätta närvaron eller välj andra.",
            field="members",
        )
    if kind in (Proposal.Kind.CHANGE, Proposal.Kind.ADD) and not text.strip():
        raise SessionFault("Skriv hur ändringen eller tillägget lyder.", field="text")
    last = Proposal.objects.filter(item=item).order_by("-position").first()
    found = Proposal(item=item, kind=kind, text=text.strip(), position=last.position + 1 if last else 1)
    found.full_clean()
    found.save()
    found.members.set(members)
    access.record(by, "item.proposal_made", item, proposal=found.pk, kind=kind)
    return found


@transaction.atomic
def withdraw_proposal(proposal: Proposal, by: Person, *, withdrawn: bool = True) -> Proposal:
    """Somebody takes back a proposal (or puts it again)."""
    item = hold_item(proposal.item, by)
    found = Proposal.objects.select_for_update().get(pk=proposal.pk)
    found.save_over(found.revision, withdrawn=withdrawn, carried=None)
    access.record(
        by, "item.proposal_withdrawn" if withdrawn else "item.proposal_made", item, proposal=found.pk
    )
    return found


def motions(item: AgendaItem, *, withdrawn: bool = False) -> list[rules.Motion]:
    """The proposals of an item as the rules take them; without those that were taken back."""
    rows = Proposal.objects.filter(item=item).prefetch_related("members")
    return [
        rules.Motion(one.pk, one.kind, joined([str(member) for member in one.members.all()]), one.text)
        for one in rows
        if withdrawn or not one.withdrawn
    ]


# --- votes ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def start_vote(item: AgendaItem, yes_means: str, no_means: str, by: Person, *, closed: bool = False) -> Vote:
    """A vote. ``closed``: only the sums are kept, and a tie is decided by lot (elections and appointments).

    Raises SessionFault when another vote in the item is not ended.
    """
    item = hold_item(item, by)
    if Vote.objects.filter(item=item, ended_at=None).exists():
        raise SessionFault("En votering pågår redan på punkten. Avsluta eller ta bort den först.")
    for field, text, word in (("yes_means", yes_means, "ja"), ("no_means", no_means, "nej")):
        if not text.strip():
            raise SessionFault(f"Skriv vad {word} betyder.", field=field)
    last = Vote.objects.filter(item=item).order_by("-position").first()
    found = Vote(
        item=item, yes_means=yes_means.strip(), no_means=no_means.strip(), closed_ballot=closed,
        position=last.position + 1 if last else 1,
    )  # fmt: skip
    found.full_clean()
    found.save()
    access.record(by, "vote.started", found, item=item.pk, closed=closed)
    return found


@transaction.atomic
def cancel_vote(vote: Vote, by: Person) -> None:
    """Take away a vote that was started by mistake and is not ended."""
    item = hold_item(vote.item, by)
    found = _open_vote(vote)
    access.record(by, "vote.cancelled", found, item=item.pk)
    found.delete()


def _open_vote(vote: Vote) -> Vote:
    found = Vote.objects.select_for_update().filter(pk=vote.pk).first()
    if found is None:
        raise SessionFault("Voteringen finns inte längre. Någon annan har tagit bort den.")
    if found.ended_at is not None:
        raise SessionFault("Voteringen är avslutad och kan inte ändras. Börja en ny om den ska göras om.")
    return found


def _of(vote: Vote) -> tuple[set[int], set[int]]:
    """Who may vote, and who may not for a conflict of interest."""
    barred = set(Conflict.objects.filter(item=vote.item).values_list("member_id", flat=True))
    return {one.pk for one in serving_at(vote.item)}, barred


def _refuse_closed(vote: Vote) -> None:
    if vote.closed_ballot:
        raise SessionFault("Omröstningen är sluten. Skriv bara hur många röster varje sida fick.")


@transaction.atomic
def cast(vote: Vote, member: BodyMember, choice: str, by: Person) -> Ballot:
    """One member's vote. Raises SessionFault when they have voted already, do not serve or have a conflict."""
    item = hold_item(vote.item, by)
    found = _open_vote(vote)
    _refuse_closed(found)
    may, barred = _of(found)
    faults = rules.ballot_faults([(member.pk, choice)], may, barred, whole=False)
    if Ballot.objects.filter(vote=found, member=member).exists():
        faults = {member.pk: f"{member} har redan röstat. Ändra rösten i tabellen om den är fel."}
    if faults:
        raise SessionFault(faults[member.pk], rows=faults)
    ballot = Ballot.objects.create(vote=found, member=member, choice=choice)
    _sum_up(found)
    access.record(by, "vote.cast", found, item=item.pk, count=1)
    return ballot


@transaction.atomic
def cast_all(
    vote: Vote,
    given: Mapping[BodyMember, str] | Iterable[tuple[BodyMember, str]],
    by: Person,
    *,
    expected_revision: int | None = None,
) -> Vote:
    """All votes at once, name by name, in place of those that were there. The sums must equal those who serve.

    ``given`` as pairs may hold somebody twice, which is refused at the name. Raises SessionFault with every row's
    fault, StaleRecordError when another secretary has saved since ``expected_revision``. Nothing is saved then.
    """
    item = hold_item(vote.item, by)
    found = _open_vote(vote)
    _refuse_closed(found)
    if expected_revision is not None and found.revision != expected_revision:
        raise StaleRecordError(found)
    pairs = list(given.items() if isinstance(given, Mapping) else given)
    may, barred = _of(found)
    faults = rules.ballot_faults([(member.pk, choice) for member, choice in pairs], may, barred)
    if faults:
        sums = rules.count(choice for _, choice in pairs)
        message = rules.sums_fault(sums, len(may)) or "Rösterna är inte sparade. Rätta det som är markerat."
        raise SessionFault(message, rows=faults)
    Ballot.objects.filter(vote=found).delete()
    for member, choice in pairs:
        Ballot.objects.create(vote=found, member=member, choice=choice)
    _sum_up(found)
    access.record(by, "vote.cast", found, item=item.pk, count=len(pairs))
    return found


def _sum_up(vote: Vote) -> rules.Sums:
    sums = rules.count(Ballot.objects.filter(vote=vote).values_list("choice", flat=True))
    vote.save_over(vote.revision, yes=sums.yes, no=sums.no, abstained=sums.abstained)
    return sums


@transaction.atomic
def end_vote(
    vote: Vote,
    by: Person,
    *,
    outcome: str = "",
    casting: str = "",
    counts: tuple[int, int, int] | None = None,
    expected_revision: int | None = None,
    at: datetime | None = None,
) -> Vote:
    """End a vote: everybody's vote is there, and the sums say what it came to.

    ``counts`` (yes, no, abstained) for a closed ballot. At a tie the chair's vote decides in an open vote (``casting``:
    "yes" or "no", needed only when the chair abstained), the lot in a closed one (``casting``: the side it fell on).
    ``outcome``, when given, must be what the sums come to. Raises SessionFault.
    """
    item = hold_item(vote.item, by, Action.DECIDE)
    found = _open_vote(vote)
    if expected_revision is not None and found.revision != expected_revision:
        raise StaleRecordError(found)
    may, barred = _of(found)
    if found.closed_ballot:
        if counts is None or min(counts) < 0:
            raise SessionFault("Skriv hur många röster varje sida fick.", field="counts")
        sums, chair = rules.Sums(*counts), ""
    else:
        ballots = dict(Ballot.objects.filter(vote=found).values_list("member_id", "choice"))
        faults = rules.ballot_faults(ballots.items(), may, barred)
        if faults:
            sums = rules.count(ballots.values())
            raise SessionFault(rules.sums_fault(sums, len(may)) or "Rätta rösterna först.", rows=faults)
        sums = rules.count(ballots.values())
        leads = presiding(item)
        chair = ballots.get(leads.pk, "") if leads else ""
    if wrong := rules.sums_fault(sums, len(may)):
        raise SessionFault(wrong, field="counts")
    if not found.closed_ballot and chair in (rules.YES, rules.NO) and casting and casting != chair:
        raise SessionFault(
            f"Ordföranden röstade {rules.WORDS[chair]}, och det är utslagsrösten vid lika röstetal.",
            field="casting",
        )
    came = rules.result(
        sums, election=found.closed_ballot, chair=chair if chair in ("yes", "no") else casting, lot=casting
    )
    if came.needs:
        what = "vilken sida lotten föll på" if came.needs == "lot" else "vad ordförandens utslagsröst blev"
        raise SessionFault(f"Rösterna är lika många. Ange {what}.", field="casting")
    if outcome and outcome != came.outcome:
        word = Vote.Outcome(came.outcome).label
        raise SessionFault(f"Utfallet stämmer inte med rösterna: de ger {word}.", field="outcome")
    found.save_over(
        found.revision, yes=sums.yes, no=sums.no, abstained=sums.abstained, outcome=came.outcome, won=came.won,
        ended_at=at or timezone.now(),
    )  # fmt: skip
    access.record(by, "vote.ended", found, item=item.pk, outcome=came.outcome, yes=sums.yes, no=sums.no)
    return found


def held(item: AgendaItem) -> list[rules.Held]:
    """The item's ended votes as the rules take them."""
    return [
        rules.Held(
            one.yes_means, one.no_means, rules.Sums(one.yes, one.no, one.abstained), one.outcome, one.won,
            one.closed_ballot,
        )
        for one in Vote.objects.filter(item=item, ended_at__isnull=False)
    ]  # fmt: skip
