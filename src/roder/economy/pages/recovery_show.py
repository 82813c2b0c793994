"""Pages of recovery plans: all of the year's, one with its measures, and a measure."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from roder import access, tasks
from roder.access.matrix import Action, Resource
from roder.economy.models import RecoveryMeasure, RecoveryPlan
from roder.economy.pages.forecast_show import committee_money, forecast_occasions, latest, seen_units, writes
from roder.economy.pages.recovery_forms import CauseForm, DecideForm, MeasureForm, MoneyForm, ReasonForm
from roder.economy.services import recovery as services
from roder.organisation.models import Unit
from roder.steering.models import Occasion
from roder.web.deeds import Deeds, tried
from roder.web.forms import DeedForm
from roder.web.scope import CommitteeRequest, Scope, committee_page

State = RecoveryPlan.State


class OpenForm(DeedForm):
    """Nothing to fill in: the plan is opened."""


def _told(deed: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """A deed whose refusals stand at the form."""

    def done(said: dict[str, Any]) -> Any:
        try:
            return deed(said)
        except services.RecoveryFault as fault:
            raise ValidationError(str(fault)) from fault

    return done


@committee_page(Resource.ECONOMY)
def recovery_plans(request: CommitteeRequest) -> HttpResponse:
    """The year's recovery plans, and where one is needed."""
    scope = request.scope
    rows = RecoveryPlan.objects.filter(committee=scope.committee, occasion__year=scope.year)
    plans = access.visible(request.user, rows).select_related("occasion", "unit")
    occasion = latest(scope)
    context = {
        "occasion": occasion,
        "plans": [
            (one, services.standing(None, list(services.measures_of(one))), services.measures_of(one).count())
            for one in plans.order_by("-occasion__cut_off", "unit__code")
        ],
        "hindrance": services.hindrance(occasion) if occasion else "",
        "money": committee_money(occasion) if occasion else None,
    }
    return render(request, "economy/recovery_plans.html", context)


def _unit(scope: Scope, asked: str) -> Unit | None:
    """The unit of the address (``enhet``), which the person must be allowed to see. Raises Http404."""
    if not asked:
        return None
    found = Unit.objects.filter(committee=scope.committee, code=asked).first()
    seen = seen_units(scope)
    if found is None or (seen is not None and found.pk not in seen):
        raise Http404("Enheten finns inte, eller så ger dina mandat inte rätt att se den.")
    return found


@committee_page(Resource.ECONOMY)
def recovery(request: CommitteeRequest, code: str) -> HttpResponseBase:
    """The recovery plan of the committee, or of a unit (``?enhet=``), at an occasion, with what can be done to it."""
    scope = request.scope
    occasion = scope.occasion(code)
    unit = _unit(scope, request.GET.get("enhet", ""))
    plan = services.plan_of(occasion, unit)
    done = tried(request, _deeds(request, occasion, unit, plan), back=request.get_full_path())
    if done.answer is not None:
        return done.answer
    measures = list(services.measures_of(plan)) if plan else []
    variance = services.variance_at(occasion, unit)
    context = {
        "occasion": occasion,
        "occasions": forecast_occasions(scope),
        "unit": unit,
        "plan": plan,
        "draft": plan is not None and plan.state == State.DRAFT,
        "measures": measures,
        "variance": variance,
        "stands": services.standing(variance, measures),
        "deeds": done.forms,
        "edits": _edits(request, unit),
        "money": committee_money(occasion),
        "hindrance": services.hindrance(occasion) if unit is None else "",
    }
    return render(request, "economy/recovery.html", context, status=done.status)


def _edits(request: CommitteeRequest, unit: Unit | None) -> bool:
    scope = request.scope
    if unit is None:
        return scope.may(Action.EDIT, Resource.ECONOMY)
    return writes(scope, unit)


def _deeds(
    request: CommitteeRequest, occasion: Occasion, unit: Unit | None, plan: RecoveryPlan | None
) -> Deeds:
    by, committee, money = request.user, request.scope.committee, committee_money(occasion)
    if not _edits(request, unit):
        return {}
    if plan is None:
        done = "Handlingsprogrammet är öppnat."
        return {"oppna": (OpenForm, _told(lambda _: services.open_plan(occasion, by, unit)), done)}
    seen = {"revision": plan.revision}

    def revision(said: dict[str, Any]) -> int:
        return int(said["revision"] or 0)

    if plan.state == State.DECIDED:
        reopen = _told(lambda said: services.reopen_plan(plan, by, said["reason"], revision(said)))
        return {"igen": (partial(ReasonForm, initial=seen), reopen, "Programmet är öppet igen.")}

    def add(said: dict[str, Any]) -> None:
        where = unit or said.get("unit")
        owner = tasks.Owner(said["role"], unit=where, committee=committee)
        values = {
            name: said[name] for name in ("what", "due", "amount", "full_year", "group", "expected_effect")
        }
        services.add_measure(plan, by, owner=owner, **values)

    def decide(said: dict[str, Any]) -> None:
        values = {"on": said["decided_on"], "decision": said["decision"]}
        services.decide_plan(plan, by, **values, expected_revision=revision(said))

    return {
        "orsak": (
            partial(CauseForm, initial={"cause": plan.cause, **seen}),
            _told(
                lambda said: services.save_plan(
                    plan, by, cause=said["cause"], expected_revision=revision(said)
                )
            ),
            "Orsaken är sparad.",
        ),
        "atgard": (
            partial(MeasureForm, committee=committee, money=money, unit=unit),
            _told(add),
            "Åtgärden är tillagd, och den ansvariga får veta det.",
        ),
        "besluta": (partial(DecideForm, initial=seen), _told(decide), "Beslutet är inskrivet."),
    }


@committee_page(Resource.ECONOMY)
def measure(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """A measure of a plan: its money changed, or struck with a reason."""
    rows = RecoveryMeasure.objects.filter(plan__committee=request.scope.committee)
    row = get_object_or_404(
        access.visible(request.user, rows).select_related("plan__occasion", "plan__unit", "action", "group"),
        pk=pk,
    )
    plan = row.plan
    if not _edits(request, plan.unit):
        raise Http404("Dina mandat ger inte rätt att ändra åtgärden.")
    money, by = committee_money(plan.occasion), request.user
    query = {"enhet": plan.unit.code} if plan.unit else {}
    back = request.scope.url("economy:recovery", plan.occasion.code, **query)

    def save(said: dict[str, Any]) -> None:
        names = ("amount", "full_year", "effect_so_far", "group")
        values = {name: said[name] for name in names}
        services.save_measure(row, by, **values, expected_revision=int(said["revision"] or 0))

    initial = MoneyForm.initial_of(row, money)
    possible: dict[str, Any] = {
        "spara": (
            partial(MoneyForm, committee=request.scope.committee, money=money, initial=initial),
            _told(save),
            "Sparat.",
        )
    }
    if plan.state == State.DRAFT and row.action.dropped_at is None:
        drop = _told(lambda said: services.drop_measure(row, by, said["reason"]))
        possible["stryk"] = (ReasonForm, drop, "Åtgärden är struken.")
    done = tried(request, possible, back=back)
    if done.answer is not None:
        return done.answer
    context = {
        "row": row,
        "plan": plan,
        "deeds": done.forms,
        "back": back,
        "money": money,
        "occasion": plan.occasion,
    }
    return render(request, "economy/recovery_measure.html", context, status=done.status)
