"""What people do with goals and assignments: read the model that governs them, and assess them at an occasion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet

from roder import access
from roder.access import Action
from roder.core.models import StaleRecordError
from roder.core.persons import checked_texts
from roder.organisation.models import Body, Person
from roder.steering.modelfile import SteeringModel, from_data
from roder.steering.modelfile.followup import Occasion as OccasionOfFile
from roder.steering.models import Assessment, Assignment, Goal, Occasion, SteeringModelVersion
from roder.steering.rules import Proposal, StatusStep, needs_reason


@lru_cache(maxsize=64)
def _parsed(version_id: int) -> SteeringModel:
    # A loaded version never changes (the database refuses), so its id is all the key that is needed.
    return from_data(SteeringModelVersion.objects.values_list("content", flat=True).get(pk=version_id))


def model_of(occasion: Occasion) -> SteeringModel:
    """The steering model that governs an occasion."""
    return _parsed(occasion.model_id)


def in_model(occasion: Occasion) -> OccasionOfFile | None:
    """An occasion as its steering model has it; None when the model does not know it any more."""
    return next((one for one in model_of(occasion).occasions if one.code == occasion.code), None)


def current_version(committee: Body, year: int) -> SteeringModelVersion | None:
    """The latest loaded steering model of a committee's year, if there is one."""
    return SteeringModelVersion.objects.filter(committee=committee, year=year).order_by("-version").first()


def parsed(version: SteeringModelVersion) -> SteeringModel:
    """The steering model of a loaded version."""
    return _parsed(version.pk)


def scale_for(
    model: SteeringModel, subject: str, occasion_kind: str, level: str = "committee"
) -> list[StatusStep]:
    """The statuses a subject (goal, assignment, measure …) may have at a kind of occasion, in order.

    A scale that names the kind of occasion, or the level, goes before one for all of them.
    An empty list: the model has no scale for it.
    """
    fitting = [
        scale
        for scale in model.status_scales
        if scale.subject == subject
        and scale.level in (None, level)
        and (not scale.occasion_kinds or occasion_kind in scale.occasion_kinds)
    ]
    fitting.sort(key=lambda scale: (not scale.occasion_kinds, scale.level is None))
    if not fitting:
        return []
    return sorted(
        (
            StatusStep(status.code, status.label, status.order, str(status.tone))
            for status in fitting[0].statuses
        ),
        key=lambda step: step.order,
    )


def subject_name(subject: Model) -> str:
    """The name the steering model has for a kind of record: goal, assignment, measure …"""
    return str(subject._meta.model_name)


def goals_of(committee: Body, year: int) -> QuerySet[Goal]:
    """The committee's own goals that hold in a year, in order."""
    return Goal.objects.filter(committee=committee, from_year__lte=year, to_year__gte=year).order_by(
        "position", "id"
    )


def assignments_of(committee: Body, year: int) -> QuerySet[Assignment]:
    """The committee's assignments of a year, in order."""
    return Assignment.objects.filter(committee=committee, from_year__lte=year, to_year__gte=year).order_by(
        "position", "id"
    )


@dataclass(frozen=True)
class Judgement:
    """What somebody says of a subject at an occasion."""

    status: str = ""
    override_reason: str = ""
    analysis: str = ""
    outlook: str = ""
    measures_taken: str = ""


@transaction.atomic
def assess(
    occasion: Occasion,
    subject: Goal | Assignment | Model,
    by: Person,
    judgement: Judgement,
    proposal: Proposal | None = None,
    *,
    scale: Sequence[StatusStep] | None = None,
    expected_revision: int | None = None,
) -> Assessment:
    """Save what ``by`` says of a goal, an assignment or a measure at an occasion.

    ``scale`` is the subject's scale where it is not the model's for the kind of subject (a measure is graded on the
    scale of its rule). ``expected_revision`` is the revision that the form was opened with (None: there was no
    assessment yet).
    Raises NotAllowedError; ValidationError (per field) when the status is not on the scale or departs from the
    proposal without a reason; StaleRecordError when somebody else has saved since, with what they wrote.
    """
    access.require(by, Action.COMMENT, subject)
    if scale is None:
        scale = scale_for(model_of(occasion), subject_name(subject), occasion.kind)
    proposed = proposal.code if proposal else ""
    texts, errors = _texts_of(judgement)
    if judgement.status and judgement.status not in {step.code for step in scale}:
        errors["status"] = ["Bedömningen finns inte på styrmodellens skala för det här tillfället."]
    if needs_reason(judgement.status, proposed) and not texts["override_reason"]:
        errors["override_reason"] = ["Bedömningen avviker från förslaget. Skriv varför."]
    if errors:
        raise ValidationError(errors)
    values = {
        "status": judgement.status,
        **texts,
        "proposed_status": proposed,
        "proposal_reason": proposal.reason if proposal else "",
    }
    key = {
        "occasion": occasion,
        "subject_kind": subject._meta.label_lower,
        "subject_id": subject.pk,
        "unit": None,
    }
    existing = Assessment.objects.filter(**key).first()
    if existing is None:
        made, new = Assessment.objects.get_or_create(**key, defaults={**values, "assessed_by": by})
        if not new:  # somebody else was first, in the same moment
            raise StaleRecordError(made)
        return made
    if expected_revision is None:
        raise StaleRecordError(existing)
    return existing.save_over(expected_revision, **values, assessed_by=by)


def _texts_of(judgement: Judgement) -> tuple[dict[str, str], dict[str, list[str]]]:
    """What is written of the subject, as it is kept, and what is wrong with it by field."""
    names = ("override_reason", "analysis", "outlook", "measures_taken")
    written = {name: getattr(judgement, name).strip() for name in names}
    try:
        return checked_texts(written), {}
    except ValidationError as error:
        return written, error.message_dict


def history(subject: Model) -> QuerySet[Assessment]:
    """All assessments of a subject for the whole committee, latest occasion first."""
    return (
        Assessment.objects.filter(subject_kind=subject._meta.label_lower, subject_id=subject.pk, unit=None)
        .select_related("occasion", "assessed_by")
        .order_by("-occasion__cut_off")
    )
