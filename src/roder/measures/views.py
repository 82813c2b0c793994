"""Pages of key figures: the register and the page of one measure."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from roder import access
from roder.access import Resource
from roder.core.models import Link
from roder.imports.kinds import KINDS
from roder.imports.services import may_import
from roder.measures.charts import series_chart
from roder.measures.grading import rule_for
from roder.measures.models import Measure, MeasureValue
from roder.measures.proposals import GOAL, MEASURE, years_of
from roder.steering.assess_views import assessed_occasions, assessment_context, chosen_occasion
from roder.steering.models import Goal
from roder.steering.services import model_of
from roder.web.scope import CommitteeRequest, committee_page

SHOWN_VALUES = 200


@committee_page(Resource.MEASURES)
def measure(request: CommitteeRequest, pk: int) -> HttpResponse:
    """One measure: series with target and benchmark, definition and its history, values, goals that use it."""
    scope = request.scope
    found = get_object_or_404(
        access.visible(request.user, Measure.objects.filter(committee=scope.committee)), pk=pk
    )
    occasions = assessed_occasions(scope)
    occasion = chosen_occasion(request, occasions)
    graded = occasion is not None and rule_for(model_of(occasion), found) is not None
    entry = years_of([found], scope.year)[found.pk]
    values = access.visible(
        request.user, MeasureValue.objects.filter(measure=found).select_related("unit", "batch")
    ).order_by("-period_end", "comparison", "unit", "sex", "part")
    shown = list(values[: SHOWN_VALUES + 1])
    used_by = Link.objects.filter(target_kind=MEASURE, target_id=found.pk, source_kind=GOAL)
    goals = access.visible(request.user, Goal.objects.filter(pk__in=used_by.values("source_id")))
    return render(
        request,
        "measures/measure.html",
        {
            "measure": found,
            "may_import": may_import(KINDS["nyckeltal"], scope.committee, request.user),
            "entry": entry,
            "picture": series_chart(entry),
            "definitions": found.definitions.order_by("-valid"),
            "targets": found.targets.order_by("-year"),
            "values": shown[:SHOWN_VALUES],
            "more": len(shown) > SHOWN_VALUES,
            "goals": goals,
            "graded": graded,
            **(assessment_context(request, found, occasions, occasion, editable=True) if graded else {}),
        },
    )
