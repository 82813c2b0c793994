"""Assessing: the part of a page where people say what they think of a goal, an assignment or a measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from roder import access
from roder.access import Action, Resource
from roder.core.models import StaleRecordError
from roder.followup.services.compared import Summary, summaries_for
from roder.measures.grading import propose_grade, rule_for, scale_of
from roder.measures.models import Measure
from roder.measures.proposals import Measured, proposals, years_of
from roder.steering import services
from roder.steering.forms import AssessmentForm
from roder.steering.models import Assessment, Assignment, Goal, Occasion
from roder.steering.rules import Proposal, StatusStep
from roder.web.scope import CommitteeRequest, Scope, committee_page

Subject = Goal | Assignment | Measure
#: what stands in the address -> the kind of record, and its page
SUBJECTS: dict[str, tuple[type[Subject], str]] = {
    "mal": (Goal, "steering:goal"),
    "uppdrag": (Assignment, "steering:assignment"),
    "nyckeltal": (Measure, "measures:measure"),
}
ASSESSED = (Occasion.Kind.INTERIM, Occasion.Kind.ANNUAL)


def assessed_occasions(scope: Scope) -> list[Occasion]:
    """The year's occasions at which goals, assignments and measures are assessed."""
    return [occasion for occasion in scope.occasions if occasion.kind in ASSESSED]


def chosen_occasion(request: HttpRequest, occasions: list[Occasion]) -> Occasion | None:
    """The occasion of the address (``tillfalle``), else the year's first."""
    code = request.GET.get("tillfalle")
    return next((one for one in occasions if one.code == code), occasions[0] if occasions else None)


@dataclass(frozen=True)
class Basis:
    """What an assessment starts from: the statuses to choose among, and the one proposed."""

    scale: Sequence[StatusStep]
    proposal: Proposal | None


def scale_at(subject: Subject, occasion: Occasion) -> Sequence[StatusStep]:
    """The statuses a subject may have at an occasion. A measure without a rule has none."""
    model = services.model_of(occasion)
    if isinstance(subject, Measure):
        rule = rule_for(model, subject)
        return scale_of(model, rule) if rule else ()
    return services.scale_for(model, services.subject_name(subject), occasion.kind)


def basis(subject: Subject, occasion: Occasion, known: Measured | None = None) -> Basis:
    """The scale and the proposal for a subject at an occasion. ``known`` is what is known of a goal's measures."""
    scale = scale_at(subject, occasion)
    if isinstance(subject, Goal):
        return Basis(scale, proposals([subject], occasion, known).get(subject.pk))
    rule = rule_for(services.model_of(occasion), subject) if isinstance(subject, Measure) else None
    if rule is None or not isinstance(subject, Measure):
        return Basis(scale, None)
    entry = years_of([subject], occasion.year, until=occasion)[subject.pk]
    return Basis(scale, propose_grade(entry, rule))


def assessment_context(
    request: CommitteeRequest,
    subject: Subject,
    occasions: list[Occasion],
    occasion: Occasion | None,
    *,
    editable: bool,
    known: Measured | None = None,
) -> dict[str, Any]:
    """What ``steering/_assessments.html`` needs: the form for the occasion, and what was said at all of them.

    ``known`` is what is known of a goal's measures at the occasion, when the page has read it already.
    """
    said = list(services.history(subject))
    current = next((row for row in said if occasion and row.occasion_id == occasion.pk), None)
    steps = {
        row.pk: next((step for step in scale_at(subject, row.occasion) if step.code == row.status), None)
        for row in said
    }
    found = basis(subject, occasion, known) if occasion else Basis((), None)
    form = None
    if occasion and editable and access.may(request.user, Action.COMMENT, subject):
        form = AssessmentForm(
            scale=found.scale, proposal=found.proposal, initial=AssessmentForm.initial_of(current)
        )
    return {
        "subject": subject,
        "subject_slug": next(slug for slug, (model, _) in SUBJECTS.items() if isinstance(subject, model)),
        "occasions": occasions,
        "occasion": occasion,
        "current": current,
        "said": [(row, steps[row.pk]) for row in said],
        "form": form,
        "told": told_upward(request, subject, occasion),
        "proposal": found.proposal,
        "proposed": next(
            (step for step in found.scale if found.proposal and step.code == found.proposal.code), None
        ),
    }


def told_upward(request: CommitteeRequest, subject: Subject, occasion: Occasion | None) -> list[Summary]:
    """What departments say of the subject in the occasion's follow-up round, for those who read rounds."""
    if occasion is None or isinstance(subject, Measure):
        return []
    if not request.scope.may(Action.VIEW, Resource.FOLLOW_UP):
        return []
    return [one for one in summaries_for(occasion, subject, request.user) if one.says]


@committee_page(Resource.GOALS, Action.COMMENT)
def assess(request: CommitteeRequest, kind: str, pk: int, code: str) -> HttpResponse:
    """Save an assessment. A second saver is shown both texts and loses nothing."""
    scope = request.scope
    occasion = scope.occasion(code)
    model, page = SUBJECTS[kind]
    rows: QuerySet[Any] = access.visible(
        request.user, model._default_manager.filter(committee=scope.committee), Action.COMMENT
    )
    subject = get_object_or_404(rows, pk=pk)
    found = basis(subject, occasion)
    back = scope.url(page, pk, tillfalle=code)
    if request.method != "POST":
        return redirect(back)
    form = AssessmentForm(request.POST, scale=found.scale, proposal=found.proposal)
    other: Assessment | None = None
    if form.is_valid():
        try:
            services.assess(
                occasion,
                subject,
                request.user,
                form.judgement(),
                found.proposal,
                scale=found.scale,
                expected_revision=form.cleaned_data["revision"],
            )
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                form.add_error(name if name in form.fields else None, texts)
        except StaleRecordError as stale:
            other = stale.current  # type: ignore[assignment]  # the record that assess saves
            typed = request.POST.copy()
            typed["revision"] = str(stale.current.revision)
            form.data = typed
        else:
            messages.success(request, f"Bedömningen vid {occasion.name} är sparad.")
            return redirect(back)
    return render(
        request,
        "steering/assess.html",
        {"form": form, "other": other, "subject": subject, "occasion": occasion, "kind": kind, "back": back},
        status=409 if other else 400,
    )
