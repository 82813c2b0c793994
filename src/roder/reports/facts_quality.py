"""What the reports of quality need to know that is not a number. Plain data, no database.

`roder.reports.gather_quality` reads it from the steering model and the rooms.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from roder.core.words import small_first

ORDINALS = ("första", "andra", "tredje", "fjärde")


@dataclass(frozen=True)
class Kind:
    """A type of deviation. ``clinical``: a matter of health care."""

    code: str
    label: str
    clinical: bool = False


@dataclass(frozen=True)
class Area:
    """A service area. ``external``: run by somebody else."""

    code: str
    label: str
    external: bool = False


@dataclass(frozen=True)
class DecidedCase:
    """A decision under lex Sarah as the committee hears of it: numbers and one line, never a name.

    ``last_year``: it was reported the year before it was decided.
    """

    numbers: tuple[str, ...]
    reported: tuple[dt.date, ...]
    decided_on: dt.date
    outcome: str
    area: str
    type: str
    line: str
    last_year: bool


@dataclass(frozen=True)
class Followed:
    """A key figure that a yearly report takes up, with its group: how it is called, counted and wished to move."""

    code: str
    title: str
    direction: str
    group: str
    reported_in: tuple[str, ...] = ()
    operator: str = ""
    text: str = ""


@dataclass(frozen=True)
class QualityFacts:
    """Everything of quality that is not a number. ``start`` and ``end`` are the first and last day of the period."""

    start: dt.date
    end: dt.date
    types: tuple[Kind, ...] = ()
    areas: tuple[Area, ...] = ()
    closed_target: int | None = None
    classified_target: int | None = None
    decided: tuple[DecidedCase, ...] = ()
    previous_meeting: dt.date | None = None
    followed: tuple[Followed, ...] = ()
    next_goals: tuple[Followed, ...] = ()


def period_words(kind: str, start: dt.date, year: int) -> str:
    """The period of an occasion in the words of a sentence: ``första halvåret 2022``, ``2022``."""
    if kind == "half_year":
        return f"{ORDINALS[(start.month - 1) // 6]} halvåret {year}"
    if kind == "quarter":
        return f"{ORDINALS[(start.month - 1) // 3]} kvartalet {year}"
    return str(year)


def subject(label: str) -> str:
    """A type of deviation as the subject of a sentence: events as they are, others as deviations about something."""
    ends = ("avvikelser", "händelser", "skador", "tillbud", "infektioner")
    last = label.rsplit(" ", maxsplit=1)[-1].lower()
    if last.endswith(ends):
        return label
    return f"Avvikelser om {label if label[1:2].isupper() else small_first(label)}"
