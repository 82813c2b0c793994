"""Pages where the economy is written: the forecast, a new budget version, the investments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from roder import access
from roder.access import Action, Resource
from roder.core.periods import PeriodError, parse_date
from roder.economy import services
from roder.economy.pages.views import is_locked
from roder.economy.services.forecasts import forecast_before
from roder.economy.sheets import BudgetSheet, ForecastSheet, InvestmentSheet
from roder.organisation.models import Unit
from roder.steering.models import Occasion
from roder.steering.services import model_of
from roder.web.scope import CommitteeRequest, Scope, committee_page, refuse


def units_to_forecast(scope: Scope) -> list[Unit]:
    """The units that the person may forecast for."""
    rows = Unit.objects.filter(committee=scope.committee)
    if access.may(scope.user, Action.EDIT, Resource.ECONOMY, scope.committee):
        return list(rows.order_by("name"))
    mandates = {
        grant.unit_id for grant in access.grants(scope.user) if grant.committee_id == scope.committee.pk
    }
    if None in mandates:
        return list(rows.order_by("name"))
    return list(rows.filter(paths_up__ancestor__in=mandates).distinct().order_by("name"))


@committee_page(Resource.ECONOMY, Action.COMMENT)
def forecast(request: CommitteeRequest, code: str) -> HttpResponse:
    """The forecast of the committee or a unit: every account group on one page, with budget and the last forecast."""
    scope = request.scope
    occasion = scope.occasion(code)
    units = units_to_forecast(scope)
    whole = scope.may(Action.EDIT, Resource.ECONOMY)
    asked = request.POST.get("enhet", request.GET.get("enhet", ""))
    unit = next((one for one in units if str(one.pk) == asked), None)
    if unit is None and asked:
        return refuse("Enheten finns inte, eller så ger dina mandat inte rätt att lämna prognos för den.")
    if unit is None and not whole:
        if not units:
            return render(request, "economy/forecast.html", {"occasion": occasion, "sheet": None}, status=403)
        unit = units[0]
    sheet = ForecastSheet.opened(occasion, model_of(occasion), forecast_before(occasion), unit)
    status = 200
    if request.method == "POST":
        done = _save_forecast(request, sheet)
        if done:
            return redirect(scope.url("economy:forecast", code, **({"enhet": unit.pk} if unit else {})))
        status = 409 if any(row.other for row in sheet.rows) else 400
    elif request.GET.get("fyll") == "forra":
        sheet.fill_from_previous()
    context = {
        "occasion": occasion,
        "sheet": sheet,
        "unit": unit,
        "units": units,
        "whole": whole,
        "locked": is_locked(request, occasion),
        "occasions": [one for one in scope.follow_ups if one.kind != Occasion.Kind.PLAN],
    }
    return render(request, "economy/forecast.html", context, status=status)


def _save_forecast(request: CommitteeRequest, sheet: ForecastSheet) -> bool:
    """Save what was typed, all of it or nothing. On faults the sheet holds them."""
    entries = sheet.bind(request.POST)
    with transaction.atomic():
        try:
            services.save_forecast(sheet.occasion, entries, request.user, sheet.unit)
        except services.EntryFaultsError as faults:
            sheet.take_faults(faults)
        if sheet.faulty:
            transaction.set_rollback(True)
            return False
    messages.success(request, f"Prognosen vid {sheet.occasion.name.lower()} är sparad.")
    doubtful = sheet.doubtful(entries)
    if doubtful:
        messages.warning(request, f"Kostnader ska vara negativa, men här står plus: {', '.join(doubtful)}.")
    return True


@committee_page(Resource.ECONOMY, Action.EDIT)
def new_budget(request: CommitteeRequest) -> HttpResponse:
    """A new budget version, or a redistribution: the amounts of the version before, to be changed, and the decision."""
    scope = request.scope
    if not scope.follow_ups:
        return render(request, "economy/budget_new.html", {"sheet": None})
    before = services.version_in_force(scope.committee, scope.year, date(scope.year, 12, 31))
    sheet = BudgetSheet.opened(scope.follow_ups[0], model_of(scope.follow_ups[0]), before)
    typed = {
        name: request.POST.get(name, "").strip()
        for name in ("name", "code", "applies_from", "decided_on", "decision")
    }
    faults: dict[str, list[str]] = {}
    if request.method == "POST":
        adopted = _adopt(request, sheet, typed, faults)
        if adopted is not None:
            messages.success(
                request, f"{adopted.version} är antagen och gäller från {adopted.version.applies_from}."
            )
            for remark in adopted.remarks:
                messages.warning(request, remark)
            return redirect(scope.url("economy:budget", adopted.version.pk))
    context = {"sheet": sheet, "typed": typed, "faults": faults, "before": before}
    return render(request, "economy/budget_new.html", context, status=400 if faults or sheet.faulty else 200)


def _adopt(
    request: CommitteeRequest, sheet: BudgetSheet, typed: dict[str, str], faults: dict[str, list[str]]
) -> services.Adopted | None:
    """Adopt what was typed, or note every fault."""
    amounts = sheet.bind(request.POST)
    days: dict[str, date | None] = {}
    for name in ("applies_from", "decided_on"):
        try:
            days[name] = parse_date(typed[name]) if typed[name] else None
        except PeriodError as error:
            faults[name] = [str(error)]
    for name, word in (
        ("name", "vad versionen heter"),
        ("code", "en kort kod"),
        ("applies_from", "från när den gäller"),
    ):
        if not typed[name]:
            faults.setdefault(name, [f"Skriv {word}."])
    if not typed["decision"]:
        faults["decision"] = ["Skriv vilket beslut budgeten bygger på (datum och paragraf)."]
    start = days.get("applies_from")
    if faults or sheet.faulty or start is None:
        return None
    try:
        return services.adopt_budget(
            request.scope.committee,
            request.scope.year,
            amounts,
            request.user,
            code=typed["code"],
            name=typed["name"],
            applies_from=start,
            decided_on=days["decided_on"],
            decision=typed["decision"],
        )
    except ValidationError as error:
        found: dict[str, Any] = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        _spread(faults, found)
        return None


def _spread(faults: dict[str, list[str]], found: dict[str, Iterable[str]]) -> None:
    """Put the model's faults at the page's fields; those of no field stand first."""
    fields = {"name", "code", "applies_from", "decided_on", "decision"}
    for name, texts in found.items():
        faults.setdefault(name if name in fields else "", []).extend(texts)


@committee_page(Resource.ECONOMY, Action.EDIT)
def edit_investments(request: CommitteeRequest, code: str) -> HttpResponse:
    """The investments of an occasion: every project's amounts on one page, and room for new projects."""
    scope = request.scope
    occasion = scope.occasion(code)
    sheet = InvestmentSheet.opened(occasion, model_of(occasion))
    back = scope.url("economy:investments", tillfalle=code)
    status = 200
    if request.method == "POST":
        entries = sheet.bind(request.POST)
        with transaction.atomic():
            try:
                services.save_investments(occasion, entries, request.user)
            except services.EntryFaultsError as faults:
                sheet.take_faults(faults)
            if sheet.faulty:
                transaction.set_rollback(True)
        if not sheet.faulty:
            messages.success(request, f"Investeringarna vid {occasion.name} är sparade.")
            return redirect(back)
        status = 409 if any(row.other for row in sheet.rows) else 400
    context = {"occasion": occasion, "sheet": sheet, "back": back, "locked": is_locked(request, occasion)}
    return render(request, "economy/investments_edit.html", context, status=status)
