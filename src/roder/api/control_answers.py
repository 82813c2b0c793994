"""What the API answers with about risks, internal control and recommendations."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel

from roder.api.answers import UnitOut


class AnalysisRow(BaseModel):
    """A year's analysis of risks. ``scale`` is what the risks are scored by now: 4 × 4 as ``[4, 4]``."""

    id: int
    committee: str
    year: int
    title: str
    state: str
    decided_on: date | None
    decision: str
    scale: str
    scale_size: list[int]


class AnalysisPage(BaseModel):
    """A page of analyses."""

    items: list[AnalysisRow]
    next: str | None


class RiskRow(BaseModel):
    """A risk. ``code`` is the same through the years, ``number`` is what is printed. ``value`` is likelihood × impact.

    ``level`` is the level's name on the scale that the risk was scored by. ``proposed`` is what that scale's rule
    proposes, ``departure`` why the chosen handling departs from it.
    """

    id: int
    committee: str
    analysis: int
    year: int
    code: str
    number: str
    text: str
    category: str
    process: str
    state: str
    likelihood: int | None
    impact: int | None
    value: int | None
    level: str | None
    previous_value: int | None
    movement: str
    proposed: list[str]
    handling: str
    handling_reason: str
    departure: str | None
    in_plan: bool | None
    plan_reason: str
    obligatory: bool
    common: bool
    responsible: str
    unit: UnitOut | None


class RiskPage(BaseModel):
    """A page of risks."""

    items: list[RiskRow]
    next: str | None


class ControlPlanRow(BaseModel):
    """A year's plan of internal control. ``analysis`` is what it follows from."""

    id: int
    committee: str
    year: int
    title: str
    state: str
    adopted_on: date | None
    decision: str
    analysis: int | None


class ControlPlanPage(BaseModel):
    """A page of plans."""

    items: list[ControlPlanRow]
    next: str | None


class ControlPointRow(BaseModel):
    """A control point: a risk that the committee has checked."""

    id: int
    committee: str
    plan: int
    year: int
    number: str
    title: str
    area: str
    process: str
    obligatory: bool
    by_committee: bool
    risk: int | None


class ControlPointPage(BaseModel):
    """A page of control points."""

    items: list[ControlPointRow]
    next: str | None


class ControlRow(BaseModel):
    """What is checked, how, how much of it, by whom, and at which kinds of occasion it is told."""

    id: int
    committee: str
    point: int
    plan: int
    year: int
    number: int
    what: str
    method: str
    scope: str
    scope_number: int | None
    scope_share: Decimal | None
    frequency: str
    times_a_year: int
    responsible: str
    owner_role: str
    unit: UnitOut | None
    occasions: list[str]
    state: str
    state_reason: str


class ControlPage(BaseModel):
    """A page of controls."""

    items: list[ControlRow]
    next: str | None


class ControlRoundRow(BaseModel):
    """A time a control is made, with its result. ``occasion`` is the code of the follow-up that it belongs to."""

    id: int
    committee: str
    control: int
    number: int
    occasion: str | None
    period_from: date | None
    period_to: date | None
    due_on: date
    state: str
    checked: int | None
    deviating: int | None
    result: str
    action: str
    done_at: datetime | None
    moved_to: date | None
    moved_reason: str


class ControlRoundPage(BaseModel):
    """A page of rounds."""

    items: list[ControlRoundRow]
    next: str | None


class RecommendationRow(BaseModel):
    """What auditors or an authority recommend, and the committee's answer: what, when and who."""

    id: int
    committee: str
    audit: int | None
    inspection: int | None
    number: int
    text: str
    answer: str
    responsible: str
    owner_role: str
    due_on: date | None
    state: str
    done_on: date | None
    effect: str


class RecommendationPage(BaseModel):
    """A page of recommendations."""

    items: list[RecommendationRow]
    next: str | None
