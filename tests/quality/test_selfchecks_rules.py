"""When rounds are due, and whether a plan is followed: pure rules."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.quality.selfchecks import rules

DAYS = st.dates(date(2022, 1, 1), date(2022, 12, 31))
INTERVALS = st.sampled_from(sorted(rules.MONTHS))


@given(DAYS, INTERVALS)
def test_rounds_are_in_the_year_in_order_and_never_overlap(first: date, interval: str) -> None:
    planned = rules.rounds(2022, first, interval)
    assert planned[0].due_on == first
    assert [one.number for one in planned] == list(range(1, len(planned) + 1))
    assert all(one.opens_on <= one.due_on and one.opens_on.year == one.due_on.year == 2022 for one in planned)
    assert all(a.due_on < b.opens_on for a, b in pairwise(planned))
    assert len(planned) <= 12 // rules.MONTHS[interval]


@given(DAYS, st.integers(0, 48))
def test_months_later_keeps_the_day_or_takes_the_last_of_the_month(day: date, months: int) -> None:
    later = rules.months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("first", "interval", "due"),
    [
        (date(2022, 1, 31), "month", ["01-31", "02-28", "03-31", "04-30"]),
        (date(2022, 3, 31), "quarter", ["03-31", "06-30", "09-30", "12-31"]),
        (date(2022, 5, 31), "half_year", ["05-31", "11-30"]),
        (date(2022, 10, 1), "year", ["10-01"]),
    ],
)
def test_the_rounds_of_some_checks(first: date, interval: str, due: list[str]) -> None:
    assert [one.due_on.strftime("%m-%d") for one in rules.rounds(2022, first, interval)][: len(due)] == due


MADE = st.builds(
    rules.Made,
    DAYS,
    st.none() | DAYS,
    st.sampled_from(["yes", "partly", "no"]),
)


@given(st.lists(MADE, max_size=8), DAYS)
def test_what_is_counted_adds_up(made: list[rules.Made], today: date) -> None:
    found = rules.followed(made, today)
    assert found.due == found.done + found.late
    assert found.in_time <= found.done
    assert found.by_method <= found.done
    assert (found.interval == "yes") == (found.due > 0 and found.in_time == found.due)


def test_a_skipped_round_was_due_and_not_done_and_one_to_come_is_not_counted() -> None:
    made = [rules.Made(date(2022, 6, 1), skipped=True), rules.Made(date(2022, 12, 1))]
    found = rules.followed(made, date(2022, 7, 1))
    assert (found.due, found.done, found.late, found.interval) == (1, 0, 0, "no")
