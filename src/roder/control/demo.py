"""The demonstration's internal control: the committees' risk analyses and plans, Alingsås' samples and follow-up, the
critical factors and the audits.

    lines = load(examples, people)               # people: role with hyphens -> person; can be run again

The risks and controls have come as files (``risker.csv``, ``kontroller.csv``). What a person does is done by the
services, so that rights, clocks and the trail are as they would be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from roder import access, questionnaires
from roder.access.matrix import Action, Resource
from roder.control.demo_file import (
    AuditRow,
    ControlFile,
    ReviewsPart,
    RoundsPart,
    SampleRow,
    read_control,
    read_later,
)
from roder.control.models import (
    Audit,
    Control,
    ControlPlan,
    ControlPoint,
    ControlRound,
    CriticalFactor,
    PointReview,
    RiskAnalysis,
    Workshop,
)
from roder.control.services import (
    analyses,
    audits,
    evidence,
    factors,
    follow_up,
    frames,
    plan_controls,
    plans,
    risks,
    rounds,
    samples,
)
from roder.core.models import Record
from roder.core.yamlfile import load_yaml
from roder.measures.models import Measure
from roder.organisation.models import Body, Person
from roder.steering.models import Assignment, Goal, Occasion

FILE = "internkontroll.yaml"
FOLDERS = ("alingsas", "oxelosund", "kungsor")
#: Where the strategist has a mandate; the other committees have their secretary.
LEADER, ELSEWHERE = "quality-strategist", "secretary"
TIMES = {"yearly": 1, "twice_a_year": 2}


def load(examples: Path, people: Mapping[str, Person], folders: Sequence[str] = FOLDERS) -> list[str]:
    """Load each folder's file, once. Gives what was done, a line each. Raises UserFault for an unreadable file."""
    lines: list[str] = []
    for folder in folders:
        path = examples / folder / FILE
        if path.is_file():
            told = read_control(path)
            with transaction.atomic():
                lines += _load(told, path.parent, people)
    return lines


def _load(told: ControlFile, folder: Path, people: Mapping[str, Person]) -> list[str]:
    committee = Body.objects.select_related("municipality").get(slug=told.committee)
    analysis = RiskAnalysis.objects.filter(committee=committee, year=told.year).first()
    plan = ControlPlan.objects.filter(committee=committee, year=told.year).first()
    name = committee.municipality.name
    if analysis is None or plan is None:
        return [f"{name}: inga risker och kontroller inlästa"]
    if analysis.introduction:
        return [f"{name}: den interna kontrollen finns redan"]
    leads = people[LEADER] if _leads(people[LEADER], committee) else people[ELSEWHERE]
    _introduce(told, analysis, plan)
    if told.factors is not None:
        _factors(told, committee, folder / "matt.yaml", leads)
    _came_of(told, analysis, leads)
    if told.rounds is not None:
        _choose_checklist(told.rounds, plan, leads)
    if told.analysis and told.analysis.decided_on:
        analyses.decide_analysis(analysis, leads, told.analysis.decided_on, told.analysis.decision)
    if told.plan and told.plan.adopted_on:
        plans.adopt(plan, leads, told.plan.adopted_on, told.plan.decision)
        plan.refresh_from_db()
    if told.rounds is not None:
        _carry_out(told.rounds, plan, leads)
    if told.reviews is not None:
        _review(told.reviews, plan, leads)
    for row in told.audits:
        _audit(row, committee, {"plan": plan, "analysis": analysis}, leads)
    return [
        f"{name}: {analysis.risks.count()} risker, {plan.points.count()} kontrollpunkter, "
        f"{committee.critical_factors.count()} kritiska faktorer, {committee.audits.count()} granskningar"
    ]


def load_later(path: Path, by: Person) -> bool:
    """Carry out what a file of a later occasion tells: its rounds, the points' outcomes and the conclusion. Gives
    whether anything was done: nothing is, where the occasion's points are followed up already, or there is no plan.

    Raises UserFault for an unreadable file.
    """
    told = read_later(path)
    plan = ControlPlan.objects.filter(committee__slug=told.committee, year=told.year).first()
    if (
        plan is None
        or PointReview.objects.filter(point__plan=plan, occasion__code=told.reviews.occasion).exists()
    ):
        return False
    occasion = Occasion.objects.get(committee=plan.committee, code=told.rounds.occasion)
    with transaction.atomic():
        rounds.open_rounds(plan, occasion, by, due_on=told.rounds.due_on)
        _review(told.reviews, plan, by)
        if told.conclusion is not None:
            part = told.conclusion
            follow_up.conclude(
                plan, occasion, by, part.conclusion, part.reasons, part.on, decision=part.decision
            )
    return True


def _leads(person: Person, committee: Body) -> bool:
    return access.may(person, Action.EDIT, Resource.CONTROLS, committee)


def _introduce(told: ControlFile, analysis: RiskAnalysis, plan: ControlPlan) -> None:
    """The texts that stand first; the operator's, as the files of risks and controls are."""
    if told.analysis is not None:
        part = told.analysis
        analysis.save_over(
            analysis.revision, title=part.title, introduction=part.introduction, source=part.source
        )
        for row in part.workshops:
            _workshop(analysis, row.title, row.held_on)
    if told.plan is not None:
        plan.save_over(
            plan.revision,
            title=told.plan.title,
            introduction=told.plan.introduction,
            source=told.plan.source,
        )


def _workshop(analysis: RiskAnalysis, title: str, held_on: date) -> None:
    Workshop.objects.create(
        committee=analysis.committee, analysis=analysis, title=title, held_on=held_on,
        state=Workshop.State.CLOSED, closed_at=timezone.now(),
    )  # fmt: skip


def _factors(told: ControlFile, committee: Body, path: Path, by: Person) -> None:
    """The register of critical factors: the measures that have a row in it (``kvf_row``)."""
    content = load_yaml(path)
    rows = sorted((row for row in content["measures"] if row.get("kvf_row")), key=lambda row: row["kvf_row"])
    known = {label.casefold(): code for code, label in factors.perspectives(committee, told.year).items()}
    by_code = {measure.code: measure for measure in Measure.objects.filter(committee=committee)}
    made: dict[str, CriticalFactor] = {}
    source = told.factors.source if told.factors else ""
    for row in rows:
        title = row["factor"]
        if title not in made:
            perspective = known[row["perspective"].casefold()]
            made[title] = factors.add_factor(
                committee, told.year, by, perspective=perspective, title=title, source=source
            )
        factors.add_measure(
            made[title], by, by_code[row["code"]], number=row["kvf_row"],
            times_a_year=TIMES.get(row.get("frequency") or ""), reported_in=row.get("reported_in") or (),
            footnote=row.get("footnote") or "",
        )  # fmt: skip
    if told.factors and told.factors.decided_on:
        factors.decide_factors(committee, told.year, by, told.factors.decided_on)
    if told.factors and told.factors.told_on:
        factors.tell_committee(committee, told.year, by, told.factors.told_on)


def _came_of(told: ControlFile, analysis: RiskAnalysis, by: Person) -> None:
    committee = analysis.committee
    for row in told.led_to:
        risk = analysis.risks.get(number=str(row.risk))
        target: Record
        if row.goal:
            target = Goal.objects.get(committee=committee, title=row.goal)
        elif row.assignment:
            target = Assignment.objects.get(committee=committee, title=row.assignment)
        else:
            target = CriticalFactor.objects.get(committee=committee, year=told.year, title=row.factor)
        risks.created_from(risk, target, by)


def _control(plan: ControlPlan, what: str) -> Control:
    return Control.objects.select_related("point__plan").get(point__plan=plan, what=what)


def _choose_checklist(part: RoundsPart, plan: ControlPlan, by: Person) -> None:
    version = questionnaires.current(plan.committee, part.checklist)
    for row in part.samples:
        plan_controls.edit_control(_control(plan, row.control), by, question_set=version.question_set)


def _carry_out(part: RoundsPart, plan: ControlPlan, by: Person) -> None:
    occasion = Occasion.objects.get(committee=plan.committee, code=part.occasion)
    rounds.open_rounds(plan, occasion, by, due_on=part.due_on)
    for row in part.samples:
        made = ControlRound.objects.select_related("control__point__plan", "control__question_set").get(
            control=_control(plan, row.control), occasion=occasion
        )
        made.save_over(made.revision, period_from=part.period.from_, period_to=part.period.to)
        _draw(row, made, by)


def _draw(row: SampleRow, made: ControlRound, by: Person) -> None:
    """The frame of synthetic references, its sample by the control's own share, and each item's checklist."""
    references = [f"{row.prefix}{number:04d}" for number in range(1, row.size + 1)]
    frame = frames.take_frame(
        made, by, row.frame, references=references, source="syntetiska referenser; antalet är källans"
    )
    sample = samples.draw_sample(frame, by, seed=row.seed)
    if row.departs is not None:
        for number, item in enumerate(sample.items.order_by("position")):
            departs = number < row.departs
            values = {"foljer_riktlinje": "nej" if departs else "ja"}
            if departs:
                values["motivering"] = "ja" if number < row.motivated else "nej"
                values["kod"] = "ja" if number < row.coded else "nej"
            answer = samples.answer_of(item, by)
            samples.save_checklist(item, answer, by, values, expected_revision=answer.revision, final=True)
    made.refresh_from_db()
    rounds.finish_round(made, by, result=row.result, action=row.action, checked=row.checked)


def _review(part: ReviewsPart, plan: ControlPlan, by: Person) -> None:
    occasion = Occasion.objects.get(committee=plan.committee, code=part.occasion)
    points = {point.number: point for point in ControlPoint.objects.filter(plan=plan)}
    for row in part.points:
        for made in ControlRound.objects.filter(
            control__point=points[row.point], occasion=occasion, state=ControlRound.State.OPEN
        ).select_related("control__point__plan"):
            rounds.finish_round(made, by, result=row.result)
        follow_up.review_point(
            points[row.point], occasion, by, row.outcome, row.result, row.action,
            assumed=bool(part.assumed), assumed_reason=part.assumed,
        )  # fmt: skip


def _audit(row: AuditRow, committee: Body, known: Mapping[str, Record], by: Person) -> None:
    values = {
        name: value
        for name in (
            "kind",
            "auditor",
            "number",
            "question",
            "received_on",
            "answer_by",
            "responsible",
            "owner_role",
        )
        if (value := getattr(row, name))
    }
    audit = audits.register_audit(committee, by, year=row.year, title=row.title, **values)
    for told in row.recommendations:
        made = audits.add_recommendation(audit, by, told.text)
        if told.answer:
            audits.answer_recommendation(
                made, by, state="accepted", answer=told.answer, responsible=told.responsible,
                owner_role=told.owner_role, due_on=told.due_on,
            )  # fmt: skip
    if row.survey is not None:
        _survey(row, audit, known, by)
    if row.answered_on is not None:
        audit.refresh_from_db()
        audits.answer_audit(audit, by, row.answered_on)


def _survey(row: AuditRow, audit: Audit, known: Mapping[str, Record], by: Person) -> None:
    part = row.survey
    if part is None:
        return
    audits.begin_form(audit, by, part.code)
    audit.refresh_from_db()
    for told in part.evidence:
        target = known.get(told.target)
        evidence.add_evidence(
            audit,
            by,
            question=told.question,
            target=target,
            document=told.document,
            page=told.page,
            note=told.note,
        )
    answer = audit.answer
    if answer is not None:
        audits.save_form(audit, by, part.answers, expected_revision=answer.revision, final=True)
