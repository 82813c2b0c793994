"""A sample's items with what was answered about each: for the page, the export and the protocol."""

from __future__ import annotations

from dataclasses import dataclass, field

from roder.control.models import ControlSample, SampleItem
from roder.questionnaires.compiling import words
from roder.questionnaires.loading import parsed
from roder.questionnaires.models import Answer
from roder.questionnaires.shape import Question


@dataclass
class Answered:
    """The checklist's questions (by code, as they were asked last) and the answers by item."""

    questions: dict[str, Question] = field(default_factory=dict)
    answers: dict[int, Answer] = field(default_factory=dict)

    def said(self, item: SampleItem, code: str) -> str:
        """What was answered to a question about an item, in words; nothing while the checklist is not handed in."""
        answer = self.answers.get(item.pk)
        if answer is None or answer.state != Answer.State.FINAL:
            return ""
        content = parsed(answer.version_id)
        question = content.question(code)
        return words(content, question, answer.content.get(code)) if question else ""

    def begun(self, item: SampleItem) -> bool:
        """Whether somebody has saved a draft about the item."""
        answer = self.answers.get(item.pk)
        return answer is not None and answer.state == Answer.State.DRAFT and bool(answer.content)


def answered(sample: ControlSample) -> Answered:
    """The sample's answers; nothing without a checklist. One query."""
    found = Answered()
    if sample.frame.round.control.question_set_id is None:
        return found
    items = SampleItem.objects.filter(sample=sample).order_by().values("pk")
    rows = Answer.objects.filter(subject_kind=SampleItem.record_kind(), subject_id__in=items)
    for one in rows.order_by("version_id"):
        found.answers[one.subject_id or 0] = one
        found.questions |= {question.code: question for question in parsed(one.version_id).questions()}
    return found


def outcome(item: SampleItem) -> tuple[str, str]:
    """An item's outcome in a word, and its tone."""
    if item.checked_at is None:
        return "Inte granskad", "none"
    return ("Brist", "bad") if item.deviates else ("Utan brist", "good")
