"""Votes: name by name, closed, ties, and everything that a vote must not be. And a council's vote of 31, 17–14."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.db import DatabaseError, transaction

from roder.access import NotAllowedError
from roder.core.models import StaleRecordError
from roder.meetings.models import AgendaItem, Ballot, BodyMember, Reservation, Vote
from roder.meetings.rules.session import SessionFault
from roder.meetings.services import session
from tests.meetings.world import TERM, Chain

Y, N, A, AWAY = "yes", "no", "abstains", "away"
KEYS = "M1 S1 M2 C1 S2 S3 V1".split()


@pytest.fixture
def item(chain: Chain) -> AgendaItem:
    chain.all_present(chain.meeting)
    return chain.new_item(chain.meeting, "Ny taxa")


@pytest.fixture
def vote(chain: Chain, item: AgendaItem) -> Vote:
    return session.start_vote(item, "bifall", "avslag", chain.by("secretary"))


def ballots(chain: Chain, choices: str, keys: list[str] = KEYS) -> list[tuple[BodyMember, str]]:
    """``"yes no …"`` for the seven, in order."""
    return [(chain.seats[key], choice) for key, choice in zip(keys, choices.split(), strict=False)]


def test_a_council_votes_17_to_14(chain: Chain) -> None:
    """Oxelösund's council 2023-06-14 § 98: 31 names; M, KD, L, SD and C yes, S and V no; both reserve themselves.

    Roles and parties stand in place of the names. How each voted was lost in print: the proposals and reservations
    tell the parties."""
    secretary = chain.by("secretary")
    parties = {"M": 10, "S": 10, "SD": 4, "V": 4, "KD": 1, "C": 1, "L": 1}
    seats: list[BodyMember] = []
    for party, count in parties.items():
        for number in range(1, count + 1):
            seats.append(
                BodyMember.objects.create(
                    body=chain.council, committee=chain.committee, name=f"{party} {number}", party=party,
                    order=len(seats) + 1, valid=TERM, post="member" if seats else "chair",
                )
            )  # fmt: skip
    assert len(seats) == 31
    meeting = chain.new_meeting(date(2022, 6, 14), body=chain.council)
    session.set_presences(meeting, [session.Row(one) for one in seats], secretary)
    session.open_meeting(meeting, secretary)
    item = chain.new_item(meeting, "Uppdrag om utredning av valfrihetssystem")

    def of(*parties: str) -> list[BodyMember]:
        return [one for one in seats if one.party in parties]

    against, for_it = of("S")[:2] + of("V")[:2], [*of("M")[:2], *of("KD", "L", "C"), of("SD")[0]]
    session.propose(item, "reject", against, "", secretary)
    session.propose(item, "approve", for_it, "", secretary)
    vote = session.start_vote(item, "bifall till kommunstyrelsens förslag", "avslag på det", secretary)
    session.cast_all(vote, {one: N if one.party in ("S", "V") else Y for one in seats}, secretary)
    ended = session.end_vote(vote, secretary)
    assert (ended.yes, ended.no, ended.abstained, ended.outcome, ended.won) == (17, 14, 0, "yes", "yes")
    paragraph = session.decide(
        item, secretary, points=["Nämnden får i uppdrag att utreda ett valfrihetssystem."], outcome="approved",
        procedure=session.proposed_procedure(item, "approved"),
        recipients=[{"name": "Vård- och omsorgsnämnden", "purpose": "FÅ"}],
    )  # fmt: skip
    assert "Utfallet blir 17 ja och 14 nej." in paragraph.procedure
    assert "avslag från S 1 (S), S 2 (S), V 1 (V) och V 2 (V)" in paragraph.procedure
    with pytest.raises(SessionFault) as refused:
        session.reserve(item, [*of("V"), of("L")[0]], "", secretary)
    assert list(refused.value.rows.values()) == ["röstade för beslutet"]
    session.reserve(item, of("V"), "Vinst hör inte hemma i omsorgen.", secretary)
    session.reserve(item, of("S"), "Resurserna behövs i egen regi.", secretary)
    assert [(one.members.count(), one.written) for one in Reservation.objects.filter(item=item)] == [
        (4, True), (10, True),
    ]  # fmt: skip
    session.end_meeting(meeting, secretary)


def test_sums_that_differ_from_those_who_serve(chain: Chain, vote: Vote) -> None:
    with pytest.raises(SessionFault, match="Rösterna är 6, men 7 tjänstgör: 1 för få") as refused:
        session.cast_all(vote, ballots(chain, "yes yes yes yes no no"), chain.by("secretary"))
    assert set(refused.value.rows) == {chain.seats["V1"].pk} and not Ballot.objects.exists()
    with pytest.raises(SessionFault):
        session.end_vote(vote, chain.by("secretary"))


def test_a_member_votes_twice(chain: Chain, vote: Vote) -> None:
    secretary, seat = chain.by("secretary"), chain.seats["M1"]
    given = [*ballots(chain, "yes yes yes yes no no no"), (seat, N)]
    with pytest.raises(SessionFault) as refused:
        session.cast_all(vote, given, secretary)
    assert "mer än en gång" in refused.value.rows[seat.pk]
    session.cast(vote, seat, Y, secretary)
    with pytest.raises(SessionFault, match="har redan röstat"):
        session.cast(vote, seat, N, secretary)
    with pytest.raises(DatabaseError), transaction.atomic():  # the database says it too
        Ballot.objects.create(vote=vote, member=seat, choice=N)


def test_a_member_with_a_conflict_does_not_vote(chain: Chain, item: AgendaItem, vote: Vote) -> None:
    secretary, seats = chain.by("secretary"), chain.seats
    session.declare_conflict(item, seats["S2"], secretary, "Närstående", seats["SS1"])
    with pytest.raises(SessionFault, match="jävig"):
        session.cast(vote, seats["S2"], Y, secretary)
    with pytest.raises(SessionFault) as refused:
        session.cast_all(vote, ballots(chain, "yes no yes yes no no no"), secretary)
    assert "jävig" in refused.value.rows[seats["S2"].pk]
    assert "Röst saknas" in refused.value.rows[seats["SS1"].pk]
    with pytest.raises(DatabaseError), transaction.atomic():
        Ballot.objects.create(vote=vote, member=seats["S2"], choice=Y)
    keys = ["SS1" if key == "S2" else key for key in KEYS]
    session.cast_all(vote, ballots(chain, "yes no yes yes no no no", keys), secretary)
    with pytest.raises(SessionFault, match="har redan röstat i ärendet"):
        session.declare_conflict(item, seats["M2"], secretary)
    with pytest.raises(SessionFault, match="har röstat i ärendet"):
        session.withdraw_conflict(item.conflicts.get(), secretary)


def test_a_substitute_who_does_not_serve_does_not_vote(chain: Chain, vote: Vote) -> None:
    with pytest.raises(SessionFault, match="tjänstgör inte"):
        session.cast(vote, chain.seats["SS1"], Y, chain.by("secretary"))
    session.set_presence(chain.meeting, chain.seats["M1"], chain.by("secretary"), left=time(18))
    with pytest.raises(SessionFault, match="tjänstgör inte"):
        session.cast(vote, chain.seats["M1"], Y, chain.by("secretary"))


def test_one_who_has_voted_was_there(chain: Chain, vote: Vote) -> None:
    secretary = chain.by("secretary")
    session.cast(vote, chain.seats["M1"], Y, secretary)
    with pytest.raises(SessionFault) as refused:
        session.set_presence(chain.meeting, chain.seats["M1"], secretary, status="absent")
    assert "Har röstat" in refused.value.rows[chain.seats["M1"].pk]


def test_a_tie_is_the_chairs(chain: Chain, vote: Vote) -> None:
    secretary = chain.by("secretary")
    session.cast_all(vote, ballots(chain, "no yes no no yes yes abstains"), secretary)
    ended = session.end_vote(vote, secretary)
    assert (ended.yes, ended.no, ended.abstained, ended.outcome, ended.won) == (3, 3, 1, "chair", "no")
    with pytest.raises(SessionFault, match="avslutad"):
        session.cast_all(vote, ballots(chain, "no yes no no yes yes abstains"), secretary)


def test_a_chair_who_abstained_must_say(chain: Chain, vote: Vote) -> None:
    secretary = chain.by("secretary")
    session.cast_all(vote, ballots(chain, "abstains yes no no yes yes no"), secretary)
    with pytest.raises(SessionFault) as refused:
        session.end_vote(vote, secretary)
    assert refused.value.field == "casting" and "utslagsröst" in str(refused.value)
    assert session.end_vote(vote, chain.by("chair"), casting="yes").won == "yes"


def test_the_casting_vote_follows_the_chairs_own(chain: Chain, vote: Vote) -> None:
    secretary = chain.by("secretary")
    session.cast_all(vote, ballots(chain, "no yes no no yes yes away"), secretary)
    with pytest.raises(SessionFault, match="röstade nej"):
        session.end_vote(vote, secretary, casting="yes")
    with pytest.raises(SessionFault, match="stämmer inte"):
        session.end_vote(vote, secretary, outcome="yes")
    assert session.end_vote(vote, secretary, outcome="chair").won == "no"


def test_a_closed_vote_keeps_sums_only_and_a_tie_is_decided_by_lot(chain: Chain, item: AgendaItem) -> None:
    secretary = chain.by("secretary")
    vote = session.start_vote(item, "M 2 väljs", "S 2 väljs", secretary, closed=True)
    with pytest.raises(SessionFault, match="sluten"):
        session.cast(vote, chain.seats["M1"], Y, secretary)
    with pytest.raises(SessionFault) as refused:
        session.end_vote(vote, secretary)
    assert refused.value.field == "counts"
    with pytest.raises(SessionFault, match="Rösterna är 8, men 7 tjänstgör: 1 för många"):
        session.end_vote(vote, secretary, counts=(4, 4, 0))
    with pytest.raises(SessionFault, match="lotten"):
        session.end_vote(vote, secretary, counts=(3, 3, 1))
    ended = session.end_vote(vote, secretary, counts=(3, 3, 1), casting="no")
    assert (ended.outcome, ended.won) == ("lot", "no") and not ended.ballots.exists()


def test_one_vote_at_a_time(chain: Chain, item: AgendaItem, vote: Vote) -> None:
    secretary = chain.by("secretary")
    with pytest.raises(SessionFault, match="pågår redan"):
        session.start_vote(item, "ja", "nej", secretary)
    with pytest.raises(SessionFault, match="inte avslutad"):
        session.decide(item, secretary, points=["Ja."], outcome="approved")
    session.cancel_vote(vote, secretary)
    with pytest.raises(SessionFault, match="finns inte längre"):
        session.cast(vote, chain.seats["M1"], Y, secretary)
    with pytest.raises(SessionFault) as refused:
        session.start_vote(item, " ", "nej", secretary)
    assert refused.value.field == "yes_means"


def test_two_secretaries_at_the_same_vote(chain: Chain, vote: Vote) -> None:
    secretary = chain.by("secretary")
    read = vote.revision
    session.cast_all(vote, ballots(chain, "yes yes yes yes no no no"), secretary, expected_revision=read)
    with pytest.raises(StaleRecordError):
        session.cast_all(vote, ballots(chain, "no yes yes yes no no no"), secretary, expected_revision=read)
    assert Ballot.objects.get(vote=vote, member=chain.seats["M1"]).choice == Y
    with pytest.raises(StaleRecordError):
        session.end_vote(vote, secretary, expected_revision=read)


def test_the_chair_ends_a_vote_and_members_do_not(chain: Chain, vote: Vote) -> None:
    session.cast_all(vote, ballots(chain, "yes yes yes yes no no no"), chain.by("secretary"))
    for role in ("member", "auditor", "sas"):
        with pytest.raises(NotAllowedError):
            session.end_vote(vote, chain.by(role))
    with pytest.raises(NotAllowedError):
        session.cast_all(vote, ballots(chain, "yes yes yes yes no no no"), chain.by("chair"))
    assert session.end_vote(vote, chain.by("chair")).outcome == "yes"


def test_only_those_against_reserve_themselves(chain: Chain, item: AgendaItem, vote: Vote) -> None:
    secretary, seats = chain.by("secretary"), chain.seats
    with pytest.raises(SessionFault, match="inte beslutad än"):
        session.reserve(item, [seats["S2"]], "", secretary)
    session.cast_all(vote, ballots(chain, "yes yes yes yes no abstains no"), secretary)
    session.end_vote(vote, secretary)
    session.decide(item, secretary, points=["Ja."], outcome="approved")
    for key, why in (("M1", "röstade för"), ("S3", "avstod"), ("SS1", "deltog inte")):
        with pytest.raises(SessionFault, match=why):
            session.reserve(item, [seats[key]], "", secretary)
    assert not session.reserve(item, [seats["S2"]], "", secretary).written
    session.reserve(item, [seats["SS1"]], "Utredningen kom sent.", secretary, kind="statement")
    with pytest.raises(SessionFault, match="Skriv av"):
        session.reserve(item, [seats["V1"]], " ", secretary, written=True)
    found = Reservation.objects.filter(item=item).first()
    assert found is not None
    session.withdraw_reservation(found, secretary)
    assert Reservation.objects.filter(item=item).count() == 1
