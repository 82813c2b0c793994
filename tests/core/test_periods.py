"""Periods are half-open ranges of dates that are written in the shortest way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.core.periods import Period, PeriodError, parse_date, parse_period

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))
months = st.builds(date, st.integers(1900, 2199), st.integers(1, 12), st.just(1))
pairs = st.one_of(st.tuples(days, days), st.tuples(months, months)).filter(lambda pair: pair[0] != pair[1])


@given(pairs)
def test_a_period_is_read_back_from_its_label(pair: tuple[date, date]) -> None:
    period = Period(min(pair), max(pair))
    assert parse_period(period.label) == period


@given(st.integers(1900, 2199))
def test_a_year_is_its_twelve_months(year: int) -> None:
    whole = parse_period(f"{year}")
    assert whole == parse_period(f"{year}-01..{year}-12")
    assert (whole.start, whole.end, whole.label) == (date(year, 1, 1), date(year + 1, 1, 1), str(year))


@given(days)
def test_a_day_is_a_period_of_one_day(day: date) -> None:
    period = parse_period(day.isoformat())
    assert period.start == period.last_day == parse_date(day.isoformat()) == day
    assert period.end == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2022-08", date(2022, 8, 1), date(2022, 9, 1)),
        ("2022-12", date(2022, 12, 1), date(2023, 1, 1)),
        ("2022-01..2022-07", date(2022, 1, 1), date(2022, 8, 1)),
        ("2021..2022", date(2021, 1, 1), date(2023, 1, 1)),
        (" 2022-01 .. 2022-07-15 ", date(2022, 1, 1), date(2022, 7, 16)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 3, 1)),
    ],
)
def test_known_periods(text: str, start: date, end: date) -> None:
    assert parse_period(text) == Period(start, end)


@pytest.mark.parametrize(
    "text", ["2021-06-31", "2022-13", "2022-00", "2023-02-29", "0000", "2022-01..2022-02-30"]
)
def test_a_date_that_does_not_exist_is_said_not_to_exist(text: str) -> None:
    with pytest.raises(PeriodError, match="finns inte"):
        parse_period(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "22",
        "2022-8",
        "aug 2022",
        "2022/08",
        "2022-08-",
        "..2022",
        "2022..",
        "2022..2023..2024",
        "2022-01-01T00:00",
    ],
)
def test_other_text_is_not_a_period(text: str) -> None:
    with pytest.raises(PeriodError, match="är inte en period"):
        parse_period(text)


def test_a_period_cannot_end_before_it_begins() -> None:
    with pytest.raises(PeriodError, match="slutar"):
        parse_period("2022-08..2022-07")


@pytest.mark.parametrize("text", ["2021-06-31", "2022-08", "2022", "31/12 2022", ""])
def test_only_a_day_that_exists_is_a_date(text: str) -> None:
    with pytest.raises(PeriodError):
        parse_date(text)


@given(st.text(alphabet="0123456789-. ", max_size=24))
def test_any_text_is_a_period_or_a_period_error(text: str) -> None:
    try:
        period = parse_period(text)
    except PeriodError:
        return
    assert period.start < period.end
