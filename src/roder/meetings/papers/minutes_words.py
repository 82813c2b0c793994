"""What minutes say in words: who was there, who proposed what, how the vote went, who reserved themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format

from roder.core.words import joined
from roder.meetings.models import (
    BodyMember,
    Conflict,
    Election,
    Presence,
    Proposal,
    Reservation,
    Vote,
)

Post = BodyMember.Post
#: what somebody proposes -> how the minutes say it
PROPOSES = {
    "approve": "yrkar bifall till förslaget.",
    "reject": "yrkar avslag på förslaget.",
    "return": "yrkar att ärendet återremitteras.",
    "defer": "yrkar att ärendet bordläggs.",
    "change": "yrkar att förslaget ändras:",
    "add": "yrkar ett tillägg till förslaget:",
}


def long_day(day: date | datetime) -> str:
    """``27 september 2022``."""
    return date_format(timezone.localdate(day) if isinstance(day, datetime) else day, "j F Y")


def clock(moment: datetime | None) -> str:
    """``17.05`` in Swedish time; empty for None."""
    return f"{timezone.localtime(moment):%H.%M}" if moment else ""


def names(members: Iterable[BodyMember]) -> str:
    """``A (M), B (S) och C (V)``."""
    return joined([str(one) for one in members])


def present_line(row: Presence) -> str:
    """A line of the front page: who, post, for whom, from and to when."""
    parts = [str(row.member)]
    if row.member.post in (Post.CHAIR, Post.VICE_CHAIR, Post.SECOND_VICE_CHAIR):
        parts.append(row.member.get_post_display())
    if row.serves and row.serves_for:
        parts.append(f"tjänstgör för {row.serves_for}")
    if row.serves and row.served_until:
        parts.append(f"tjänstgör till kl. {row.served_until:%H.%M}")
    if row.arrived:
        parts.append(f"från kl. {row.arrived:%H.%M}")
    if row.left:
        parts.append(f"till kl. {row.left:%H.%M}")
    if row.remote:
        parts.append("på distans")
    return ", ".join(parts)


def proposal_line(proposal: Proposal) -> str:
    """Who proposes what, as a sentence."""
    who = names(proposal.members.all())
    said = f"{who} {PROPOSES[proposal.kind]}"
    return f"{said} {proposal.text.strip()}" if proposal.text.strip() else said


def conflict_line(conflict: Conflict) -> str:
    """Who took no part, why, and who served instead."""
    why = f" ({conflict.reason})" if conflict.reason else ""
    instead = f" {conflict.replaced_by} tjänstgör i stället." if conflict.replaced_by else ""
    return f"{conflict.member} anmäler jäv{why} och deltar inte i handläggningen eller beslutet.{instead}"


def vote_result(vote: Vote) -> str:
    """How the vote went and what decided it."""
    abstained = f", {vote.abstained} avstår" if vote.abstained else ""
    sums = f"{vote.yes} ja och {vote.no} nej{abstained}"
    if vote.outcome == Vote.Outcome.CHAIR:
        return (
            f"Omröstningen utfaller lika, {sums}. Ordförandens utslagsröst avgör: {vote.get_won_display()}."
        )
    if vote.outcome == Vote.Outcome.LOT:
        return f"Omröstningen utfaller lika, {sums}. Lottning avgör: {vote.get_won_display()}."
    return f"Omröstningen utfaller med {sums}."


def election_line(election: Election) -> str:
    """Who is elected to what, after whom and until when."""
    said = (
        f"{election.name} ({election.party}) väljs till {election.get_post_display()} i {election.body.name}"
    )
    if election.stands_in_for:
        said += f", personlig ersättare för {election.stands_in_for}"
    if election.replaces:
        said += f", efter {election.replaces}"
    until = f" till och med {election.until.isoformat()}" if election.until else ""
    return f"{said}, från {election.from_day.isoformat()}{until}."


def reservation_line(reservation: Reservation) -> str:
    """Who reserved themselves, or made a statement."""
    who = names(reservation.members.all())
    if reservation.kind == Reservation.Kind.STATEMENT:
        return f"{who} lämnar ett särskilt yttrande."
    written = " skriftligt" if reservation.written else ""
    return f"{who} reserverar sig{written} mot beslutet."


def purpose_words(recipient: dict[str, str]) -> str:
    """``Kommunchef (för kännedom)``."""
    words = {"FÅ": "för åtgärd", "FK": "för kännedom"}
    return f"{recipient.get('name', '')} ({words.get(recipient.get('purpose', ''), 'för kännedom')})"
