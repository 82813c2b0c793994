"""Periods as people write them in files, and as half-open ranges of dates.

``2022`` is a year, ``2022-08`` a month, ``2022-01..2022-07`` months from and to inclusive, ``2022-03-31`` a day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from roder.core.days import fault_of


class PeriodError(ValueError):
    """The text is not a period; the message is Swedish."""


class FarAwayError(PeriodError):
    """A period that the program does not reckon with."""


@dataclass(frozen=True, order=True)
class Period:
    """A half-open range of dates: ``start`` is in it, ``end`` is not."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise PeriodError(f"perioden slutar ({self.end}) innan den börjar ({self.start})")

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.end - timedelta(days=1)

    @property
    def label(self) -> str:
        """The shortest way to write the period: a year, a month, a span of months, or days."""
        if self.start.day == 1 and self.end.day == 1:
            months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
            if months == 12 and self.start.month == 1:
                return str(self.start.year)
            if months == 1:
                return f"{self.start:%Y-%m}"
            return f"{self.start:%Y-%m}..{self.last_day:%Y-%m}"
        if self.end - self.start == timedelta(days=1):
            return self.start.isoformat()
        return f"{self.start.isoformat()}..{self.last_day.isoformat()}"


_PART = re.compile(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$")


def _bounds(text: str) -> tuple[date, date]:
    match = _PART.match(text)
    if not match:
        raise PeriodError(
            f"”{text}” är inte en period (skriv 2022, 2022-08, 2022-01..2022-07 eller 2022-03-31)"
        )
    year, month, day = (int(part) if part else None for part in match.groups())
    if year is None:  # pragma: no cover - the pattern requires a year
        raise PeriodError(text)
    if year and (fault := fault_of(date(year, 1, 1))):  # the bound lies between years
        raise FarAwayError(f"”{text}” ligger för långt bort. {fault}".removesuffix("."))
    try:
        if month is None:
            return date(year, 1, 1), date(year + 1, 1, 1)
        if day is None:
            return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
        first = date(year, month, day)
    except ValueError as error:
        raise PeriodError(f"datumet {text} finns inte") from error
    return first, first + timedelta(days=1)


def parse_period(text: str) -> Period:
    """Read a period. Raises PeriodError with a Swedish message for other text and for dates that do not exist."""
    first, span, last = text.strip().partition("..")
    start, end = _bounds(first.strip())
    return Period(start, _bounds(last.strip())[1] if span else end)


def parse_date(text: str) -> date:
    """Read a date written 2022-03-31. Raises PeriodError for other text and for dates that do not exist."""
    match = _PART.match(text.strip())
    if not match or not match.group(3):
        raise PeriodError(f"”{text}” är inte ett datum (skriv 2022-03-31)")
    return _bounds(text.strip())[0]
