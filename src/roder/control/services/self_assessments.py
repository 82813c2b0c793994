"""The yearly self-assessment of internal control, and the review of corruption: rounds and their compilation (5.2).

Both are question sets that units answer (``questionnaires``); what is here asks for the answers and compares years.

start_round(question_set, 2022, by, units, due); remind(question_set, 2022, by)
yearly(question_set, 2022).areas     # how many good answers in each area, year by year
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from roder import access, questionnaires, tasks
from roder.access import Action, Resource
from roder.control.rules.self_assessment import Tally, good_options, good_steps, mean, tally
from roder.core.faults import UserFault
from roder.core.words import small_first
from roder.organisation.models import Body, Mandate, Person, Role, Unit
from roder.questionnaires.compiling import Counted
from roder.questionnaires.models import Answer, QuestionSet
from roder.questionnaires.shape import Type
from roder.tasks.models import LIVE, Task

KIND = "control.self_assessment"
#: The sets that are asked for here, by their codes.
CODES = ("internkontroll-sjalvskattning", "korruption-genomgang")


class RoundFault(UserFault):
    """What stops a round from being started. ``field`` is the field of the form."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def sets_of(committee: Body) -> list[QuestionSet]:
    """The committee's sets that can be asked for here, the self-assessment first."""
    rows = QuestionSet.objects.filter(committee=committee, code__in=CODES).select_related("committee")
    return sorted(rows, key=lambda one: CODES.index(one.code))


def units_asked(committee: Body) -> QuerySet[Unit]:
    """The units with a manager of their own today: those that a round is proposed for."""
    managed = Mandate.objects.filter(role=Role.UNIT_MANAGER, valid__contains=timezone.localdate())
    return Unit.objects.filter(committee=committee, pk__in=managed.values("unit")).order_by("name")


@transaction.atomic
def start_round(question_set: QuestionSet, year: int, by: Person, units: Iterable[Unit], due: date) -> int:
    """Ask units to answer by a day: each gets a draft and its manager a task. Gives how many were asked now.

    A unit that has answered, or has been asked already, is left as it is. Raises RoundFault at its field.
    """
    access.require(by, Action.EDIT, Resource.CONTROLS, question_set.committee_id)
    chosen = list(units)
    if question_set.closed:
        raise RoundFault(
            f"Formuläret ”{question_set.title}” är stängt. Öppna det innan du startar en omgång."
        )
    if not chosen:
        raise RoundFault("Välj minst en enhet som ska svara.", "units")
    if due < timezone.localdate():
        raise RoundFault("Sista dagen har redan varit. Välj en dag framåt.", "due")
    version = questionnaires.current(question_set.committee_id, question_set.code)
    begun = {one.unit_id: one for one in round_answers(question_set, year)}
    asked = {task.subject_id for task in open_tasks(begun.values())}
    count = 0
    for unit in chosen:
        answer = begun.get(unit.pk) or questionnaires.open_answer(version, by, unit=unit, year=year)
        if answer.state == Answer.State.FINAL or answer.pk in asked:
            continue
        tasks.open_task(
            KIND, answer, owner=tasks.Owner(Role.UNIT_MANAGER, unit=unit), due=due, by=by,
            what=f"Svara på {small_first(question_set.title)} för {unit.name}"[:300],
        )  # fmt: skip
        count += 1
    access.record(by, "self_assessment.started", question_set, year=year, units=count, due=due.isoformat())
    return count


@transaction.atomic
def remind(question_set: QuestionSet, year: int, by: Person) -> int:
    """Remind those who have not answered, at most once a day each. Gives how many people were told."""
    access.require(by, Action.EDIT, Resource.CONTROLS, question_set.committee_id)
    told = 0
    for task in open_tasks(round_answers(question_set, year)).select_related("unit", "committee", "person"):
        owner = tasks.Owner(task.role, unit=task.unit, committee=task.committee, person=task.person)
        key = f"{KIND}-{task.pk}-{timezone.localdate()}"
        told += len(tasks.notify(owner, f"Påminnelse: {task.what}", about=task.subject, key=key, task=task))
    access.record(by, "self_assessment.reminded", question_set, year=year, people=told)
    return told


def round_answers(question_set: QuestionSet, year: int) -> QuerySet[Answer]:
    """The units' answers of a year, begun or handed in; not those that belong to an occasion besides."""
    rows = Answer.objects.filter(question_set=question_set, year=year, occasion=None, key="", subject_kind="")
    return rows.exclude(unit=None).select_related("unit", "question_set", "committee", "answered_by")


def open_tasks(answers: Iterable[Answer]) -> QuerySet[Task]:
    """The tasks of answers that nobody has handed in."""
    keys = [one.pk for one in answers]
    return Task.objects.filter(
        kind=KIND, subject_kind=Answer.record_kind(), subject_id__in=keys, state__in=LIVE
    )


# --- comparing years -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AskedQuestion:
    """A question with how good its answers were, year by year. ``means`` only for a scale."""

    text: str
    years: dict[int, Tally]
    means: dict[int, float]
    options: tuple[tuple[str, str, int], ...] = ()  # label, tone, how many in the year shown


@dataclass(frozen=True)
class Area:
    """A section of the form."""

    title: str
    years: dict[int, Tally]
    questions: tuple[AskedQuestion, ...]


@dataclass
class Yearly:
    """A set's answers compared over years."""

    question_set: QuestionSet
    year: int
    years: list[int] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    answers: dict[int, int] = field(default_factory=dict)

    @property
    def by_area(self) -> dict[str, dict[int, Tally]]:
        """Each area's answers, year by year."""
        return {one.title: one.years for one in self.areas}


def yearly(question_set: QuestionSet, year: int) -> Yearly:
    """All units' answers handed in, counted in areas and years up to ``year``. Three queries.

    Figures of the whole committee, for everybody who may read its internal control: what a unit answered is asked of
    ``questionnaires.visible_answers``.
    """
    rows = Answer.objects.filter(question_set=question_set, year__lte=year, state=Answer.State.FINAL)
    made = questionnaires.compile_answers(question_set, rows, group_by="year")
    counted = {one.question.code: one for one in made.counted}
    found = Yearly(question_set, year, sorted(int(one) for one in made.groups))
    for section in made.content.sections:
        asked = [
            _asked(counted[one.code], found.years, year) for one in section.questions if one.code in counted
        ]
        kept = tuple(one for one in asked if one is not None)
        if kept:
            years = {each: sum((one.years[each] for one in kept), Tally()) for each in found.years}
            found.areas.append(Area(section.title, years, kept))
    given = rows.order_by().values_list("year", "unit").distinct()
    for each, _ in given:
        found.answers[each] = found.answers.get(each, 0) + 1
    return found


def _asked(one: Counted, years: list[int], year: int) -> AskedQuestion | None:
    """A question's answers by year; None for one that says nothing about good and bad."""
    scale = one.question.type is Type.SCALE
    if scale:
        good = good_steps([int(code) for code, _, _ in one.options])
    else:
        good = good_options({code: tone for code, _, tone in one.options})
    if not good:
        return None
    codes = [code for code, _, _ in one.options]
    by_year = {each: one.by_group.get(str(each), {}) for each in years}
    return AskedQuestion(
        one.question.text,
        {each: tally(counts, codes, good) for each, counts in by_year.items()},
        {each: value for each, counts in by_year.items() if scale and (value := mean(counts)) is not None},
        tuple((label, tone, by_year.get(year, {}).get(code, 0)) for code, label, tone in one.options),
    )
