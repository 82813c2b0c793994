"""Rings of deputies: found when and only when a chain comes back on a day that all of it share."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from roder.tasks.rings import StandsIn, ring

DAY = date(2022, 7, 1)
days = st.integers(0, 20).map(lambda number: DAY + timedelta(days=number))
people = st.integers(1, 5)


@st.composite
def standing(draw: st.DrawFn) -> StandsIn:
    first, last = sorted((draw(days), draw(days)))
    away, stand_in = draw(st.tuples(people, people).filter(lambda two: two[0] != two[1]))
    return StandsIn(away, stand_in, first, last)


def closed_on(rows: list[StandsIn], new: StandsIn, day: date) -> bool:
    """Whether one comes back to whom the new one is for, following those who stand in on the day."""
    reached = {new.stand_in}
    while True:
        more = {one.stand_in for one in rows if one.away in reached and one.first <= day <= one.last}
        if new.away in more:
            return True
        if more <= reached:
            return False
        reached |= more


@given(st.lists(standing(), max_size=6), standing())
def test_a_ring_is_found_when_there_is_a_day_with_one(rows: list[StandsIn], new: StandsIn) -> None:
    found = ring(rows, new)
    length = (new.last - new.first).days
    there = any(closed_on(rows, new, new.first + timedelta(days=number)) for number in range(length + 1))
    assert (found is not None) == there
    if found is not None:
        assert found[0].away == new.stand_in and found[-1].stand_in == new.away
