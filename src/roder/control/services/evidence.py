"""Evidence: where an answer can be verified. Numbered as the list of attachments; seen from both ends (5.4).

The same record or document keeps its number on every question of the same subject. What a person may not see can
neither be pointed at nor read through an evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from roder import access
from roder.access import Action
from roder.access.rights import User
from roder.control.models import Audit, Evidence, Inspection, Recommendation
from roder.control.rules import audits as rules
from roder.control.services.keeping import refuse
from roder.core.models import Record
from roder.core.put import created
from roder.organisation.models import Body, Person
from roder.questionnaires import rules as question_rules
from roder.questionnaires.compiling import words
from roder.questionnaires.loading import parsed
from roder.questionnaires.models import Answer
from roder.questionnaires.shape import Question, Type
from roder.tasks.owners import committee_of

#: So much of the evidence is written into an answer's text.
LONGEST_REFERENCE = 1000


@dataclass(frozen=True)
class Proof:
    """An evidence as one person sees it. ``record`` is what it points at in Roder; None for an outside document, or
    with ``hidden`` for what the person may not see."""

    evidence: Evidence
    record: models.Model | None = None
    hidden: bool = False

    @property
    def title(self) -> str:
        """What it is, as it stands in the list of attachments."""
        return "Handling som du inte har rätt att läsa" if self.hidden else self.evidence.document

    @property
    def place(self) -> str:
        """The page as it is written, with s. before a number."""
        page = self.evidence.page
        return f"s. {page}" if page[:1].isdigit() else page


@dataclass(frozen=True)
class Attachment:
    """A line of the list of attachments: its number, what it is, and the questions it belongs to."""

    number: int
    title: str
    proofs: tuple[Proof, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        """The codes of the questions that it proves, each once."""
        return tuple(dict.fromkeys(one.evidence.question for one in self.proofs if one.evidence.question))


@dataclass(frozen=True)
class Proved:
    """What a record proves, seen from the record: in which audit, and where that is shown."""

    title: str
    page: tuple[str, tuple[int, ...]]
    year: int | None


@transaction.atomic
def add_evidence(
    subject: Record,
    by: Person,
    *,
    question: str = "",
    target: models.Model | None = None,
    document: str = "",
    page: str = "",
    note: str = "",
) -> Evidence:
    """Say what proves an answer: a record in Roder (``target``, with ``document`` as its name in the list) or a
    document that is not there. ``question`` is the code of the question that it belongs to.

    Raises NotAllowedError; ValidationError at the field: nothing chosen, what the person may not see, the same twice,
    an audit that is answered already.
    """
    access.require(by, Action.COMMENT, subject)
    _require_open(subject)
    name = " ".join((document or (str(target) if target is not None else "")).split())[:300]
    if target is not None and not access.may(by, Action.VIEW, target):
        refuse({"target": "Det finns ingen sådan handling som du kan hänvisa till. Sök och välj en annan."})
    if not name:
        refuse({"document": "Välj något i Roder, eller skriv vilken handling beviset är."})
    row = Evidence(
        committee=_committee(subject), subject_kind=subject.record_kind(), subject_id=subject.pk, question=question,
        target_kind=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None, document=name, page=page.strip(), note=note.strip(),
    )  # fmt: skip
    type(subject)._base_manager.select_for_update().get(pk=subject.pk)  # two at once get different numbers
    taken = list(_rows(subject))
    if any((one.question, key_of(one), one.page) == (question, key_of(row), row.page) for one in taken):
        refuse({"page": "Beviset finns redan på frågan. Ange en annan sida, eller välj något annat."})
    row.number = rules.attachment_number(((one.number, key_of(one)) for one in taken), key_of(row))
    created(row)
    access.record(by, "evidence.added", subject, question=question, evidence=row.pk)
    return row


@transaction.atomic
def remove_evidence(evidence: Evidence, by: Person) -> None:
    """Take an evidence away. The numbers of the others stay. Raises NotAllowedError; ValidationError when the audit is
    answered already."""
    subject: Any = apps.get_model(evidence.subject_kind)._base_manager.get(pk=evidence.subject_id)
    access.require(by, Action.COMMENT, subject)
    _require_open(subject)
    access.record(by, "evidence.removed", subject, question=evidence.question, document=evidence.gid)
    evidence.delete()


@transaction.atomic
def renumber(subject: Record, by: Person, questions: Iterable[str]) -> int:
    """Number the attachments anew, 1, 2, 3 … in the order of the questions. Gives how many there are."""
    access.require(by, Action.COMMENT, subject)
    _require_open(subject)
    rows = sorted(_rows(subject).select_for_update(), key=lambda one: (one.number, one.pk))
    numbers = rules.in_question_order([(one.question, key_of(one)) for one in rows], questions)
    for row in rows:
        if row.number != numbers[key_of(row)]:
            row.save_over(row.revision, number=numbers[key_of(row)])
    access.record(by, "evidence.renumbered", subject, attachments=len(numbers))
    return len(numbers)


def key_of(row: Evidence) -> str:
    """What makes two evidences the same attachment: the record, else the document's name."""
    return f"{row.target_kind}:{row.target_id}" if row.target_kind else row.document.casefold()


def _rows(subject: Record) -> QuerySet[Evidence]:
    return Evidence.objects.filter(subject_kind=subject.record_kind(), subject_id=subject.pk)


def _committee(subject: Record) -> Body:
    found = committee_of(subject)
    if found is None:
        raise ValidationError("Det som ska styrkas hör inte till någon nämnd.")
    return found


def _require_open(subject: Record) -> None:
    if isinstance(subject, Audit) and subject.state != Audit.State.OPEN:
        raise ValidationError("Granskningen är besvarad. Öppna den igen innan du ändrar bevisen.")


# --- read ------------------------------------------------------------------------------------------------------------

Fuller = Callable[[QuerySet[Any]], QuerySet[Any]]


def evidence_of(subject: Record, user: User, fuller: Mapping[str, Fuller] | None = None) -> list[Proof]:
    """The evidence of a subject with what it points at, by question and number: one query, and one for each kind of
    record that it points at. ``fuller`` (by kind) reads what a record's page needs besides."""
    rows = sorted(_rows(subject), key=lambda one: (one.question, one.number, one.pk))
    wanted: dict[str, set[int]] = {}
    for row in rows:
        if row.target_id is not None:
            wanted.setdefault(row.target_kind, set()).add(row.target_id)
    seen: dict[tuple[str, int], models.Model] = {}
    for kind, keys in wanted.items():
        found = access.visible(user, apps.get_model(kind)._default_manager.filter(pk__in=keys))
        for record in (fuller or {}).get(kind, lambda few: few)(found):
            seen[kind, record.pk] = record
    return [_proof(row, seen) for row in rows]


def _proof(row: Evidence, seen: Mapping[tuple[str, int], models.Model]) -> Proof:
    if row.target_id is None:
        return Proof(row)
    record = seen.get((row.target_kind, row.target_id))
    return Proof(row, record, hidden=record is None)


def attachments(proofs: Iterable[Proof]) -> list[Attachment]:
    """The list of attachments: each record or document once, in the order of the numbers."""
    groups: dict[int, list[Proof]] = {}
    for one in proofs:
        groups.setdefault(one.evidence.number, []).append(one)
    return [Attachment(number, few[0].title, tuple(few)) for number, few in sorted(groups.items())]


def proves(record: models.Model, user: User) -> list[Proved]:
    """Which audits, recommendations and inspections a record proves something in: one query."""
    audit = Audit.objects.filter(pk=OuterRef("subject_id"))
    advice = Recommendation.objects.filter(pk=OuterRef("subject_id"))
    rows = (
        access.visible(
            user, Evidence.objects.filter(target_kind=record._meta.label_lower, target_id=record.pk)
        )
        .annotate(
            audit=Subquery(audit.values("title")[:1]),
            audit_year=Subquery(audit.values("year")[:1]),
            advice=Subquery(advice.values("number")[:1]),
            origin=Coalesce(
                Subquery(advice.values("audit__title")[:1]), Subquery(advice.values("inspection__title")[:1])
            ),
            inspection=Subquery(Inspection.objects.filter(pk=OuterRef("subject_id")).values("title")[:1]),
        )
        .order_by("subject_kind", "subject_id")
    )
    found: dict[tuple[str, int], Proved] = {}
    for row in rows:
        if made := _proved(row):
            found.setdefault((row.subject_kind, row.subject_id), made)
    return list(found.values())


def _proved(row: Any) -> Proved | None:
    key = (int(row.subject_id),)
    if row.subject_kind == Audit.record_kind():
        return Proved(f"granskningen {row.audit}", ("control:audit", key), row.audit_year)
    if row.subject_kind == Recommendation.record_kind():
        return Proved(f"rekommendation {row.advice}, {row.origin}", ("control:recommendation", key), None)
    if row.subject_kind == Inspection.record_kind():
        return Proved(f"tillsynen {row.inspection}", ("control:inspection", key), None)
    return None


# --- the auditors' form ----------------------------------------------------------------------------------------------


@dataclass
class FormLine:
    """A question of the auditors' form: its answer with the tone, the description, and the evidence.

    ``code`` is the question's; ``proof_code`` that of the question that its evidence is put on.
    """

    question: Question
    said: str = ""
    tone: str = "none"
    description: str = ""
    proof_code: str = ""
    reference: str = ""
    proofs: list[Proof] = field(default_factory=list)


@dataclass
class FormSection:
    """A section of the auditors' form."""

    title: str
    lines: list[FormLine]


def form_of(answer: Answer, proofs: Iterable[Proof] = ()) -> list[FormSection]:
    """An answered form as the auditors' own: question, answer, attachment and page, description.

    A question for evidence, and the text after it, belong to the question that they follow in the section.
    """
    content = parsed(answer.version_id)
    shown = question_rules.shown(content, answer.content)
    by_code: dict[str, list[Proof]] = {}
    for one in proofs:
        by_code.setdefault(one.evidence.question, []).append(one)
    sections = []
    for section in content.sections:
        lines: list[FormLine] = []
        for question in section.questions:
            value = answer.content.get(question.code)
            said = words(content, question, value)
            if question.type is Type.EVIDENCE and lines and not lines[-1].proof_code:
                lines[-1].proof_code = question.code
                lines[-1].reference = said
                lines[-1].proofs += by_code.get(question.code, [])
            elif question.type is Type.TEXT and lines and lines[-1].proof_code and not lines[-1].description:
                lines[-1].description = said
            elif question.code in shown:
                chosen = {one.code: one.tone for one in content.options(question)} if question.options else {}
                lines.append(
                    FormLine(
                        question,
                        said,
                        chosen.get(str(value), "none"),
                        proofs=list(by_code.get(question.code, [])),
                    )
                )
        sections.append(FormSection(section.title, lines))
    return sections


def lacking(sections: Iterable[FormSection]) -> list[FormLine]:
    """The questions that are answered with yes or partly but have nothing that proves it."""
    return [
        line
        for section in sections
        for line in section.lines
        if line.proof_code and line.tone in ("good", "near") and not line.proofs and not line.reference
    ]


def references_of(audit: Audit, values: Mapping[str, Any]) -> dict[str, Any]:
    """The evidence of the form's questions as their answers: ``Bilaga 1 Planen, s. 3; Bilaga 2 …``. Questions without
    any keep what was written."""
    if audit.answer is None:
        return {}
    said: dict[str, list[str]] = {}
    for row in sorted(_rows(audit), key=lambda one: (one.question, one.number, one.pk)):
        place = Proof(row).place
        said.setdefault(row.question, []).append(
            f"Bilaga {row.number} {row.document}{f', {place}' if place else ''}"
        )
    found = {}
    for question in parsed(audit.answer.version_id).questions():
        if question.type is Type.EVIDENCE and question.code in said:
            text = "; ".join(said[question.code])
            given = values.get(question.code)
            files = given.get("files") if isinstance(given, Mapping) else None
            short = text if len(text) <= LONGEST_REFERENCE else f"{text[: LONGEST_REFERENCE - 1]}…"
            found[question.code] = {"reference": short} | ({"files": files} if files else {})
    return found
