"""What people do with audits and their recommendations: register, answer, judge, follow up (5.4).

Each deed asks for the right, applies ``rules.audits``, writes, keeps the tasks and the trail, in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from roder import access, questionnaires, tasks
from roder.access import Action, Resource
from roder.control.models import Audit, AuditQuestion, Inspection, Recommendation
from roder.control.rules import audits as rules
from roder.control.services.keeping import keep, refuse, saved, today
from roder.core.persons import LONGEST_REASON, checked_text
from roder.core.put import created
from roder.organisation.models import Body, Person, Unit
from roder.questionnaires.models import Answer
from roder.tasks.owners import Owner

#: The auditors' yearly form, and the review of how corruption is prevented: question sets, loaded per committee.
FORM, CORRUPTION = "revision-fragor", "korruption-genomgang"
State = Recommendation.State


# --- audits ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def register_audit(committee: Body, by: Person, *, year: int, title: str, **values: Any) -> Audit:
    """Register an audit: ``kind``, ``auditor``, ``number``, ``received_on``, ``answer_by`` … as the model's fields. The
    last day to answer becomes a task.

    Raises NotAllowedError; ValidationError at the field.
    """
    access.require(by, Action.EDIT, Resource.AUDITS, committee)
    values.setdefault("auditor", "revisorerna")
    audit = created(Audit(committee=committee, year=year, title=title.strip(), **values))
    access.record(by, "audit.registered", audit)
    audit_saved(audit, by)
    return audit


def audit_saved(audit: Audit, by: Person) -> None:
    """What follows a saved audit: its days are tried and its task kept. Call it in the saving transaction.

    Raises ValidationError at the field.
    """
    refuse(rules.audit_faults(audit.received_on, audit.answer_by, audit.answered_on, today()))
    keep(audit, by)


@transaction.atomic
def add_question(audit: Audit, by: Person, text: str, *, number: int | None = None) -> AuditQuestion:
    """Add a question that the auditors ask in the audit, numbered after the last. Raises ValidationError."""
    access.require(by, Action.EDIT, audit)
    last = audit.questions.aggregate(last=Max("number"))["last"] or 0
    made = created(AuditQuestion(audit=audit, number=number or last + 1, text=text.strip()))
    access.record(by, "audit.question_added", audit, question=made.number)
    return made


@transaction.atomic
def judge_question(
    question: AuditQuestion,
    by: Person,
    judgement: str,
    comment: str = "",
    *,
    expected_revision: int | None = None,
) -> AuditQuestion:
    """Write the auditors' assessment of a question (Ja, Ja i stort, Delvis, Nej). Raises ValidationError;
    StaleRecordError."""
    access.require(by, Action.EDIT, question)
    if judgement not in Audit.Judgement.values:
        refuse({"judgement": "Välj revisorernas bedömning."})
    saved(question, expected_revision, judgement=judgement, comment=comment.strip())
    access.record(by, "audit.question_judged", question.audit, question=question.number)
    return question


@transaction.atomic
def judge_audit(
    audit: Audit, by: Person, judgement: str, text: str = "", *, expected_revision: int | None = None
) -> Audit:
    """Write the auditors' assessment of the whole. Raises ValidationError; StaleRecordError."""
    access.require(by, Action.EDIT, audit)
    if judgement not in Audit.Judgement.values:
        refuse({"judgement": "Välj revisorernas bedömning."})
    saved(audit, expected_revision, judgement=judgement, judgement_text=text.strip())
    access.record(by, "audit.judged", audit, judgement=judgement)
    return audit


@transaction.atomic
def begin_form(audit: Audit, by: Person, code: str = FORM) -> Answer:
    """Open the audit's form (the auditors' yearly questions): the answer begun before, else a new draft.

    Raises NotAllowedError; ValidationError when the committee has no such question set.
    """
    access.require(by, Action.COMMENT, audit)
    audit = Audit.objects.select_for_update(of=("self",)).get(pk=audit.pk)  # two at once begin the same
    if audit.answer is not None:
        return audit.answer
    try:
        version = questionnaires.current(audit.committee_id, code)
    except LookupError:
        raise ValidationError(
            f"Nämnden har inget frågeformulär med koden {code}. Läs in det under Frågeformulär och försök igen."
        ) from None
    answer = questionnaires.open_answer(version, by, subject=audit, year=audit.year)
    saved(audit, None, answer=answer)
    access.record(by, "audit.form_begun", audit, form=code)
    return answer


def save_form(
    audit: Audit,
    by: Person,
    values: Mapping[str, Any],
    *,
    expected_revision: int,
    final: bool = False,
) -> Answer:
    """Save the form's answers, as a draft or handed in. The evidence of each question is written into the answer as it
    stands, so that what was handed in keeps it.

    Raises NotAllowedError; ValidationError by question; StaleRecordError.
    """
    from roder.control.services.evidence import references_of  # noqa: PLC0415 - it reads this module's models

    if audit.answer is None:
        raise ValidationError("Formuläret är inte påbörjat. Ladda om sidan.")
    if audit.state != Audit.State.OPEN:
        raise ValidationError("Granskningen är besvarad. Öppna den igen innan du ändrar svaren.")
    return questionnaires.save_answer(
        audit.answer, by, {**values, **references_of(audit, values)}, expected_revision=expected_revision, final=final
    )  # fmt: skip


@transaction.atomic
def answer_audit(audit: Audit, by: Person, on: date | None, *, expected_revision: int | None = None) -> Audit:
    """Mark the audit answered on a day: the task is done. The form, when one is begun, must have been handed in.

    Raises NotAllowedError; ValidationError at the field; StaleRecordError.
    """
    access.require(by, Action.EDIT, audit)
    if audit.state != Audit.State.OPEN:
        raise ValidationError("Granskningen är redan besvarad. Ladda om sidan.")
    if on is None:
        refuse({"answered_on": "Ange vilken dag svaret lämnades."})
    refuse(rules.audit_faults(audit.received_on, None, on, today()))
    if audit.answer is not None and audit.answer.state != Answer.State.FINAL:
        raise ValidationError("Formuläret är ett utkast. Lämna in det innan svaret markeras som lämnat.")
    saved(audit, expected_revision, answered_on=on, state=Audit.State.ANSWERED)
    keep(audit, by)
    access.record(by, "audit.answered", audit, on=str(on))
    return audit


@transaction.atomic
def reopen_audit(audit: Audit, by: Person, reason: str, *, expected_revision: int | None = None) -> Audit:
    """Open an audit that was marked answered or closed, with the reason. The form can then be opened as well.

    Raises NotAllowedError; ValidationError without a reason, or with one that cannot be kept; StaleRecordError.
    """
    access.require(by, Action.EDIT, audit)
    if audit.state == Audit.State.OPEN:
        raise ValidationError("Granskningen är redan öppen.")
    why = checked_text(reason, "reason", LONGEST_REASON, required="Skriv varför granskningen öppnas igen.")
    saved(audit, expected_revision, state=Audit.State.OPEN, answered_on=None)
    if audit.answer is not None and audit.answer.state == Answer.State.FINAL:
        questionnaires.reopen(audit.answer, by, why)
    keep(audit, by)
    access.record(by, "audit.reopened", audit, reason=why)
    return audit


@transaction.atomic
def close_audit(audit: Audit, by: Person, *, expected_revision: int | None = None) -> Audit:
    """Close an audit: it is answered, and no recommendation waits for an answer or a measure.

    Raises NotAllowedError; ValidationError that names the recommendations; StaleRecordError.
    """
    access.require(by, Action.EDIT, audit)
    if audit.answered_on is None and audit.kind != Audit.Kind.OWN:
        raise ValidationError("Granskningen är inte besvarad. Markera svaret som lämnat först.")
    waiting = audit.recommendations.filter(state__in=[State.OPEN, State.ACCEPTED])
    if numbers := [str(one.number) for one in waiting]:
        raise ValidationError(
            f"Rekommendation {', '.join(numbers)} är inte färdig. Besvara den och markera den som åtgärdad först."
        )
    saved(audit, expected_revision, state=Audit.State.CLOSED)
    keep(audit, by)
    access.record(by, "audit.closed", audit)
    return audit


# --- recommendations -------------------------------------------------------------------------------------------------


def given_on(recommendation: Recommendation) -> date | None:
    """The day the recommendation came: that of its audit, or of the authority's decision. None when it is not known."""
    if recommendation.audit is not None:
        return recommendation.audit.received_on
    inspection = recommendation.inspection
    return (inspection.decided_on or inspection.held_on) if inspection is not None else None


@transaction.atomic
def add_recommendation(
    origin: Audit | Inspection, by: Person, text: str, *, number: int | None = None
) -> Recommendation:
    """Add what the auditors or an authority recommend, numbered after the last.

    Raises NotAllowedError; ValidationError at the field, also when the number is taken.
    """
    access.require(by, Action.EDIT, origin)
    type(origin)._base_manager.select_for_update().get(pk=origin.pk)  # two at once get different numbers
    taken = set(origin.recommendations.values_list("number", flat=True))
    if number is not None and number in taken:
        refuse({"number": f"Rekommendation {number} finns redan. Välj ett annat nummer."})
    if not text.strip():
        refuse({"text": "Skriv vad som rekommenderas."})
    made = created(
        Recommendation(
            committee_id=origin.committee_id,
            audit=origin if isinstance(origin, Audit) else None,
            inspection=origin if isinstance(origin, Inspection) else None,
            number=number or max(taken, default=0) + 1,
            text=text.strip(),
        )
    )
    access.record(by, "recommendation.added", made)
    return made


@transaction.atomic
def answer_recommendation(
    recommendation: Recommendation,
    by: Person,
    *,
    state: str,
    answer: str,
    responsible: str = "",
    owner_role: str = "",
    due_on: date | None = None,
    expected_revision: int | None = None,
) -> Recommendation:
    """Answer a recommendation: which action, who and when (``accepted``), or why not (``declined``). An accepted one is
    a task for the role until it is done; the last day may be moved by answering again.

    Raises NotAllowedError; ValidationError at the field; StaleRecordError.
    """
    access.require(by, Action.EDIT, recommendation)
    if recommendation.state == State.DONE:
        raise ValidationError("Rekommendationen är åtgärdad och kan inte besvaras igen. Ladda om sidan.")
    refuse(rules.answer_faults(state, answer, responsible, due_on, given_on(recommendation)))
    accepted = state == State.ACCEPTED
    saved(
        recommendation, expected_revision, state=state, answer=answer.strip(), responsible=responsible.strip(),
        owner_role=owner_role if accepted else "", due_on=due_on if accepted else None,
    )  # fmt: skip
    keep(recommendation, by)
    access.record(by, f"recommendation.{state}", recommendation)
    return recommendation


@transaction.atomic
def finish_recommendation(
    recommendation: Recommendation,
    by: Person,
    *,
    done_on: date | None,
    effect: str,
    expected_revision: int | None = None,
) -> Recommendation:
    """Mark a recommendation done, with the day and the effect. Its task is done.

    Raises NotAllowedError; ValidationError at the field; StaleRecordError.
    """
    access.require(by, Action.EDIT, recommendation)
    refuse(rules.done_faults(recommendation.state, done_on, effect, given_on(recommendation), today()))
    saved(recommendation, expected_revision, state=State.DONE, done_on=done_on, effect=effect.strip())
    keep(recommendation, by)
    access.record(by, "recommendation.done", recommendation, on=str(done_on))
    return recommendation


def add_action(
    row: Recommendation | Inspection,
    by: Person,
    *,
    what: str,
    role: str,
    due: date | None,
    unit: Unit | None = None,
    expected_effect: str = "",
) -> tasks.Action:
    """Add an action for a recommendation or for what an authority found; its effect is stated when it is done.

    Raises NotAllowedError; ValidationError at the field.
    """
    access.require(by, Action.EDIT, row)
    if due is not None and due < today():
        refuse({"due": "Dagen har varit. Välj en dag framåt, eller lämna fältet tomt."})
    finding = row.text if isinstance(row, Recommendation) else row.findings or row.title
    return tasks.add_action(
        row, by, finding=finding, what=what, owner=Owner(role, unit=unit, committee=row.committee), due=due,
        expected_effect=expected_effect,
    )  # fmt: skip
