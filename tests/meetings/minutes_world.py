"""A meeting that is over, with everything that minutes can hold, made as rows (``tests.meetings.world``)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from roder.meetings.models import (
    Ballot,
    Conflict,
    DecisionPoint,
    DelegatedReport,
    Election,
    ItemPaper,
    Meeting,
    MinuteItem,
    Minutes,
    Proposal,
    Reservation,
    Vote,
)
from roder.meetings.services import minutes as services
from tests.meetings.world import Chain

ATTEST_ON = date(2022, 10, 3)


def held_meeting(chain: Chain, *, secret: bool = False) -> Meeting:
    """The chain's meeting, over: attestation, information, two decisions (one by vote), delegated, messages."""
    meeting = chain.meeting
    chain.new_item(meeting, "Upprop och val av justerare", kind="formality")
    informs = chain.new_item(meeting, "Information och överläggningar", kind="information")
    chain.new_item(meeting, "Delårsbokslut", kind="information", parent=informs)
    order = chain.new_item(meeting, "Revidering av delegationsordningen", chain.case)
    audit = chain.new_item(
        meeting, "Svar till revisionen", chain.new_case("Grundläggande granskning"), secret=secret
    )
    delegated = chain.new_item(meeting, "Anmälan av delegationsbeslut", kind="delegated")
    chain.new_item(meeting, "Meddelanden", kind="messages")
    chain.new_item(meeting, "Ärende som utgick", withdrawn=True)
    chain.all_present(meeting)
    Meeting.objects.filter(pk=meeting.pk).update(
        others="Förvaltningschefen\nControllern",
        ended_at=datetime(2022, 9, 27, 16, 25, tzinfo=UTC),
        state="ended",
    )
    ItemPaper.objects.create(item=order, version=chain.letter, position=1)
    ItemPaper.objects.create(item=order, version=chain.paper, position=2)
    DelegatedReport.objects.create(
        item=delegated,
        position=1,
        delegate="Biståndshandläggare",
        period="augusti 2022",
        content="Hemtjänst",
        count=41,
    )
    _decided(
        order, ["Nämnden antar förslaget till delegationsordning.", "Ordningen gäller från 1 oktober 2022."]
    )
    _decided(audit, ["Nämnden lämnar svaret till revisorerna."])
    _voted(chain, order)
    meeting.refresh_from_db()
    return meeting


def _decided(item: Any, points: list[str]) -> None:
    row = MinuteItem.objects.create(
        item=item, body=item.meeting.body, year=2022, heading=item.title, outcome="approved",
        procedure="Ordföranden ställer förslagen mot varandra och finner att nämnden bifaller förslaget.",
        recipients=[{"name": "Förvaltningschef", "purpose": "FÅ"}, {"name": "Revisorerna", "purpose": "FK"}],
        decided="\n".join(points),
    )  # fmt: skip
    for position, text in enumerate(points, start=1):
        DecisionPoint.objects.create(paragraph=row, position=position, text=text)


def _voted(chain: Chain, item: Any) -> None:
    seats = chain.seats
    refused = Proposal.objects.create(item=item, position=1, kind="reject", carried=False)
    refused.members.set([seats["S1"], seats["V1"]])
    Proposal.objects.create(item=item, position=2, kind="approve", carried=True).members.set([seats["M1"]])
    Conflict.objects.create(item=item, member=seats["C1"], reason="nära anhörig", replaced_by=seats["CS1"])
    vote = Vote.objects.create(
        item=item, position=1, yes_means="bifall till förslaget", no_means="avslag på förslaget", yes=4, no=3,
        outcome="yes", won="yes", ended_at=datetime(2022, 9, 27, 16, 0, tzinfo=UTC),
    )  # fmt: skip
    for key, choice in (
        ("M1", "yes"), ("S1", "no"), ("M2", "yes"), ("CS1", "yes"), ("S2", "yes"), ("S3", "no"), ("V1", "no"),
    ):  # fmt: skip
        Ballot.objects.create(vote=vote, member=seats[key], choice=choice)
    one = Reservation.objects.create(item=item, text="Förslaget borde ha utretts mer.", written=True)
    one.members.set([seats["S1"], seats["V1"]])
    Election.objects.create(
        item=item, body=chain.subcommittee, post="substitute", name="Ledamot V1", party="V", from_day=date(2022, 9, 28),
        replaces=seats["VS1"], stands_in_for=seats["C1"], until=date(2022, 12, 31),
    )  # fmt: skip


def opened(chain: Chain, **more: Any) -> Minutes:
    """The minutes of `held_meeting`, a draft: M1 chairs, S1 and S2 attest (M1 and S2 log in)."""
    meeting = held_meeting(chain, secret=more.pop("secret", False))
    values = {"attest_on": ATTEST_ON, "attest_place": "Kommunkontoret", "kept_at": "Kansliet", **more}
    return services.open_minutes(
        meeting, chain.by("secretary"), chair=chain.seats["M1"], attesters=[chain.seats["S1"], chain.seats["S2"]],
        **values,
    )  # fmt: skip


def attested(chain: Chain, **more: Any) -> Minutes:
    """As `opened`, then checked and attested: M1 and S2 logged in, S1 on paper."""
    record = opened(chain, **more)
    services.check(record, chain.by("secretary"))
    services.attest(record, chain.seats["M1"], chain.by("chair"))
    services.attest(record, chain.seats["S2"], chain.by("member"))
    services.attest(record, chain.seats["S1"], chain.by("secretary"), on_paper=ATTEST_ON)
    record.refresh_from_db()
    return record
