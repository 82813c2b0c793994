"""Action plans: when an activity is due, how it stands, and the degree of completion. Pure.

Källa: mall för handlingsplan (vad, varför, vem, när – kvartal –, hur det följs upp); aktiviteternas genomförandegrad.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

#: Months of a plan's year by whose end it is decided.
DECIDED_BY_MONTH = 2


@dataclass(frozen=True)
class Work:
    """What counts of an activity."""

    year: int
    quarter: int | None = None
    progress: int | None = None
    done_on: date | None = None


def due_day(year: int, quarter: int | None) -> date:
    """The last day of the quarter; of the year when no quarter is said."""
    month = (quarter or 4) * 3
    return date(year, month, calendar.monthrange(year, month)[1])


def decide_by(year: int) -> date:
    """The day by which the year's plan is decided: the last of February."""
    return date(year, DECIDED_BY_MONTH, calendar.monthrange(year, DECIDED_BY_MONTH)[1])


def done_by(work: Work, day: date) -> bool:
    """Whether it was done on the day."""
    return work.done_on is not None and work.done_on <= day


def standing(work: Work, day: date) -> tuple[str, str]:
    """How an activity stands on a day: the word and the tone."""
    due = due_day(work.year, work.quarter)
    if work.done_on is not None and work.done_on <= day:
        return ("Klar", "good") if work.done_on <= due else ("Klar, sent", "near")
    if due < day:
        return "Försenad", "bad"
    return ("Pågår", "near") if work.progress else ("Inte påbörjad", "none")


@dataclass(frozen=True)
class Degree:
    """The degree of completion on a day: how many activities, how many should be done by now, how many are done (in
    all, and of those that should be)."""

    total: int = 0
    due: int = 0
    done: int = 0
    due_done: int = 0

    @property
    def share(self) -> Decimal | None:
        """Done of all, in percent; None without any."""
        return Decimal(100 * self.done) / self.total if self.total else None

    @property
    def due_share(self) -> Decimal | None:
        """Done of those that should be done by now, in percent; None when none should."""
        return Decimal(100 * self.due_done) / self.due if self.due else None

    @property
    def late(self) -> int:
        """Those that should be done and are not."""
        return self.due - self.due_done

    def __add__(self, other: Degree) -> Degree:
        return Degree(
            self.total + other.total,
            self.due + other.due,
            self.done + other.done,
            self.due_done + other.due_done,
        )


def degree(activities: Iterable[Work], day: date) -> Degree:
    """The degree of completion of activities on a day. One is due when its quarter is over."""
    found = Degree()
    for one in activities:
        due, done = due_day(one.year, one.quarter) < day, done_by(one, day)
        found += Degree(1, int(due), int(done), int(due and done))
    return found


def progress_fault(progress: int | None, done_on: date | None, today: date) -> dict[str, str]:
    """What is wrong with how far an activity is said to have come: field -> Swedish message."""
    if progress is not None and not 0 <= progress <= 100:
        return {"progress": "Skriv ett tal från 0 till 100."}
    if done_on is not None and done_on > today:
        return {"done_on": "Dagen har inte varit än. Skriv vilken dag aktiviteten blev klar."}
    if done_on is not None and progress is not None and progress < 100:
        return {"progress": "En aktivitet som är klar är genomförd till 100 procent."}
    return {}
