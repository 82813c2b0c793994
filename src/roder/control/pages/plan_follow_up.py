"""The follow-up of the plan at an occasion: the table as printed, each point's assessment, and the conclusion."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from roder import access
from roder.access.matrix import Action, Resource
from roder.control.models import ControlPlan, PlanReview, PointReview
from roder.control.pages import plan_show as show
from roder.control.pages.plan_forms import ConcludeForm, ReviewForm
from roder.control.papers.board import CONCLUSIONS
from roder.control.services import follow_up, outcomes, rounds
from roder.steering.models import Occasion
from roder.web.scope import CommitteeRequest, committee_page


def _occasion(request: CommitteeRequest, code: str) -> Occasion:
    """The year's occasion, of those that the plan is told at or any other. Raises Http404."""
    try:
        return request.scope.occasion(code)
    except Http404:
        rows = Occasion.objects.filter(committee=request.scope.committee, year=request.scope.year)
        return get_object_or_404(rows, code=code)


@committee_page(Resource.CONTROLS)
def follow_up_page(request: CommitteeRequest, occasion: str) -> HttpResponse:
    """The table as the municipality prints it, with what is left to say. Constant number of queries."""
    found, plan = _occasion(request, occasion), show.the_plan(request)
    occasions = rounds.occasions_of(plan)
    lines = follow_up.table(plan, found, occasions)
    conclusion = follow_up.conclusion_of(plan, found)
    shown = show.shown(lines)
    label, tone = CONCLUSIONS.get(conclusion.conclusion if conclusion else "", ("", "none"))
    context = show.page_context(request, plan) | {
        "occasion": found,
        "occasions": occasions,
        "points": shown,
        "told": sum(line.told for line in lines),
        "left": [line for line in lines if line.told and not line.here],
        "counts": follow_up.counts(plan, found, lines),
        "summary": follow_up.summary(lines),
        "moved": [line for line in lines if line.outcome == "moved"],
        "immediate": [(one, show.level_of(one.risk)) for one in follow_up.immediate(plan)],
        "conclusion": conclusion,
        "conclusion_label": label,
        "conclusion_tone": tone,
        "actions": [(line, line.actions) for line in lines if line.actions],
        "started": plan.state != ControlPlan.State.DRAFT,
    }
    return render(request, "control/plan/follow_up.html", context)


@committee_page(Resource.CONTROLS, Action.EDIT)
def review(request: CommitteeRequest, occasion: str, pk: int) -> HttpResponseBase:
    """Assess a point at an occasion, with what its controls showed beside. A second saver sees both texts."""
    found, point = _occasion(request, occasion), show.point_of(request, pk)
    back = f"{request.scope.url('control:follow_up', occasion)}#p{pk}"
    line = next(one for one in follow_up.table(point.plan, found) if one.point.pk == pk)
    now = line.review if line.here else None
    words = outcomes.words_at(found)
    initial = (
        ReviewForm.initial_of(now) | {"outcome": words.of(now.outcome, now.step).code}
        if now is not None
        else {"result": line.suggested, "action": line.suggested_action}
    )
    form = ReviewForm(request.POST or None, initial=initial, words=words)

    def save(said: dict[str, Any]) -> None:
        follow_up.review_point(
            point, found, request.user, said["outcome"], said["result"], said["action"], assumed=said["assumed"],
            assumed_reason=said["assumed_reason"], moved_to=said["moved_to"],
            expected_revision=said["revision"] or 0,
        )  # fmt: skip

    if request.method == "POST" and form.try_to(save):
        messages.success(request, f"Punkt {point.number} är bedömd.")
        return redirect(back)
    context = show.page_context(request, point.plan) | {
        "form": form, "occasion": found, "point": point, "line": line, "now": now, "back": back,
        "controls": show.shown([line])[0].controls,
    }  # fmt: skip
    return render(request, "control/plan/review.html", context, status=form.status)


@require_POST
@committee_page(Resource.CONTROLS, Action.EDIT)
def review_withdraw(request: CommitteeRequest, occasion: str, pk: int) -> HttpResponse:
    """Take a point's assessment back."""
    found, point = _occasion(request, occasion), show.point_of(request, pk)
    back = request.scope.url("control:follow_up", occasion)
    rows = access.visible(request.user, PointReview.objects.filter(point=point, occasion=found))
    try:
        follow_up.withdraw_review(get_object_or_404(rows), request.user, request.POST.get("reason", ""))
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
        return redirect(request.scope.url("control:review", occasion, pk))
    messages.success(request, f"Bedömningen av punkt {point.number} är tillbakatagen.")
    return redirect(back)


@committee_page(Resource.CONTROLS, Action.DECIDE)
def conclude(request: CommitteeRequest, occasion: str) -> HttpResponseBase:
    """The conclusion with its reasons. A second saver sees both texts."""
    found, plan = _occasion(request, occasion), show.the_plan(request)
    back = request.scope.url("control:follow_up", occasion)
    now: PlanReview | None = follow_up.conclusion_of(plan, found)
    form = ConcludeForm(request.POST or None, initial=ConcludeForm.initial_of(now) if now is not None else {})
    lines = follow_up.table(plan, found)

    def save(said: dict[str, Any]) -> None:
        follow_up.conclude(
            plan, found, request.user, said["conclusion"], said["reasons"], said["concluded_on"],
            decision=said["decision"], expected_revision=said["revision"] or 0,
        )  # fmt: skip

    if request.method == "POST" and form.try_to(save):
        messages.success(request, "Slutsatsen är sparad.")
        return redirect(back)
    context = show.page_context(request, plan) | {
        "form": form, "occasion": found, "back": back, "summary": follow_up.summary(lines),
        "left": [line for line in lines if line.told and not line.here],
    }  # fmt: skip
    return render(request, "control/plan/conclude.html", context, status=form.status)
