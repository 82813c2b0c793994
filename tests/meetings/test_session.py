"""The session: opening and ending, presence, substitutes, conflicts, decisions, elections, assignments, and rights."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange

from roder.access import NotAllowedError
from roder.core.models import StaleRecordError
from roder.meetings.models import AgendaItem, BodyMember, Case, DecisionPoint, MinuteItem, Presence
from roder.meetings.rules.session import MeetingNotDoneError, SessionFault
from roder.meetings.services import members, session
from roder.meetings.services.attendance import Row, stamp
from tests.meetings.world import TERM, Chain

ALL = "M1 S1 M2 C1 S2 S3 V1".split()


def note(chain: Chain, present: str, **serves_for: str) -> None:
    """Note everybody's presence: those named are there, ``SS1="S2"`` makes a substitute serve."""
    there = present.split()
    rows = [
        Row(seat, "present" if key in there else "absent", chain.seats.get(serves_for.get(key, "")))
        for key, seat in chain.seats.items()
    ]
    session.set_presences(chain.meeting, rows, chain.by("secretary"))


@pytest.fixture
def item(chain: Chain) -> AgendaItem:
    """An open meeting with everybody there, and an item without a case."""
    chain.all_present(chain.meeting)
    return chain.new_item(chain.meeting, "Ny taxa")


# --- presence ---


def test_substitutes_are_called_in_by_party_then_in_order(chain: Chain) -> None:
    note(chain, "M1 S1 C1 S3 CS1 MS1 SS1 SS2")
    called = session.call_in(chain.meeting, chain.by("secretary"))
    # M2 and S2 get their own party's; V1 has nobody left of the party: the first in the body's order
    assert {str(key): str(value) for key, value in called.items()} == {
        "Ledamot M2 (M)": "Ledamot MS1 (M)",
        "Ledamot S2 (S)": "Ledamot SS1 (S)",
        "Ledamot V1 (V)": "Ledamot CS1 (C)",
    }
    assert len(session.serving(chain.meeting)) == 7
    assert session.call_in(chain.meeting, chain.by("secretary")) == {}


def test_a_personal_substitute_goes_first(chain: Chain) -> None:
    BodyMember.objects.filter(pk=chain.seats["SS2"].pk).update(stands_in_for=chain.seats["V1"])
    note(chain, "M1 S1 M2 C1 S2 S3 VS1 SS2")
    assert list(session.call_in(chain.meeting, chain.by("secretary")).values()) == [chain.seats["SS2"]]


def test_a_member_who_comes_takes_the_place_back(chain: Chain) -> None:
    secretary = chain.by("secretary")
    note(chain, "M1 S1 M2 C1 S3 V1 SS1", SS1="S2")
    session.set_presence(chain.meeting, chain.seats["S2"], secretary, arrived=time(17, 40))
    substitute = Presence.objects.get(member=chain.seats["SS1"])
    assert (
        not substitute.serves and substitute.served_until == time(17, 40) and substitute.status == "present"
    )
    assert chain.seats["S2"] in session.serving(chain.meeting)
    session.set_presence(chain.meeting, chain.seats["S2"], secretary, arrived=time(17, 40), left=time(18, 5))
    assert chain.seats["S2"] not in session.serving(chain.meeting)
    assert session.call_in(chain.meeting, secretary) == {chain.seats["S2"]: chain.seats["SS1"]}


def test_two_substitutes_change_places_in_one_save(chain: Chain) -> None:
    note(chain, "M1 S1 C1 S3 V1 MS1 SS1", SS1="S2", MS1="M2")
    note(chain, "M1 S1 C1 S3 V1 MS1 SS1", SS1="M2", MS1="S2")
    assert Presence.objects.get(member=chain.seats["SS1"]).serves_for == chain.seats["M2"]


@pytest.mark.parametrize(
    ("present", "serves_for", "at", "says"),
    [
        ("M1 S1 M2 C1 S3 V1 SS1 SS2", {"SS1": "S2", "SS2": "S2"}, "SS2", "Någon annan tjänstgör redan"),
        ("M1 S1 M2 C1 S2 S3 V1 SS1", {"SS1": "S2"}, "SS1", "är närvarande och tjänstgör"),
        ("M1 S1 M2 C1 S3 V1", {"SS1": "S2"}, "SS1", "frånvarande och kan inte tjänstgöra"),
        ("M1 S1 M2 C1 S3 V1 SS1", {"SS1": "SS2"}, "SS1", "ordinarie ledamot i organet"),
        ("M1 S1 M2 C1 S3 V1", {"M2": "S2"}, "M2", "tjänstgör för egen del"),
    ],
)
def test_faults_stand_at_the_name_and_nothing_is_saved(
    chain: Chain, present: str, serves_for: dict[str, str], at: str, says: str
) -> None:
    with pytest.raises(SessionFault) as refused:
        note(chain, present, **serves_for)
    assert says in refused.value.rows[chain.seats[at].pk]
    assert not Presence.objects.exists()


def test_times_and_strangers_are_refused(chain: Chain) -> None:
    with pytest.raises(SessionFault) as refused:
        session.set_presence(
            chain.meeting, chain.seats["M1"], chain.by("secretary"), arrived=time(18), left=time(17)
        )
    assert "före sin ankomst" in refused.value.rows[chain.seats["M1"].pk]
    stranger = BodyMember.objects.create(
        body=chain.council, committee=chain.committee, name="Annan", party="M", valid=TERM
    )
    with pytest.raises(SessionFault) as refused:
        session.set_presence(chain.meeting, stranger, chain.by("secretary"))
    assert "Sitter inte" in refused.value.rows[stranger.pk]


def test_two_secretaries_at_the_presence(chain: Chain) -> None:
    before = stamp(session.presences(chain.meeting))
    note(chain, "M1 S1 M2")
    rows = [Row(chain.seats["M1"], "absent")]
    with pytest.raises(StaleRecordError):
        session.set_presences(chain.meeting, rows, chain.by("secretary"), expected=before)
    now = stamp(session.presences(chain.meeting))
    session.set_presences(chain.meeting, rows, chain.by("secretary"), expected=now)


# --- opening and ending ---


def test_a_meeting_from_opening_to_end(chain: Chain) -> None:
    secretary = chain.by("secretary")
    note(chain, " ".join(ALL))
    decision, information = (
        chain.new_item(chain.meeting, "Taxa"),
        chain.new_item(chain.meeting, "Läget", kind="information"),
    )
    with pytest.raises(SessionFault, match="inte öppnat"):
        session.decide(decision, secretary, points=["Antas."], outcome="approved")
    session.open_meeting(chain.meeting, secretary)
    with pytest.raises(SessionFault, match="redan öppnat"):
        session.open_meeting(chain.meeting, secretary)
    vote = session.start_vote(information, "ja", "nej", secretary)
    with pytest.raises(MeetingNotDoneError) as left:
        session.end_meeting(chain.meeting, secretary)
    assert [key for key, _ in left.value.missing] == [decision.pk, information.pk]
    session.cancel_vote(vote, secretary)
    session.decide(decision, secretary, points=["Antas."], outcome="approved")
    ended = session.end_meeting(chain.meeting, secretary)
    assert ended.state == "ended" and ended.ends is not None
    with pytest.raises(SessionFault, match="avslutat"):
        session.decide(decision, secretary, points=["Ändras."], outcome="approved")
    with pytest.raises(SessionFault, match="avslutat"):
        session.reserve(decision, [chain.seats["S1"]], "", secretary)
    session.reopen_meeting(chain.meeting, secretary)
    session.decide(decision, secretary, points=["Ändras."], outcome="approved")


def test_no_end_without_presence(chain: Chain) -> None:
    session.open_meeting(chain.meeting, chain.by("chair"))
    with pytest.raises(MeetingNotDoneError, match="närvaron är inte antecknad"):
        session.end_meeting(chain.meeting, chain.by("chair"))


@pytest.mark.parametrize("role", ["member", "auditor", "sas", "head_administration", "administrator"])
def test_who_may_not(chain: Chain, item: AgendaItem, role: str) -> None:
    by, seat = chain.by(role), chain.seats["M1"]
    for deed in (
        lambda: session.open_meeting(chain.meeting, by),
        lambda: session.end_meeting(chain.meeting, by),
        lambda: session.set_presence(chain.meeting, seat, by),
        lambda: session.call_in(chain.meeting, by),
        lambda: session.declare_conflict(item, seat, by),
        lambda: session.propose(item, "approve", [seat], "", by),
        lambda: session.start_vote(item, "ja", "nej", by),
        lambda: session.decide(item, by, points=["Antas."], outcome="approved"),
        lambda: session.reserve(item, [seat], "", by),
        lambda: members.add_member(
            chain.committee,
            chain.committee,
            by,
            from_day=date(2022, 1, 1),
            name="Ny",
            party="M",
            post="member",
        ),
    ):
        with pytest.raises(NotAllowedError):
            deed()


def test_the_chair_opens_decides_and_ends_but_does_not_write_the_rest(chain: Chain, item: AgendaItem) -> None:
    chair = chain.by("chair")
    session.decide(item, chair, points=["Antas."], outcome="approved")
    with pytest.raises(NotAllowedError):
        session.propose(item, "approve", [chain.seats["M1"]], "", chair)
    session.end_meeting(chain.meeting, chair)


# --- conflicts of interest ---


def test_a_conflict_takes_the_member_out_and_the_substitute_in(chain: Chain, item: AgendaItem) -> None:
    secretary, seats = chain.by("secretary"), chain.seats
    assert session.suggested_replacement(item, seats["S2"]) == seats["SS1"]
    session.declare_conflict(item, seats["S2"], secretary, "Styrelseledamot", seats["SS1"])
    assert session.suggested_replacement(item, seats["S3"]) == seats["SS2"]
    serving = session.serving_at(item)
    assert seats["S2"] not in serving and seats["SS1"] in serving and len(serving) == 7
    other = chain.new_item(chain.meeting, "Nästa")
    assert seats["S2"] in session.serving_at(other) and seats["SS1"] not in session.serving_at(other)
    with pytest.raises(SessionFault, match="redan antecknat"):
        session.declare_conflict(item, seats["S2"], secretary)
    with pytest.raises(SessionFault, match="tjänstgör redan för någon annan"):
        session.declare_conflict(item, seats["S3"], secretary, replaced_by=seats["SS1"])
    with pytest.raises(SessionFault, match="är inte ersättare"):
        session.declare_conflict(item, seats["S3"], secretary, replaced_by=seats["M2"])
    with pytest.raises(SessionFault, match="tjänstgör inte"):
        session.declare_conflict(item, seats["VS1"], secretary)
    with pytest.raises(SessionFault, match="kan inte yrka"):
        session.propose(item, "reject", [seats["S2"]], "", secretary)
    session.withdraw_conflict(item.conflicts.get(), secretary)
    assert seats["S2"] in session.serving_at(item)


def test_the_vice_chair_presides_when_the_chair_has_a_conflict(chain: Chain, item: AgendaItem) -> None:
    assert session.presiding(item) == chain.seats["M1"]
    session.declare_conflict(item, chain.seats["M1"], chain.by("secretary"))
    assert session.presiding(item) == chain.seats["S1"]


# --- decisions ---


def test_a_decision_with_points_recipients_and_what_became_of_the_proposals(
    chain: Chain, item: AgendaItem
) -> None:
    secretary = chain.by("secretary")
    approve = session.propose(item, "approve", [chain.seats["M1"]], "", secretary)
    add = session.propose(item, "add", [chain.seats["V1"]], "Taxan följs upp i maj.", secretary)
    gone = session.propose(item, "reject", [chain.seats["S1"]], "", secretary)
    session.withdraw_proposal(gone, secretary)
    text = session.proposed_procedure(item, "changed")
    assert "tilläggsyrkandet från Ledamot V1 (V) och finner att nämnden bifaller" in text
    paragraph = session.decide(
        item, secretary, points=["Taxan antas.", " ", "Taxan följs upp i maj."], outcome="changed", procedure=text,
        recipients=[{"name": "Ekonomi", "purpose": "FÅ"}, {"name": "ekonomi", "purpose": "FK"}, {"name": " "}],
    )  # fmt: skip
    assert list(paragraph.points.values_list("position", "text")) == [
        (1, "Taxan antas."), (2, "Taxan följs upp i maj."),
    ]  # fmt: skip
    assert paragraph.decided == "1. Taxan antas.\n2. Taxan följs upp i maj." and paragraph.year == 2022
    assert paragraph.recipients == [{"name": "ekonomi", "purpose": "FK"}]
    for proposal, came in ((approve, True), (add, True), (gone, None)):
        proposal.refresh_from_db()
        assert proposal.carried is came
    again = session.decide(item, secretary, points=["Taxan antas."], outcome="approved")
    assert again.pk == paragraph.pk and DecisionPoint.objects.count() == 1
    add.refresh_from_db()
    assert add.carried is False


def test_two_secretaries_in_the_same_item(chain: Chain, item: AgendaItem) -> None:
    secretary = chain.by("secretary")
    first = session.decide(item, secretary, points=["Ett."], outcome="approved", expected_revision=0)
    with pytest.raises(StaleRecordError) as stale:
        session.decide(item, secretary, points=["Två."], outcome="rejected", expected_revision=0)
    assert stale.value.current == first and first.decided == "Ett."
    session.decide(item, secretary, points=["Två."], outcome="rejected", expected_revision=first.revision)


def test_what_a_decision_needs(chain: Chain, item: AgendaItem) -> None:
    secretary = chain.by("secretary")
    with pytest.raises(SessionFault) as refused:
        session.decide(item, secretary, points=["  "], outcome="approved")
    assert refused.value.field == "points"
    with pytest.raises(SessionFault) as refused:
        session.decide(item, secretary, points=["Ja."], outcome="kanske")
    assert refused.value.field == "outcome"
    with pytest.raises(SessionFault, match="FÅ"):
        session.decide(
            item, secretary, points=["Ja."], outcome="approved", recipients=[{"name": "A", "purpose": "?"}]
        )
    for key in "S2 S3 V1 C1".split():
        session.set_presence(chain.meeting, chain.seats[key], secretary, left=time(18))
    with pytest.raises(SessionFault, match="inte beslutför: 3 tjänstgör, men minst 4 av 7"):
        session.decide(item, secretary, points=["Ja."], outcome="approved")
    session.call_in(chain.meeting, secretary)
    session.decide(item, secretary, points=["Ja."], outcome="approved")


def test_a_decision_that_repeals_an_earlier_one(chain: Chain, item: AgendaItem) -> None:
    secretary = chain.by("secretary")
    old = session.decide(item, secretary, points=["Taxan antas."], outcome="approved")
    new = chain.new_item(chain.meeting, "Ny taxa igen")
    paragraph = session.decide(new, secretary, points=["§ 1 upphävs."], outcome="approved", repeals=old)
    assert list(old.repealed_by.all()) == [paragraph]
    with pytest.raises(SessionFault) as refused:
        session.decide(item, secretary, points=["Ja."], outcome="approved", repeals=old)
    assert refused.value.field == "repeals"
    foreign = MinuteItem.objects.create(
        item=chain.new_item(chain.new_meeting(body=chain.council), "KF"), body=chain.council, year=2022, heading="KF",
        outcome="approved",
    )  # fmt: skip
    with pytest.raises(SessionFault, match="egna beslut"):
        session.decide(new, secretary, points=["Ja."], outcome="approved", repeals=foreign)


@pytest.mark.parametrize(
    ("outcome", "phase", "course"),
    [
        ("approved", "committee", "active"), ("rejected", "committee", "active"), ("returned", None, "returned"),
        ("deferred", None, "deferred"), ("withdrawn", None, "withdrawn"), ("noted", "registered", "active"),
    ],
)  # fmt: skip
def test_the_case_goes_where_the_decision_sends_it(
    chain: Chain, outcome: str, phase: str | None, course: str
) -> None:
    chain.all_present(chain.meeting)
    item = chain.new_item(chain.meeting, "Delegationsordning", chain.case)
    for _ in range(2):  # saved again without another outcome, the case stays
        session.decide(item, chain.by("secretary"), points=["Så."], outcome=outcome)
    case = Case.objects.get(pk=chain.case.pk)
    assert case.course == course and (phase is None or case.phase == phase)


def test_the_letter_proposes_the_decision(chain: Chain, item: AgendaItem) -> None:
    secretary = chain.by("secretary")
    assert session.proposed_points(item, secretary) == []
    item.papers.create(version=chain.letter, position=1)
    assert len(session.proposed_points(item, secretary)) == 2


def test_union_consultation_is_reminded_of(chain: Chain) -> None:
    item = chain.new_item(chain.meeting, "Omorganisation", chain.new_case(union_due=True))
    assert "samverkan" in session.union_reminder(item)
    Case.objects.filter(pk=item.case_id).update(union_on=date(2022, 9, 1))
    assert not session.union_reminder(AgendaItem.objects.get(pk=item.pk))


def test_an_assignment_is_caught_as_it_is_decided(chain: Chain, item: AgendaItem) -> None:
    secretary = chain.by("secretary")
    paragraph = session.decide(
        item, secretary, points=["Förvaltningen får i uppdrag att …"], outcome="approved"
    )
    watch = session.catch_assignment(
        paragraph, secretary, title="Följ upp taxan", what="Återkom med effekter", role="head_administration",
        rhythms=[("B", "varje sammanträde", None, None)],
    )  # fmt: skip
    assert watch.paragraph == paragraph and watch.decided_on == [date(2022, 9, 27)]
    assert [one.printed for one in watch.rhythms.all()] == ["varje sammanträde"]
    with pytest.raises(SessionFault) as refused:
        session.catch_assignment(paragraph, secretary, title=" ", role="head_administration")
    assert refused.value.field == "title"


# --- elections and seats ---


def test_a_personal_substitute_is_elected_for_the_rest_of_the_term(chain: Chain) -> None:
    """Alingsås 2022-09-27: the committee elects a personal substitute in its subcommittee of five and five."""
    secretary, body = chain.by("secretary"), chain.subcommittee
    BodyMember.objects.filter(body=body).delete()
    five = [
        BodyMember.objects.create(
            body=body, committee=chain.committee, name=f"Ordinarie {n}", party=party, order=n, valid=TERM,
            post="chair" if n == 1 else "member",
        )
        for n, party in enumerate(("M", "L", "S", "S", "C"), start=1)
    ]  # fmt: skip
    for n, member in enumerate(five, start=6):
        if member.party != "L":
            BodyMember.objects.create(
                body=body, committee=chain.committee, name=f"Ersättare {n}", party=member.party, post="substitute",
                order=n, valid=TERM, stands_in_for=member,
            )  # fmt: skip
    chain.all_present(chain.meeting)
    item = chain.new_item(chain.meeting, "Val av personlig ersättare i arbetsutskottet")
    election = session.elect(
        item, secretary, body=body, post="substitute", name="Ny ersättare", party="L", stands_in_for=five[1]
    )
    seat = election.elected
    assert seat is not None and seat.stands_in_for == five[1] and election.until == date(2022, 12, 31)
    assert seat.valid == DateRange(date(2022, 9, 27), date(2023, 1, 1))
    sits = members.members_on(body, date(2022, 10, 1))
    assert sum(not one.substitute for one in sits) == sum(one.substitute for one in sits) == 5
    assert members.members_on(body, date(2022, 9, 26)).count() == 9
    with pytest.raises(SessionFault):  # the same person twice
        session.elect(
            item,
            secretary,
            body=body,
            post="substitute",
            name="Ny ersättare",
            party="L",
            stands_in_for=five[0],
        )
    session.withdraw_election(election, secretary)
    assert members.members_on(body, date(2022, 10, 1)).count() == 9


def test_a_substitute_becomes_ordinary_after_one_who_leaves(chain: Chain, item: AgendaItem) -> None:
    secretary, seats = chain.by("secretary"), chain.seats
    election = session.elect(
        item, secretary, body=chain.committee, post="member", name=seats["SS1"].name, party="S",
        replaces=seats["S3"], from_day=date(2022, 10, 1),
    )  # fmt: skip
    october = {(one.name, one.post) for one in members.members_on(chain.committee, date(2022, 10, 2))}
    assert ("Ledamot SS1", "member") in october and ("Ledamot SS1", "substitute") not in october
    assert not any(name == "Ledamot S3" for name, _ in october)
    assert election.elected is not None and election.elected.order == seats["S3"].order
    assert members.members_on(chain.committee, date(2022, 9, 30)).count() == 12
    session.withdraw_election(election, secretary)
    back = BodyMember.objects.get(pk=seats["S3"].pk)
    assert back.valid == TERM


def test_an_election_to_another_house_is_refused(chain: Chain, item: AgendaItem) -> None:
    with pytest.raises(SessionFault) as refused:
        session.elect(item, chain.by("secretary"), body=chain.council, post="member", name="Ny", party="M")
    assert refused.value.field == "body"


def test_seats_refuse_what_a_body_cannot_have(chain: Chain) -> None:
    secretary, body = chain.by("secretary"), chain.committee
    given = {"from_day": date(2022, 1, 1), "name": "Ny", "party": "M"}

    def add(**more: object) -> BodyMember:
        return members.add_member(body, body, secretary, **{**given, **more})  # type: ignore[arg-type]

    for more, field in (
        ({"post": "chair"}, "post"),
        ({"post": "member", "name": "ledamot m1"}, "name"),
        ({"post": "member", "stands_in_for": chain.seats["M1"]}, "stands_in_for"),
        ({"post": "substitute", "stands_in_for": chain.seats["MS1"]}, "stands_in_for"),
        ({"post": "member", "until": date(2021, 1, 1)}, "until"),
        ({"post": "member", "name": "19121212-1212"}, "name"),
    ):
        with pytest.raises(ValidationError) as refused:
            add(**more)
        assert field in refused.value.message_dict
    seat = add(post="substitute", until=date(2022, 6, 30))
    assert seat.order == 13 and seat.valid.upper == date(2022, 7, 1)
    old = BodyMember.objects.get(pk=seat.pk)
    members.change_member(seat, secretary, seat.revision, party="C")
    with pytest.raises(StaleRecordError):
        members.change_member(old, secretary, old.revision, party="V")
    ended = members.end_member(BodyMember.objects.get(pk=seat.pk), secretary, date(2022, 3, 31))
    assert ended.valid.upper == date(2022, 4, 1)
    with pytest.raises(ValidationError):
        members.end_member(ended, secretary, date(2021, 12, 30))
