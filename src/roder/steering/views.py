"""Pages of goals and assignments: the chain, one goal, one assignment, and what people say of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from roder import access
from roder.access import Action, Resource
from roder.core.models import Link, StaleRecordError
from roder.measures.charts import series_chart
from roder.measures.proposals import measures_of, proposals, warnings, years_of
from roder.organisation.models import Unit
from roder.steering import services
from roder.steering.chain import build
from roder.steering.forms import AssessmentForm
from roder.steering.models import Activity, Assessment, Assignment, Goal, Occasion
from roder.steering.rules import Proposal, too_many
from roder.web.scope import CommitteeRequest, Scope, committee_page

SUBJECTS: dict[str, type[Goal] | type[Assignment]] = {"mal": Goal, "uppdrag": Assignment}
ASSESSED = (Occasion.Kind.INTERIM, Occasion.Kind.ANNUAL)


def assessed_occasions(scope: Scope) -> list[Occasion]:
    """The year's occasions at which goals and assignments are assessed."""
    return [occasion for occasion in scope.occasions if occasion.kind in ASSESSED]


def chosen_occasion(request: HttpRequest, occasions: list[Occasion]) -> Occasion | None:
    """The occasion of the address (``tillfalle``), else the first one that is open for the year."""
    code = request.GET.get("tillfalle") or request.POST.get("tillfalle")
    return next((one for one in occasions if one.code == code), occasions[0] if occasions else None)


@committee_page(Resource.GOALS)
def chain(request: CommitteeRequest) -> HttpResponse:
    """The chain: from the vision to what the units do."""
    scope = request.scope
    occasions = assessed_occasions(scope)
    occasion = chosen_occasion(request, occasions)
    units = list(
        access.visible(request.user, Unit.objects.filter(committee=scope.committee)).order_by("name")
    )
    unit = next((one for one in units if str(one.pk) == request.GET.get("enhet")), None)
    tree = build(request.user, scope.committee, scope.year, occasion, unit)
    goals = [node.goal for node in tree.goals]
    linked = measures_of(goals)
    years = years_of({m.pk: m for ms in linked.values() for m in ms}.values(), scope.year, until=occasion)
    model = services.parsed(scope.model) if scope.model else None
    rules = model.goals if model else None
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
            "units": units,
            "unit": unit,
            "measures": {goal.pk: [years[m.pk] for m in linked.get(goal.pk, [])] for goal in goals},
            "warnings": warnings(goals, scope.year),
            "excess": excess,
            "counts": _counts(tree.goals),
        },
    )


def _counts(nodes: list[Any]) -> str:
    """How many goals have which status, as a sentence."""
    if not nodes:
        return ""
    found: dict[str, int] = {}
    for node in nodes:
        label = node.status.label.lower() if node.status else "utan bedömning"
        found[label] = found.get(label, 0) + 1
    parts = ", ".join(f"{count} {label}" for label, count in found.items())
    return f"{len(nodes)} mål: {parts}."


@committee_page(Resource.GOALS)
def goal(request: CommitteeRequest, pk: int) -> HttpResponse:
    """One goal: up to the vision, its measures with charts, what was said of it, and the units' activities."""
    scope = request.scope
    found = get_object_or_404(
        access.visible(
            request.user, Goal.objects.filter(municipality=scope.committee.municipality_id)
        ).select_related("focus_area__vision", "parent__focus_area__vision", "committee"),
        pk=pk,
    )
    occasions = assessed_occasions(scope)
    occasion = chosen_occasion(request, occasions)
    measures = measures_of([found]).get(found.pk, [])
    indicators = measures_of([found], Link.Kind.INDICATOR).get(found.pk, [])
    years = years_of([*measures, *indicators], scope.year, until=occasion)
    activities = access.visible(
        request.user, Activity.objects.filter(goal=found, year=scope.year).select_related("unit")
    )
    is_own = found.committee_id == scope.committee.pk
    proposal = proposals([found], occasion).get(found.pk) if occasion and is_own else None
    return render(
        request,
        "steering/goal.html",
        {
            "goal": found,
            "area": found.focus_area or (found.parent.focus_area if found.parent else None),
            "children": access.visible(request.user, found.children.all()) if not is_own else (),
            "measures": [(years[m.pk], series_chart(years[m.pk])) for m in measures],
            "indicators": [years[m.pk] for m in indicators],
            "activities": activities,
            "warnings": warnings([found], scope.year).get(found.pk, []) if is_own else [],
            "proposal": proposal,
            **_assessment_context(request, found, occasions, occasion, proposal, editable=is_own),
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
    return render(
        request, "steering/assignments.html", {"rows": table, "occasions": occasions, "occasion": occasion}
    )


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
            **_assessment_context(request, found, occasions, occasion, None, editable=True),
        },
    )


def _assessment_context(
    request: CommitteeRequest,
    subject: Goal | Assignment,
    occasions: list[Occasion],
    occasion: Occasion | None,
    proposal: Proposal | None,
    *,
    editable: bool,
) -> dict[str, Any]:
    """What the part of a page about assessments needs: the form for the occasion, and what was said before."""
    said = list(services.history(subject))
    current = next((row for row in said if occasion and row.occasion_id == occasion.pk), None)
    labels: dict[int, Any] = {}
    for row in said:
        scale = services.scale_for(
            services.model_of(row.occasion), services.subject_name(subject), row.occasion.kind
        )
        labels[row.pk] = next((step for step in scale if step.code == row.status), None)
    form = None
    if occasion and editable and access.may(request.user, Action.COMMENT, subject):
        scale = services.scale_for(services.model_of(occasion), services.subject_name(subject), occasion.kind)
        form = AssessmentForm(scale=scale, proposal=proposal, initial=AssessmentForm.initial_of(current))
    return {
        "subject": subject,
        "subject_name": services.subject_name(subject),
        "subject_slug": next(slug for slug, model in SUBJECTS.items() if isinstance(subject, model)),
        "occasions": occasions,
        "occasion": occasion,
        "current": current,
        "said": [(row, labels[row.pk]) for row in said],
        "form": form,
    }


@committee_page(Resource.GOALS, Action.COMMENT)
def assess(request: CommitteeRequest, kind: str, pk: int, code: str) -> HttpResponse:
    """Save an assessment. A second saver is shown both texts and loses nothing."""
    scope = request.scope
    occasion = scope.occasion(code)
    model = SUBJECTS[kind]
    subject = get_object_or_404(
        access.visible(request.user, model.objects.filter(committee=scope.committee), Action.COMMENT), pk=pk
    )
    proposal = proposals([subject], occasion).get(subject.pk) if isinstance(subject, Goal) else None
    scale = services.scale_for(services.model_of(occasion), services.subject_name(subject), occasion.kind)
    back = scope.url(f"steering:{'goal' if kind == 'mal' else 'assignment'}", pk, tillfalle=code)
    if request.method != "POST":
        return redirect(back)
    form = AssessmentForm(request.POST, scale=scale, proposal=proposal)
    other: Assessment | None = None
    if form.is_valid():
        try:
            services.assess(
                occasion,
                subject,
                request.user,
                form.judgement(),
                proposal,
                expected_revision=form.cleaned_data["revision"],
            )
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                form.add_error(name if name in form.fields else None, texts)
        except StaleRecordError as stale:
            other = stale.current  # type: ignore[assignment]
            form.data = form.data.copy()
            form.data["revision"] = str(other.revision)
        else:
            messages.success(request, f"Bedömningen vid {occasion.name} är sparad.")
            return redirect(back)
    return render(
        request,
        "steering/assess.html",
        {"form": form, "other": other, "subject": subject, "occasion": occasion, "kind": kind, "back": back},
        status=409 if other else 400,
    )
