"""A list of units becomes a tree; a list's dates beside those that stand."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from roder.organisation.rules import Place, placed, terms, tree_faults

TODAY = date(2026, 6, 1)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
codes = st.sampled_from("abcdefgh")


@st.composite
def trees(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Rows of a tree in any order: each unit under one that was drawn before it, or at the top."""
    names = draw(st.lists(codes, min_size=1, max_size=8, unique=True))
    rows = [(name, draw(st.sampled_from(["", *names[:place]]))) for place, name in enumerate(names)]
    return draw(st.permutations(rows))


@given(trees())
def test_a_tree_in_any_order_has_no_faults(rows: list[tuple[str, str]]) -> None:
    assert tree_faults(rows, {}) == []
    assert tree_faults([(code.upper(), parent) for code, parent in rows], {}) == []


@given(trees(), st.data())
def test_a_ring_is_found_at_every_unit_that_stands_in_it(
    rows: list[tuple[str, str]], data: st.DataObject
) -> None:
    parents = dict(rows)
    low = data.draw(st.sampled_from(sorted(parents)))
    way = [low]
    while parents[way[-1]]:
        way.append(parents[way[-1]])
    bent = [(code, low if code == way[-1] else parent) for code, parent in rows]
    assert {bent[fault.row][0] for fault in tree_faults(bent, {})} == set(way)


def test_an_unknown_parent_is_named_with_the_nearest_there_is() -> None:
    (fault,) = tree_faults([("norr", "hemtjänsten")], {"hemtjanst": ""})
    assert (fault.row, fault.column) == (0, "hor_till")
    assert "hemtjänsten" in fault.what
    assert "Menade du ”hemtjanst”?" in fault.do


def test_a_parent_may_stand_already_and_close_a_ring_with_the_list() -> None:
    assert tree_faults([("b", "a")], {"a": ""}) == []
    assert [fault.row for fault in tree_faults([("a", "b")], {"a": "", "b": "a"})] == [0]


@st.composite
def standing(draw: st.DrawFn) -> list[Place]:
    bounds = sorted(draw(st.lists(days, unique=True, max_size=6)))
    places = [Place(draw(codes), start, end) for start, end in pairwise(bounds)]
    if bounds:
        places.append(
            Place(draw(codes), bounds[-1], draw(st.sampled_from([None, bounds[-1] + timedelta(9)])))
        )
    return places


@given(standing(), st.sampled_from(["", "a", "b"]), st.none() | days)
def test_places_never_overlap_and_the_said_one_is_the_last(
    places: list[Place], parent: str, start: date | None
) -> None:
    after = placed(places, parent, start, None, TODAY)
    if any((one.parent, one.start) == (parent, start) for one in places[:-1]):
        assert after == places
        return
    assert after[-1].parent == parent
    assert all(one.end is not None and one.start < one.end <= two.start for one, two in pairwise(after))
    assert placed(after, parent, after[-1].start, None, TODAY) == after  # a second time changes nothing
    cut = start or after[-1].start
    assert [one for one in places if one.end and one.end <= cut] == [one for one in after if one in places][
        : len([one for one in places if one.end and one.end <= cut])
    ]


def test_a_list_from_before_a_move_does_not_move_back() -> None:
    then, moved = Place("a", date(2020, 1, 1), date(2026, 3, 1)), Place("b", date(2026, 3, 1), None)
    assert placed([then, moved], "a", date(2020, 1, 1), None, TODAY) == [then, moved]
    assert placed([then, moved], "a", date(2026, 9, 1), None, TODAY)[-1] == Place("a", date(2026, 9, 1), None)


Times = list[tuple[date, date | None]]


@st.composite
def periods(draw: st.DrawFn) -> Times:
    """Times one after the other, the last of them perhaps until further notice."""
    bounds = sorted(draw(st.lists(days, unique=True, max_size=6)))
    found: Times = list(pairwise(bounds))[::2]
    if bounds and draw(st.booleans()):
        found.append((bounds[-1], None))
    return found


@given(periods(), periods().flatmap(st.permutations), st.booleans())
def test_a_list_read_twice_gives_each_mandate_once(held: Times, rows: Times, open_row: bool) -> None:
    said = [*rows, *([(None, None)] if open_row else [])]
    first = terms(held, said, TODAY)
    kept = [one.number for one in first if one.number is not None]
    assert len(set(kept)) == len(kept), "a mandate is that of one row"
    assert [one.start for one in first[: len(rows)]] == [start for start, _ in rows]
    times = [(one.start, one.end) for one in first]
    times += [time for number, time in enumerate(held) if number not in kept]
    again = terms(times, said, TODAY)
    assert sorted(str(times[one.number]) for one in again if one.number is not None) == sorted(
        str((one.start, one.end)) for one in again
    ), "a second time changes nothing"


def test_an_ended_mandate_is_not_begun_again_by_an_open_row() -> None:
    ended = (date(2020, 1, 1), date(2024, 1, 1))
    assert terms([ended], [(None, None)], TODAY)[0].end == ended[1]
    assert terms([ended], [(date(2020, 1, 1), None)], TODAY)[0].end == ended[1]
    assert terms([ended], [(date(2026, 1, 1), None)], TODAY)[0].number is None  # said with a date: a new one


def test_two_periods_beside_one_that_stands_are_two_mandates_whatever_their_order() -> None:
    held: Times = [(date(2023, 1, 1), None)]
    early, late = (date(2023, 1, 1), date(2025, 1, 1)), (date(2026, 1, 1), None)
    assert [(one.number, one.start, one.end) for one in terms(held, [early, late], TODAY)] == [
        (0, *early), (None, *late),
    ]  # fmt: skip
    assert [(one.number, one.start, one.end) for one in terms(held, [late, early], TODAY)] == [
        (None, *late), (0, *early),
    ]  # fmt: skip
