"""The committee's own question sets about a deviation: which there are, and answering one in the case."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone

from roder import access, questionnaires
from roder.access import Action, NotAllowedError
from roder.organisation.models import Person
from roder.quality.models import Deviation, SelfCheckRound, Step
from roder.quality.rules.deviations import SHUT, Code
from roder.questionnaires.models import Answer, QuestionSet


@dataclass(frozen=True)
class Asked:
    """A set with what is answered in the case, if anything is."""

    question_set: QuestionSet
    answer: Answer | None

    @property
    def final(self) -> bool:
        """Whether it is handed in."""
        return self.answer is not None and self.answer.state == Answer.State.FINAL


def takes_answers(deviation: Deviation) -> bool:
    """Whether questions are answered in the case: while it is open."""
    return deviation.state not in SHUT


def may_answer(deviation: Deviation, by: Person) -> bool:
    """Whether somebody answers in the case: who handles it, while it is open."""
    return takes_answers(deviation) and access.may(by, Action.COMMENT, deviation)


def asked_in(deviation: Deviation, by: Person) -> list[Asked]:
    """The sets about deviations, with the answers that somebody may see. A closed case shows what was answered."""
    rows = questionnaires.visible_answers(by, questionnaires.of(deviation)).exclude(content={})
    answers = {one.question_set_id: one for one in rows.select_related("answered_by", "version")}
    found = [Asked(one, answers.get(one.pk)) for one in questionnaires.sets_for(deviation)]
    return [one for one in found if one.answer is not None or takes_answers(deviation)]


def open_set(deviation: Deviation, by: Person, code: str) -> Answer:
    """The case's answer to a set, begun if need be.

    Raises NotAllowedError for who does not handle the case; LookupError for a set that is not there; ValidationError
    when the case is closed, or the set is not for deviations.
    """
    if not access.may(by, Action.COMMENT, deviation):
        raise NotAllowedError("Dina mandat ger inte rätt att handlägga den här avvikelsen.")
    if not takes_answers(deviation):
        raise ValidationError("Avvikelsen är avslutad. Öppna den igen för att svara.")
    version = questionnaires.current(deviation.committee_id, code)
    if deviation.record_kind() not in version.question_set.subject_kinds:
        raise ValidationError("Formuläret är inte till för avvikelser.")
    year = timezone.localtime(deviation.reported_at).year
    return questionnaires.open_answer(version, by, subject=deviation, year=year)


def _investigation(deviation: Deviation) -> Step | Deviation:
    """Where files of an answer are kept: with the investigation, which the reporter does not read."""
    return deviation.steps.filter(code=Code.INVESTIGATION).first() or deviation


def declare() -> None:
    """Say how the room's records are answered for."""
    questionnaires.about("quality.deviation", takes=takes_answers, own=False, keeps=_investigation)
    questionnaires.about(
        SelfCheckRound.record_kind(), takes=lambda one: not one.done_at and not one.skipped_at
    )
