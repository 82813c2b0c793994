"""What a report knows of the annual wheel and the action plans besides numbers. Plain data, no database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from roder.reports.document import Tone


@dataclass(frozen=True)
class WheelFact:
    """Something on the wheel, with the number of its mark. ``ring`` and ``role`` are words."""

    number: int
    day: dt.date
    last: dt.date
    when: str
    title: str
    whom: str
    ring_code: str
    ring: str
    role: str
    body: str
    note: str = ""


@dataclass(frozen=True)
class ActivityFact:
    """An activity: what, why, who, by when, how it is followed up, and how it stands at the cut-off."""

    code: str
    what: str
    why: str
    who: str
    when: str
    how: str
    said: str
    state: str
    tone: Tone


@dataclass(frozen=True)
class GoalActivities:
    """A unit's activities for a goal."""

    goal: str
    activities: tuple[ActivityFact, ...]


@dataclass(frozen=True)
class PlanFact:
    """A unit's action plan. ``decided`` is the day in words, empty for a draft or where nobody has begun one."""

    unit: str
    name: str
    decided: str
    introduction: str
    goals: tuple[GoalActivities, ...]


@dataclass(frozen=True)
class YearFacts:
    """The wheel and the plans of the occasion's year. ``without`` are the units that have no plan."""

    wheel: tuple[WheelFact, ...] = ()
    plans: tuple[PlanFact, ...] = ()
    goals: tuple[tuple[str, str], ...] = ()
    without: tuple[str, ...] = ()
    decided: int = 0
    expected: int = 0
