"""A point of the plan and its controls: read, added, edited in a draft, and changed by deeds that say why."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from roder import access
from roder.access.matrix import Action, Resource
from roder.control.models import Control, ControlPlan, ControlPoint, ControlRound, PointReview, Risk
from roder.control.pages import plan_show as show
from roder.control.pages.plan_deeds import edited
from roder.control.pages.plan_forms import ActionForm, ControlForm, HandOverForm, PointForm, ReasonForm
from roder.control.rules import plans as rules
from roder.control.services import follow_up, outcomes, plans, rounds
from roder.control.services.plan_controls import AFTER
from roder.core.numbers import whole_number
from roder.core.register import history
from roder.organisation.models import Unit
from roder.quality.models import SelfCheck
from roder.web.deeds import Deeds, tried
from roder.web.scope import CommitteeRequest, committee_page

DRAFT = ControlPlan.State.DRAFT


# --- a point ---------------------------------------------------------------------------------------------------------


@committee_page(Resource.CONTROLS)
def point_page(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """A point: the risk it comes of, its controls with their rounds, how it came out, its actions, and its deeds."""
    point = show.point_of(request, pk)
    line = next(one for one in follow_up.table(point.plan) if one.point.pk == pk)
    done = tried(request, _point_deeds(request, point, line))
    if done.answer is not None:
        return done.answer
    reviews = PointReview.objects.filter(point=point).select_related("occasion", "assessed_by")
    context = show.page_context(request, point.plan) | {
        "point": point,
        "history": history.of(point),
        "line": line,
        "level": show.level_of(point.risk),
        "controls": show.shown([line])[0].controls,
        "reviews": [
            (one, (word := outcomes.word_of(one)).short, word.tone)
            for one in reviews.order_by("-occasion__cut_off")
        ],
        "deeds": done.forms,
        "sees_risk": point.risk is not None and request.scope.may(Action.VIEW, Resource.RISKS),
    }
    return render(request, "control/plan/point.html", context, status=done.status)


def _point_deeds(request: CommitteeRequest, point: ControlPoint, line: follow_up.Line) -> Deeds:
    by = request.user
    if point.plan.state == DRAFT or not access.may(by, Action.EDIT, point):
        return {}
    found: dict[str, Any] = {
        "atgard": (
            ActionForm,
            lambda said: follow_up.add_action(
                point, by, what=said["what"], role=said["role"], due=said["due"],
                expected_effect=said["expected_effect"],
            ),
            "Åtgärden är tillagd, och den ansvariga får veta det.",
        )
    }  # fmt: skip
    if any(not one.out for one in line.controls):
        found["utga"] = (
            partial(ReasonForm, label="Varför utgår punkten?"),
            lambda said: plans.withdraw_point(point, by, said["reason"]),
            "Punkten utgår. Det som är gjort finns kvar.",
        )
    return found


def _risks(request: CommitteeRequest, plan: ControlPlan) -> Any:
    """The risks a point may come of: those of the plan's analysis that are not retired."""
    rows = Risk.objects.filter(analysis=plan.analysis_id, state=Risk.State.ACTIVE)
    return access.visible(request.user, rows).order_by("position", "pk")


@committee_page(Resource.CONTROLS, Action.EDIT)
def point_new(request: CommitteeRequest) -> HttpResponseBase:
    """Add a point, from a risk (``?risk=``) or of one's own."""
    plan = show.the_plan(request)
    adopted = plan.state != DRAFT
    asked = whole_number(request.GET.get("risk"))
    initial = {} if asked is None else {"risk": asked}
    form = PointForm(request.POST or None, risks=_risks(request, plan), adopted=adopted, initial=initial)
    made: list[ControlPoint] = []

    def add(said: dict[str, Any]) -> None:
        made.append(plans.add_point(plan, request.user, reason=said.get("reason", ""), **form.values()))

    if request.method == "POST" and form.try_to(add):
        messages.success(request, "Punkten är tillagd. Lägg till dess första kontroll.")
        return redirect(request.scope.url("control:control_new", made[0].pk))
    context = {
        "form": form, "title": "Ny kontrollpunkt", "submit": "Lägg till",
        "back": request.scope.url("control:plan"),
    }  # fmt: skip
    return render(request, "control/plan/form.html", context, status=form.status)


@committee_page(Resource.CONTROLS, Action.EDIT)
def point_edit(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Change a point of a draft. A second saver sees both texts."""
    point = show.point_of(request, pk)
    back = request.scope.url("control:point", pk)
    if point.plan.state != DRAFT:
        messages.error(request, "Planen är antagen. Punktens text går inte att ändra.")
        return redirect(back)
    form = PointForm(
        request.POST or None, risks=_risks(request, point.plan), initial=PointForm.initial_of(point)
    )

    def save(said: dict[str, Any]) -> None:
        plans.edit_point(show.point_of(request, pk), request.user, said["revision"] or 0, **form.values())

    return edited(request, form, save, back, title="Ändra kontrollpunkt", point=point)


@require_POST
@committee_page(Resource.CONTROLS, Action.EDIT)
def point_remove(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Take a point out of a draft."""
    point = show.point_of(request, pk)
    try:
        plans.remove_point(point, request.user)
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
        return redirect(request.scope.url("control:point", pk))
    messages.success(request, f"Punkt {point.number} är borttagen.")
    return redirect(request.scope.url("control:plan"))


# --- a control -------------------------------------------------------------------------------------------------------


@committee_page(Resource.CONTROLS)
def control_page(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """A control: how it is made, each time it was made, and what may be done with it."""
    control = show.control_of(request, pk)
    done = tried(request, _control_deeds(request, control))
    if done.answer is not None:
        return done.answer
    made = access.visible(request.user, ControlRound.objects.filter(control=control))
    rows = list(made.select_related("occasion", "done_by").order_by("-number"))
    context = show.page_context(request, control.point.plan) | {
        "control": control,
        "history": history.of(control),
        "point": control.point,
        "scope_words": show.scope_words(control),
        "told": show.told_words(control),
        "owner": rounds.owner_of(control),
        "rounds": [
            (one, *show.round_state(one), rules.figures_words(one.checked, one.deviating)) for one in rows
        ],
        "deeds": done.forms,
        "planned": control.state == Control.State.PLANNED,
    }
    return render(request, "control/plan/control.html", context, status=done.status)


def _control_deeds(request: CommitteeRequest, control: Control) -> Deeds:
    by = request.user
    if control.point.plan.state == DRAFT or control.state != Control.State.PLANNED:
        return {}
    if not access.may(by, Action.EDIT, control):
        return {}
    checks = SelfCheck.objects.filter(plan__committee=control.committee_id, stopped_at=None)
    shown = access.visible(by, checks).select_related("plan__unit").order_by("-plan__year", "title")
    return {
        "lamna": (
            partial(HandOverForm, checks=shown),
            lambda said: plans.hand_over(control, by, said["reason"], said["self_check"]),
            "Kontrollen är överlämnad till egenkontroll.",
        ),
        "utga": (
            partial(ReasonForm, label="Varför utgår kontrollen?"),
            lambda said: plans.withdraw(control, by, said["reason"]),
            "Kontrollen utgår. Det som är gjort finns kvar.",
        ),
    }


def _form(request: CommitteeRequest, plan: ControlPlan, **options: Any) -> ControlForm:
    return ControlForm(
        request.POST or None,
        units=Unit.objects.filter(committee=plan.committee_id).order_by("name"),
        sets=show.checklists(request),
        adopted=plan.state != DRAFT,
        **options,
    )


@committee_page(Resource.CONTROLS, Action.EDIT)
def control_new(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Add a control to a point; another one straight after, if one asks for it."""
    point = show.point_of(request, pk)
    back = request.scope.url("control:point", pk)
    form = _form(request, point.plan, initial={"scope": Control.Scope.ALL, "times_a_year": 1})

    def add(said: dict[str, Any]) -> None:
        plans.add_control(point, request.user, reason=said.get("reason", ""), **form.values())

    if request.method == "POST" and form.try_to(add):
        messages.success(request, "Kontrollen är tillagd.")
        return redirect(request.path if request.POST.get("en_till") else back)
    context = {
        "form": form, "title": "Ny kontroll", "point": point, "back": back, "submit": "Lägg till",
        "another": True,
    }  # fmt: skip
    return render(request, "control/plan/form.html", context, status=form.status)


@committee_page(Resource.CONTROLS, Action.EDIT)
def control_edit(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Change a control; in an adopted plan only when it is told and who makes it, with the reason."""
    control = show.control_of(request, pk)
    plan, back = control.point.plan, request.scope.url("control:control", pk)
    only = AFTER if plan.state != DRAFT else ()
    form = _form(request, plan, only=only, initial=ControlForm.initial_of(control))

    def save(said: dict[str, Any]) -> None:
        plans.edit_control(
            show.control_of(request, pk), request.user, said["revision"] or 0, reason=said.get("reason", ""),
            **form.values(),
        )  # fmt: skip

    title = "Flytta eller ändra kontrollen" if only else "Ändra kontrollen"
    return edited(request, form, save, back, title=title, point=control.point)


@require_POST
@committee_page(Resource.CONTROLS, Action.EDIT)
def control_remove(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Take a control out of a draft."""
    control = show.control_of(request, pk)
    try:
        plans.remove_control(control, request.user)
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
        return redirect(request.scope.url("control:control", pk))
    messages.success(request, "Kontrollen är borttagen.")
    return redirect(request.scope.url("control:point", control.point_id))
