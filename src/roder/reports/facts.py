"""What a report needs to know that is not a number: names, order, texts and assessments. Plain data, no database.

`roder.reports.gather` reads it from the rooms when a draft is shown or a report is locked; numbers come from figures.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from roder.core.numbers import Unit
from roder.reports.document import Status
from roder.reports.facts_control import ControlFacts
from roder.reports.facts_quality import QualityFacts
from roder.reports.facts_recovery import RecoveryFact
from roder.reports.facts_year import YearFacts


@dataclass(frozen=True)
class AccountRow:
    """A printed row of the operating table. ``sign``: revenue, cost or result; ``sum_of``: rows that it adds."""

    code: str
    label: str
    sign: str
    sum_of: tuple[str, ...] = ()

    @property
    def is_sum(self) -> bool:
        """Whether the row is computed from others."""
        return bool(self.sum_of)


@dataclass(frozen=True)
class Named:
    """Something with a code that figures use as key, and what it is called."""

    code: str
    label: str


@dataclass(frozen=True)
class Support:
    """A kind of support whose volume is followed."""

    code: str
    label: str
    area: str = ""


@dataclass(frozen=True)
class GoalMeasure:
    """A key figure of a goal: how it is counted, and the target's condition (``text`` where it is only words)."""

    code: str
    title: str
    unit: Unit
    operators: dict[int, str] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """What people say of a goal or an assignment at the occasion. ``status`` None: nothing said."""

    status: Status | None = None
    analysis: str = ""
    outlook: str = ""
    measures_taken: str = ""
    override_reason: str = ""

    @property
    def is_said(self) -> bool:
        """Whether anything is said in words."""
        return any(text.strip() for text in (self.analysis, self.outlook, self.measures_taken))


@dataclass(frozen=True)
class Goal:
    """A goal of the committee with its measures and how it is judged. ``text`` is its heading, ``description`` what is
    said under it. ``expected``: it is followed at the occasion.
    """

    code: str
    number: str
    text: str
    description: str = ""
    council_goal: str = ""
    motive: str = ""
    agenda2030: str = ""
    expected: bool = True
    measures: tuple[GoalMeasure, ...] = ()
    judged: Judged = Judged()

    @property
    def title(self) -> str:
        """The goal as it is headed."""
        return f"{self.number}. {self.text}" if self.number else self.text


@dataclass(frozen=True)
class Assignment:
    """An assignment with how it is judged."""

    code: str
    number: str
    title: str
    text: str
    giver: str
    decision: str
    due: str
    judged: Judged = Judged()


@dataclass(frozen=True)
class EconomyGroup:
    """A group of goals for god ekonomisk hushållning that is judged at the occasion: codes and what they are called."""

    code: str
    label: str
    goals: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DepartmentFact:
    """What a department tells upward of each part (``mål``, ``ekonomi``) of a round of follow-up."""

    name: str
    told: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Facts:
    """Everything a report knows besides numbers."""

    municipality: str
    committee: str
    kind: str
    occasion: str
    code: str
    year: int
    cut_off: dt.date
    includes: frozenset[str] = frozenset()
    registration_number: str = ""
    date: dt.date | None = None
    snapshot_id: str = ""
    draft: bool = True
    print_unit: Unit = Unit.TKR
    print_digits: int | None = None  # None: as many as the unit usually has
    budget_years: int = 1
    investment_years: int = 1
    compares_with: str = ""
    rows: tuple[AccountRow, ...] = ()
    services: tuple[Named, ...] = ()
    categories: tuple[Named, ...] = ()
    supports: tuple[Support, ...] = ()
    goals: tuple[Goal, ...] = ()
    goal_scale: tuple[Status, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    assignment_scale: tuple[Status, ...] = ()
    quality: QualityFacts | None = None
    control: ControlFacts | None = None
    year_plan: YearFacts | None = None
    committees: tuple[CommitteeFact, ...] = ()
    departments: tuple[DepartmentFact, ...] = ()
    not_reported: tuple[str, ...] = ()
    economy_groups: tuple[EconomyGroup, ...] = ()
    forecast_hindrance: str = ""
    units_without_forecast: tuple[str, ...] = ()
    recovery: RecoveryFact | None = None

    @property
    def last_year(self) -> int:
        """The year before the occasion's."""
        return self.year - 1

    def row(self, code: str) -> AccountRow | None:
        """The account row with this code."""
        return next((row for row in self.rows if row.code == code), None)


@dataclass(frozen=True)
class CommitteeFact:
    """A committee in the report over the whole municipality, with what its own locked report knows. ``facts`` is None
    for a committee that has not locked any."""

    slug: str
    name: str
    locked: dt.date | None = None
    number: str = ""
    facts: Facts | None = None
