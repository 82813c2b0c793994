"""What people do with answers: open one, save a draft, hand it in, open it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from roder import access
from roder.access import Action, NotAllowedError, Resource
from roder.core.models import Record, StaleRecordError
from roder.core.persons import LONGEST_REASON, checked_text, no_personal_number, storable
from roder.organisation.models import Body, Person, Unit
from roder.questionnaires import rules, subjects
from roder.questionnaires.loading import parsed
from roder.questionnaires.models import Answer, AnswerEdition, QuestionSet, QuestionSetVersion
from roder.questionnaires.shape import QuestionSet as SetContent
from roder.steering.models import Occasion

A = TypeVar("A", bound=Model)


def current(committee: Body | int, code: str) -> QuestionSetVersion:
    """The latest version of a committee's set. Raises LookupError when there is none."""
    found = (
        QuestionSetVersion.objects.filter(question_set__committee=committee, question_set__code=code)
        .select_related("question_set__committee")
        .order_by("-number")
        .first()
    )
    if found is None:
        raise LookupError(f"Frågeformuläret {code} finns inte i nämnden.")
    return found


def of(subject: Record, code: str = "") -> QuerySet[Answer]:
    """The answers given for an object, latest first; of one set when its code is given."""
    rows = Answer.objects.filter(subject_kind=subject.record_kind(), subject_id=subject.pk)
    return rows.filter(question_set__code=code) if code else rows


def sets_for(subject: Record) -> QuerySet[QuestionSet]:
    """The committee's sets for an object of its kind: those that take answers, and those it has answers to."""
    kind = subject.record_kind()
    rows = QuestionSet.objects.filter(committee=subject.committee_id, subject_kinds__contains=[kind])  # type: ignore[attr-defined]
    return rows.filter(Q(closed=False) | Q(pk__in=of(subject).values("question_set"))).order_by("title", "pk")


def files_with(answer: Answer) -> Any:
    """The record that files of the answer belong to: the object's, as its room has declared, else the answer."""
    subject = subject_of(answer)
    return subjects.find(answer.subject_kind).keeps(subject) if subject is not None else answer


def visible_answers(
    user: Person | AnonymousUser, answers: QuerySet[Answer], action: Action = Action.VIEW
) -> QuerySet[Answer]:
    """The answers a person may see (or do ``action`` to), as a condition in the query.

    An answer for an object follows the object, as its room has declared with ``about``; one from the public is for
    those who may edit question sets or look after complaints; the rest follow unit and committee. One's own answers are
    always one's own to see.
    """
    plain = Q(subject_kind="", public=False) & Q(
        pk__in=access.visible(user, Answer.objects.all(), action).values("pk")
    )
    if action is Action.VIEW and user.is_authenticated:
        plain |= Q(answered_by=user.pk)
    committees = {grant.committee_id for grant in access.grants(user)}
    public = [
        pk
        for pk in committees
        if access.may(user, Action.EDIT, Resource.QUESTIONNAIRES, pk)
        or access.may(user, Action.EDIT, Resource.COMPLAINTS, pk)
    ]
    condition = plain | Q(public=True, committee__in=public)
    kinds = (
        Answer.objects.filter(committee__in=committees)
        .exclude(subject_kind="")
        .order_by()
        .values_list("subject_kind", flat=True)
        .distinct()
    )
    for kind in kinds:
        try:
            model = apps.get_model(kind)
        except LookupError:
            continue
        wanted = Action.COMMENT if action is not Action.VIEW else Action.VIEW
        condition |= Q(
            subject_kind=kind,
            subject_id__in=access.visible(
                user, model._base_manager.all(), wanted, own=subjects.find(kind).own
            ).values("pk"),
        )
    return answers.filter(condition)


def may_answer(
    by: Person, committee: Body | int, *, subject: Record | None = None, unit: Unit | None = None
) -> bool:
    """Whether somebody may answer for an object (the right to comment on it, while it takes answers), or for a unit or
    the committee."""
    if subject is not None:
        kind = subjects.find(subject.record_kind())
        return access.may(by, Action.COMMENT, subject) and kind.takes(subject)
    probe = access.visible(by, Unit.objects.all()) if unit is not None else None
    if probe is None:
        return any(
            grant.unit_id is None for grant in access.grants(by) if grant.committee_id == _pk(committee)
        ) and access.may(by, Action.COMMENT, Resource.QUESTIONNAIRES, committee)
    assert unit is not None  # noqa: S101 - probed above
    return units_to_answer_for(by, committee).filter(pk=unit.pk).exists()


def _pk(committee: Body | int) -> int:
    return committee if isinstance(committee, int) else int(committee.pk)


def units_to_answer_for(by: Person, committee: Body | int) -> QuerySet[Unit]:
    """The units of the committee that somebody may answer for: their own, and those under them."""
    return access.units_where(by, Action.COMMENT, Resource.QUESTIONNAIRES, committee)


def _require(by: Person, answer: Answer) -> None:
    if not may_answer(by, answer.committee_id, subject=subject_of(answer), unit=answer.unit):
        raise NotAllowedError("Dina mandat ger inte rätt att svara här.")


def subject_of(answer: Answer) -> Any:
    """The object that an answer is for, or None."""
    if not answer.subject_kind:
        return None
    return apps.get_model(answer.subject_kind)._base_manager.get(pk=answer.subject_id)


@transaction.atomic
def open_answer(
    version: QuestionSetVersion,
    by: Person,
    *,
    subject: Record | None = None,
    unit: Unit | None = None,
    occasion: Occasion | None = None,
    year: int | None = None,
    key: str = "",
) -> Answer:
    """The answer for this object, or this unit and occasion: the one begun before, else a new draft. An answer for an
    object is counted with the unit that the object is in, when it says one.

    A draft without anything in it follows the set to its latest version. Raises NotAllowedError; ValidationError when
    the set takes no more answers, or is not for this kind of object.
    """
    question_set = version.question_set
    kinds = question_set.subject_kinds
    if subject is not None and kinds and subject.record_kind() not in kinds:
        raise ValidationError(
            f"Formuläret ”{question_set.title}” är inte till för {subject._meta.verbose_name}."
        )
    if not may_answer(by, question_set.committee_id, subject=subject, unit=unit):
        raise NotAllowedError("Dina mandat ger inte rätt att svara här.")
    place = {
        "question_set": question_set,
        "subject_kind": subject.record_kind() if subject is not None else "",
        "subject_id": subject.pk if subject is not None else None,
        "occasion": occasion,
        "year": year or (occasion.year if occasion else timezone.localdate().year),
        "key": key,
    }
    # An object has one answer, wherever it was when it was begun.
    where = {"unit": unit} if subject is None else {}
    found = (
        Answer.objects.filter(**place, **where, public=False)
        .select_related("version", "committee", "unit")
        .first()
    )
    if found is not None:
        if found.state == Answer.State.DRAFT and not found.content and found.version_id != version.pk:
            found.save_over(found.revision, version=version)
        return found
    if question_set.closed:
        raise ValidationError(f"Formuläret ”{question_set.title}” är stängt och tar inte emot fler svar.")
    made, _ = Answer.objects.get_or_create(
        **place,
        unit=unit or _unit_of(subject),
        public=False,
        defaults={"version": version, "committee_id": question_set.committee_id, "answered_by": by},
    )
    return made


def _unit_of(subject: Record | None) -> Unit | None:
    """The unit that a record belongs to, by its own ``Access``; None when it has none."""
    path = getattr(getattr(subject, "Access", None), "unit", None)
    found: Any = subject if path else None
    for name in (path or "").split("__"):
        found = getattr(found, name, None)
    return found if isinstance(found, Unit) else None


def moved(subject: Record, unit: Unit) -> None:
    """The object is another unit's from now: its answers are counted there."""
    of(subject).exclude(unit=unit).update(unit=unit)


def check(content: SetContent, values: Mapping[str, Any], *, final: bool) -> dict[str, str]:
    """Everything that is wrong with the answers, by question: the rules', and what no free text may hold."""
    found = rules.faults(content, values, final=final, today=timezone.localdate())
    for code, texts in rules.texts(content, values).items():
        for text in texts:
            try:
                storable(text)
                no_personal_number(text)
            except ValidationError as error:
                found[code] = error.messages[0]
    return found


@transaction.atomic
def save_answer(
    answer: Answer, by: Person, values: Mapping[str, Any], *, expected_revision: int, final: bool = False
) -> Answer:
    """Save what was answered, as a draft or handed in. A draft keeps also what is not shown for the moment.

    Raises NotAllowedError; ValidationError with a message for each question at fault; StaleRecordError, with what
    stands there, when somebody else has saved since ``expected_revision``.
    """
    _require(by, answer)
    if answer.state == Answer.State.FINAL:
        raise StaleRecordError(answer)
    content = parsed(answer.version_id)
    if found := check(content, values, final=final):
        raise ValidationError({code: [told] for code, told in found.items()})
    known = {question.code for question in content.questions()}
    given = {code: value for code, value in values.items() if code in known and rules.is_answered(value)}
    now = timezone.now()
    if not final:
        answer.save_over(expected_revision, content=given, answered_by=by)
        access.record(by, "questionnaire.draft_saved", answer)
        return answer
    return _hand_in(answer, by, rules.kept(content, given), content, expected_revision, now)


def _hand_in(
    answer: Answer, by: Person | None, given: dict[str, Any], content: SetContent, revision: int, now: Any
) -> Answer:
    score = rules.score(content, given)
    answer.save_over(
        revision, content=given, answered_by=by, answered_at=now, state=Answer.State.FINAL,
        edition=answer.edition + 1, remarks=len(rules.remarks(content, given)),
        points=score.given if score else None, points_of=score.most if score else None,
    )  # fmt: skip
    AnswerEdition.objects.create(
        answer=answer, number=answer.edition, version_id=answer.version_id, content=given, at=now, by=by
    )
    access.record(by, "questionnaire.answered", answer, edition=answer.edition)
    return answer


@transaction.atomic
def reopen(answer: Answer, by: Person, reason: str) -> Answer:
    """Open an answer that was handed in, for correction. What it said is kept as an edition, with the reason.

    Raises NotAllowedError; ValidationError without a reason, or when the answer is a draft already.
    """
    _require(by, answer)
    if answer.state != Answer.State.FINAL:
        raise ValidationError("Svaret är ett utkast och kan ändras som det är.")
    why = checked_text(reason, "reason", LONGEST_REASON, required="Skriv varför svaret öppnas igen.")
    AnswerEdition.objects.filter(answer=answer, number=answer.edition).update(reopened=why)
    answer.save_over(answer.revision, state=Answer.State.DRAFT)
    access.record(by, "questionnaire.reopened", answer, edition=answer.edition)
    return answer


@transaction.atomic
def answer_publicly(version: QuestionSetVersion, values: Mapping[str, Any]) -> Answer:
    """Hand in an answer without a login. Nothing is kept of who sent it but what they wrote.

    Raises NotAllowedError when the set is not for the public; ValidationError by question.
    """
    question_set: QuestionSet = version.question_set
    if question_set.audience != QuestionSet.Audience.PUBLIC:
        raise NotAllowedError("Formuläret är inte till för allmänheten.")
    if question_set.closed:
        raise ValidationError("Formuläret är stängt och tar inte emot fler svar.")
    content = parsed(version)
    if found := check(content, values, final=True):
        raise ValidationError({code: [told] for code, told in found.items()})
    now = timezone.now()
    answer = Answer.objects.create(
        question_set=question_set, version=version, committee_id=question_set.committee_id, public=True,
        year=timezone.localdate().year,
    )  # fmt: skip
    return _hand_in(answer, None, rules.kept(content, values), content, answer.revision, now)
