"""Swedish days: which are working days, and how one counts with hours, days and months.

Källa: Lag (1989:253) om allmänna helgdagar; lag (1930:173) om beräkning av lagstadgad tid, 2 §.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

SWEDEN = ZoneInfo("Europe/Stockholm")
DAY = timedelta(days=1)


class DueRuleError(ValueError):
    """A due rule that cannot be. The message is Swedish."""


# --- days -----------------------------------------------------------------------------------------------------------


@cache
def _closed(year: int) -> frozenset[date]:
    """The public holidays of a year and the eves that the law puts on a level with them."""
    import holidays  # noqa: PLC0415 - every country's and faith's calendar: read in when a day is asked about

    eves = {date(year, 12, 24), date(year, 12, 31), _midsummer_eve(year)}
    return frozenset({*holidays.country_holidays("SE", years=year, include_sundays=False), *eves})


def _midsummer_eve(year: int) -> date:
    """The Friday between 19 and 25 June."""
    first = date(year, 6, 19)
    return first + DAY * ((4 - first.weekday()) % 7)


def is_working_day(day: date) -> bool:
    """Monday to Friday, and neither public holiday nor midsummer, Christmas or New Year's eve."""
    return day.weekday() < 5 and day not in _closed(day.year)


def next_working_day(day: date) -> date:
    """``day`` if it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += DAY
    return day


def add_working_days(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``, which itself is not counted. 0: the first one from ``day`` on."""
    if count < 0:
        raise DueRuleError("Antalet arbetsdagar kan inte vara negativt.")
    if count == 0:
        return next_working_day(day)
    for _ in range(count):
        day = next_working_day(day + DAY)
    return day


def add_months(day: date, count: int) -> date:
    """The same day ``count`` months on, or the last of that month when it is shorter."""
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def last_of_month(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def end_of(day: date) -> datetime:
    """The moment a day is over: midnight in Swedish time when the next one begins."""
    return datetime.combine(day + DAY, time(), SWEDEN)


def day_of(moment: datetime, *, whole_day: bool = False) -> date:
    """The Swedish day of a moment; for the end of a whole day the day that ended."""
    local = moment.astimezone(SWEDEN)
    return local.date() - DAY if whole_day and local.time() == time() else local.date()


def add_hours(moment: datetime, hours: float) -> datetime:
    """So many real hours on, also when the clocks change meanwhile; in Swedish time."""
    return (moment.astimezone(UTC) + timedelta(hours=hours)).astimezone(SWEDEN)
