"""Rules of the providers' quarters: which quarter a day belongs to, and whether a report is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year: 1–4."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 4:
            raise ValueError(f"kvartal {self.number} finns inte: skriv 1, 2, 3 eller 4")

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.next.first_day - timedelta(days=1)

    @property
    def next(self) -> Quarter:
        """The quarter after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> Quarter:
        """The quarter before it."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    def __str__(self) -> str:
        return f"kvartal {self.number} {self.year}"


def quarter_of(day: date) -> Quarter:
    """The quarter that a day is in."""
    return Quarter(day.year, (day.month + 2) // 3)


def last_ended(day: date) -> Quarter:
    """The latest quarter that is over on a day: what providers are to report."""
    return quarter_of(day).before


def is_late(due: date, submitted: date | None, today: date) -> bool:
    """Whether a report came, or has not come, later than it was due."""
    return (submitted or today) > due
