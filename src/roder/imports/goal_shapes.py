"""The shape of ``mal.yaml``."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from roder.core.yamlfile import Shape
from roder.steering.models import Assignment

Followed = Literal["interim", "annual"]
Years = tuple[int, int]


class DecisionShape(Shape):
    """Which body decided, when and where it is written."""

    body: str | None = None
    day: date | None = Field(None, alias="date")
    paragraph: str | None = None
    case: str | None = None

    @property
    def words(self) -> str:
        """As a reference is written: ``KF 2018-03-28 § 55``."""
        parts = [
            self.body,
            str(self.day) if self.day else None,
            f"§ {self.paragraph}" if self.paragraph else None,
        ]
        return " ".join(part for part in parts if part)


class VisionShape(Shape):
    """The municipality's vision."""

    title: str
    text: str | None = None
    decided: DecisionShape | None = None
    source: str = ""


class FocusAreaShape(Shape):
    """A part of the vision."""

    code: str
    title: str


class CouncilGoalShape(Shape):
    """A goal of the council."""

    code: str
    number: str | None = None
    title: str
    text: str | None = None
    focus_area: str | None = None
    years: Years
    followed: tuple[Followed, ...] = ("interim", "annual")
    indicators: tuple[str, ...] = ()
    supporting_indicators: tuple[str, ...] = ()
    source: str = ""


class CommitteeGoalShape(Shape):
    """A goal of the committee."""

    code: str
    number: str | None = None
    title: str
    text: str | None = None
    kind: Literal["committee", "work_environment"] = "committee"
    council_goal: str | None = None
    focus_area: str | None = None
    indicator: str | None = None
    motive: str | None = None
    agenda2030: str | None = None
    responsible: str | None = None
    population: str | None = None
    years: Years
    followed: tuple[Followed, ...] = ("interim", "annual")
    measures: tuple[str, ...] = ()
    source: str = ""


class ActivityShape(Shape):
    """What a unit does to reach a goal."""

    goal: str
    unit: str | None = None
    what: str
    why: str | None = None
    who: str | None = None
    year: int
    quarter: int | None = None
    followed_how: str | None = None
    progress: int | None = Field(None, ge=0, le=100)
    followed_up: str | None = None
    done_on: date | None = None
    source: str = ""


class ActionPlanShape(Shape):
    """A unit's plan for a year. Its activities are those of the unit and the year."""

    unit: str
    year: int
    introduction: str | None = None
    decided_on: date | None = None
    source: str = ""


class AssignmentShape(Shape):
    """What the council, the board or the committee has told somebody to do."""

    code: str
    number: str | None = None
    title: str
    text: str | None = None
    giver: Assignment.Giver
    decision: DecisionShape | None = None
    owner: str | None = None
    due: date | str | None = None
    years: Years
    source: str = ""


class AssessmentShape(Shape):
    """What was said of a goal or an assignment."""

    status: str | None = None
    override_reason: str | None = None
    comment: str | None = None
    outlook: str | None = None
    measures_taken: str | None = None


class OccasionShape(Shape):
    """What was assessed at an occasion, by the codes of goals and assignments."""

    goals: dict[str, AssessmentShape] = Field(default_factory=dict)
    assignments: dict[str, AssessmentShape] = Field(default_factory=dict)


class GoalsShape(Shape):
    """The whole file."""

    year: int
    vision: VisionShape | None = None
    focus_areas: tuple[FocusAreaShape, ...] = ()
    council_goals: tuple[CouncilGoalShape, ...] = ()
    committee_goals: tuple[CommitteeGoalShape, ...] = ()
    activities: tuple[ActivityShape, ...] = ()
    action_plans: tuple[ActionPlanShape, ...] = ()
    assignments: tuple[AssignmentShape, ...] = ()
    assessments: dict[str, OccasionShape] = Field(default_factory=dict)
