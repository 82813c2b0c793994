"""Laws of action plans: when an activity is due, how it stands, and the degree of completion."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.followup.rules import plans as rules
from roder.followup.rules.plans import Degree, Work

DAYS = st.dates(date(2021, 1, 1), date(2023, 12, 31))
WORK = st.builds(
    Work, st.just(2022), st.none() | st.integers(1, 4), st.none() | st.integers(0, 99), st.none() | DAYS
)


@given(st.lists(WORK), DAYS)
def test_the_degree_is_a_part_of_the_whole(works: list[Work], day: date) -> None:
    found = rules.degree(works, day)
    assert found.total == len(works)
    assert 0 <= found.due_done <= min(found.due, found.done) <= found.total
    assert found.late == sum(rules.standing(one, day)[1] == "bad" for one in works)
    assert (found.share is None) == (not works)
    if found.share is not None:
        assert 0 <= found.share <= 100


@given(st.lists(WORK), st.lists(WORK), DAYS)
def test_degrees_add_up(one: list[Work], other: list[Work], day: date) -> None:
    assert rules.degree(one, day) + rules.degree(other, day) == rules.degree(one + other, day)
    assert rules.degree([], day) == Degree()


@pytest.mark.parametrize(
    ("quarter", "due"),
    [
        (1, date(2022, 3, 31)),
        (2, date(2022, 6, 30)),
        (3, date(2022, 9, 30)),
        (4, date(2022, 12, 31)),
        (None, date(2022, 12, 31)),
    ],
)
def test_an_activity_is_due_when_its_quarter_is_over(quarter: int | None, due: date) -> None:
    assert rules.due_day(2022, quarter) == due
    assert rules.standing(Work(2022, quarter), due) == ("Inte påbörjad", "none")
    assert rules.standing(Work(2022, quarter, 40), due) == ("Pågår", "near")
    after = date(due.year + due.month // 12, due.month % 12 + 1, 1)
    assert rules.standing(Work(2022, quarter, 40), after) == ("Försenad", "bad")
    assert rules.standing(Work(2022, quarter, 100, due), after) == ("Klar", "good")
    assert rules.standing(Work(2022, quarter, 100, after), after) == ("Klar, sent", "near")


def test_plans_are_decided_by_the_last_of_february() -> None:
    assert rules.decide_by(2022) == date(2022, 2, 28)
    assert rules.decide_by(2024) == date(2024, 2, 29)


def test_what_is_wrong_with_progress() -> None:
    today = date(2022, 6, 1)
    assert rules.progress_fault(101, None, today).keys() == {"progress"}
    assert rules.progress_fault(None, date(2022, 6, 2), today).keys() == {"done_on"}
    assert rules.progress_fault(80, date(2022, 5, 2), today).keys() == {"progress"}
    assert not rules.progress_fault(100, date(2022, 6, 1), today)
    assert not rules.progress_fault(None, None, today)
