"""Who serves, quorum, votes, reservations and the procedure in words: pure rules."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from roder.meetings.rules import session, votes
from roder.meetings.rules.session import ItemState, Part, Seat
from roder.meetings.rules.votes import Conclusion, Held, Motion, Sums

PARTIES = ["M", "S", "C", "V", "SD"]


@st.composite
def bodies(draw: st.DrawFn) -> tuple[list[Seat], set[int], set[int], set[int]]:
    """Seats, who is present, who may not take part, who serves already."""
    ordinary = draw(st.integers(1, 9))
    substitutes = draw(st.integers(0, 9))
    seats = [Seat(key, draw(st.sampled_from(PARTIES)), order=key) for key in range(1, ordinary + 1)]
    for key in range(ordinary + 1, ordinary + substitutes + 1):
        personal = draw(st.none() | st.integers(1, ordinary))
        seats.append(Seat(key, draw(st.sampled_from(PARTIES)), True, key, personal))
    some = st.sets(st.sampled_from([one.key for one in seats]))
    return seats, draw(some), draw(some), draw(some)


@given(bodies())
def test_nobody_serves_twice_and_nobody_who_may_not(
    world: tuple[list[Seat], set[int], set[int], set[int]],
) -> None:
    seats, present, barred, taken = world
    called = session.call_in(seats, present, barred, taken)
    by_key = {one.key: one for one in seats}
    assert len(set(called.values())) == len(called)
    for member, substitute in called.items():
        assert not by_key[member].substitute and (member not in present or member in barred)
        assert by_key[substitute].substitute and substitute in present - barred - taken


@given(bodies())
def test_no_place_is_empty_while_a_substitute_is_free(
    world: tuple[list[Seat], set[int], set[int], set[int]],
) -> None:
    seats, present, barred, taken = world
    called = session.call_in(seats, present, barred, taken)
    free = {one.key for one in seats if one.substitute and one.key in present - barred - taken}
    absent = {
        one.key for one in seats if not one.substitute and (one.key not in present or one.key in barred)
    }
    assert len(called) == min(len(free), len(absent))


@given(bodies())
def test_a_free_personal_substitute_is_never_passed_over(
    world: tuple[list[Seat], set[int], set[int], set[int]],
) -> None:
    seats, present, barred, taken = world
    called = session.call_in(seats, present, barred, taken)
    by_key = {one.key: one for one in seats}
    for member in called:
        personal = {
            one.key
            for one in seats
            if one.substitute and one.stands_in_for == member and one.key in present - barred - taken
        }
        assert not personal or by_key[called[member]].stands_in_for == member


def test_the_party_goes_before_the_order_and_the_personal_before_the_party() -> None:
    seats = [
        Seat(1, "M", order=1), Seat(2, "S", order=2),
        Seat(11, "C", True, 1), Seat(12, "M", True, 2), Seat(13, "S", True, 3), Seat(14, "V", True, 4, 2),
    ]  # fmt: skip
    present = {11, 12, 13, 14}
    assert session.call_in(seats, present) == {1: 12, 2: 14}
    assert session.call_in(seats, present - {14}) == {1: 12, 2: 13}
    assert session.call_in(seats, {11}) == {1: 11}
    assert session.call_in(seats, present, barred={12}) == {2: 14, 1: 11}
    assert session.substitute_for(2, seats, {1, 2, 12, 13, 14}) == 14
    assert session.substitute_for(2, seats, {1, 2, 12, 13, 14}, taken={14}) == 13
    assert session.substitute_for(2, seats, {1, 2}) is None


@given(st.integers(1, 200), st.integers(0, 200))
def test_more_than_half_must_serve(members: int, serving: int) -> None:
    assert session.may_decide(members, serving) == (serving * 2 > members)


@given(st.lists(st.sampled_from(votes.CHOICES), max_size=60))
def test_the_sums_are_all_the_votes(choices: list[str]) -> None:
    sums = votes.count(choices)
    assert sums.total == len(choices)
    assert not votes.sums_fault(sums, len(choices))
    assert votes.sums_fault(sums, len(choices) + 1) and votes.sums_fault(sums, len(choices) - 1)


@given(st.integers(0, 50), st.integers(0, 50), st.sampled_from(["", "yes", "no"]), st.booleans())
def test_the_larger_side_wins_and_a_tie_needs_somebody(yes: int, no: int, word: str, election: bool) -> None:
    came = votes.result(Sums(yes, no), election=election, chair=word, lot=word)
    if yes != no:
        assert came.won == came.outcome == ("yes" if yes > no else "no")
    elif word:
        assert came.won == word and came.outcome == ("lot" if election else "chair")
    else:
        assert not came.outcome and came.needs == ("lot" if election else "casting")


def test_faults_of_votes_stand_at_the_name() -> None:
    given = [(1, "yes"), (1, "no"), (2, "perhaps"), (3, "yes"), (4, "no"), (5, "away")]
    faults = votes.ballot_faults(given, serving={1, 2, 5, 6}, barred={3})
    assert "mer än en gång" in faults[1] and "Välj ja" in faults[2] and "jävig" in faults[3]
    assert "tjänstgör inte" in faults[4] and "Röst saknas" in faults[6] and 5 not in faults
    assert "1 för få" in votes.sums_fault(Sums(16, 14), 31) and "1 för många" in votes.sums_fault(
        Sums(18, 14), 31
    )


@given(
    st.lists(st.sampled_from(votes.ORDER), max_size=8),
)
def test_every_proposal_is_put_once_in_order(kinds: list[str]) -> None:
    motions = [Motion(key, kind, f"M {key}") for key, kind in enumerate(kinds)]
    put = votes.order_of_propositions(motions)
    assert sorted(one.key for group in put for one in group) == list(range(len(kinds)))
    first = [votes.ORDER.index(group[0].kind) for group in put]
    assert first == sorted(first)
    for group in put:
        assert len(group) == 1 or {one.kind for one in group} <= {"approve", "reject"}


def test_who_may_reserve() -> None:
    may = session.may_not_reserve
    assert "deltog inte" in may(Part(False), "yes")
    assert "röstade för" in may(Part(True, "yes"), "yes")
    assert "avstod" in may(Part(True, "abstains"), "yes")
    assert not may(Part(True, "no"), "yes")
    assert not may(Part(True))
    assert "yrkade" in may(Part(True, carried=True))
    assert not may(Part(True, carried=True, lost=True))


def test_what_is_missing_at_the_end() -> None:
    items = [
        ItemState(1, "Budget", True, False), ItemState(2, "Information", False, False),
        ItemState(3, "Taxa", True, True, vote_open=True),
    ]  # fmt: skip
    found = session.missing_at_end(items, presence=True, serving=4, members=9)
    assert [key for key, _ in found] == [None, 1, 3]
    assert "5 behövs" in found[0][1] and "saknar beslut" in found[1][1] and "inte avslutad" in found[2][1]
    assert session.missing_at_end([], presence=False, serving=0, members=9) == [
        (None, "närvaron är inte antecknad")
    ]
    assert not session.missing_at_end([items[1]], presence=True, serving=5, members=9)


def test_the_procedure_in_words() -> None:
    assert votes.procedure(Conclusion("nämnden", "approved")) == ""
    assert votes.procedure(Conclusion("nämnden", "approved", [Motion(1, "approve", "M 1 (M)")])) == ""
    plain = votes.procedure(
        Conclusion("nämnden", "approved", [Motion(1, "approve", "M 1 (M)"), Motion(2, "reject", "S 1 (S)")])
    )
    assert plain == (
        "Ordföranden ställer proposition på förslaget och på yrkandet om avslag från S 1 (S), och finner att nämnden "
        "bifaller förslaget.\nOrdföranden finner att nämnden beslutar enligt förslaget."
    )
    added = votes.procedure(
        Conclusion("utskottet", "changed", [Motion(1, "add", "M 1 (M)", "Redovisas i maj.")], (), {1: True})
    )
    assert "tilläggsyrkandet från M 1 (M) och finner att utskottet bifaller yrkandet" in added
    assert votes.proposal_text(Motion(1, "add", "M 1 (M)", "Redovisas i maj.")) == (
        "M 1 (M) yrkar följande tillägg: ”Redovisas i maj”."
    )


def test_the_propositions_in_words() -> None:
    motions = [
        Motion(1, "add", "V 1 (V)", "Följs upp."), Motion(2, "reject", "S 1 (S)"), Motion(3, "return", "C 1 (C)"),
        Motion(4, "approve", "M 1 (M)"), Motion(5, "reject", "V 1 (V)"),
    ]  # fmt: skip
    assert votes.propositions_in_words(motions) == [
        "Ska ärendet avgöras i dag, eller återremitteras? Yrkande av C 1 (C).",
        "Huvudförslaget: bifall mot avslag.",
        "Tillägg av V 1 (V): ”Följs upp”.",
    ]


def test_the_procedure_of_a_vote_and_of_ties() -> None:
    motions = [Motion(1, "approve", "M 1 (M)"), Motion(2, "reject", "S 1 (S) och V 1 (V)")]
    vote = Held("bifall till förslaget.", "avslag på förslaget", Sums(17, 14), "yes", "yes")
    text = votes.procedure(Conclusion("kommunfullmäktige", "approved", motions, [vote]))
    assert (
        "Votering begärs och genomförs.\nJa betyder bifall till förslaget. Nej betyder avslag på förslaget."
        in text
    )
    assert "Utfallet blir 17 ja och 14 nej." in text
    assert text.endswith("finner ordföranden att kommunfullmäktige beslutar enligt förslaget.")
    tie = Held("a", "b", Sums(3, 3, 1), "chair", "no")
    assert "1 avstår" in votes.procedure(Conclusion("nämnden", "rejected", motions, [tie]))
    assert "utslagsröst avgör: nej" in votes.procedure(Conclusion("nämnden", "rejected", motions, [tie]))
    lot = Held("a", "b", Sums(3, 3), "lot", "yes", closed=True)
    assert "Sluten omröstning begärs" in votes.procedure(Conclusion("nämnden", "approved", [], [lot]))


def test_whether_a_proposal_was_carried() -> None:
    assert votes.derived("approve", "approved") and not votes.derived("reject", "approved")
    assert votes.derived("reject", "rejected") is True and votes.derived("return", "returned") is True
    assert votes.derived("approve", "returned") is None and votes.derived("approve", "noted") is None
    assert votes.derived("add", "approved") is False and votes.derived("add", "changed") is True
    assert votes.points_text(["Ett."]) == "Ett." and votes.points_text(["Ett.", "Två."]) == "1. Ett.\n2. Två."
