"""Pages that show forecasts: the committee's as the sum of its units', and each unit's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from roder import access
from roder.access.matrix import Action, Resource, allows
from roder.economy import rules
from roder.economy.models import ForecastLine
from roder.economy.pages.forecast_texts import change_comments, listed
from roder.economy.rules.forecast import Part
from roder.economy.services import recovery
from roder.economy.services.committee_forecast import CommitteeForecast, committee_sum
from roder.economy.services.forecasts import UnitForecast, forecast_before, unit_forecasts
from roder.organisation.models import Unit, UnitPath
from roder.steering.models import AccountGroup, Occasion
from roder.steering.services import model_of
from roder.web.scope import CommitteeRequest, Scope, committee_page

FORECASTS = (Occasion.Kind.MONTHLY, Occasion.Kind.IN_DEPTH, Occasion.Kind.INTERIM)


def forecast_occasions(scope: Scope) -> list[Occasion]:
    """The year's occasions at which a forecast is made."""
    return [one for one in scope.follow_ups if one.kind in FORECASTS]


def latest(scope: Scope, asked: str = "") -> Occasion | None:
    """The occasion asked for, else the latest with a forecast, else the first."""
    rows = forecast_occasions(scope)
    if asked:
        return next((one for one in rows if one.code == asked), None)
    made = set(
        ForecastLine.objects.filter(occasion__in=rows).values_list("occasion_id", flat=True).distinct()
    )
    found = [one for one in rows if one.pk in made] or rows[:1]
    return found[-1] if found else None


def seen_units(scope: Scope) -> set[int] | None:
    """The units whose forecast the person may see; None for all of the committee."""
    held = [
        one
        for one in access.grants(scope.user)
        if one.committee_id == scope.committee.pk and allows(one.role, Resource.ECONOMY, Action.VIEW)
    ]
    if any(one.unit_id is None for one in held):
        return None
    roots = {one.unit_id for one in held}
    return set(UnitPath.objects.filter(ancestor_id__in=roots).values_list("descendant_id", flat=True))


@dataclass(frozen=True)
class SumRow:
    """A printed row of the committee's forecast."""

    label: str
    is_sum: bool
    budget: rules.Amount
    units: rules.Amount
    central: rules.Amount
    forecast: rules.Amount
    variance: rules.Amount
    change: rules.Amount
    cause: str
    comment: str
    against: list[str]


@dataclass(frozen=True)
class UnitRow:
    """A unit's line among all: its amounts by printed row, and how it stands."""

    unit: Unit
    amounts: list[rules.Amount]
    variance: rules.Amount
    change: rules.Amount
    state: tuple[str, str]
    lacks: tuple[str, ...] = field(default=())


def _state(one: UnitForecast) -> tuple[str, str]:
    if not one.reported:
        return ("Inte lämnad", "bad") if one.expected else ("Väntas inte", "none")
    return ("Något saknas", "near") if one.lacks else ("Lämnad", "good")


def _sum_rows(found: CommitteeForecast, comments: dict[str, str]) -> list[SumRow]:
    rows = []
    for row in found.rows:
        amounts = {
            "budget": found.budget[row.code],
            "forecast": found.whole[row.code],
            "variance": found.variance_of(row.code),
            "change": found.change_of(row.code),
        }
        cause, comment = found.causes.get(row.code, ""), comments.get(row.code, "")
        cost = row.sign == "cost"
        rows.append(
            SumRow(
                row.label,
                bool(row.sum_of),
                amounts["budget"],
                found.units_sum[row.code],
                found.central[row.code],
                amounts["forecast"],
                amounts["variance"],
                amounts["change"],
                cause,
                comment,
                [*listed(cause, amounts, is_cost=cost), *listed(comment, amounts, is_cost=cost)],
            )
        )
    return rows


@committee_page(Resource.ECONOMY)
def forecast_units(request: CommitteeRequest) -> HttpResponse:
    """The units' forecasts at the latest occasion, or the one chosen (``?tillfalle=``)."""
    return _sum_page(request, latest(request.scope, request.GET.get("tillfalle", "")))


@committee_page(Resource.ECONOMY)
def forecast_sum(request: CommitteeRequest, code: str) -> HttpResponse:
    """How the committee's forecast adds up at an occasion: units, central adjustments, who has not reported."""
    found = latest(request.scope, request.GET.get("tillfalle") or code)
    if found is None:
        raise Http404(f"Tillfället {code} har ingen prognos {request.scope.year}.")
    return _sum_page(request, found)


def _sum_page(request: CommitteeRequest, occasion: Occasion | None) -> HttpResponse:
    scope = request.scope
    if occasion is None:
        return render(request, "economy/forecast_sum.html", {"occasion": None, "occasions": []})
    found = committee_sum(occasion)
    seen = seen_units(scope)
    units = [
        UnitRow(
            one.unit,
            [found.by_unit[one.unit.pk][row.code] for row in found.rows],
            one.variance,
            one.change,
            _state(one),
            one.lacks,
        )
        for one in found.units
        if (seen is None or one.unit.pk in seen) and (one.reported or one.expected)
    ]
    return render(
        request,
        "economy/forecast_sum.html",
        {
            "occasion": occasion,
            "occasions": forecast_occasions(scope),
            "found": found,
            "money": found.money,
            "rows": _sum_rows(found, change_comments(occasion, request.user)),
            "units": units,
            "all_units": seen is None,
            "hindrance": recovery.hindrance(occasion, found),
            "may_forecast": scope.may(Action.COMMENT, Resource.ECONOMY),
            "may_adjust": scope.may(Action.EDIT, Resource.ECONOMY),
        },
    )


# --- a unit -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LineShown:
    """A row of a unit's forecast with the one before, and what its cause says against the numbers."""

    part: Part
    before: rules.Amount
    change: rules.Amount
    against: list[str]


@committee_page(Resource.ECONOMY)
def unit_forecast(request: CommitteeRequest, code: str, unit: str) -> HttpResponse:
    """A unit's own forecast: budget, forecast, variance, change and cause, what is left to write, its actions."""
    scope = request.scope
    occasion = scope.occasion(code)
    whose = Unit.objects.filter(committee=scope.committee, code=unit).first()
    seen = seen_units(scope)
    if whose is None or (seen is not None and whose.pk not in seen):
        raise Http404("Enheten finns inte, eller så ger dina mandat inte rätt att se den.")
    before = forecast_before(occasion)
    (one,) = unit_forecasts(occasion, [whose], before)
    costs = _costs(occasion)
    plan = recovery.plan_of(occasion, whose)
    context: dict[str, Any] = {
        "occasion": occasion,
        "occasions": forecast_occasions(scope),
        "unit": whose,
        "one": one,
        "before": before,
        "money": committee_money(occasion),
        "lines": [_line(key, one, costs) for key in one.parts],
        "plan": plan,
        "measures": list(recovery.measures_of(plan)) if plan else [],
        "may_write": writes(scope, whose),
    }
    return render(request, "economy/unit_forecast.html", context)


def writes(scope: Scope, unit: Unit) -> bool:
    """Whether the person may forecast for the unit: with a mandate in the committee, in the unit or above it."""
    held = [
        one
        for one in access.grants(scope.user)
        if one.committee_id == scope.committee.pk and allows(one.role, Resource.ECONOMY, Action.COMMENT)
    ]
    if any(one.unit_id is None for one in held):
        return True
    roots = {one.unit_id for one in held}
    return UnitPath.objects.filter(ancestor_id__in=roots, descendant_id=unit.pk).exists()


def committee_money(occasion: Occasion) -> Any:
    """The unit that the committee's tables are printed in."""
    from roder.core.numbers import Unit as Printed  # noqa: PLC0415 - not the organisation's unit

    return Printed(model_of(occasion).accounts.print_unit)


def _costs(occasion: Occasion) -> set[int]:
    codes = {row.code for row in model_of(occasion).accounts.rows if row.sign == "cost"}
    rows = AccountGroup.objects.filter(committee=occasion.committee_id, code__in=codes)
    return set(rows.values_list("pk", flat=True))


def _line(key: tuple[int | None, int], one: UnitForecast, costs: set[int]) -> LineShown:
    part, before = one.parts[key], one.before.get(key)
    change = rules.change(part.forecast, before)
    amounts = {"budget": part.budget, "forecast": part.forecast, "variance": part.variance, "change": change}
    return LineShown(part, before, change, listed(part.cause, amounts, is_cost=key[1] in costs))
