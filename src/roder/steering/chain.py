"""The chain from vision to unit activity, as one tree that a page can draw. A fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from roder import access
from roder.access.rights import User
from roder.organisation.models import Body, Unit, UnitPath
from roder.steering.models import Activity, Assessment, FocusArea, Goal, Occasion, Vision
from roder.steering.rules import StatusStep
from roder.steering.services import model_of, scale_for


@dataclass
class GoalNode:
    """A committee goal with its status at an occasion and the activities that serve it."""

    goal: Goal
    status: StatusStep | None = None
    assessment: Assessment | None = None
    activities: list[Activity] = field(default_factory=list)


@dataclass
class CouncilNode:
    """A goal of the council with the committee's goals under it (goal None: the committee's own, without link)."""

    goal: Goal | None
    goals: list[GoalNode] = field(default_factory=list)


@dataclass
class AreaNode:
    """A focus area with its council goals (area None: goals that name none)."""

    area: FocusArea | None
    councils: list[CouncilNode] = field(default_factory=list)

    @property
    def touched(self) -> bool:
        """Whether the committee has a goal under it."""
        return any(council.goals for council in self.councils)


@dataclass
class Chain:
    """The whole tree, and what it was drawn for."""

    vision: Vision | None
    areas: list[AreaNode]
    occasion: Occasion | None
    unit: Unit | None

    @property
    def goals(self) -> list[GoalNode]:
        """Every committee goal of the tree, in order."""
        return [node for area in self.areas for council in area.councils for node in council.goals]


def statuses(
    occasion: Occasion | None, subjects: Sequence[Goal]
) -> dict[int, tuple[Assessment, StatusStep | None]]:
    """The whole committee's assessments of goals at an occasion, with their step on the scale."""
    if occasion is None or not subjects:
        return {}
    scale = {step.code: step for step in scale_for(model_of(occasion), "goal", occasion.kind)}
    rows = _assessments(occasion.pk, tuple(goal.pk for goal in subjects))
    return {row.subject_id: (row, scale.get(row.status)) for row in rows}


@access.kept
def _assessments(occasion: int, goals: tuple[int, ...]) -> QuerySet[Assessment]:
    return Assessment.objects.filter(
        occasion=occasion, subject_kind=Goal.record_kind(), subject_id__in=goals, unit=None
    )


@access.kept
def _goals(user: User, municipality: int, year: int) -> QuerySet[Goal]:
    return access.visible(
        user,
        Goal.objects.filter(municipality=municipality, from_year__lte=year, to_year__gte=year)
        .select_related("focus_area")
        .order_by("position", "id"),
    )


@access.kept
def _activities(user: User, goals: tuple[int, ...], year: int, unit: int | None) -> QuerySet[Activity]:
    rows = access.visible(user, Activity.objects.filter(goal__in=goals, year=year).select_related("unit"))
    if unit is None:
        return rows
    return rows.filter(unit__in=UnitPath.objects.filter(ancestor=unit).values("descendant_id"))


@access.kept
def _focus_areas(municipality: int) -> QuerySet[FocusArea]:
    """Those of the latest vision."""
    latest = Vision.objects.filter(municipality=municipality).order_by("-pk")
    return FocusArea.objects.filter(vision=latest.values("pk")[:1]).select_related("vision")


def build(
    user: User, committee: Body, year: int, occasion: Occasion | None, unit: Unit | None = None
) -> Chain:
    """The tree of a committee's year as ``user`` may see it; with ``unit`` only its (and its parts') activities."""
    seen = _goals(user, committee.municipality_id, year)
    goals = [goal for goal in seen if goal.committee_id in (None, committee.pk)]
    own = [goal for goal in goals if goal.level == Goal.Level.COMMITTEE]
    found = statuses(occasion, own)
    by_goal: dict[int, list[Activity]] = defaultdict(list)
    for activity in _activities(user, tuple(goal.pk for goal in own), year, unit.pk if unit else None):
        by_goal[activity.goal_id].append(activity)

    def node(goal: Goal) -> GoalNode:
        assessment, step = found.get(goal.pk, (None, None))
        return GoalNode(goal, step, assessment, by_goal[goal.pk])

    children: dict[int | None, list[GoalNode]] = defaultdict(list)
    for goal in own:
        children[goal.parent_id].append(node(goal))
    within = _focus_areas(committee.municipality_id)
    vision = (
        within[0].vision
        if within
        else Vision.objects.filter(municipality=committee.municipality_id).order_by("-pk").first()
    )
    areas = {area.pk: AreaNode(area) for area in within}
    loose = AreaNode(None)
    for goal in goals:
        if goal.level == Goal.Level.COUNCIL:
            home = areas.get(goal.focus_area_id or 0, loose)
            home.councils.append(CouncilNode(goal, children.pop(goal.pk, [])))
    rest = [leftover for nodes in children.values() for leftover in nodes]
    if rest:
        loose.councils.append(CouncilNode(None, rest))
    return Chain(vision, [*areas.values(), *([loose] if loose.councils else [])], occasion, unit)
