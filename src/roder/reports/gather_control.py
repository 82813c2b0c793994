"""Reads what the reports of risk and control know besides numbers: texts of risks, plans, factors and audits.

What a report is about is the occasion's year, up to its cut-off. It is kept with the report when that is locked.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from roder.control.models import (
    ControlPlan,
    ControlRound,
    ControlSample,
    CriticalFactor,
    PlanReview,
    PointReview,
    Risk,
    RiskAnalysis,
    SampleFrame,
)
from roder.control.models.risks import Handling
from roder.control.rules.outcomes import WITH, WITHOUT
from roder.control.services import outcomes
from roder.control.services import risks as risk_service
from roder.control.services.factor_rows import Group, grouped
from roder.control.services.factor_rows import Line as FactorLine
from roder.control.services.follow_up import ControlLine, Line, conclusion_of, table
from roder.control.services.point_actions import immediate
from roder.control.services.scales import scale_of
from roder.control.services.words import scope_words, told_words
from roder.core.models import Link
from roder.reports.document import Status, Tone
from roder.reports.facts_control import (
    ActionFact,
    AnalysisFact,
    ConclusionFact,
    ControlFact,
    ControlFacts,
    FactorFact,
    FactorRowFact,
    ImmediateFact,
    PerspectiveFact,
    PlanFact,
    PointFact,
    RiskFact,
    SampleFact,
)
from roder.reports.gather_audits import TONES, audits_of
from roder.steering.models import Occasion

if TYPE_CHECKING:
    from roder.tasks.models import Action

#: The kinds of occasion whose reports take up risks and control.
KINDS = frozenset({Occasion.Kind.PLAN, Occasion.Kind.INTERIM, Occasion.Kind.ANNUAL})


def gather_control(occasion: Occasion) -> ControlFacts | None:
    """What the reports of risk and control at an occasion know; None at other kinds of occasion."""
    if occasion.kind not in KINDS:
        return None
    analysis = RiskAnalysis.objects.filter(committee=occasion.committee_id, year=occasion.year).first()
    plan = ControlPlan.objects.filter(committee=occasion.committee_id, year=occasion.year).first()
    following = occasion.kind != Occasion.Kind.PLAN
    return ControlFacts(
        analysis=_analysis(analysis) if analysis else None,
        plan=_plan(plan, occasion) if plan else None,
        perspectives=_perspectives(occasion),
        audits=audits_of(occasion) if following else (),
    )


# --- risks -----------------------------------------------------------------------------------------------------------


def _analysis(analysis: RiskAnalysis) -> AnalysisFact:
    rows = [row for row in risk_service.rows_of(analysis) if row.state != Risk.State.SUGGESTED]
    led_to = _led_to(rows)
    return AnalysisFact(
        title=analysis.title,
        scale=scale_of(analysis.scale_id),
        introduction=analysis.introduction.strip(),
        decided=_decided(analysis.decided_on, analysis.decision),
        risks=tuple(_risk(row, led_to.get(row.pk, ()), analysis) for row in rows),
    )


def _decided(on: dt.date | None, decision: str) -> str:
    return ", ".join(part for part in (on.isoformat() if on else "", decision.strip()) if part)


def _risk(row: Risk, led_to: Iterable[str], analysis: RiskAnalysis) -> RiskFact:
    retired = row.state == Risk.State.RETIRED
    movement = risk_service.movement_of(row)
    return RiskFact(
        code=row.code,
        number=row.number,
        text=row.text,
        area=row.category,
        process=row.process,
        retired=retired,
        retired_reason=row.retired_reason.strip(),
        likelihood=row.likelihood,
        impact=row.impact,
        moved="" if retired else movement.words,
        arrow="" if retired else movement.arrow,
        handling=row.handling,
        handling_label=Handling(row.handling).label if row.handling else "",
        departs=risk_service.departs(row) or "",
        reason=row.handling_reason.strip(),
        in_plan=row.in_plan,
        plan_reason=row.plan_reason.strip(),
        obligatory=row.obligatory,
        common=row.common,
        responsible=row.responsible,
        led_to=tuple(led_to),
        own_scale=row.scale_id == analysis.scale_id,
    )


def _led_to(rows: list[Risk]) -> dict[int, tuple[str, ...]]:
    """Risk -> what came of it, in words: a query for the links, and one for each kind of record."""
    links = Link.objects.filter(
        source_kind=Risk.record_kind(), source_id__in=[row.pk for row in rows], kind=Link.Kind.LED_TO
    ).order_by("position", "id")
    pairs = list(links.values_list("source_id", "target_kind", "target_id"))
    wanted: dict[str, set[int]] = defaultdict(set)
    for _, kind, key in pairs:
        wanted[kind].add(key)
    named = {
        (kind, key): f"{record._meta.verbose_name}: {record}"
        for kind, keys in wanted.items()
        for key, record in apps.get_model(kind)._default_manager.in_bulk(keys).items()
    }
    found: dict[int, list[str]] = defaultdict(list)
    for risk, kind, key in pairs:
        if (kind, key) in named:
            found[risk].append(named[kind, key])
    return {risk: tuple(words) for risk, words in found.items()}


# --- the plan and what was found -------------------------------------------------------------------------------------


def _plan(plan: ControlPlan, occasion: Occasion) -> PlanFact:
    following = occasion.kind != Occasion.Kind.PLAN
    lines = table(plan, occasion)
    samples = _samples(plan, occasion) if following else {}
    conclusion = _conclusion(conclusion_of(plan, occasion)) if following else None
    words = outcomes.words_among(line.review for line in lines)
    return PlanFact(
        title=plan.title,
        introduction=plan.introduction.strip(),
        adopted=_decided(plan.adopted_on, plan.decision),
        points=tuple(_point(line, samples) for line in lines if following or not _gone(line)),
        conclusion=conclusion,
        said=() if words.are_own else (words.said(WITHOUT), words.said(WITH)),
        told=conclusion is not None or any(line.here for line in lines),
        immediate=tuple(
            ImmediateFact(one.risk.number or one.risk.code, one.risk.text, tuple(map(_action, one.actions)))
            for one in immediate(plan)
        )
        if following
        else (),
    )


def _gone(line: Line) -> bool:
    """Whether the point has controls and all of them are withdrawn."""
    states = {one.control.state for one in line.controls}
    return states == {"withdrawn"}


def _point(line: Line, samples: dict[int, list[SampleFact]]) -> PointFact:
    point, said = line.point, line.review
    return PointFact(
        number=point.number,
        title=point.title,
        area=point.area,
        process=point.process,
        risk=point.risk.code if point.risk is not None else "",
        obligatory=point.obligatory,
        by_committee=point.by_committee,
        controls=tuple(_control(point.number, one, samples) for one in line.controls),
        outcome=said.outcome if said else "",
        assessment=_outcome(said) if said else None,
        assumed=said.assumed_reason if said and said.assumed else "",
        result=(said.result if said else line.suggested).strip(),
        action=(said.action if said else line.suggested_action).strip(),
        moved_to=said.moved_to.isoformat() if said and said.moved_to else "",
        when=line.when,
        actions=tuple(map(_action, line.actions)),
    )


def _outcome(said: PointReview) -> Status:
    word = outcomes.word_of(said)
    return Status(word.label, TONES.get(word.tone, "none"))


def _control(point: str, line: ControlLine, samples: dict[int, list[SampleFact]]) -> ControlFact:
    control, last = line.control, line.round
    shown = line.done[-1] if line.done else None
    moved = last if last is not None and last.state == ControlRound.State.MOVED else None
    return ControlFact(
        moment=f"{point}.{control.number}",
        what=control.what,
        method=line.method,
        scope=scope_words(control),
        frequency=control.frequency,
        frame=control.frame_text,
        responsible=control.responsible,
        told=told_words(control),
        result=shown.result.strip() if shown else "",
        action=shown.action.strip() if shown else "",
        moved=f"Flyttad till {moved.moved_to}: {moved.moved_reason.strip()}" if moved else "",
        out=f"{control.get_state_display().capitalize()}: {control.state_reason.strip()}" if line.out else "",
        samples=tuple(sample for one in line.rounds for sample in samples.get(one.pk, ())),
    )


def _samples(plan: ControlPlan, occasion: Occasion) -> dict[int, list[SampleFact]]:
    """Round -> its samples by their keys in figures. One query."""
    places = SampleFrame.objects.filter(round__control__point__plan=plan).annotate(
        place=Window(RowNumber(), partition_by=F("round"), order_by=F("id").asc())
    )
    place_of = dict(places.values_list("pk", "place"))
    told = Q(frame__round__occasion__cut_off__lte=occasion.cut_off) | Q(
        frame__round__occasion=None, frame__round__due_on__lte=occasion.cut_off
    )
    rows = ControlSample.objects.filter(told, frame__round__control__point__plan=plan).select_related(
        "frame__round"
    )
    found: dict[int, list[SampleFact]] = defaultdict(list)
    for one in rows.defer("frame__refs").order_by("frame__round", "frame"):
        made = one.frame.round
        prov = f"{made.number}-{place_of[one.frame_id]}"
        found[made.pk].append(SampleFact(prov, one.frame.name, timezone.localdate(one.drawn_at).isoformat()))
    return found


def _action(row: Action) -> ActionFact:
    due = row.due_on.isoformat() if row.due_on else ""
    if row.done_at:
        status = Status(f"Genomförd {timezone.localdate(row.done_at)}", "good")
    elif row.due_on and row.due_on < timezone.localdate():
        status = Status("Försenad", "bad")
    else:
        status = Status("Pågår", "near")
    effect = f"{row.get_effect_display()}: {row.effect_text.strip()}" if row.effect else ""
    return ActionFact(row.what, status, row.owner_words if row.role else "", due, effect)


def _conclusion(row: PlanReview | None) -> ConclusionFact | None:
    if row is None:
        return None
    tones: dict[str, Tone] = {"sufficient": "good", "mostly": "near", "insufficient": "bad"}
    return ConclusionFact(
        label=row.get_conclusion_display(),
        reasons=row.reasons.strip(),
        status=Status(row.get_conclusion_display(), tones.get(row.conclusion, "none")),
        on=row.concluded_on.isoformat(),
        decision=row.decision.strip(),
    )


# --- critical factors ------------------------------------------------------------------------------------------------


def _perspectives(occasion: Occasion) -> tuple[PerspectiveFact, ...]:
    committee = occasion.committee
    rows = CriticalFactor.objects.filter(committee=committee, year=occasion.year)
    if not rows.exists():
        return ()
    groups = grouped(rows.select_related("risk", "committee"), committee, occasion.year, until=occasion)
    return tuple(_perspective(group, occasion) for group in groups)


def _perspective(group: Group, occasion: Occasion) -> PerspectiveFact:
    return PerspectiveFact(
        group.code, group.label, tuple(_factor(line, occasion) for line in group.lines), group.reported_in
    )


def _factor(line: FactorLine, occasion: Occasion) -> FactorFact:
    said = next((one for one in line.reviews if one.occasion_id == occasion.pk), None)
    risk = line.factor.risk
    return FactorFact(
        title=line.factor.title,
        rows=tuple(
            FactorRowFact(
                measure=row.measure.code,
                title=row.measure.title,
                number=row.row.number,
                outcome_year=row.outcome_year,
                target=row.target,
                reported_in=tuple(row.row.reported_in),
                grade=Status(row.grade.label, TONES.get(row.grade.tone, "none")),
                why=row.grade.why,
                trend=row.trend_label,
                footnote=row.row.footnote,
            )
            for row in line.rows
        ),
        analysis=said.analysis.strip() if said else "",
        action=said.action.strip() if said else "",
        risk=risk.number or risk.code if risk is not None else "",
    )
