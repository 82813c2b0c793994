"""The pages of the year's risk analysis: opened, its scale and rule, the matrix, departures, and decided."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from roder import access
from roder.access.matrix import Action, Resource
from roder.control.models import Risk, RiskAnalysis
from roder.control.pages import risk_forms as forms
from roder.control.pages.matrix import matrix_of
from roder.control.pages.risk_register import analysis_of, register
from roder.control.rules import scales
from roder.control.rules.moves import moves
from roder.control.services import analyses, risks
from roder.control.services.risks import RiskFault
from roder.control.services.scales import ScaleFault, scale_of
from roder.core.register import views
from roder.web.deeds import Deed, tried
from roder.web.scope import CommitteeRequest, committee_page


@committee_page(Resource.RISKS)
def risks_page(request: CommitteeRequest) -> HttpResponseBase:
    """The year's register of risks, with how far the analysis has come and its matrix; or how to begin it."""
    scope = request.scope
    if analysis_of(scope) is None:
        rows = RiskAnalysis.objects.filter(committee=scope.committee, year__lt=scope.year)
        before = access.visible(request.user, rows).order_by("-year").first()
        return render(request, "control/risk/none.html", {"register": register, "before": before})
    return views.listing(register, request)


def _analysis(request: CommitteeRequest) -> RiskAnalysis:
    found = analysis_of(request.scope)
    if found is None:
        raise Http404("Året har ingen riskanalys.")
    return found


@require_POST
@committee_page(Resource.RISKS, Action.EDIT)
def open_page(request: CommitteeRequest) -> HttpResponse:
    """Open the year's analysis, with the latest year's risks if that is wanted."""
    scope, form = request.scope, forms.OpenForm(request.POST)
    made: list[RiskAnalysis] = []

    def deed(said: dict[str, Any]) -> None:
        try:
            made.append(
                analyses.open_analysis(scope.committee, scope.year, request.user, title=said["title"])
            )
        except ScaleFault as fault:
            raise RiskFault(str(fault)) from fault
        before = analyses.latest_before(made[0])
        if said["carry"] and before is not None:
            analyses.carry_over(made[0], before, request.user)

    if form.try_to(deed):
        messages.success(request, f"Riskanalysen för {scope.year} är öppnad.")
    else:
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
    return redirect(scope.url("control:risks"))


@committee_page(Resource.RISKS)
def matrix_page(request: CommitteeRequest) -> HttpResponse:
    """The matrix alone, with what has moved since last year in words."""
    analysis = _analysis(request)
    drawn = matrix_of(analysis)
    context = {
        "analysis": analysis,
        "scale": scale_of(analysis.scale_id),
        "matrix": drawn,
        "picture": moves(drawn),
        "large": True,
    }
    return render(request, "control/risk/matrix_page.html", context)


@committee_page(Resource.RISKS)
def departures_page(request: CommitteeRequest) -> HttpResponse:
    """The risks whose handling departs from the rule, why, and the reason that is given."""
    analysis = _analysis(request)
    found = risks.departures(analysis)
    context = {
        "analysis": analysis,
        "scale": scale_of(analysis.scale_id),
        "departures": found,
        "lacking": sum(not risk.handling_reason for risk, _ in found),
    }
    return render(request, "control/risk/departures.html", context)


@committee_page(Resource.RISKS)
def analysis_page(request: CommitteeRequest) -> HttpResponse:
    """How the risks are scored this year: the scale and its rule; and what may be done with the analysis."""
    analysis = _analysis(request)
    done = tried(request, _deeds(request, analysis), {"revision": analysis.revision})
    if done.answer is not None:
        return done.answer
    scale = scale_of(analysis.scale_id)
    context = {
        "analysis": analysis,
        "scale": scale,
        "bands": [
            (band, [(scales.HANDLINGS[one.handling], one) for one in band.proposals]) for band in scale.bands
        ],
        "older": analyses.older_scales(analysis),
        "by_old": analyses.by_old_scale(analysis).order_by("position"),
        "deeds": done.forms,
    }
    return render(request, "control/risk/analysis.html", context, status=done.status)


def _deeds(request: CommitteeRequest, analysis: RiskAnalysis) -> dict[str, Deed]:
    """What may be done with the analysis now by the person."""
    by, found = request.user, dict[str, Deed]()
    edits, decides = (access.may(by, one, analysis) for one in (Action.EDIT, Action.DECIDE))
    if analysis.state == RiskAnalysis.State.DECIDED:
        if decides:
            found["oppna"] = Deed(
                forms.DeedForm,
                lambda said: analyses.reopen_analysis(analysis, by, expected_revision=said["revision"]),
                "Riskanalysen är öppen igen.",
            )
        return found
    if edits:
        found["om"] = Deed(
            forms.AboutForm,
            lambda said: analyses.change_analysis(
                analysis, by, title=said["title"], introduction=said["introduction"],
                expected_revision=said["revision"],
            ),
            "Sparat.",
            {"title": analysis.title, "introduction": analysis.introduction},
        )  # fmt: skip
        if years := _years(request, analysis):
            found["ta-med"] = Deed(
                partial(forms.CarryForm, years=years), lambda said: _carry(request, analysis, said), "Riskerna är med."
            )  # fmt: skip
        if analyses.has_newer_scale(analysis):
            found["skala"] = Deed(
                forms.DeedForm, lambda said: analyses.use_new_scale(analysis, by),
                "Analysen använder den nya skalan. Bedömningar som finns står kvar på den gamla tills de görs om.",
            )  # fmt: skip
    if decides:
        found["besluta"] = Deed(
            forms.DecideForm,
            lambda said: analyses.decide_analysis(
                analysis, by, said["on"], said["decision"], expected_revision=said["revision"]
            ),
            "Riskanalysen är beslutad.",
        )
    return found


def _years(request: CommitteeRequest, analysis: RiskAnalysis) -> list[tuple[int, str]]:
    """The earlier years that the person may see and that have risks left to take from, in words."""
    rows = RiskAnalysis.objects.filter(committee=analysis.committee_id, year__lt=analysis.year)
    left = Risk.objects.filter(state=Risk.State.ACTIVE).exclude(code__in=analysis.risks.values("code"))
    years: dict[int, tuple[str, int]] = {}
    for one in left.filter(analysis__in=access.visible(request.user, rows)).select_related("analysis"):
        name, count = years.get(one.analysis_id, (str(one.analysis), 0))
        years[one.analysis_id] = (name, count + 1)
    return [(pk, f"{name} ({count} risker)") for pk, (name, count) in sorted(years.items(), reverse=True)]


def _carry(request: CommitteeRequest, analysis: RiskAnalysis, said: dict[str, Any]) -> None:
    rows = RiskAnalysis.objects.filter(committee=analysis.committee_id)
    source = access.visible(request.user, rows).filter(pk=said["from_analysis"]).first()
    if source is None:
        raise RiskFault({"from_analysis": "Året finns inte längre. Ladda om sidan."})
    analyses.carry_over(analysis, source, request.user)
