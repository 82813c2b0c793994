"""When an application has waited too long for a caseworker."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.casework.rules import Wait, last_day_reached, too_late

TODAY = date(2022, 12, 31)
days = st.dates(date(1995, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("received", "assigned", "late"),
    [
        (date(2022, 2, 10), date(2022, 6, 9), None),  # the day before
        (date(2022, 2, 10), date(2022, 6, 10), date(2022, 6, 10)),  # four months to the day
        (date(2022, 2, 10), date(2022, 7, 1), date(2022, 6, 10)),
        (date(2021, 10, 31), date(2022, 2, 27), None),  # no 31 February: the month's last day
        (date(2021, 10, 31), date(2022, 2, 28), date(2022, 2, 28)),
        (date(2019, 10, 31), date(2020, 2, 28), None),  # a leap year has one day more
        (date(2019, 10, 31), date(2020, 2, 29), date(2020, 2, 29)),
        (date(2022, 8, 31), None, date(2022, 12, 31)),  # not assigned, and the time is over today
        (date(2022, 9, 1), None, None),  # not assigned, but tomorrow's worry
        (date(2022, 12, 31), date(2022, 12, 31), None),
    ],
)
def test_four_months(received: date, assigned: date | None, late: date | None) -> None:
    assert too_late(Wait(received, assigned), TODAY) == late


@given(days, st.integers(1, 24))
def test_the_last_day_is_in_the_right_month_and_never_later_than_the_same_day(
    received: date, months: int
) -> None:
    reached = last_day_reached(received, months)
    assert (reached.year * 12 + reached.month) - (received.year * 12 + received.month) == months
    assert reached.day == received.day or (reached + timedelta(days=1)).day == 1


@given(days, st.integers(0, 400), st.integers(1, 24))
def test_one_day_decides(received: date, waited: int, months: int) -> None:
    limit = last_day_reached(received, months)
    ended = received + timedelta(days=waited)
    assert (too_late(Wait(received, ended), TODAY, months) is not None) == (ended >= limit)
    assert (too_late(Wait(received), ended, months) is not None) == (ended >= limit)
