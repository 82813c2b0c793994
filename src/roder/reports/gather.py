"""Reads what a report knows besides numbers, from the rooms that own it, to the plain `Facts`."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from roder.core.models import Link
from roder.core.numbers import Unit
from roder.measures.models import Measure, Target
from roder.reports.document import Status, Tone
from roder.reports.facts import (
    AccountRow,
    Assignment,
    EconomyGroup,
    Facts,
    Goal,
    GoalMeasure,
    Judged,
    Named,
    Support,
)
from roder.reports.gather_control import gather_control
from roder.reports.gather_departments import gather_departments
from roder.reports.gather_forecast import gather_forecast
from roder.reports.gather_quality import gather_quality
from roder.reports.gather_year import gather_year
from roder.steering.models import Assessment, Occasion, ServiceCode
from roder.steering.models import Goal as GoalRecord
from roder.steering.phases import includes_of
from roder.steering.rules import StatusStep
from roder.steering.services import assignments_of, goals_of, model_of, scale_for

if TYPE_CHECKING:
    from roder.figures import At, Engine
    from roder.steering.modelfile import SteeringModel
    from roder.steering.models import Assignment as AssignmentRecord


def gather(
    occasion: Occasion,
    source: Engine,
    at: At,
    *,
    registration_number: str = "",
    date: dt.date | None = None,
    snapshot_id: str = "",
    draft: bool = True,
) -> Facts:
    """Everything but numbers for a report at an occasion. A constant number of queries."""
    from roder.figures import compared_with  # noqa: PLC0415 - loads the catalogue

    model, committee = model_of(occasion), occasion.committee
    planning = model.planning
    said = _judgements(occasion)
    before = compared_with(source, at)
    goal_scale = scale_for(model, "goal", occasion.kind)
    assignment_scale = scale_for(model, "assignment", occasion.kind)
    departments, not_reported = gather_departments(occasion)
    forecast = gather_forecast(occasion)
    return Facts(
        municipality=committee.municipality.name,
        committee=committee.name,
        kind=occasion.kind,
        occasion=occasion.name,
        code=occasion.code,
        year=occasion.year,
        cut_off=occasion.cut_off,
        includes=includes_of(occasion),
        registration_number=registration_number,
        date=date,
        snapshot_id=snapshot_id,
        draft=draft,
        print_unit=Unit(model.accounts.print_unit.value),
        print_digits=model.accounts.digits,
        budget_years=planning.budget_years if planning else 1,
        investment_years=(planning.investment_years or planning.budget_years) if planning else 1,
        compares_with=before[1] if before else "",
        rows=tuple(
            AccountRow(row.code, row.label, row.sign.value, row.sum_of) for row in model.accounts.rows
        ),
        services=_services(occasion, model),
        categories=_categories(model),
        supports=_supports(model),
        goals=_goals(occasion, said, goal_scale),
        goal_scale=tuple(_status(step) for step in goal_scale),
        assignments=tuple(
            _assignment(one, said, assignment_scale) for one in assignments_of(committee, occasion.year)
        ),
        assignment_scale=tuple(_status(step) for step in assignment_scale),
        quality=gather_quality(occasion, at, model),
        control=gather_control(occasion),
        year_plan=gather_year(occasion),
        departments=departments,
        not_reported=not_reported,
        economy_groups=_economy_groups(model, occasion),
        forecast_hindrance=forecast.hindrance,
        units_without_forecast=forecast.without_forecast,
        recovery=forecast.recovery,
    )


def _economy_groups(model: SteeringModel, occasion: Occasion) -> tuple[EconomyGroup, ...]:
    """The groups of goals for god ekonomisk hushållning that the model says are judged at this kind of occasion."""
    groups = model.good_economy.groups if model.good_economy else ()
    return tuple(
        EconomyGroup(group.code, group.label, tuple((goal.code, goal.label) for goal in group.goals))
        for group in groups
        if occasion.kind in {kind.value for kind in group.judged_at}
    )


def _services(occasion: Occasion, model: SteeringModel) -> tuple[Named, ...]:
    """Services in the steering model's order, or those that the committee's rows use."""
    if model.services:
        return tuple(Named(row.code, row.label) for row in model.services.rows)
    codes = ServiceCode.objects.filter(committee=occasion.committee).order_by("position", "code")
    return tuple(Named(code, label) for code, label in codes.values_list("code", "label"))


def _categories(model: SteeringModel) -> tuple[Named, ...]:
    if model.investments is None:
        return ()
    return tuple(Named(one.code, one.label) for one in model.investments.categories)


def _supports(model: SteeringModel) -> tuple[Support, ...]:
    if model.supports is None:
        return ()
    areas = {area.code: area.label for area in model.supports.areas}
    return tuple(Support(row.code, row.label, areas.get(row.area or "", "")) for row in model.supports.rows)


def _judgements(occasion: Occasion) -> dict[tuple[str, int], Assessment]:
    rows = Assessment.objects.filter(occasion=occasion, unit=None)
    return {(row.subject_kind, row.subject_id): row for row in rows}


def _status(step: StatusStep) -> Status:
    tones: dict[str, Tone] = {"good": "good", "near": "near", "bad": "bad"}
    return Status(step.label, tones.get(step.tone, "none"))


def _judged(row: Assessment | None, scale: list[StatusStep]) -> Judged:
    if row is None:
        return Judged()
    step = next((step for step in scale if step.code == row.status), None)
    return Judged(
        status=_status(step) if step else None,
        analysis=row.analysis,
        outlook=row.outlook,
        measures_taken=row.measures_taken,
        override_reason=row.override_reason,
    )


def _goals(
    occasion: Occasion, said: dict[tuple[str, int], Assessment], scale: list[StatusStep]
) -> tuple[Goal, ...]:
    """The committee's goals with their measures (the typed link *measured by*) and assessments."""
    rows = list(goals_of(occasion.committee, occasion.year).select_related("parent"))
    measures = _measures_of(rows)
    followed = "annual" if occasion.kind in ("monthly", "in_depth", "interim") else ""
    return tuple(
        Goal(
            code=row.code,
            number=row.number,
            text=row.title or row.text,
            description=row.text if row.title else "",
            council_goal=(row.parent.title or row.parent.text) if row.parent else "",
            motive=row.motive,
            agenda2030=row.agenda2030,
            expected=row.followed != followed,
            measures=tuple(measures[row.pk]),
            judged=_judged(said.get((GoalRecord._meta.label_lower, row.pk)), scale),
        )
        for row in rows
    )


def _measures_of(goals: list[GoalRecord]) -> dict[int, list[GoalMeasure]]:
    links = Link.objects.filter(
        source_kind=GoalRecord._meta.label_lower,
        source_id__in=[goal.pk for goal in goals],
        target_kind=Measure._meta.label_lower,
        kind=Link.Kind.MEASURED_BY,
    ).order_by("position", "id")
    pairs = list(links.values_list("source_id", "target_id"))
    ids = {measure for _, measure in pairs}
    records = Measure.objects.in_bulk(ids)
    targets: dict[int, list[Target]] = defaultdict(list)
    for target in Target.objects.filter(measure_id__in=ids):
        targets[target.measure_id].append(target)
    found: dict[int, list[GoalMeasure]] = defaultdict(list)
    for goal, measure in pairs:
        if record := records.get(measure):
            found[goal].append(
                GoalMeasure(
                    code=record.code,
                    title=record.title,
                    unit=record.count_unit,
                    operators={one.year: one.operator for one in targets[measure] if one.value is not None},
                    texts={one.year: one.text for one in targets[measure] if one.value is None},
                )
            )
    return found


def _assignment(
    row: AssignmentRecord, said: dict[tuple[str, int], Assessment], scale: list[StatusStep]
) -> Assignment:
    decision = [
        row.decided_on.isoformat() if row.decided_on else "",
        f"§\u00a0{row.decision_paragraph.removeprefix('§').strip()}" if row.decision_paragraph else "",
        row.case_number,
    ]
    return Assignment(
        code=row.code,
        number=row.number,
        title=row.title,
        text=row.text,
        giver=row.get_giver_display(),
        decision=", ".join(part for part in decision if part),
        due=row.due_on.isoformat() if row.due_on else row.due_condition,
        judged=_judged(said.get((row._meta.label_lower, row.pk)), scale),
    )
