"""The auditors' form on an audit, and the picker where evidence is found among Roder's own records."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from roder import access
from roder.access.matrix import Action, Resource
from roder.control.models import Audit, Evidence, Inspection, Recommendation
from roder.control.pages import evidence_kinds as kinds
from roder.control.services import audits, evidence
from roder.core.models import Record
from roder.questionnaires.answering import handle
from roder.questionnaires.loading import parsed
from roder.questionnaires.models import Answer
from roder.questionnaires.shape import Type
from roder.web.forms import DeedForm, short_text
from roder.web.scope import CommitteeRequest, Scope, committee_page

#: the kind in the address -> what evidence can prove, and its page
SUBJECTS: dict[str, tuple[type[Record], str]] = {
    "granskning": (Audit, "control:audit"),
    "rekommendation": (Recommendation, "control:recommendation"),
    "tillsyn": (Inspection, "control:inspection"),
}
_KIND_OF = {model._meta.label_lower: kind for kind, (model, _) in SUBJECTS.items()}


class EvidenceForm(DeedForm):
    """An evidence: something found in Roder, or a document that is not there."""

    target = forms.CharField(required=False, widget=forms.HiddenInput)
    document = short_text(
        "Eller en handling som inte finns i Roder", 300, "Skriv namnet som det ska stå i bilagelistan."
    )
    page = short_text("Sida eller avsnitt", 80, "Till exempel 5–6 eller avsnitt 3.2.")
    note = short_text("Vad det visar", 500)


def _audit(request: CommitteeRequest, pk: int) -> Audit:
    rows = Audit.objects.filter(committee=request.scope.committee).select_related(
        "answer__version", "committee"
    )
    return get_object_or_404(access.visible(request.user, rows), pk=pk)


@require_POST
@committee_page(Resource.AUDITS, Action.COMMENT)
def begin(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Begin the auditors' form on an audit."""
    audit, scope = _audit(request, pk), request.scope
    try:
        audits.begin_form(audit, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(scope.url("control:audit", pk))
    return redirect(scope.url("control:audit_form", pk))


@committee_page(Resource.AUDITS, Action.COMMENT)
def form(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """The form: answers, descriptions, and the evidence of each question with its picker."""
    audit, scope = _audit(request, pk), request.scope
    access.require(request.user, Action.COMMENT, audit)
    back = scope.url("control:audit", pk)
    answer = audit.answer
    if answer is None or answer.state == Answer.State.FINAL or audit.state != Audit.State.OPEN:
        messages.info(request, "Formuläret går inte att ändra nu. Öppna det igen på granskningens sida.")
        return redirect(back)
    done = handle(
        request, answer,
        lambda values, revision, final: audits.save_form(
            audit, request.user, values, expected_revision=revision, final=final
        ),
    )  # fmt: skip
    if done.saved is not None:
        wanted = request.POST.get("bevis", "")
        if wanted and parsed(answer.version_id).question(wanted):
            return redirect(scope.url("control:evidence_pick", "granskning", pk, fraga=wanted))
        messages.success(request, "Svaren är inlämnade." if done.final else "Utkastet är sparat.")
        return redirect(back if done.final else scope.url("control:audit_form", pk))
    context = {
        "audit": audit,
        "answer": answer,
        "done": done,
        "form": done.form,
        "content": parsed(answer.version_id),
        "by_question": kinds.by_question(kinds.seen(audit, scope)),
        "back": back,
    }
    return render(request, "control/audit/form.html", context, status=done.status)


def _subject(request: CommitteeRequest, kind: str, pk: int) -> tuple[Any, str]:
    if kind not in SUBJECTS:
        raise Http404
    model, page = SUBJECTS[kind]
    every: QuerySet[Any] = model._default_manager.all()
    rows = access.visible(request.user, every.filter(committee=request.scope.committee))
    return get_object_or_404(rows, pk=pk), page


def _question_of(subject: Any, code: str) -> tuple[str, str] | None:
    """(code, text) of the question that the evidence is for; None for the subject as a whole. Raises Http404."""
    if not code:
        return None
    answer = subject.answer if isinstance(subject, Audit) else None
    found = parsed(answer.version_id).question(code) if answer is not None else None
    if found is None or found.type is not Type.EVIDENCE:
        raise Http404
    return found.code, found.text


@committee_page(Resource.AUDITS, Action.COMMENT)
def pick(request: CommitteeRequest, kind: str, pk: int) -> HttpResponse:
    """Find evidence by words among what the person may see, or name an outside document. Nothing typed is lost."""
    scope = request.scope
    subject, page = _subject(request, kind, pk)
    access.require(request.user, Action.COMMENT, subject)
    given = request.POST if request.method == "POST" else request.GET
    question = _question_of(subject, given.get("fraga", ""))
    text = given.get("q", "")[:200]
    shown = EvidenceForm(request.POST or None)
    here = scope.url("control:evidence_pick", kind, pk)
    asked = {"fraga": question[0]} if question else {}
    if request.method == "POST" and shown.try_to(lambda said: _add(scope, subject, question, said)):
        messages.success(request, "Beviset är tillagt. Lägg till fler, eller gå tillbaka.")
        return redirect(scope.url("control:evidence_pick", kind, pk, **asked))
    rows = [
        one
        for one in kinds.seen(subject, scope)
        if one.evidence.question == (question[0] if question else "")
    ]
    context = {
        "subject": subject,
        "question": question,
        "q": text,
        "groups": kinds.look_for(scope, text),
        "form": shown,
        "wanted": request.POST.get("target", ""),
        "rows": rows,
        "here": here,
        "back": scope.url("control:audit_form", pk) + f"#fraga-{question[0]}"
        if question
        else scope.url(page, pk),
        "to_form": question is not None,
    }
    return render(request, "control/audit/pick.html", context, status=shown.status)


def _add(scope: Scope, subject: Any, question: tuple[str, str] | None, said: dict[str, Any]) -> None:
    target: Model | None = None
    name = said["document"]
    if said["target"]:
        found = kinds.chosen(scope, said["target"])
        if found is None:
            raise ValidationError(
                "Det du valde finns inte, eller så får du inte se det. Sök och välj något annat."
            )
        if name:
            raise ValidationError(
                {
                    "document": "Välj något i listan eller skriv en handling här, inte båda. Lägg till dem var för sig."
                }
            )
        target, name = found
    try:
        evidence.add_evidence(
            subject, scope.user, question=question[0] if question else "", target=target, document=name,  # type: ignore[arg-type]  # a page has a person
            page=said["page"], note=said["note"],
        )  # fmt: skip
    except ValidationError as error:
        if hasattr(error, "error_dict") and "target" in error.error_dict:
            raise ValidationError(error.message_dict["target"]) from error
        raise


@require_POST
@committee_page(Resource.AUDITS, Action.COMMENT)
def remove(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Take an evidence away."""
    scope = request.scope
    rows = access.visible(request.user, Evidence.objects.filter(committee=scope.committee))
    row = get_object_or_404(rows, pk=pk)
    kind, subject, question = _KIND_OF.get(row.subject_kind), row.subject_id, row.question
    if kind is None:
        raise Http404
    try:
        evidence.remove_evidence(row, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "Beviset är borttaget. De andra behåller sina nummer.")
    return redirect(
        scope.url("control:evidence_pick", kind, subject, **({"fraga": question} if question else {}))
    )


@require_POST
@committee_page(Resource.AUDITS, Action.COMMENT)
def renumber(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Number the attachments of an audit anew, in the order of the questions."""
    audit, scope = _audit(request, pk), request.scope
    codes = [one.code for one in parsed(audit.answer.version_id).questions()] if audit.answer else []
    try:
        count = evidence.renumber(audit, request.user, codes)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"Bilagorna är numrerade 1–{count} i frågornas ordning.")
    return redirect(scope.url("control:audit", pk))
