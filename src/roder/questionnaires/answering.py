"""What every page with a question set does with a request: show the form, save a draft, hand in, say what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from roder import files
from roder.core.models import StaleRecordError
from roder.core.numbers import whole_number
from roder.files.models import StoredFile
from roder.questionnaires import services
from roder.questionnaires.compiling import words
from roder.questionnaires.form import AnswerForm, answer_form, typed
from roder.questionnaires.loading import parsed
from roder.questionnaires.models import Answer
from roder.questionnaires.shape import QuestionSet, Type

Figures = Mapping[str, Mapping[str, str]]
Save = Callable[[dict[str, Any], int, bool], Answer]


@dataclass
class Answering:
    """What came of a request. ``saved`` is the answer when it was saved; else ``form`` is to be shown, with ``status``.

    ``other`` is what somebody else saved meanwhile, with ``differences`` as (question, theirs, yours).
    """

    form: AnswerForm
    revision: int
    saved: Answer | None = None
    final: bool = False
    status: int = 200
    other: Answer | None = None
    differences: tuple[tuple[str, str, str], ...] = ()
    general: tuple[str, ...] = ()


def handle(request: HttpRequest, answer: Answer, save: Save, figures: Figures | None = None) -> Answering:
    """Show an answer's form, or take care of what was sent: ``deed`` is ``draft``, ``final`` or ``refresh``.

    ``save(values, expected_revision, final)`` is the room's service. ``figures``: the catalogue's values by question.
    """
    content = parsed(answer.version_id)
    if request.method != "POST":
        values = {**answer.content, **(figures or {})}
        return Answering(_form(content, values, {}, figures), answer.revision)
    before = _with_sent_before(request, answer, content)
    values = {**typed(content, request.POST, before), **(figures or {})}
    deed, revision = request.POST.get("deed", "draft"), _revision(request, answer)
    errors = _take_files(request, answer, content, values)
    if deed == "refresh":
        return Answering(_form(content, values, errors, figures), revision)
    if errors:
        return Answering(_form(content, values, errors, figures), revision, status=400)
    try:
        saved = save(values, revision, deed == "final")
    except ValidationError as error:
        told = _messages(error)
        general = tuple(told.pop("__all__", "").split("\n")) if "__all__" in told else ()
        return Answering(_form(content, values, told, figures), revision, status=400, general=general)
    except StaleRecordError as stale:
        current = Answer.objects.select_related("answered_by").get(pk=stale.current.pk)
        return Answering(
            _form(content, values, {}, figures), current.revision, status=409, other=current,
            differences=differences(content, current.content, values),
        )  # fmt: skip
    return Answering(_form(content, values, {}, figures), saved.revision, saved=saved, final=deed == "final")


def _revision(request: HttpRequest, answer: Answer) -> int:
    seen = whole_number(request.POST.get("revision"), 9)
    return answer.revision if seen is None else seen


def _messages(error: ValidationError) -> dict[str, str]:
    if not hasattr(error, "error_dict"):
        return {"__all__": "\n".join(error.messages)}
    return {code: " ".join(told) for code, told in error.message_dict.items()}


def differences(
    content: QuestionSet, theirs: Mapping[str, Any], yours: Mapping[str, Any]
) -> tuple[tuple[str, str, str], ...]:
    """The questions that two have answered differently, in words."""
    return tuple(
        (one.text, words(content, one, theirs.get(one.code)), words(content, one, yours.get(one.code)))
        for one in content.questions()
        if theirs.get(one.code) != yours.get(one.code)
    )


def _form(
    content: QuestionSet, values: Mapping[str, Any], errors: Mapping[str, str], figures: Figures | None
) -> AnswerForm:
    return answer_form(content, values, errors, files=stored_files(content, values), figures=figures)


def stored_files(content: QuestionSet, values: Mapping[str, Any]) -> dict[str, tuple[StoredFile, ...]]:
    """The files of the evidence, by question. One query, and none without files."""
    ids: dict[str, list[int]] = {}
    for question in content.questions():
        value = values.get(question.code)
        if question.type is Type.EVIDENCE and isinstance(value, Mapping) and value.get("files"):
            ids[question.code] = [int(one) for one in value["files"]]
    if not ids:
        return {}
    wanted = [pk for several in ids.values() for pk in several]
    found = {
        one.pk: one
        for one in StoredFile.objects.filter(pk__in=wanted, removed_at=None).select_related("current")
    }
    return {code: tuple(found[pk] for pk in several if pk in found) for code, several in ids.items()}


def _with_sent_before(request: HttpRequest, answer: Answer, content: QuestionSet) -> dict[str, Any]:
    """What the answer holds, and the files that were stored by a post that was shown again: the form carries their
    numbers. Only the person's own, of what is answered for, are believed."""
    sent = {
        one.code: [
            pk for text in request.POST.getlist(f"q-{one.code}-kept") if (pk := whole_number(text, 18))
        ]
        for one in content.questions()
        if one.type is Type.EVIDENCE
    }
    wanted = {pk for several in sent.values() for pk in several}
    if not wanted:
        return answer.content
    theirs = files.of(services.files_with(answer)).filter(versions__stored_by=request.user.pk)
    found, before = set(theirs.filter(pk__in=wanted).values_list("pk", flat=True)), dict(answer.content)
    for code, several in sent.items():
        value = before.get(code)
        value = dict(value) if isinstance(value, Mapping) else {}
        added = [pk for pk in several if pk in found]
        if added:
            before[code] = {**value, "files": list(dict.fromkeys([*value.get("files", []), *added]))}
    return before


def _take_files(
    request: HttpRequest, answer: Answer, content: QuestionSet, values: dict[str, Any]
) -> dict[str, str]:
    """Store what was uploaded as evidence, with the record that the answer's files belong to."""
    from roder.core.faults import UserFault  # noqa: PLC0415

    errors: dict[str, str] = {}
    for question in content.questions():
        upload = request.FILES.get(f"q-{question.code}-file")
        if question.type is not Type.EVIDENCE or upload is None:
            continue
        try:
            stored = files.store(upload, services.files_with(answer), request.user)
        except (UserFault, ValueError) as error:
            errors[question.code] = str(error)
            continue
        value = dict(values.get(question.code) or {})
        values[question.code] = {**value, "files": [*value.get("files", []), stored.pk]}
    return errors


def read_lines(answer: Answer, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """An answer to read: its sections, each question with the answer in words (and files)."""
    content = parsed(answer.version_id)
    given = answer.content if values is None else values
    stored = stored_files(content, given)
    form = answer_form(content, given)
    return [
        {
            "title": part.title,
            "lines": [
                {
                    "text": one.question.text,
                    "said": words(content, one.question, given.get(one.question.code)),
                    "tone": _tone(one),
                    "files": stored.get(one.question.code, ()),
                    "number": one.number,
                }
                for one in part.asked
                if one.shown
            ],
        }
        for part in form.parts
        if part.shown
    ]


def _tone(asked: Any) -> str:
    """The tone of a single chosen option, else nothing."""
    if asked.question.type is not Type.ONE:
        return ""
    return next((one.tone for one in asked.options if one.code == asked.value and one.tone != "none"), "")
