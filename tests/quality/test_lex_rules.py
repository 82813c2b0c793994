"""Lex Sarah's decisions against what was found; the months and working days of both laws."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.quality.rules import lex as rules

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (date(2022, 3, 1), date(2022, 5, 1)),
        (date(2021, 12, 31), date(2022, 2, 28)),
        (date(2023, 12, 31), date(2024, 2, 29)),
        (date(2022, 7, 31), date(2022, 9, 30)),
        (date(2022, 11, 15), date(2023, 1, 15)),
    ],
)
def test_two_months_end_on_the_same_day_or_the_last_of_a_shorter_month(start: date, due: date) -> None:
    assert rules.last_day(start, 2, "months") == due


@given(DAYS, st.integers(1, 40))
def test_months_later_is_never_in_another_month(day: date, months: int) -> None:
    later = rules.add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


@given(DAYS, st.integers(1, 10))
def test_working_days_end_on_a_working_day_and_count_right(day: date, count: int) -> None:
    later = rules.add_working_days(day, count)
    between = [day + timedelta(days=step) for step in range(1, (later - day).days + 1)]
    assert rules.is_working_day(later)
    assert sum(map(rules.is_working_day, between)) == count


@pytest.mark.parametrize(
    "free", [date(2022, 4, 15), date(2022, 6, 6), date(2022, 6, 24), date(2022, 12, 24), date(2022, 5, 1)]
)
def test_holidays_are_not_working_days(free: date) -> None:
    assert not rules.is_working_day(free)


def test_maundy_thursday_plus_one_working_day_is_tuesday() -> None:
    assert rules.add_working_days(date(2022, 4, 14), 1) == date(2022, 4, 19)


@pytest.mark.parametrize("outcome", [rules.MISCONDUCT, rules.SERIOUS])
def test_misconduct_needs_a_shortcoming_and_a_consequence(outcome: str) -> None:
    assert not rules.contradiction(outcome, True, True)
    assert "brist" in rules.contradiction(outcome, False, True)
    assert "konsekvens" in rules.contradiction(outcome, True, False)
    assert rules.contradiction(outcome, None, None)


def test_both_found_is_misconduct() -> None:
    assert rules.contradiction(rules.NOT_MISCONDUCT, True, True)
    assert not rules.contradiction(rules.NOT_MISCONDUCT, True, False)


@pytest.mark.parametrize("outcome", [rules.NOT_OWN, rules.LEX_MARIA, rules.WORK_ENVIRONMENT])
def test_what_is_sent_on_needs_no_investigation(outcome: str) -> None:
    assert not rules.CONSEQUENCES[outcome].investigated
    assert not rules.contradiction(outcome, None, None)


def test_last_years_reports_are_told_apart() -> None:
    assert rules.carried_over(date(2021, 12, 30), date(2022, 1, 4))
    assert not rules.carried_over(date(2022, 1, 1), date(2022, 1, 4))
