"""When self-checks are due, and whether a unit follows its plan. Pure functions.

Källa: SOSFS 2011:9, 5 kap. 2 § (egenkontroll ska göras med den frekvens och omfattning som krävs).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

#: Months between two rounds.
MONTHS = {"month": 1, "quarter": 3, "third": 4, "half_year": 6, "year": 12}

#: How long before its due date a round may begin: the time since the one before, at most this many days.
LONGEST_WINDOW = 60


@dataclass(frozen=True, order=True)
class Planned:
    """A round to be made: from ``opens_on`` to ``due_on``, both included."""

    number: int
    opens_on: date
    due_on: date


def months_later(day: date, months: int) -> date:
    """The same day some months later; the last day of a month that is too short."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def rounds(year: int, first_on: date, interval: str) -> tuple[Planned, ...]:
    """The rounds of a year: the first at the latest on ``first_on``, then at the interval, within the year.

    Raises KeyError for an unknown interval.
    """
    step = MONTHS[interval]
    found: list[Planned] = []
    before = date(year, 1, 1) - timedelta(days=1)
    for place in range(12):
        due = months_later(first_on, place * step)
        if due.year > year:
            break
        if due.year == year:
            opens = max(before + timedelta(days=1), due - timedelta(days=LONGEST_WINDOW), date(year, 1, 1))
            found.append(Planned(len(found) + 1, min(opens, due), due))
            before = due
    return tuple(found)


@dataclass(frozen=True)
class Made:
    """What is known of a round, for judging whether the plan is followed."""

    due_on: date
    done_on: date | None = None
    method: str = ""
    skipped: bool = False


@dataclass(frozen=True)
class Followed:
    """How a plan is followed: rounds that were due, done, done in time, and done with the method as planned."""

    due: int
    done: int
    in_time: int
    by_method: int
    partly: int
    late: int

    @property
    def interval(self) -> str:
        """As to interval: ``yes`` when every round that was due was done in time, ``no`` when none was, else
        ``partly``; empty when none was due yet."""
        return _word(self.in_time, self.due)

    @property
    def method(self) -> str:
        """As to method, of those that were done: ``partly`` also when one was made partly with it."""
        return "partly" if self.partly and not self.by_method else _word(self.by_method, self.done)


def _word(good: int, of: int) -> str:
    if not of:
        return ""
    return "yes" if good == of else "partly" if good else "no"


def followed(made: Iterable[Made], today: date) -> Followed:
    """How the rounds that were due by ``today``, or are done already, were made. One skipped was due and not done."""
    due = done = in_time = by_method = partly = late = 0
    for one in made:
        if one.done_on is None and one.due_on >= today and not one.skipped:
            continue
        due += 1
        if one.done_on is None:
            late += not one.skipped
            continue
        done += 1
        in_time += one.done_on <= one.due_on
        by_method += one.method == "yes"
        partly += one.method == "partly"
    return Followed(due, done, in_time, by_method, partly, late)
