"""The year's plan of internal control: what it holds, what it lacks, and how it is begun, filled and adopted."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from roder import access
from roder.access.matrix import Action, Resource
from roder.control.models import ControlPlan, PointReview, RiskAnalysis
from roder.control.pages import plan_show as show
from roder.control.pages.plan_deeds import edited
from roder.control.pages.plan_forms import AdoptForm, PlanForm
from roder.control.services import follow_up, outcomes, plans, rounds
from roder.core.dayfield import DayField
from roder.steering.models import Occasion
from roder.web.scope import CommitteeRequest, committee_page

DAY = "Skriv dagen då kontrollerna ska vara klara, som 2022-12-31."


@committee_page(Resource.CONTROLS)
def plan_page(request: CommitteeRequest) -> HttpResponse:
    """The year's plan. Constant number of queries."""
    plan = show.plan_of(request)
    if plan is None:
        return _no_plan(request)
    lines, occasions = follow_up.table(plan), rounds.occasions_of(plan)
    reviewed: dict[int, set[int]] = {}
    for occasion, point in PointReview.objects.filter(point__plan=plan).values_list("occasion", "point"):
        reviewed.setdefault(occasion, set()).add(point)
    due = show.dues(occasions, lines, reviewed)
    today = timezone.localdate()
    waiting = [made for line in lines for one in line.controls for made in one.rounds if made.state == "open"]
    context = show.page_context(request, plan) | {
        "points": show.shown(lines),
        "controls": sum(not one.out for line in lines for one in line.controls),
        "dues": due,
        "open": len(waiting),
        "late": sum(made.due_on < today for made in waiting),
        "actions": sum(one.done_at is None for line in lines for one in line.actions),
        "counts": (counts := follow_up.counts(plan, lines=lines)),
        "tally": outcomes.words_among(one.review for one in lines).tally(counts.without, counts.with_remarks),
        "assumed": follow_up.assumed(lines),
        "tone": show.STATES[plan.state],
        "before": _before(request, plan),
    }
    if not context["draft"] and context["edits"]:
        context["nowhere"] = rounds.told_nowhere(plan, occasions)
    if context["draft"]:
        lacks = plans.lacks(plan)
        context |= {
            "stops": [one for one in lacks if one.stops],
            "worth": [one for one in lacks if not one.stops],
            "wanted": plans.wanted_risks(plan),
        }
    return render(request, "control/plan/plan.html", context)


def _no_plan(request: CommitteeRequest) -> HttpResponse:
    """What is shown when the year has no plan: what it follows from, and how to begin."""
    scope = request.scope
    analyses = access.visible(request.user, RiskAnalysis.objects.filter(committee=scope.committee))
    latest = show.plans_of(request).exclude(year=scope.year).order_by("-year").first()
    context = show.page_context(request, None) | {
        "analysis": analyses.filter(year=scope.year).first(),
        "latest": latest,
    }
    return render(request, "control/plan/empty.html", context)


def _before(request: CommitteeRequest, plan: ControlPlan) -> ControlPlan | None:
    """The plan before this one, which may be carried over into a draft."""
    if plan.state != ControlPlan.State.DRAFT:
        return None
    return show.plans_of(request).filter(year__lt=plan.year).order_by("-year").first()


@require_POST
@committee_page(Resource.CONTROLS, Action.EDIT)
def begin(request: CommitteeRequest) -> HttpResponse:
    """Begin the year's plan as a draft; with ``fran`` = ``analys`` or ``plan`` it is filled at once."""
    scope = request.scope
    try:
        plan = plans.open_plan(scope.committee, scope.year, request.user)
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
        return redirect(scope.url("control:plan"))
    messages.success(request, "Planen är påbörjad som utkast.")
    if request.POST.get("fran") == "plan":
        return _carry(request, plan)
    if request.POST.get("fran") == "analys":
        return _fill(request, plan)
    return redirect(scope.url("control:plan"))


@require_POST
@committee_page(Resource.CONTROLS, Action.EDIT)
def fill(request: CommitteeRequest) -> HttpResponse:
    """Make points of the risks that the analysis sends to the plan."""
    return _fill(request, show.the_plan(request))


def _fill(request: CommitteeRequest, plan: ControlPlan) -> HttpResponse:
    try:
        made = plans.points_from_analysis(plan, request.user)
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
    else:
        messages.success(
            request, f"{len(made)} {'punkt' if len(made) == 1 else 'punkter'} hämtades ur riskanalysen."
        )
    return redirect(request.scope.url("control:plan"))


@require_POST
@committee_page(Resource.CONTROLS, Action.EDIT)
def carry(request: CommitteeRequest) -> HttpResponse:
    """Carry the plan before this one over."""
    return _carry(request, show.the_plan(request))


def _carry(request: CommitteeRequest, plan: ControlPlan) -> HttpResponse:
    before = show.plans_of(request).filter(year__lt=plan.year).order_by("-year").first()
    if before is None:
        messages.error(request, "Det finns ingen tidigare plan att föra över från.")
        return redirect(request.scope.url("control:plan"))
    try:
        made = plans.carry_over(plan, before, request.user)
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
    else:
        messages.success(
            request,
            f"{len(made)} {'punkt' if len(made) == 1 else 'punkter'} fördes över från {before.year} "
            "med sina kontroller.",
        )
    return redirect(request.scope.url("control:plan"))


@committee_page(Resource.CONTROLS, Action.EDIT)
def edit(request: CommitteeRequest) -> HttpResponseBase:
    """Change the draft's own texts. A second saver sees both."""
    plan = show.the_plan(request)
    back = request.scope.url("control:plan")
    if plan.state != ControlPlan.State.DRAFT:
        messages.error(request, "Planen är antagen. Inledningen går inte att ändra.")
        return redirect(back)
    analyses = access.visible(
        request.user, RiskAnalysis.objects.filter(committee=request.scope.committee)
    ).order_by("-year")
    form = PlanForm(request.POST or None, initial=PlanForm.initial_of(plan), analyses=analyses)

    def save(said: dict[str, Any]) -> None:
        plans.change_plan(plan, request.user, said["revision"] or 0, **form.values())

    return edited(request, form, save, back, title="Ändra planen")


@committee_page(Resource.CONTROLS, Action.DECIDE)
def adopt(request: CommitteeRequest) -> HttpResponseBase:
    """That the committee has adopted the plan: day and paragraph, with everything that is missing listed at once."""
    plan = show.the_plan(request)
    back = request.scope.url("control:plan")
    form = AdoptForm(request.POST or None, initial={"revision": plan.revision})

    def do(said: dict[str, Any]) -> None:
        plans.adopt(plan, request.user, said["on"], said["decision"], expected_revision=said["revision"])

    if request.method == "POST" and form.try_to(do):
        messages.success(request, "Planen är antagen. Öppna kontrollerna inför första tillfället.")
        return redirect(back)
    if plan.state != ControlPlan.State.DRAFT and request.method == "GET":
        messages.info(request, f"Planen antogs {plan.adopted_on}. Den antas bara en gång.")
        return redirect(back)
    lacks = plans.lacks(plan) if plan.state == ControlPlan.State.DRAFT else ()
    context = show.page_context(request, plan) | {
        "form": form, "back": back, "stops": [one for one in lacks if one.stops],
        "worth": [one for one in lacks if not one.stops], "points": plan.points.count(),
    }  # fmt: skip
    return render(request, "control/plan/adopt.html", context, status=form.status)


@require_POST
@committee_page(Resource.CONTROLS, Action.EDIT)
def open_occasion(request: CommitteeRequest, occasion: str) -> HttpResponse:
    """Open the controls that are told at an occasion, each as a task."""
    rows = Occasion.objects.filter(committee=request.scope.committee, year=request.scope.year)
    return _open(request, get_object_or_404(rows, code=occasion), None)


@require_POST
@committee_page(Resource.CONTROLS, Action.EDIT)
def open_without(request: CommitteeRequest) -> HttpResponse:
    """Open the controls that are told at no occasion of the year, by a day."""
    try:
        due = DayField(error_messages={"required": DAY, "invalid": DAY}).clean(request.POST.get("due_on"))
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
        return redirect(request.scope.url("control:plan"))
    return _open(request, None, due)


def _open(request: CommitteeRequest, occasion: Occasion | None, due: date | None) -> HttpResponse:
    try:
        made = rounds.open_rounds(show.the_plan(request), occasion, request.user, due_on=due)
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
    else:
        words = "kontroll är öppen" if len(made) == 1 else "kontroller är öppna"
        told = "Alla kontroller är redan öppnade."
        if made:
            told = f"{len(made)} {words}, klara senast {made[0].due_on}. De ansvariga har fått uppgifterna."
        messages.success(request, told)
    return redirect(request.scope.url("control:plan"))
