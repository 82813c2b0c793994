"""The file of a year's internal control, for the demonstration and for a municipality that begins with Roder."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field

from roder.core.yamlfile import Shape, read_yaml


class WorkshopRow(Shape):
    """A workshop that was held."""

    title: str = Field(min_length=1)
    held_on: date


class AnalysisPart(Shape):
    """What stands first in the risk analysis, and its decision."""

    title: str = Field(min_length=1)
    introduction: str = ""
    decided_on: date | None = None
    decision: str = ""
    source: str = ""
    workshops: tuple[WorkshopRow, ...] = ()


class PlanPart(Shape):
    """What stands first in the plan, and its decision."""

    title: str = Field(min_length=1)
    introduction: str = ""
    adopted_on: date | None = None
    decision: str = ""
    source: str = ""


class LedToRow(Shape):
    """What a risk led to, by the title of the goal, assignment or factor."""

    risk: int
    goal: str = ""
    assignment: str = ""
    factor: str = ""


class PeriodPart(Shape):
    """The period that a control is about, both days in it."""

    from_: date = Field(alias="from")
    to: date


class SampleRow(Shape):
    """A sample of a control. ``size`` references are made with ``prefix``; of those drawn ``departs`` do, and of these
    ``motivated`` and ``coded`` are. ``checked`` where the source does not say how many departed."""

    control: str
    frame: str
    prefix: str
    size: int = Field(ge=1)
    seed: str
    departs: int | None = None
    motivated: int = 0
    coded: int = 0
    checked: int | None = None
    result: str
    action: str = ""


class RoundsPart(Shape):
    """The controls made for an occasion."""

    occasion: str
    due_on: date
    period: PeriodPart
    checklist: str
    samples: tuple[SampleRow, ...] = ()


class ReviewRow(Shape):
    """A point's outcome: the code of a step of the steering model's scale for controls, or ``without``, ``with``."""

    point: str
    outcome: str
    result: str = ""
    action: str = ""


class ReviewsPart(Shape):
    """What was followed up at an occasion. ``assumed`` says why the outcomes are somebody's assumption."""

    occasion: str
    assumed: str = ""
    points: tuple[ReviewRow, ...]


class FactorsPart(Shape):
    """When the critical factors were decided and told; their rows stand in the file of measures."""

    decided_on: date | None = None
    told_on: date | None = None
    source: str = ""


class EvidenceRow(Shape):
    """What proves an answer: ``plan`` or ``analysis`` of the year, or a document that is not in Roder."""

    question: str
    target: str = ""
    document: str = ""
    page: str = ""
    note: str = ""


class SurveyPart(Shape):
    """The auditors' form with its answers."""

    code: str
    answers: dict[str, str]
    evidence: tuple[EvidenceRow, ...] = ()


class RecommendationRow(Shape):
    """What the auditors recommended, and the answer when there is one."""

    text: str
    answer: str = ""
    responsible: str = ""
    owner_role: str = ""
    due_on: date | None = None


class AuditRow(Shape):
    """An audit."""

    kind: str
    title: str
    year: int
    auditor: str
    number: str = ""
    question: str = ""
    received_on: date | None = None
    answer_by: date | None = None
    answered_on: date | None = None
    responsible: str = ""
    owner_role: str = ""
    survey: SurveyPart | None = None
    recommendations: tuple[RecommendationRow, ...] = ()


class LaterRounds(Shape):
    """The controls that are told at a later occasion, and when they are to be done."""

    occasion: str
    due_on: date


class ConclusionPart(Shape):
    """Whether the internal control is sufficient, as it was concluded."""

    conclusion: str
    reasons: str
    on: date
    decision: str = ""


class LaterFile(Shape):
    """What was controlled after the year's file was written, for one occasion."""

    committee: str
    year: int
    rounds: LaterRounds
    reviews: ReviewsPart
    conclusion: ConclusionPart | None = None


class ControlFile(Shape):
    """A committee's internal control for a year."""

    committee: str
    year: int
    analysis: AnalysisPart | None = None
    plan: PlanPart | None = None
    led_to: tuple[LedToRow, ...] = ()
    rounds: RoundsPart | None = None
    reviews: ReviewsPart | None = None
    factors: FactorsPart | None = None
    audits: tuple[AuditRow, ...] = ()


def read_control(path: Path) -> ControlFile:
    """Read the file and check its shape. Raises UserFault with every fault."""
    return read_yaml(path, ControlFile)


def read_later(path: Path) -> LaterFile:
    """Read the file of a later occasion. Raises UserFault with every fault."""
    return read_yaml(path, LaterFile)
