"""The days before a meeting, counted backwards, and the reading of a pasted list of meeting days.

Källa: kommunallag (2017:725) 6 kap. 23–27 §§ and the committees' own rules of procedure, which say how long before the
meeting the summons is sent. Days are calendar days; one that is no working day moves to the working day before, so that
nobody is given less time than was promised.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from roder.core.days import fault_of
from roder.core.words import MONTHS
from roder.tasks.rules import is_working_day

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Lead:
    """How many calendar days before the meeting documents are in, the presidium meets and the summons is sent."""

    documents: int = 14
    presidium: int = 10
    summons: int = 7

    def __post_init__(self) -> None:
        if not self.documents >= self.presidium >= self.summons >= 1:
            raise ValueError(
                "Handlingarna ska in först, sedan möts presidiet, sedan går kallelsen: "
                f"{self.documents}, {self.presidium}, {self.summons} dagar före går inte."
            )


@dataclass(frozen=True)
class Deadlines:
    """The three days before a meeting."""

    documents_by: date
    presidium_on: date
    summons_by: date


def last_working_day(day: date) -> date:
    """``day`` if it is a working day, else the nearest before it."""
    while not is_working_day(day):
        day -= DAY
    return day


def deadlines(meeting: date, lead: Lead | None = None) -> Deadlines:
    """The working days by which things are done before a meeting."""
    wanted = lead or Lead()
    return Deadlines(
        last_working_day(meeting - DAY * wanted.documents),
        last_working_day(meeting - DAY * wanted.presidium),
        last_working_day(meeting - DAY * wanted.summons),
    )


# --- a pasted list --------------------------------------------------------------------------------------------------

_NUMBER_OF = {name[:3]: number for number, name in enumerate(MONTHS, start=1)}
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_WORDS = re.compile(r"\b(\d{1,2})\s*(?:\.|:[ae])?\s+([a-zåäö]{3,9})\.?(?:\s+(\d{4}))?\b", re.IGNORECASE)
_SLASH = re.compile(r"\b(\d{1,2})/(\d{1,2})(?:[-/ ](\d{4}))?\b")
_CLOCK = re.compile(
    r"\b(?:kl\.?\s*)?([01]?\d|2[0-3])[.:]([0-5]\d)\b|\bkl\.?\s*([01]?\d|2[0-3])\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Planned:
    """A day of the list, with the time when the line says one."""

    day: date
    starts: time | None = None


@dataclass(frozen=True)
class Unread:
    """A line that could not be read, and why, in Swedish."""

    line: int
    text: str
    why: str

    def __str__(self) -> str:
        return f"Rad {self.line}, ”{self.text}”: {self.why}"


def read_days(text: str, year: int) -> tuple[list[Planned], list[Unread]]:
    """The days of a pasted list, one a line: ``2023-01-24``, ``tisdag 24 januari kl. 14.00``, ``24/1``.

    A day without a year is in ``year``. Gives the days in order, and what could not be read; nothing is guessed."""
    found: dict[date, Planned] = {}
    faults: list[Unread] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = " ".join(raw.replace("\u00a0", " ").split()).strip(" •-–*;,")
        if not line:
            continue
        shown = line[:60]
        try:
            planned = _read(line, year)
        except ValueError:
            faults.append(Unread(number, shown, "dagen finns inte i almanackan."))
            continue
        if planned is not None and (why := fault_of(planned.day)):
            faults.append(Unread(number, shown, f"{why[:1].lower()}{why[1:]}"))
        elif planned is None:
            faults.append(Unread(number, shown, "här finns ingen dag. Skriv till exempel 2023-01-24 14.00."))
        elif planned.day in found:
            faults.append(Unread(number, shown, "dagen står redan i listan."))
        else:
            found[planned.day] = planned
    return [found[day] for day in sorted(found)], faults


def _read(line: str, year: int) -> Planned | None:
    if match := _ISO.search(line):
        day = date(int(match[1]), int(match[2]), int(match[3]))
    elif match := _SLASH.search(line):
        day = date(int(match[3] or year), int(match[2]), int(match[1]))
    elif (match := _WORDS.search(line)) and (month := _month(match[2])):
        day = date(int(match[3] or year), month, int(match[1]))
    else:
        return None
    clock = _CLOCK.search(f"{line[: match.start()]} {line[match.end() :]}")
    if clock is None:
        return Planned(day)
    return Planned(day, time(int(clock[1] or clock[3]), int(clock[2] or 0)))


def _month(word: str) -> int | None:
    lower = word.lower()
    number = _NUMBER_OF.get(lower[:3])
    return number if number and MONTHS[number - 1].startswith(lower) else None


def by_month(days: Sequence[date]) -> dict[int, list[date]]:
    """The days of each month of a year, months without any included."""
    return {month: sorted(day for day in days if day.month == month) for month in range(1, 13)}
