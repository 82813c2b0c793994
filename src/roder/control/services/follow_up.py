"""What the committee is told at an occasion: each point's outcome, the table as printed, and the conclusion (5.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from roder import access, tasks
from roder.access import Action
from roder.control.models import (
    Control,
    ControlPlan,
    ControlPoint,
    ControlRound,
    PlanReview,
    PointReview,
)
from roder.control.rules import plans as rules
from roder.control.rules.plans import Counts
from roder.control.services import outcomes, rounds
from roder.control.services.plan_parts import PlanFault, adopted, created, locked, needed, saved
from roder.control.services.point_actions import Immediate, actions_of, add_action, immediate
from roder.core.words import joined
from roder.organisation.models import Person
from roder.steering.models import Occasion

__all__ = [
    "ControlLine", "Immediate", "Line", "add_action", "assumed", "conclude", "conclusion_of", "counts", "immediate",
    "review_point", "summary", "table", "withdraw_review",
]  # fmt: skip

Outcome = PointReview.Outcome


# --- assessed --------------------------------------------------------------------------------------------------------


@transaction.atomic
def review_point(
    point: ControlPoint,
    occasion: Occasion,
    by: Person,
    outcome: str,
    result: str = "",
    action: str = "",
    *,
    assumed: bool = False,
    assumed_reason: str = "",
    moved_to: date | None = None,
    expected_revision: int | None = None,
    today: date | None = None,
) -> PointReview:
    """Say how a point came out at an occasion. One that is there already is changed, over ``expected_revision``.

    ``outcome`` is the code of a step of the steering model's scale, or what it counts as. ``result`` says what the
    controls showed, or why the point is moved; a moved point's open rounds are moved with it. With remarks, an action
    is written or added. ``assumed``: the source does not say which it was.
    Raises NotAllowedError; PlanFault at each field; StaleRecordError.
    """
    access.require(by, Action.EDIT, point)
    plan = locked(point.plan)
    rounds.of_plan(plan, occasion)
    if not adopted(plan):
        raise PlanFault("Planen är ett utkast. Anta den innan den följs upp.")
    now = PointReview.objects.filter(point=point, occasion=occasion).first()
    word = outcomes.words_at(occasion).find(outcome)
    outcome = word.outcome if word is not None else ""
    errors = _review_faults(outcome, result, assumed, assumed_reason)
    if outcome == Outcome.MOVED:
        same = now is not None and now.moved_to == moved_to
        if moved_to is None:
            errors["moved_to"] = "Ange när punkten redovisas i stället."
        elif not same and (
            fault := rules.later_day(moved_to, occasion.cut_off, today or timezone.localdate())
        ):
            errors["moved_to"] = fault
    if (
        word is not None
        and outcome == Outcome.WITH
        and not (assumed or action.strip() or _has_actions(point))
    ):
        found = f"Punkten är bedömd som ”{word.label}”" if word.step else "Punkten har anmärkning"
        errors["action"] = f"{found}. Skriv vilken åtgärd som vidtas."
    if errors:
        raise PlanFault(errors)
    values: dict[str, Any] = {
        "outcome": outcome, "step": word.step if word is not None else "", "result": result.strip(),
        "action": action.strip(), "assumed": assumed,
        "assumed_reason": assumed_reason.strip() if assumed else "",
        "moved_to": moved_to if outcome == Outcome.MOVED else None, "assessed_by": by,
    }  # fmt: skip
    review = now or PointReview(committee=point.committee, point=point, occasion=occasion)
    if now is None:
        for name, value in values.items():
            setattr(review, name, value)
        created(review)
    else:
        saved(now, expected_revision, **values)
    if outcome == Outcome.MOVED and moved_to is not None:
        _move_rounds(point, occasion, by, moved_to, result, today)
    access.record(by, "control_point.reviewed", review, outcome=outcome, step=review.step, assumed=assumed)
    return review


def _review_faults(outcome: str, result: str, assumed: bool, assumed_reason: str) -> dict[str, str]:
    errors: dict[str, str] = {}
    if outcome not in Outcome.values:
        errors["outcome"] = "Välj en bedömning."
    if not result.strip():
        moved = outcome == Outcome.MOVED
        errors["result"] = "Skriv varför punkten flyttas." if moved else "Skriv vad kontrollerna visade."
    if assumed and not assumed_reason.strip():
        errors["assumed_reason"] = "Skriv varför bedömningen är antagen."
    return errors


def _has_actions(point: ControlPoint) -> bool:
    return bool(actions_of(ControlPoint.objects.filter(pk=point.pk)))


def _move_rounds(
    point: ControlPoint, occasion: Occasion, by: Person, to: date, why: str, today: date | None
) -> None:
    """Move the point's open rounds of the occasion with it."""
    rows = ControlRound.objects.filter(
        control__point=point, occasion=occasion, state=ControlRound.State.OPEN, due_on__lt=to
    )
    for one in rows.select_related("control", "committee"):
        rounds.move_round(one, by, to, " ".join(why.split())[:400], today=today)


@transaction.atomic
def withdraw_review(review: PointReview, by: Person, reason: str) -> None:
    """Take a point's assessment back, so that it is not followed up at the occasion. History keeps it.

    Raises NotAllowedError; PlanFault without a reason."""
    access.require(by, Action.EDIT, review)
    needed(reason, text="Skriv varför bedömningen tas tillbaka.")
    access.record(by, "control_point.review_withdrawn", review, point=review.point_id)
    review.delete()


@transaction.atomic
def conclude(
    plan: ControlPlan,
    occasion: Occasion,
    by: Person,
    conclusion: str,
    reasons: str,
    on: date,
    *,
    decision: str = "",
    expected_revision: int | None = None,
) -> PlanReview:
    """Say whether the internal control is sufficient, with the reasons. One that is there already is changed. At the
    year's end the plan is concluded with it.

    Raises NotAllowedError; PlanFault at each field; StaleRecordError.
    """
    access.require(by, Action.DECIDE, plan)
    plan = locked(plan)
    rounds.of_plan(plan, occasion)
    errors: dict[str, str] = {}
    if not adopted(plan):
        raise PlanFault("Planen är ett utkast. Anta den innan den följs upp.")
    if conclusion not in PlanReview.Conclusion.values:
        errors["conclusion"] = "Välj en slutsats."
    if not reasons.strip():
        errors["reasons"] = "Skriv skälen till slutsatsen."
    if errors:
        raise PlanFault(errors)
    values: dict[str, Any] = {
        "conclusion": conclusion, "reasons": reasons.strip(), "concluded_on": on, "decision": decision.strip(),
        "concluded_by": by,
    }  # fmt: skip
    now = PlanReview.objects.filter(plan=plan, occasion=occasion).first()
    if now is None:
        made = created(PlanReview(committee=plan.committee, plan=plan, occasion=occasion, **values))
    else:
        made = saved(now, expected_revision, **values)
    if occasion.kind == Occasion.Kind.ANNUAL and plan.state == ControlPlan.State.ADOPTED:
        saved(plan, None, state=ControlPlan.State.CONCLUDED)
    access.record(by, "control_plan.concluded", made, conclusion=conclusion, occasion=occasion.code)
    return made


# --- the table -------------------------------------------------------------------------------------------------------


def _last(made: list[ControlRound]) -> ControlRound | None:
    return made[-1] if made else None


@dataclass
class ControlLine:
    """A control in the table: its rounds so far, and whether it is told at the occasion. ``rounds`` are those of the
    plan's year up to it, the latest last."""

    control: Control
    told: bool
    rounds: list[ControlRound] = field(default_factory=list)

    @property
    def round(self) -> ControlRound | None:
        """The latest round."""
        return _last(self.rounds)

    @property
    def done(self) -> list[ControlRound]:
        """The finished rounds."""
        return [one for one in self.rounds if one.state == ControlRound.State.DONE]

    @property
    def figures(self) -> str:
        """The latest finished round's figures in words, such as ``6 av 42 har brist (14 %)``."""
        return rules.figures_words(last.checked, last.deviating) if (last := _last(self.done)) else ""

    @property
    def shown(self) -> str:
        """What the latest finished round showed, figures first."""
        last = _last(self.done)
        return ". ".join(part for part in (self.figures, last.result if last else "") if part)

    @property
    def method(self) -> str:
        """The method as the plan prints it."""
        return self.control.method_text or self.control.get_method_display()

    @property
    def out(self) -> bool:
        """Whether it is handed over or withdrawn."""
        return self.control.state != Control.State.PLANNED


@dataclass
class Line:
    """A point in the table. ``review`` is the latest up to the occasion; ``here`` whether it is the occasion's own."""

    point: ControlPoint
    controls: list[ControlLine] = field(default_factory=list)
    review: PointReview | None = None
    here: bool = False
    actions: list[tasks.Action] = field(default_factory=list)

    @property
    def told(self) -> bool:
        """Whether anything of it is told at the occasion."""
        return any(one.told and not one.out for one in self.controls)

    @property
    def out(self) -> bool:
        """Whether all its controls are out of the plan, and nothing was ever said of it."""
        return bool(self.controls) and all(one.out for one in self.controls) and self.review is None

    @property
    def outcome(self) -> str | None:
        """The outcome's code, or None."""
        return self.review.outcome if self.review is not None else None

    @property
    def assessment(self) -> str:
        """The outcome in words, marked when it is assumed; else when it is told."""
        if self.review is None:
            return "" if self.told else f"Redovisas vid {self.when}" if self.when else ""
        words = outcomes.word_of(self.review).label
        return f"{words} (antagen)" if self.review.assumed else words

    @property
    def when(self) -> str:
        """When the point is told, as the plan prints it."""
        said: list[str] = []
        kinds = {kind for one in self.controls if not one.out for kind in one.control.occasions}
        months = {month for one in self.controls if not one.out for month in one.control.months}
        said += [rules.told_words(sorted(kinds), sorted(months))]
        said += [one.control.reported_text for one in self.controls if one.control.reported_text]
        return joined([one for one in dict.fromkeys(said) if one])

    @property
    def suggested(self) -> str:
        """What the rounds showed, put together as a beginning of the point's result."""
        return "\n".join(one.shown for one in self.controls if one.shown)

    @property
    def suggested_action(self) -> str:
        """The actions that the rounds wrote, put together."""
        said = [one.action for control in self.controls for one in control.done]
        return "\n".join(dict.fromkeys(text for text in said if text))


def table(
    plan: ControlPlan, occasion: Occasion | None = None, occasions: list[Occasion] | None = None
) -> list[Line]:
    """The points of a plan with their controls, rounds, outcome and actions, as far as the occasion (without one: as
    far as it has come). Eight queries at most, however many points. The caller has asked for the right to see the plan,
    and gives ``rounds.occasions_of(plan)`` when it has that at hand."""
    if occasions is None:
        occasions = rounds.occasions_of(plan) if occasion is not None else []
    points = ControlPoint.objects.filter(plan=plan).select_related("risk")
    lines = {point.pk: Line(point) for point in points}
    controls: dict[int, ControlLine] = {}
    rows = Control.objects.filter(point__plan=plan).select_related("unit", "question_set")
    for control in rows.order_by("point__position", "point_id", "number"):
        told = occasion is not None and rounds.told_then(control, occasion, occasions)
        controls[control.pk] = line = ControlLine(control, told)
        lines[control.point_id].controls.append(line)
    made = ControlRound.objects.filter(control__point__plan=plan).select_related("occasion")
    reviews = PointReview.objects.filter(point__plan=plan).select_related("occasion", "assessed_by")
    if occasion is not None:
        until = Q(occasion__cut_off__lte=occasion.cut_off)
        made = made.filter(until | Q(occasion=None, due_on__lte=occasion.cut_off))
        reviews = reviews.filter(until)
    for one in made.order_by("number"):
        controls[one.control_id].rounds.append(one)
    for review in reviews.order_by("occasion__cut_off", "pk"):
        line_of = lines[review.point_id]
        line_of.review = review
        line_of.here = occasion is not None and review.occasion_id == occasion.pk
    for pk, found in actions_of(points).items():
        lines[pk].actions = found
    return list(lines.values())


def counts(plan: ControlPlan, occasion: Occasion | None = None, lines: list[Line] | None = None) -> Counts:
    """How many points there are, are followed up, without and with remarks, and moved, as far as the occasion. Points
    that went out of the plan before anything was said of them are not counted."""
    rows = table(plan, occasion) if lines is None else lines
    return rules.counts(line.outcome for line in rows if not line.out)


def assumed(lines: Iterable[Line]) -> int:
    """How many of the outcomes are assumed."""
    return sum(line.review is not None and line.review.assumed for line in lines)


def summary(lines: list[Line]) -> str:
    """The summary in words: ``4 av 7 punkter är följda upp: 2 utan anmärkning, 2 med.``"""
    words = outcomes.words_among(one.review for one in lines)
    return rules.sentence(rules.counts(one.outcome for one in lines if not one.out), assumed(lines), words)


def conclusion_of(plan: ControlPlan, occasion: Occasion) -> PlanReview | None:
    """The conclusion at the occasion, or None."""
    return (
        PlanReview.objects.filter(plan=plan, occasion=occasion)
        .select_related("concluded_by", "occasion")
        .first()
    )
