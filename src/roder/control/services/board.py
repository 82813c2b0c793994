"""The executive board's compilation: the internal control of every committee that somebody may see, side by side."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from roder import access, tasks
from roder.access.matrix import Action, Resource
from roder.access.rights import User
from roder.control.models import Control, ControlPlan, ControlPoint, ControlRound, PlanReview, PointReview
from roder.control.rules import plans as rules
from roder.control.rules.outcomes import Word, Words
from roder.control.rules.plans import Counts
from roder.control.services import outcomes
from roder.core.words import capital_first
from roder.organisation.models import Body, Municipality
from roder.steering.models import Occasion

#: How far the year is told: as far as it has come, to the interim report, or to the year's end.
UNTIL = {"": "Så långt året har kommit", "interim": "Delårsbokslut", "annual": "Årsbokslut"}


class Told(NamedTuple):
    """A point that the board is told of: with remarks, or moved."""

    number: str
    title: str
    result: str
    action: str
    moved_to: date | None
    assumed: bool
    word: Word


@dataclass
class BoardRow:
    """A committee in the compilation. ``plan`` None: it has none for the year."""

    committee: Body
    plan: ControlPlan | None = None
    controls: int = 0
    outcomes: list[str | None] = field(default_factory=list)
    remarks: list[Told] = field(default_factory=list)
    moved: list[Told] = field(default_factory=list)
    assumed: int = 0
    conclusion: PlanReview | None = None
    open_actions: int = 0
    words: Words = rules.PROGRAMS_OWN

    @property
    def counts(self) -> Counts:
        """Points, followed up, without, with, moved."""
        return rules.counts(self.outcomes)

    @property
    def with_remarks(self) -> str:
        """How its points with remarks are headed, in its own words."""
        return capital_first(self.words.said(rules.WITH))

    @property
    def summary(self) -> str:
        """The committee's summary in words."""
        if self.plan is None:
            return "Ingen plan för året."
        return rules.sentence(self.counts, self.assumed, self.words)


def compilation(
    user: User, year: int, *, municipality: Municipality | None = None, until: str = ""
) -> list[BoardRow]:
    """The committees whose controls the person may see, by name, each with its plan of the year as far as ``until`` (a
    key of ``UNTIL``). Only plans that are adopted are followed up. Seven queries, however many committees.

    Raises LookupError for an ``until`` that does not exist.
    """
    if until not in UNTIL:
        raise LookupError(f"läget {until} finns inte")
    bodies = access.committees(user)
    if municipality is not None:
        bodies = bodies.filter(municipality=municipality)
    rows = {one.pk: BoardRow(one) for one in bodies if access.may(user, Action.VIEW, Resource.CONTROLS, one)}
    mine = ControlPlan.objects.filter(year=year, committee__in=list(rows))
    plans = {one.pk: one for one in access.visible(user, mine)}
    for plan in plans.values():
        rows[plan.committee_id].plan = plan
    by_plan = {pk: rows[plan.committee_id] for pk, plan in plans.items()}
    ends = _ends(year, list(rows), until) if until else {}
    _points(by_plan, ends)
    _conclusions(by_plan, ends)
    _actions(by_plan)
    return list(rows.values())


def _ends(year: int, committees: list[int], kind: str) -> dict[int, date]:
    """Committee -> the cut-off of its occasion of the kind."""
    rows = Occasion.objects.filter(year=year, committee__in=committees, kind=kind)
    return dict(rows.order_by("cut_off").values_list("committee", "cut_off"))


def _within(committee: int, cut_off: date, ends: dict[int, date]) -> bool:
    return not ends or (committee in ends and cut_off <= ends[committee])


def _points(by_plan: dict[int, BoardRow], ends: dict[int, date]) -> None:
    """Every point's outcome, and the points that are told of. Three queries."""
    live = Q(state=Control.State.PLANNED)
    made = Control.objects.filter(point__plan__in=list(by_plan)).order_by()
    controls = {
        point: (every, left)
        for point, every, left in made.values_list("point").annotate(
            every=Count("pk"), left=Count("pk", filter=live)
        )
    }
    reviews: dict[int, PointReview] = {}
    rows = PointReview.objects.filter(point__plan__in=list(by_plan)).select_related("occasion")
    said: dict[int, list[PointReview]] = defaultdict(list)
    for review in rows.order_by("occasion__cut_off", "pk"):
        if _within(review.committee_id, review.occasion.cut_off, ends):
            reviews[review.point_id] = review
            said[review.committee_id].append(review)
    for row in by_plan.values():
        row.words = outcomes.words_among(said[row.committee.pk])
    points = ControlPoint.objects.filter(plan__in=list(by_plan)).only("plan_id", "number", "title")
    for point in points.order_by("plan", "position", "pk"):
        row, found = by_plan[point.plan_id], reviews.get(point.pk)
        every, left = controls.get(point.pk, (0, 0))
        row.controls += left
        if found is None and every and not left:
            continue
        row.outcomes.append(found.outcome if found is not None else None)
        if found is None:
            continue
        row.assumed += found.assumed
        told = Told(
            point.number, point.title, found.result, found.action, found.moved_to, found.assumed,
            outcomes.word_of(found),
        )  # fmt: skip
        if found.outcome == rules.WITH:
            row.remarks.append(told)
        elif found.outcome == rules.MOVED:
            row.moved.append(told)


def _conclusions(by_plan: dict[int, BoardRow], ends: dict[int, date]) -> None:
    """The latest conclusion of each plan. One query."""
    rows = PlanReview.objects.filter(plan__in=list(by_plan)).select_related("occasion")
    for one in rows.order_by("occasion__cut_off", "pk"):
        if _within(one.committee_id, one.occasion.cut_off, ends):
            by_plan[one.plan_id].conclusion = one


def _actions(by_plan: dict[int, BoardRow]) -> None:
    """How many actions of points and rounds are not done. One query each for points and rounds."""
    subjects: tuple[tuple[type[ControlPoint | ControlRound], str], ...] = (
        (ControlPoint, "plan"),
        (ControlRound, "control__point__plan"),
    )
    for model, path in subjects:
        about: QuerySet[tasks.Action] = tasks.Action.objects.filter(
            subject_kind=model.record_kind(), done_at=None, dropped_at=None
        ).exclude(effect=tasks.Action.Effect.NOT_DONE)
        rows = model._default_manager.filter(**{f"{path}__in": list(by_plan)})
        known = dict(
            rows.filter(pk__in=about.order_by().values("subject_id")).order_by().values_list("pk", path)
        )
        for subject in about.filter(subject_id__in=list(known)).values_list("subject_id", flat=True):
            by_plan[known[subject]].open_actions += 1
