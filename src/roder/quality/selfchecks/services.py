"""What people do with self-checks: make a plan, decide it, answer its rounds, close them, follow up by actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from roder import access, questionnaires, tasks
from roder.access import Action, NotAllowedError, Resource
from roder.core.models import Record
from roder.organisation.models import Person, Unit
from roder.quality.models import ProcessRisk, QualityPlan, SelfCheck, SelfCheckRound
from roder.quality.selfchecks import rules
from roder.questionnaires.models import Answer, QuestionSet

TASK = "quality.self_check"


def units_to_plan_for(by: Person, committee_id: int) -> QuerySet[Unit]:
    """The units of the committee whose plan somebody may make: their own, and those under them."""
    return access.units_where(by, Action.EDIT, Resource.SELF_CHECKS, committee_id)


def _created(made: Record) -> Any:
    made.full_clean()
    made.save(force_insert=True)
    return made


@transaction.atomic
def make_plan(unit: Unit, year: int, by: Person, aim: str = "") -> QualityPlan:
    """Begin a unit's quality plan for a year. Raises NotAllowedError; ValidationError when there is one already."""
    if not units_to_plan_for(by, unit.committee_id).filter(pk=unit.pk).exists():
        raise NotAllowedError("Dina mandat ger inte rätt att göra enhetens kvalitetsplan.")
    plan: QualityPlan = _created(
        QualityPlan(committee_id=unit.committee_id, unit=unit, year=year, aim=aim.strip())
    )
    access.record(by, "quality-plan.made", plan, year=year)
    return plan


@transaction.atomic
def change_plan(plan: QualityPlan, by: Person, aim: str, expected_revision: int) -> QualityPlan:
    """Change what the unit wants to reach. Raises NotAllowedError; StaleRecordError."""
    access.require(by, Action.EDIT, plan)
    plan.save_over(expected_revision, aim=aim.strip())
    access.record(by, "quality-plan.changed", plan)
    return plan


@transaction.atomic
def add_risk(
    plan: QualityPlan, by: Person, *, step: str, what: str, likelihood: int, consequence: int
) -> ProcessRisk:
    """Add a risk in a step of the process. Raises NotAllowedError; ValidationError at the field."""
    access.require(by, Action.EDIT, plan)
    risk: ProcessRisk = _created(
        ProcessRisk(plan=plan, step=step, what=what.strip(), likelihood=likelihood, consequence=consequence)
    )
    access.record(by, "quality-plan.risk_added", plan, risk=risk.pk)
    return risk


@transaction.atomic
def change_risk(risk: ProcessRisk, by: Person, expected_revision: int, **values: Any) -> ProcessRisk:
    """Change a risk. Raises NotAllowedError; ValidationError at the field; StaleRecordError."""
    access.require(by, Action.EDIT, risk)
    risk.save_over(expected_revision, **values)
    access.record(by, "quality-plan.risk_changed", risk)
    return risk


@transaction.atomic
def add_check(
    plan: QualityPlan,
    by: Person,
    *,
    title: str,
    question_set: QuestionSet,
    method: str,
    interval: str,
    first_on: date,
    sample: int = 1,
    sample_of: str = "",
    role: str = "unit_manager",
    risk: ProcessRisk | None = None,
) -> SelfCheck:
    """Add a check to a plan. In a plan that is decided its rounds are planned at once.

    Raises NotAllowedError; ValidationError at the field.
    """
    access.require(by, Action.EDIT, plan)
    if first_on.year != plan.year:
        raise ValidationError({"first_on": [f"Den första gången ska vara under {plan.year}."]})
    if (
        question_set.committee_id != plan.committee_id
        or SelfCheckRound.record_kind() not in question_set.subject_kinds
    ):
        raise ValidationError({"question_set": ["Välj ett frågeformulär som är gjort för egenkontroll."]})
    if risk is not None and risk.plan_id != plan.pk:
        raise ValidationError({"risk": ["Välj en av planens egna risker."]})
    made: SelfCheck = _created(
        SelfCheck(plan=plan, title=title.strip(), question_set=question_set, method=method.strip(), sample=sample,
                  sample_of=sample_of.strip(), interval=interval, first_on=first_on, role=role, risk=risk)
    )  # fmt: skip
    access.record(by, "self-check.added", made)
    if plan.state == QualityPlan.State.DECIDED:
        _plan_rounds(made)
    return made


@transaction.atomic
def decide_plan(
    plan: QualityPlan, by: Person, expected_revision: int, *, today: date | None = None
) -> QualityPlan:
    """Decide a plan: its rounds are planned, and those whose time has come are opened as tasks.

    Raises NotAllowedError; ValidationError without any check; StaleRecordError.
    """
    access.require(by, Action.EDIT, plan)
    checks = list(plan.checks.filter(stopped_at=None))
    if not checks:
        raise ValidationError("Planen har ingen egenkontroll än. Lägg till minst en innan den beslutas.")
    if plan.state == QualityPlan.State.DECIDED:
        raise ValidationError("Planen är redan beslutad.")
    plan.save_over(
        expected_revision, state=QualityPlan.State.DECIDED, decided_at=timezone.now(), decided_by=by
    )
    for check in checks:
        _plan_rounds(check)
    access.record(by, "quality-plan.decided", plan, checks=len(checks))
    open_due(today or timezone.localdate(), plan=plan)
    return plan


def _plan_rounds(check: SelfCheck) -> None:
    plan = check.plan
    for one in rules.rounds(plan.year, check.first_on, check.interval):
        SelfCheckRound.objects.get_or_create(
            control=check, number=one.number,
            defaults={"committee_id": plan.committee_id, "unit_id": plan.unit_id, "opens_on": one.opens_on,
                      "due_on": one.due_on},
        )  # fmt: skip


@transaction.atomic
def stop_check(check: SelfCheck, by: Person, why: str) -> SelfCheck:
    """Stop a check: rounds that are not done are skipped with the reason, and their tasks cancelled.

    Raises NotAllowedError; ValidationError without a reason.
    """
    access.require(by, Action.EDIT, check)
    if not why.strip():
        raise ValidationError({"why": ["Skriv varför egenkontrollen upphör."]})
    check.save_over(check.revision, stopped_at=timezone.now())
    for one in check.rounds.filter(done_at=None, skipped_at=None):
        skip_round(one, by, why)
    access.record(by, "self-check.stopped", check)
    return check


@transaction.atomic
def open_due(today: date, plan: QualityPlan | None = None) -> int:
    """Open the rounds whose time has come, each as a task for the role that makes it. Gives how many were opened.

    Run every night; one that is open already is left alone.
    """
    waiting = SelfCheckRound.objects.filter(
        opens_on__lte=today, opened_at=None, done_at=None, skipped_at=None, control__stopped_at=None
    )
    if plan is not None:
        waiting = waiting.filter(control__plan=plan)
    rows = list(
        waiting.select_for_update(of=("self",)).select_related("control", "unit__committee").order_by("pk")
    )
    for one in rows:
        tasks.open_task(
            TASK, one, owner=tasks.Owner(one.control.role, unit=one.unit), due=one.due_on,
            what=f"Gör egenkontrollen {one.control.title}"[:300],
        )  # fmt: skip
        one.save_over(one.revision, opened_at=timezone.now())
    return len(rows)


# --- a round ---------------------------------------------------------------------------------------------------------


def answer_item(made: SelfCheckRound, by: Person, item: int) -> Answer:
    """The answer for the item of the sample with this number (from 1), begun if need be.

    Raises NotAllowedError; ValidationError for an item outside the sample, or when the round is closed.
    """
    access.require(by, Action.COMMENT, made)
    if made.done_at or made.skipped_at:
        raise ValidationError("Omgången är avslutad.")
    if not 1 <= item <= made.control.sample:
        raise ValidationError(f"Urvalet är {made.control.sample}; nummer {item} finns inte.")
    version = questionnaires.current(made.committee_id, made.control.question_set.code)
    return questionnaires.open_answer(version, by, subject=made, year=made.due_on.year, key=str(item))


def save_item(
    answer: Answer, by: Person, values: Mapping[str, Any], *, expected_revision: int, final: bool
) -> Answer:
    """Save an item's answers; see ``questionnaires.save_answer``. Raises ValidationError when the round is closed."""
    made = SelfCheckRound.objects.get(pk=answer.subject_id or 0)
    access.require(by, Action.COMMENT, made)
    if made.done_at or made.skipped_at:
        raise ValidationError("Omgången har avslutats medan du skrev. Det du skrev är inte sparat.")
    return questionnaires.save_answer(answer, by, values, expected_revision=expected_revision, final=final)


@transaction.atomic
def close_round(
    made: SelfCheckRound,
    by: Person,
    *,
    method_followed: str,
    outcome: str,
    method_note: str = "",
    expected_revision: int,
) -> SelfCheckRound:
    """Close a round with its outcome. What was found is counted from the answers that are handed in.

    Raises NotAllowedError; ValidationError at the field: nothing handed in, drafts left, method not stated, or
    departed from without a note; StaleRecordError.
    """
    access.require(by, Action.EDIT if made.control.role == "unit_manager" else Action.COMMENT, made)
    answers = list(questionnaires.of(made))
    final = [one for one in answers if one.state == Answer.State.FINAL]
    errors: dict[str, list[str]] = {}
    if made.done_at or made.skipped_at:
        raise ValidationError("Omgången är redan avslutad.")
    if not final:
        errors["__all__"] = ["Ingenting är granskat än. Fyll i minst ett formulär och lämna in det."]
    elif drafts := sum(one.state == Answer.State.DRAFT and bool(one.content) for one in answers):
        errors["__all__"] = [f"{drafts} formulär är utkast. Lämna in dem eller töm dem först."]
    if method_followed not in SelfCheckRound.Followed.values:
        errors["method_followed"] = ["Svara om metoden följdes."]
    elif method_followed != SelfCheckRound.Followed.YES and not method_note.strip():
        errors["method_note"] = ["Skriv hur ni avvek från metoden, till exempel att urvalet blev mindre."]
    found = sum(one.remarks > 0 for one in final)
    if found and not outcome.strip():
        errors["outcome"] = ["Det finns brister. Skriv vad ni såg."]
    if errors:
        raise ValidationError(errors)
    made.save_over(
        expected_revision, done_at=timezone.now(), done_by=by, sampled=len(final), found=found,
        method_followed=method_followed, method_note=method_note.strip(), outcome=outcome.strip(),
    )  # fmt: skip
    tasks.complete(TASK, made, by)
    access.record(
        by, "self-check.round_closed", made, sampled=len(final), found=found, method=method_followed
    )
    return made


@transaction.atomic
def skip_round(made: SelfCheckRound, by: Person, why: str) -> SelfCheckRound:
    """Say that a round is not made, and why. Raises NotAllowedError; ValidationError without a reason."""
    access.require(by, Action.EDIT, made)
    if made.done_at or made.skipped_at:
        raise ValidationError("Omgången är redan avslutad.")
    if not why.strip():
        raise ValidationError({"why": ["Skriv varför omgången inte görs."]})
    made.save_over(made.revision, skipped_at=timezone.now(), skipped_why=why.strip()[:500])
    tasks.cancel(TASK, made, why.strip()[:300], by=by)
    access.record(by, "self-check.round_skipped", made)
    return made


def add_action(
    made: SelfCheckRound, by: Person, *, finding: str, what: str, due: date | None, expected_effect: str = ""
) -> tasks.Action:
    """Add an action for what a round found; the unit's manager owns it. Raises NotAllowedError; ValidationError."""
    access.require(by, Action.EDIT, made)
    return tasks.add_action(
        made, by, finding=finding, what=what, owner=tasks.Owner("unit_manager", unit=made.unit), due=due,
        expected_effect=expected_effect, group="unit",
    )  # fmt: skip


# --- how plans are followed ------------------------------------------------------------------------------------------


def as_made(one: SelfCheckRound) -> rules.Made:
    """A round as the rule reads it."""
    done = timezone.localtime(one.done_at).date() if one.done_at else None
    return rules.Made(one.due_on, done, one.method_followed, one.skipped_at is not None)


def question_sets_of(committee_id: int) -> QuerySet[QuestionSet]:
    """The committee's question sets that are made for self-checks."""
    return QuestionSet.objects.filter(
        committee=committee_id, closed=False, subject_kinds__contains=[SelfCheckRound.record_kind()]
    ).order_by("title")


def reopen_item(answer: Answer, by: Person, reason: str) -> Answer:
    """Open an item's answer again. Raises ValidationError without a reason, or when the round is closed."""
    made = SelfCheckRound.objects.get(pk=answer.subject_id or 0)
    access.require(by, Action.COMMENT, made)
    if made.done_at or made.skipped_at:
        raise ValidationError("Omgången är avslutad.")
    return questionnaires.reopen(answer, by, reason)
