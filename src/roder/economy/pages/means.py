"""Pages about means: prepaid income, state grants, resource allocation, the result fund, a volume forecast."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from roder import access
from roder.access import Action, Resource
from roder.economy.models import FundEntry, PrepaidIncome
from roder.economy.pages import means_tables as tables
from roder.economy.pages.export import as_file
from roder.economy.pages.means_forms import FundForm, VolumeForecastForm
from roder.economy.pages.views import chosen
from roder.economy.services import funds
from roder.economy.services.volumes import save_volume_forecast
from roder.figures import At, LiveSource, compute
from roder.reports.document import Table
from roder.steering.models import Occasion
from roder.web.forms import tell
from roder.web.scope import CommitteeRequest, Scope, committee_page

if TYPE_CHECKING:
    from django import forms


def _page(
    request: CommitteeRequest,
    name: str,
    title: str,
    occasion: Occasion | None,
    found: Iterable[Table | None],
    **more: Any,
) -> HttpResponseBase:
    """The page with its tables, or a file of them."""
    shown = [one for one in found if one]
    file = as_file(request, name, title, shown, occasion) if occasion else None
    context = {"occasion": occasion, "occasions": request.scope.follow_ups, "tables": shown, **more}
    return file or render(request, f"economy/{name}.html", context)


@committee_page(Resource.ECONOMY)
def prepaid(request: CommitteeRequest) -> HttpResponseBase:
    """Prepaid income at an occasion."""
    scope = request.scope
    rows = PrepaidIncome.objects.filter(occasion__in=scope.follow_ups)
    occasion = chosen(request, scope.follow_ups, rows.values_list("occasion_id", flat=True).distinct())
    table = tables.prepaid(scope.committee, occasion) if occasion else None
    may_edit = scope.may(Action.EDIT, Resource.ECONOMY)
    return _page(request, "forutbetalda", "Förutbetalda intäkter", occasion, [table], may_edit=may_edit)


@committee_page(Resource.STATE_GRANTS)
def state_grants(request: CommitteeRequest) -> HttpResponseBase:
    """State grants as they stood at an occasion: applied, granted, used and left."""
    scope = request.scope
    occasion = chosen(request, scope.follow_ups)
    table, finding = tables.state_grants(scope.committee, occasion) if occasion else (None, ())
    return _page(request, "statsbidrag", "Statsbidrag", occasion, [table], finding=finding)


@committee_page(Resource.ECONOMY)
def allocation(request: CommitteeRequest) -> HttpResponseBase:
    """What the year's planned volumes are worth, beside how the municipal contribution changes."""
    scope = request.scope
    occasion = chosen(request, scope.follow_ups)
    table, finding = tables.allocation(scope.committee, occasion) if occasion else (None, ())
    return _page(
        request, "resursfordelning", f"Resursfördelning {scope.year}", occasion, [table],
        finding=finding, frame=tables.contribution_change(scope.committee, scope.year) if table else None,
        may_edit=scope.may(Action.EDIT, Resource.ECONOMY),
    )  # fmt: skip


@committee_page(Resource.ECONOMY)
def fund(request: CommitteeRequest) -> HttpResponseBase:
    """The result fund: its balance at an occasion, and the decisions behind it."""
    scope = request.scope
    occasion = chosen(request, scope.follow_ups)
    table = tables.fund(scope.committee, occasion) if occasion else None
    rows = access.visible(request.user, FundEntry.objects.filter(committee=scope.committee))
    return _page(
        request, "resultatfond", "Resultatfond", occasion, [table],
        entries=rows.order_by("-decided_on", "-pk")[:20],
        may_edit=scope.may(Action.EDIT, Resource.ECONOMY),
        to_carry=scope.year - 1 if funds.may_carry(scope.committee, scope.year - 1) else None,
    )  # fmt: skip


def result_of(scope: Scope, year: int) -> Decimal | None:
    """A year's result by the accounts, in kronor: the outcome at the year's last occasion. None when not known."""
    occasion = (
        Occasion.objects.filter(committee=scope.committee, year=year, kind=Occasion.Kind.ANNUAL)
        .order_by("-cut_off")
        .first()
    )
    if occasion is None:
        return None
    occasion.committee = scope.committee  # known here: not fetched again
    found = compute("ekonomi.drift.utfall", LiveSource(scope.committee), At.of(occasion)).get(rad="resultat")
    return found.value if found else None


@committee_page(Resource.ECONOMY, Action.EDIT)
def fund_entry(request: CommitteeRequest) -> HttpResponse:
    """Note a decision about the result fund; last year's result is proposed while it has not been carried over."""
    scope = request.scope
    initial: dict[str, Any] = {"year": scope.year, "kind": FundEntry.Kind.USED}
    if funds.may_carry(scope.committee, scope.year - 1):
        initial = {
            "year": scope.year - 1,
            "kind": FundEntry.Kind.CARRIED,
            "amount": result_of(scope, scope.year - 1),
        }
    form = FundForm(request.POST or None, initial=initial)
    back = scope.url("economy:funds")
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        kind, amount = given.pop("kind"), given.pop("amount")
        try:
            funds.add_fund_entry(scope.committee, kind, amount, request.user, **given)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, "Beslutet är inskrivet i resultatfonden.")
            return redirect(back)
    return _form(request, "economy/fondbeslut.html", form, back)


@committee_page(Resource.ECONOMY, Action.EDIT)
def volume_forecast(request: CommitteeRequest) -> HttpResponse:
    """Forecast a support's volume; who runs it follows a month that was measured."""
    scope = request.scope
    form = VolumeForecastForm(scope.committee, request.POST or None)
    back = scope.url("economy:volumes")
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            saved = save_volume_forecast(
                scope.committee, given["support"], given["day"], request.user, reference=given["reference"],
                count=given["count"], hours=given["hours"],
            )  # fmt: skip
        except ValidationError as error:
            tell(form, error)
        else:
            parts = ", ".join(
                f"{one.get_run_display()} {one.count if one.hours is None else one.hours}" for one in saved
            )
            messages.success(request, f"Prognosen är sparad och fördelad: {parts}.")
            return redirect(back)
    return _form(request, "economy/volymprognos.html", form, back)


def _form(request: CommitteeRequest, template: str, form: forms.Form, back: str) -> HttpResponse:
    return render(request, template, {"form": form, "back": back}, status=400 if form.errors else 200)
