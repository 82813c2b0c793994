"""Reads the audits that a report answers: the auditors' form with its evidence, and the recommendations."""

from __future__ import annotations

from django.db.models import Q

from roder.control.models import Audit, Evidence, Recommendation
from roder.control.rules.audits import standing
from roder.control.services.evidence import FormLine, Proof, attachments, form_of
from roder.reports.document import Status, Tone
from roder.reports.facts_control import AnswerFact, AuditFact, RecommendationFact
from roder.steering.models import Occasion

TONES: dict[str, Tone] = {"good": "good", "near": "near", "bad": "bad"}


def audits_of(occasion: Occasion) -> tuple[AuditFact, ...]:
    """The audits of the occasion's year, and older ones with recommendations that are not settled; its own last."""
    alive = Q(year=occasion.year) | Q(
        year__lt=occasion.year,
        recommendations__state__in=[Recommendation.State.OPEN, Recommendation.State.ACCEPTED],
    )
    rows = list(
        Audit.objects.filter(alive, committee=occasion.committee_id)
        .distinct()
        .select_related("answer")
        .prefetch_related("recommendations")
        .order_by("year", "received_on", "pk")
    )
    proofs: dict[int, list[Proof]] = {}
    found = Evidence.objects.filter(subject_kind=Audit.record_kind(), subject_id__in=[row.pk for row in rows])
    for one in found.order_by("question", "number", "pk"):
        proofs.setdefault(one.subject_id, []).append(Proof(one))
    return tuple(_audit(row, proofs.get(row.pk, []), occasion) for row in rows)


def _audit(row: Audit, proofs: list[Proof], occasion: Occasion) -> AuditFact:
    form = form_of(row.answer, proofs) if row.answer is not None else []
    asked = {
        line.proof_code or line.question.code: line.question.text for part in form for line in part.lines
    }
    return AuditFact(
        title=row.title,
        year=row.year,
        auditor=row.auditor,
        question=row.question.strip(),
        number=row.number,
        received=row.received_on.isoformat() if row.received_on else "",
        answered=row.answered_on.isoformat() if row.answered_on else "",
        judgement=row.get_judgement_display() if row.judgement else "",
        judgement_text=row.judgement_text.strip(),
        form=tuple((part.title, tuple(map(_line, part.lines))) for part in form if part.lines),
        attachments=tuple(
            (one.number, one.title, tuple(asked.get(code, code) for code in one.questions))
            for one in attachments(proofs)
        ),
        recommendations=tuple(_recommendation(one, occasion) for one in row.recommendations.all()),
    )


def _line(line: FormLine) -> AnswerFact:
    chosen = line.tone != "none" or bool(line.question.options)
    return AnswerFact(
        code=line.question.code,
        question=line.question.text,
        answer=Status(line.said, TONES.get(line.tone, "none")) if chosen and line.said else None,
        said="" if chosen else line.said,
        description=line.description,
        proofs=tuple(
            f"Bilaga {one.evidence.number}{f', {one.place}' if one.place else ''}" for one in line.proofs
        )
        or ((line.reference,) if line.reference else ()),
    )


def _recommendation(row: Recommendation, occasion: Occasion) -> RecommendationFact:
    words, tone = standing(row.state, row.due_on, occasion.cut_off)
    if row.state == Recommendation.State.DONE and row.done_on:
        words = f"{words} {row.done_on}"
    return RecommendationFact(
        number=row.number,
        text=row.text,
        status=Status(words, TONES.get(tone, "none")),
        answer=row.answer.strip(),
        due=row.due_on.isoformat() if row.due_on else "",
        responsible=row.responsible,
        effect=row.effect.strip(),
    )
