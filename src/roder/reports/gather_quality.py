"""Reads what the reports of quality know besides numbers: words of the steering model, decisions, key figures.

No name and no case text is read here but the one line that a decision under lex Sarah has for the committee.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import timezone

from roder.figures.registry import years_before
from roder.measures.models import Measure, Target
from roder.organisation.models import Body
from roder.quality.models import LexSarahCase, LexSarahDecision
from roder.reports.facts_quality import Area, DecidedCase, Followed, Kind, QualityFacts
from roder.steering.models import DeviationType, Occasion, ServiceArea

if TYPE_CHECKING:
    from roder.figures import At
    from roder.steering.modelfile import SteeringModel


def gather_quality(occasion: Occasion, at: At, model: SteeringModel) -> QualityFacts | None:
    """What the reports of quality at an occasion know; None at other kinds of occasion."""
    if occasion.kind not in Occasion.QUALITY_KINDS:
        return None
    committee, rules = occasion.committee, model.deviations
    return QualityFacts(
        start=at.period_start,
        end=at.period_end - dt.timedelta(days=1),
        types=_types(committee, model),
        areas=_areas(committee, model),
        closed_target=rules.closed_target if rules else None,
        classified_target=rules.classified_target if rules else None,
        decided=_decided(committee, at) if occasion.kind == Occasion.Kind.MEETING else (),
        previous_meeting=_previous_meeting(occasion),
        followed=_followed(committee, occasion.year),
        next_goals=_followed(committee, occasion.year + 1, only_with_target=True),
    )


def _types(committee: Body, model: SteeringModel) -> tuple[Kind, ...]:
    """The types of the year's steering model in its order, else those that are in use."""
    if model.deviations:
        clinical = {one.code for one in model.deviations.categories if one.clinical}
        return tuple(Kind(one.code, one.label, one.category in clinical) for one in model.deviations.types)
    rows = DeviationType.objects.filter(committee=committee).order_by("position", "code")
    return tuple(Kind(*row) for row in rows.values_list("code", "label", "clinical"))


def _areas(committee: Body, model: SteeringModel) -> tuple[Area, ...]:
    if model.service_areas:
        return tuple(Area(one.code, one.label, one.external) for one in model.service_areas)
    rows = ServiceArea.objects.filter(committee=committee).order_by("position", "code")
    return tuple(Area(*row) for row in rows.values_list("code", "label", "external"))


def _previous_meeting(occasion: Occasion) -> dt.date | None:
    if occasion.kind != Occasion.Kind.MEETING:
        return None
    earlier = Occasion.objects.filter(
        committee=occasion.committee_id, kind=Occasion.Kind.MEETING, cut_off__lt=occasion.cut_off
    )
    return earlier.order_by("-cut_off").values_list("cut_off", flat=True).first()


def _decided(committee: Body, at: At) -> tuple[DecidedCase, ...]:
    """Every decision under lex Sarah of the period and the year before it, oldest first, with its cases.

    Which of them the report tells is for its figure to say (``quality.lex_sarah.beslutade``): some of the earlier ones
    were registered too late for an earlier report.
    """
    decisions = (
        LexSarahDecision.objects.filter(
            committee=committee,
            decided_on__gte=years_before(at.period_start, 1),
            decided_on__lt=at.period_end,
        )
        .prefetch_related("cases__service_area", "cases__type")
        .order_by("decided_on", "id")
    )
    return tuple(_case(one) for one in decisions)


def _case(decision: LexSarahDecision) -> DecidedCase:
    cases: list[LexSarahCase] = sorted(decision.cases.all(), key=lambda case: case.number)
    reported = tuple(timezone.localdate(case.reported_at) for case in cases)
    return DecidedCase(
        numbers=tuple(case.number for case in cases),
        reported=reported,
        decided_on=decision.decided_on,
        outcome=str(decision.outcome),
        area=_once(case.service_area.label for case in cases if case.service_area),
        type=_once(case.type.label for case in cases if case.type),
        line=decision.line.strip(),
        last_year=bool(reported) and all(day.year < decision.decided_on.year for day in reported),
    )


def _once(labels: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(labels))


def _followed(committee: Body, year: int, *, only_with_target: bool = False) -> tuple[Followed, ...]:
    """The key figures, with what the year's target says beside its number, in order."""
    measures = list(Measure.objects.filter(committee=committee).order_by("position", "code"))
    targets = {one.measure_id: one for one in Target.objects.filter(measure__in=measures, year=year)}
    return tuple(
        Followed(
            code=one.code,
            title=one.title,
            direction=one.direction,
            group=one.factor,
            reported_in=tuple(part.strip() for part in one.reported_in.split(",") if part.strip()),
            operator=targets[one.pk].operator if one.pk in targets else "",
            text=targets[one.pk].text if one.pk in targets else "",
        )
        for one in measures
        if one.pk in targets or not only_with_target
    )
