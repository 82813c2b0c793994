"""Comparisons with other municipalities: all of the committee's, one measure, and fetching from Kolada."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from roder import access
from roder.access import Action, Resource
from roder.core.numbers import whole_number
from roder.imports.kinds import MEASURE_VALUES
from roder.imports.services import may_import
from roder.kolada import rules
from roder.kolada.asking import YEARS_BACK
from roder.kolada.comparing import COUNTRY, OWN, SIMILAR, Comparison, compared, groups_of, name_of
from roder.kolada.models import Fetch, Indicator
from roder.kolada.pages import charts
from roder.kolada.pages.forms import FetchForm
from roder.kolada.requests import ask_for
from roder.kolada.store import Store
from roder.measures.models import Measure, MeasureValue
from roder.web.scope import CommitteeRequest, committee_page

SHOWN_FETCHES = 5
MANY = 20  # values from which a spread says more than the single municipalities


@committee_page(Resource.MEASURES)
def benchmarks(request: CommitteeRequest) -> HttpResponse:
    """The committee's measures beside similar municipalities and the country."""
    scope = request.scope
    measures = access.visible(
        request.user, Measure.objects.filter(committee=scope.committee).exclude(kolada_id="")
    ).order_by("position", "code")
    rows = compared(list(measures), scope.committee.municipality, request.user, scope.year)
    fetches = Fetch.objects.filter(municipality=scope.committee.municipality).select_related("asked_by")
    known = [row for row in rows if row.own is not None and row.country is not None]
    return render(
        request,
        "kolada/benchmarks.html",
        {
            "rows": rows,
            "name": name_of(scope.committee.municipality),
            "known": len(known),
            "example": any(row.example for row in rows),
            "good": sum(1 for row in known if row.tone == "good"),
            "fetches": fetches[:SHOWN_FETCHES],
            "may_fetch": may_import(MEASURE_VALUES, scope.committee, request.user),
        },
    )


@committee_page(Resource.MEASURES)
def benchmark(request: CommitteeRequest, pk: int) -> HttpResponse:
    """One measure: series, the similar municipalities, the spread in the country, women and men."""
    scope = request.scope
    town = scope.committee.municipality
    name = name_of(town)
    found = get_object_or_404(
        access.visible(request.user, Measure.objects.filter(committee=scope.committee)), pk=pk
    )
    wanted = request.GET.get("ar", "")
    groups = groups_of(name)
    chosen = request.GET.get("grupp", "")
    one = compared(
        [found], town, request.user, scope.year, group=chosen if chosen in {g.code for g in groups} else "",
        year=whole_number(wanted, 4) if len(wanted) == len("2022") else None,
    )[0]  # fmt: skip
    spread = (
        rules.spread(Store().spread_of(found.kolada_id, one.year)) if found.kolada_id and one.year else None
    )
    return render(
        request,
        "kolada/benchmark.html",
        {
            "measure": found,
            "name": name,
            "one": one,
            "finding": charts.finding(one, name),
            "picture": charts.series_chart(one, name),
            "near": charts.neighbour_chart(one),
            "standing": charts.standing_words(one) if one.standing else "",
            "sexes": charts.sex_chart(one, name),
            "sex_rows": _sex_rows(one),
            "spread": spread if spread and spread.count >= MANY else None,
            "groups": groups,
            "years": sorted(one.years(OWN), reverse=True),
            "indicator": Indicator.objects.filter(code=found.kolada_id).first(),
        },
    )


def _sex_rows(one: Comparison) -> list[tuple[str, list[Decimal | None]]]:
    """Women and men of the year: own, similar, country."""
    labels = ((MeasureValue.Sex.WOMEN, "Kvinnor"), (MeasureValue.Sex.MEN, "Män"))
    rows = [
        (label, [one.years(where, sex).get(one.year or 0) for where in (OWN, SIMILAR, COUNTRY)])
        for sex, label in labels
    ]
    return rows if any(cell is not None for _, cells in rows for cell in cells) else []


@committee_page(Resource.IMPORTS, Action.IMPORT)
def fetch(request: CommitteeRequest) -> HttpResponse:
    """Ask for a fetch of the committee's comparisons; it is made in the background."""
    committee = request.scope.committee
    for action, resource in MEASURE_VALUES.rights:
        access.require(request.user, action, resource, committee)
    this_year = timezone.localdate().year
    first = {"first_year": this_year - YEARS_BACK + 1, "last_year": this_year}
    form = FetchForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        ask_for(committee, request.user, **form.cleaned_data)
        messages.success(
            request, "Hämtningen är beställd. Den görs i bakgrunden; ladda om sidan om en stund."
        )
        return redirect(request.scope.url("kolada:benchmarks"))
    measures = Measure.objects.filter(committee=committee).exclude(kolada_id="")
    return render(
        request,
        "kolada/fetch.html",
        {"form": form, "count": measures.count()},
        status=400 if form.errors else 200,
    )
