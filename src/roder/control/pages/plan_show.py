"""How the pages of the plan show their rows: values with their level, occasions with how far they have come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from roder import access
from roder.access.matrix import Action, Resource
from roder.control.models import Control, ControlPlan, ControlPoint, ControlRound, Risk
from roder.control.rules.scales import Level, shown_level
from roder.control.services import outcomes, rounds
from roder.control.services.follow_up import ControlLine, Line
from roder.control.services.scales import scale_of
from roder.control.services.words import scope_words, told_words
from roder.core.words import capital_first, small_first
from roder.questionnaires.models import QuestionSet
from roder.steering.models import Occasion
from roder.web.scope import CommitteeRequest

STATES = {"draft": "near", "adopted": "good", "concluded": "none"}


def plans_of(request: CommitteeRequest) -> QuerySet[ControlPlan]:
    """The committee's plans that the person may see."""
    rows = ControlPlan.objects.filter(committee=request.scope.committee)
    return access.visible(request.user, rows).select_related("committee", "analysis")


def plan_of(request: CommitteeRequest) -> ControlPlan | None:
    """The year's plan, or None."""
    return plans_of(request).filter(year=request.scope.year).first()


def the_plan(request: CommitteeRequest) -> ControlPlan:
    """The year's plan. Raises Http404."""
    return get_object_or_404(plans_of(request), year=request.scope.year)


def point_of(request: CommitteeRequest, pk: int) -> ControlPoint:
    """A point of the committee's. Raises Http404."""
    rows = ControlPoint.objects.filter(committee=request.scope.committee)
    return get_object_or_404(
        access.visible(request.user, rows).select_related("plan", "risk", "committee"), pk=pk
    )


def control_of(request: CommitteeRequest, pk: int) -> Control:
    """A control of the committee's. Raises Http404."""
    rows = Control.objects.filter(committee=request.scope.committee)
    found = access.visible(request.user, rows)
    return get_object_or_404(
        found.select_related("point__plan", "point__risk", "unit", "committee", "question_set"), pk=pk
    )


def level_of(risk: Risk | None) -> Level | None:
    """The level of a point's risk, by the scale it was scored with."""
    if risk is None or risk.value is None:
        return None
    return shown_level(scale_of(risk.scale_id), risk.likelihood, risk.impact)


def checklists(request: CommitteeRequest) -> QuerySet[QuestionSet]:
    """The committee's question sets that a sample's items may be checked with."""
    return QuestionSet.objects.filter(
        committee=request.scope.committee, closed=False, subject_kinds__contains=["control.sampleitem"]
    ).order_by("title")


@dataclass
class ShownControl:
    """A control as the plan's table shows it."""

    line: ControlLine

    @property
    def control(self) -> Control:
        """The control."""
        return self.line.control

    @cached_property
    def scope(self) -> str:
        """How much is checked."""
        return scope_words(self.control)

    @cached_property
    def told(self) -> str:
        """When it is told."""
        return told_words(self.control)

    @cached_property
    def state(self) -> tuple[str, str]:
        """Where it stands, in words with a tone; empty before its first round."""
        if self.line.out:
            return self.control.get_state_display().capitalize(), "none"
        latest = self.line.round
        if latest is None:
            return "", "none"
        return round_state(latest)


def round_state(made: ControlRound) -> tuple[str, str]:
    """Where a round stands, in words with a tone."""
    State = ControlRound.State  # noqa: N806 - a class
    if made.state == State.OPEN and made.due_on < timezone.localdate():
        return "Försenad", "bad"
    tone = {State.DONE: "good", State.MOVED: "near"}.get(State(made.state), "none")
    return made.get_state_display().capitalize(), tone


@dataclass
class ShownPoint:
    """A point as the plan's table shows it."""

    line: Line
    level: Level | None
    controls: list[ShownControl] = field(default_factory=list)

    @property
    def point(self) -> ControlPoint:
        """The point."""
        return self.line.point

    @cached_property
    def frequency(self) -> str:
        """How often its controls are made, each way said once."""
        return _once(one.control.frequency for one in self.controls if not one.line.out)

    @cached_property
    def method(self) -> str:
        """How its controls are made, each way said once."""
        return _once(one.line.method for one in self.controls if not one.line.out)

    @cached_property
    def outcome(self) -> tuple[str, str] | None:
        """The latest outcome, in words with a tone."""
        if self.line.review is None:
            return None
        word = outcomes.word_of(self.line.review)
        return word.short, word.tone


def _once(words: Iterable[str]) -> str:
    """The words, those that are there, each once whatever its case, put together."""
    found: dict[str, str] = {}
    for one in words:
        if one.strip():
            found.setdefault(one.strip().casefold(), one.strip())
    said = ", ".join(word if not at else small_first(word) for at, word in enumerate(found.values()))
    return capital_first(said)


def shown(lines: Iterable[Line]) -> list[ShownPoint]:
    """The lines as a page shows them."""
    return [
        ShownPoint(line, level_of(line.point.risk), [ShownControl(one) for one in line.controls])
        for line in lines
    ]


@dataclass
class Due:
    """An occasion on the plan's page: how many controls are told then, and how far they have come."""

    occasion: Occasion
    told: int = 0
    opened: int = 0
    done: int = 0
    reviewed: int = 0

    @property
    def to_open(self) -> bool:
        """Whether some of those told then are not opened."""
        return self.opened < self.told


def dues(occasions: list[Occasion], lines: list[Line], codes: dict[int, set[int]]) -> list[Due]:
    """The plan's occasions with how far each has come. ``codes``: occasion -> the points assessed at it."""
    found = []
    for occasion in occasions:
        one = Due(occasion, reviewed=len(codes.get(occasion.pk, ())))
        for line in lines:
            for control in line.controls:
                mine = [made for made in control.rounds if made.occasion_id == occasion.pk]
                if not mine and (control.out or not rounds.told_then(control.control, occasion, occasions)):
                    continue
                one.told += 1
                one.opened += bool(mine)
                one.done += any(made.state == ControlRound.State.DONE for made in mine)
        found.append(one)
    return found


def page_context(request: CommitteeRequest, plan: ControlPlan | None) -> dict[str, Any]:
    """What every page of the plan needs."""
    scope = request.scope
    return {
        "plan": plan,
        "edits": scope.may(Action.EDIT, Resource.CONTROLS),
        "decides": scope.may(Action.DECIDE, Resource.CONTROLS),
        "sees_tasks": scope.may(Action.VIEW, Resource.TASKS),
        "draft": plan is not None and plan.state == ControlPlan.State.DRAFT,
    }
