"""Pages that show the economy: operations, budget versions, investments, volumes and staff."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from roder import access
from roder.access import Action, Resource
from roder.economy.models import BudgetVersion, ForecastLine, InvestmentLine
from roder.economy.pages.budgets import comparison, previous
from roder.economy.pages.export import as_file
from roder.economy.pages.investments import investments as investments_table
from roder.economy.pages.means_tables import moves
from roder.economy.pages.operations import operations as operations_page
from roder.economy.pages.staff import measures_over_a_year, other_measures, sick_leave
from roder.economy.pages.volumes import volumes as volumes_page
from roder.reports.models import Report
from roder.steering.modelfile import SteeringModel
from roder.steering.models import Occasion
from roder.steering.services import model_of, parsed
from roder.web.scope import CommitteeRequest, Scope, committee_page


def model_at(occasion: Occasion | None, scope: Scope) -> SteeringModel | None:
    """The steering model of the occasion, else of the year; None when none is loaded."""
    if occasion is not None:
        return model_of(occasion)
    return parsed(scope.model) if scope.model else None


def chosen(
    request: HttpRequest, occasions: list[Occasion], with_data: Iterable[int] | None = None
) -> Occasion | None:
    """The occasion of the address (``tillfalle``), else the latest with data, or the first (the plan) when none has.

    Without ``with_data`` the latest that has begun.
    """
    code = request.GET.get("tillfalle")
    asked = next((one for one in occasions if one.code == code), None)
    if asked is not None or not occasions:
        return asked
    if with_data is None:
        found = [one for one in occasions if one.cut_off <= date.today()]
    else:
        data = set(with_data)
        found = [one for one in occasions if one.pk in data]
    return (found or occasions[:1])[-1]


def reported(model: type[ForecastLine | InvestmentLine], occasions: list[Occasion]) -> Iterable[int]:
    """The occasions with lines of a kind. Not asked for until it is needed."""
    return model.objects.filter(occasion__in=occasions).values_list("occasion_id", flat=True).distinct()


def is_locked(request: CommitteeRequest, occasion: Occasion | None) -> bool:
    """Whether a report of the occasion is locked: it keeps its own figures whatever is changed here."""
    rows = Report.objects.filter(occasion=occasion, state=Report.State.LOCKED)
    return occasion is not None and access.visible(request.user, rows).exists()


def page(
    request: CommitteeRequest,
    template: str,
    occasion: Occasion | None,
    occasions: list[Occasion],
    **context: Any,
) -> HttpResponse:
    """Draw a page that has a choice of occasion."""
    return render(request, template, {"occasion": occasion, "occasions": occasions, **context})


@committee_page(Resource.ECONOMY)
def operations(request: CommitteeRequest) -> HttpResponseBase:
    """The operating table of an occasion: budget, forecast, variance, change since the forecast before."""
    scope = request.scope
    occasions = scope.follow_ups
    occasion = chosen(request, occasions, reported(ForecastLine, occasions))
    if occasion is None:
        return page(request, "economy/operations.html", None, [])
    shown = operations_page(scope.committee, occasion, occasions, model_of(occasion))
    found = as_file(request, "drift", f"Drift, {occasion.name}", shown.tables, occasion)
    return found or page(
        request,
        "economy/operations.html",
        occasion,
        occasions,
        shown=shown,
        may_forecast=occasion.kind != Occasion.Kind.PLAN and scope.may(Action.COMMENT, Resource.ECONOMY),
    )


@committee_page(Resource.ECONOMY)
def budgets(request: CommitteeRequest) -> HttpResponse:
    """The adopted budgets and plans, latest year first."""
    versions = access.visible(request.user, BudgetVersion.objects.filter(committee=request.scope.committee))
    return render(
        request,
        "economy/budgets.html",
        {"versions": list(versions), "may_adopt": request.scope.may(Action.EDIT, Resource.ECONOMY)},
    )


@committee_page(Resource.ECONOMY)
def budget(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """One budget version beside the one before, with the difference."""
    scope = request.scope
    rows = access.visible(request.user, BudgetVersion.objects.filter(committee=scope.committee))
    versions = list(rows.order_by("year", "applies_from"))
    version = get_object_or_404(rows, pk=pk)
    asked = request.GET.get("mot", "")
    before = next((one for one in versions if str(one.pk) == asked and one != version), None)
    before = before or previous(version, versions)
    model = model_at(scope.follow_ups[0] if scope.follow_ups else None, scope)
    tables = comparison(version, before, model) if model else []
    found = as_file(request, f"budget-{version.year}", f"{version}", tables)
    return found or render(
        request,
        "economy/budget.html",
        {
            "version": version,
            "before": before,
            "others": [one for one in versions if one != version],
            "tables": tables,
        },
    )


@committee_page(Resource.ECONOMY)
def investments(request: CommitteeRequest) -> HttpResponseBase:
    """Investments per category and project."""
    scope = request.scope
    occasions = scope.follow_ups
    occasion = chosen(request, occasions, reported(InvestmentLine, occasions))
    if occasion is None:
        return page(request, "economy/investments.html", None, [])
    table, finding = investments_table(scope.committee, occasion, model_of(occasion))
    title = f"Investeringar, {occasion.name}"
    found = as_file(request, "investeringar", title, [table] if table else [], occasion)
    may_edit = scope.may(Action.EDIT, Resource.ECONOMY)
    return found or page(
        request,
        "economy/investments.html",
        occasion,
        occasions,
        table=table,
        finding=finding,
        may_edit=may_edit,
    )


@committee_page(Resource.ECONOMY)
def volumes(request: CommitteeRequest) -> HttpResponseBase:
    """Volumes per area: supports by measured dates, own, external and total, with forecast and a chart."""
    occasions = request.scope.follow_ups
    occasion = chosen(request, occasions)
    if occasion is None:
        return page(request, "economy/volumes.html", None, [])
    shown = volumes_page(request.scope.committee, occasion, model_of(occasion), request.GET.get("insats", ""))
    found = as_file(request, "volymer", f"Volymer, {occasion.name}", shown.tables, occasion)
    may_forecast = request.scope.may(Action.EDIT, Resource.ECONOMY)
    return found or page(
        request, "economy/volumes.html", occasion, occasions, shown=shown, may_forecast=may_forecast
    )


@committee_page(Resource.ECONOMY)
def staff(request: CommitteeRequest) -> HttpResponseBase:
    """Sick leave with the difference from last year, and other measures of the staff."""
    scope = request.scope
    occasions = scope.follow_ups
    occasion = chosen(request, occasions)
    if occasion is None:
        return page(request, "economy/staff.html", None, [])
    table, finding = sick_leave(scope.committee, occasion)
    others = other_measures(scope.committee, occasion)
    moved, moved_finding = moves(scope.committee, occasion)
    tables = [one for one in (table, others, measures_over_a_year(scope.committee, occasion), moved) if one]
    finding = (*finding, " ", *moved_finding) if finding and moved_finding else finding or moved_finding
    found = as_file(request, "personal", f"Personal, {occasion.name}", tables, occasion)
    return found or page(request, "economy/staff.html", occasion, occasions, tables=tables, finding=finding)
