"""Pages of goals and assignments: the chain, one goal, one assignment, and what people say of them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString

from roder import access
from roder.access import Resource
from roder.access.rights import User
from roder.core.models import Link
from roder.core.register.filters import Select
from roder.imports.kinds import KINDS
from roder.imports.services import may_import
from roder.measures.charts import series_chart
from roder.measures.proposals import Measured, linked_measures, measured, warnings, years_of
from roder.organisation.models import Unit
from roder.steering import services
from roder.steering.assess_views import assessed_occasions, assessment_context, chosen_occasion
from roder.steering.chain import build
from roder.steering.modelfile.followup import Goals
from roder.steering.models import Activity, Assessment, Assignment, Goal, Occasion
from roder.steering.rules import too_many
from roder.web.scope import CommitteeRequest, Scope, committee_page


@committee_page(Resource.GOALS)
def chain(request: CommitteeRequest) -> HttpResponse:
    """The chain: from the vision to what the units do."""
    scope = request.scope
    occasions = assessed_occasions(scope)
    occasion = chosen_occasion(request, occasions)
    units = _units(request.user, scope.committee.pk)
    wanted = request.GET.get("enhet")
    unit = next((Unit(pk=pk, name=name) for pk, name in units if str(pk) == wanted), None)
    tree = build(request.user, scope.committee, scope.year, occasion, unit)
    goals = [node.goal for node in tree.goals]
    known = measured(goals, scope.year, until=occasion)
    rules = _governing(scope, occasion)
    council = sum(1 for area in tree.areas for node in area.councils if node.goal)
    excess = [
        text
        for text in (
            too_many(council, rules.council_goals_max if rules else None, "mål från fullmäktige"),
            too_many(len(goals), rules.committee_goals_max if rules else None, "nämndmål"),
        )
        if text
    ]
    return render(
        request,
        "steering/chain.html",
        {
            "tree": tree,
            "occasions": occasions,
            "occasion": occasion,
            "unit_select": _unit_select(units, unit),
            "unit": unit,
            "measures": {goal.pk: known.of(goal) for goal in goals},
            "warnings": warnings(goals, scope.year, known, scope.follow_ups),
            "excess": excess,
            "counts": _counts(tree.goals),
            "may_import": may_import(KINDS["mal"], scope.committee, request.user),
        },
    )


@access.kept
def _units(user: User, committee: int) -> QuerySet[Unit, tuple[int, str]]:
    rows = access.visible(user, Unit.objects.filter(committee=committee))
    return rows.order_by("name").values_list("pk", "name")


@access.kept
def _goal(user: User, municipality: int, pk: int) -> QuerySet[Goal]:
    rows = access.visible(user, Goal.objects.filter(municipality=municipality))
    return rows.select_related("focus_area__vision", "parent__focus_area__vision", "committee").filter(pk=pk)


@access.kept
def _activities(user: User, goal: int, year: int) -> QuerySet[Activity]:
    return access.visible(user, Activity.objects.filter(goal=goal, year=year).select_related("unit"))


def _unit_select(units: list[tuple[int, str]], chosen: Unit | None) -> SafeString:
    """The choice of a unit, the whole committee first; empty when there are no units."""
    if not units:
        return SafeString("")
    choices = [("", "Hela nämnden"), *((str(pk), name) for pk, name in units)]
    return Select(choices=choices).render("enhet", str(chosen.pk) if chosen else "", {"id": "enhet"})


def _governing(scope: Scope, occasion: Occasion | None) -> Goals | None:
    """What the steering model says of goals: the occasion's own model, else the year's latest."""
    if occasion is not None:
        return services.model_of(occasion).goals
    return services.parsed(scope.model).goals if scope.model else None


def _counts(nodes: list[Any]) -> str:
    """How many goals have which status, as a sentence."""
    if not nodes:
        return ""
    found: dict[str, int] = {}
    for node in nodes:
        label = node.status.label.lower() if node.status else "utan bedömning"
        found[label] = found.get(label, 0) + 1
    parts = ", ".join(f"{label}: {count}" for label, count in found.items())
    return f"{len(nodes)} mål ({parts})."


@committee_page(Resource.GOALS)
def goal(request: CommitteeRequest, pk: int) -> HttpResponse:
    """One goal: up to the vision, its measures with charts, what was said of it, and the units' activities."""
    scope = request.scope
    found = next(iter(_goal(request.user, scope.committee.municipality_id, pk)), None)
    if found is None:
        raise Http404("Målet finns inte.")
    occasions = assessed_occasions(scope)
    occasion = chosen_occasion(request, occasions)
    by_kind = linked_measures([found], (Link.Kind.MEASURED_BY, Link.Kind.INDICATOR))
    measures, indicators = (of_goals.get(found.pk, []) for of_goals in by_kind.values())
    years = years_of([*measures, *indicators], scope.year, until=occasion)
    known = Measured(by_kind[Link.Kind.MEASURED_BY], years)
    is_own = found.committee_id == scope.committee.pk
    return render(
        request,
        "steering/goal.html",
        {
            "goal": found,
            "may_import": may_import(KINDS["mal"], scope.committee, request.user),
            "area": found.focus_area or (found.parent.focus_area if found.parent else None),
            "children": access.visible(request.user, found.children.all()) if not is_own else (),
            "measures": [(years[m.pk], series_chart(years[m.pk])) for m in measures],
            "indicators": [years[m.pk] for m in indicators],
            "activities": _activities(request.user, found.pk, scope.year),
            "warnings": warnings([found], scope.year, known, scope.follow_ups).get(found.pk, [])
            if is_own
            else [],
            **assessment_context(request, found, occasions, occasion, editable=is_own, known=known),
        },
    )


@committee_page(Resource.GOALS)
def assignments(request: CommitteeRequest) -> HttpResponse:
    """The committee's assignments with their status at an occasion."""
    scope = request.scope
    occasions = assessed_occasions(scope)
    occasion = chosen_occasion(request, occasions)
    rows = list(access.visible(request.user, services.assignments_of(scope.committee, scope.year)))
    said: dict[int, Assessment] = {}
    scale = {}
    if occasion:
        scale = {
            s.code: s for s in services.scale_for(services.model_of(occasion), "assignment", occasion.kind)
        }
        said = {
            row.subject_id: row
            for row in Assessment.objects.filter(
                occasion=occasion,
                subject_kind=Assignment.record_kind(),
                subject_id__in=[r.pk for r in rows],
                unit=None,
            )
        }
    table = [
        (row, said.get(row.pk), scale.get(said[row.pk].status) if row.pk in said else None) for row in rows
    ]
    context = {
        "rows": table,
        "occasions": occasions,
        "occasion": occasion,
        "may_import": may_import(KINDS["uppdrag"], scope.committee, request.user),
    }
    return render(request, "steering/assignments.html", context)


@committee_page(Resource.GOALS)
def assignment(request: CommitteeRequest, pk: int) -> HttpResponse:
    """One assignment: who gave it, what is said of it, and how it has gone."""
    scope = request.scope
    found = get_object_or_404(
        access.visible(request.user, Assignment.objects.filter(committee=scope.committee)), pk=pk
    )
    occasions = assessed_occasions(scope)
    occasion = chosen_occasion(request, occasions)
    return render(
        request,
        "steering/assignment.html",
        {
            "assignment": found,
            "may_import": may_import(KINDS["uppdrag"], scope.committee, request.user),
            **assessment_context(request, found, occasions, occasion, editable=True),
        },
    )
