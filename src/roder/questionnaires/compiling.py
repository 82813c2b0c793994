"""Compiling answers: counted per question, and side by side over units and years. The database does the counting.

The number of queries is constant, two or three, however many answers, units or questions there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from roder.organisation.models import Unit
from roder.questionnaires import rules
from roder.questionnaires.loading import parsed
from roder.questionnaires.models import Answer, QuestionSet
from roder.questionnaires.shape import CHOSEN, Question, Type
from roder.questionnaires.shape import QuestionSet as SetContent

COUNTED = frozenset({*CHOSEN, Type.SCALE})
#: How many answers are laid side by side on a page or in a report; counting has no limit.
SIDE_BY_SIDE = 200


@dataclass(frozen=True)
class Column:
    """One answer, laid beside the others."""

    answer: Answer
    label: str
    values: Mapping[str, Any]


@dataclass
class Counted:
    """A question with how its answers are distributed."""

    question: Question
    options: tuple[tuple[str, str, str], ...] = ()  # code, label, tone
    total: dict[str, int] = field(default_factory=dict)
    by_group: dict[str, dict[str, int]] = field(default_factory=dict)
    answered: int = 0
    mean: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None

    def count(self, code: str, group: str = "") -> int:
        """How many answered this, in all or in a group."""
        return (self.by_group.get(group, {}) if group else self.total).get(code, 0)

    def share(self, code: str) -> Decimal | None:
        """Per cent of those who answered; None when nobody did."""
        return Decimal(100 * self.count(code)) / self.answered if self.answered else None


@dataclass
class Compilation:
    """The answers of a set. ``groups`` are units or years, in order; ``columns`` the answers side by side."""

    question_set: QuestionSet
    content: SetContent
    group_by: str
    groups: tuple[str, ...]
    answers: int
    counted: tuple[Counted, ...]
    columns: tuple[Column, ...]

    @property
    def cut(self) -> bool:
        """Whether there are more answers than are laid side by side."""
        return self.answers > len(self.columns)

    def of(self, code: str) -> Counted | None:
        """What was counted for a question."""
        return next((one for one in self.counted if one.question.code == code), None)


_COUNT = """
    WITH chosen AS ({answers}),
    given AS (
        SELECT a.{group} AS grp, e.key AS question, e.value
        FROM questionnaires_answer a JOIN chosen ON chosen.id = a.id
        CROSS JOIN LATERAL jsonb_each(a.content) e
    ),
    single AS (
        SELECT grp, question, value #>> '{{}}' AS answer FROM given WHERE jsonb_typeof(value) IN ('string', 'number')
        UNION ALL
        SELECT grp, question, item #>> '{{}}' FROM given CROSS JOIN LATERAL jsonb_array_elements(
            CASE WHEN jsonb_typeof(value) = 'array' THEN value ELSE '[]'::jsonb END) item
        WHERE jsonb_typeof(item) IN ('string', 'number')
    )
    SELECT 'count', question, grp, answer, count(*)::numeric, NULL::numeric, NULL::numeric
    FROM single WHERE question = ANY(%s) GROUP BY question, grp, answer
    UNION ALL
    SELECT 'answered', question, NULL, NULL, count(*)::numeric, NULL, NULL
    FROM given WHERE value NOT IN ('""'::jsonb, '[]'::jsonb, '{{}}'::jsonb) GROUP BY question
    UNION ALL
    SELECT 'number', question, NULL, NULL, avg(answer::numeric), min(answer::numeric), max(answer::numeric)
    FROM single WHERE question = ANY(%s) AND answer ~ '^-?[0-9]+([.][0-9]+)?$' GROUP BY question
    UNION ALL
    SELECT 'answers', '', NULL, NULL, count(*)::numeric, NULL, NULL FROM chosen
"""

GROUPS = {"unit": "unit_id", "year": "year"}


def compile_answers(
    question_set: QuestionSet, answers: QuerySet[Answer], *, group_by: str = "unit", most: int = SIDE_BY_SIDE
) -> Compilation:
    """Compile those of ``answers`` to a set that are handed in. ``group_by`` is ``unit`` or ``year``.

    ``answers`` is asked of ``visible_answers`` by the caller. The questions are those of the latest version answered;
    earlier versions' answers count where the question has kept its code.
    """
    rows = answers.filter(question_set=question_set, state=Answer.State.FINAL)
    columns = list(
        rows.select_related("unit", "occasion", "answered_by").order_by(
            "unit__name", "year", "occasion__cut_off", "subject_id", "key", "id"
        )[:most]
    )
    latest = (
        max((one.version_id for one in columns), default=None)
        or (question_set.versions.order_by("-number").values_list("pk", flat=True)[0])
    )
    content = parsed(latest)
    counted = {one.code: _empty(content, one) for one in content.questions()}
    names = {str(one.unit_id or ""): str(one.unit or "Hela nämnden") for one in columns}
    if len(columns) == most:  # there may be units among those that are counted and not laid side by side
        units = Unit.objects.filter(pk__in=rows.order_by().values("unit"))
        names = {"": "Hela nämnden"} | {str(one.pk): str(one) for one in units}
    groups: dict[str, None] = {}
    total = 0
    for what, code, group, answer, number, low, high in _run(rows, content, group_by):
        if what == "answers":
            total = int(number)
            continue
        found = counted.get(code)
        if found is None:
            continue
        if what == "answered":
            found.answered = int(number)
        elif what == "number":
            found.mean, found.lowest, found.highest = number, low, high
        else:
            label = _group_label(group_by, group, names)
            groups[label] = None
            found.total[answer] = found.total.get(answer, 0) + int(number)
            by = found.by_group.setdefault(label, {})
            by[answer] = by.get(answer, 0) + int(number)
    return Compilation(
        question_set, content, group_by, tuple(sorted(groups)), total, tuple(counted.values()),
        tuple(Column(one, label_of(one), one.content) for one in columns),
    )  # fmt: skip


def _run(rows: QuerySet[Answer], content: SetContent, group_by: str) -> list[tuple[Any, ...]]:
    sql, params = rows.order_by().values("id").query.sql_with_params()
    chosen = [one.code for one in content.questions() if one.type in COUNTED]
    numbers = [one.code for one in content.questions() if one.type in (Type.SCALE, Type.NUMBER)]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(answers=sql, group=GROUPS[group_by]), [*params, chosen, numbers])
        return cursor.fetchall()


def _empty(content: SetContent, question: Question) -> Counted:
    options = tuple((one.code, one.label, one.tone) for one in content.options(question))
    if question.type is Type.SCALE:
        steps = range(question.lowest or 0, (question.highest or 0) + 1)
        options = tuple((str(one), str(one), "none") for one in steps)
    return Counted(question, options)


def _group_label(group_by: str, group: Any, names: Mapping[str, str]) -> str:
    if group_by == "year":
        return str(group)
    return names.get(str(group or ""), "Andra enheter" if group else "Hela nämnden")


def label_of(answer: Answer) -> str:
    """Who or what an answer is for, briefly: ``Björkbacken, 2022``, ``Björkbacken, 31 (2)`` or ``Svar 12``."""
    if answer.public:
        return f"Svar {answer.pk}"
    if answer.subject_kind:
        where = f"{answer.unit}, " if answer.unit else ""
        return f"{where}{answer.subject_id}{f' ({answer.key})' if answer.key else ''}"
    when = answer.occasion.name if answer.occasion else str(answer.year)
    return f"{answer.unit or 'Hela nämnden'}, {when}"


def words(content: SetContent, question: Question, value: Any) -> str:
    """An answer in words, as it is shown and exported."""
    if not rules.is_answered(value):
        return ""
    if question.type in CHOSEN:
        labels = {one.code: one.label for one in content.options(question)}
        return ", ".join(
            labels.get(str(one), str(one)) for one in (value if isinstance(value, list) else [value])
        )
    if question.type is Type.NUMBER:
        return f"{str(value).replace('.', ',').replace('-', chr(0x2212))}{f' {question.unit}' if question.unit else ''}"
    if question.type is Type.FIGURE and isinstance(value, Mapping):
        return str(value.get("text", ""))
    if question.type is Type.EVIDENCE and isinstance(value, Mapping):
        page = f"s. {value['page']}" if value.get("page") else ""
        count = len(value.get("files", []))
        files = f"{count} {'fil' if count == 1 else 'filer'}" if count else ""
        return ", ".join(part for part in (str(value.get("reference", "")), page, files) if part)
    if question.type is Type.TABLE and isinstance(value, list):
        return "\n".join(_row_words(content, question, row) for row in value if isinstance(row, Mapping))
    return str(value)


def _row_words(content: SetContent, question: Question, row: Mapping[str, Any]) -> str:
    parts = []
    for column in question.columns:
        given = row.get(column.code)
        if rules.is_answered(given):
            labels = {one.code: one.label for one in content.options(column)}
            parts.append(f"{column.label}: {labels.get(str(given), given)}")
    return "; ".join(parts)


def export_rows(compilation_set: QuestionSet, answers: QuerySet[Answer]) -> Iterator[list[Any]]:
    """Every answer handed in as a row: heading first. Read in batches, so that size costs no memory."""
    rows = answers.filter(question_set=compilation_set, state=Answer.State.FINAL)
    versions = list(compilation_set.versions.order_by("number").values_list("pk", flat=True))
    questions: dict[str, tuple[SetContent, Question]] = {}
    for version in versions:
        content = parsed(version)
        questions |= {one.code: (content, one) for one in content.questions()}
    yield ["Enhet", "Tillfälle", "År", "Avser", "Svarade", "När", "Poäng", "Brister",
           *(question.text for _, question in questions.values())]  # fmt: skip
    ordered = rows.select_related("unit", "occasion", "answered_by").order_by("id")
    for one in ordered.iterator(chunk_size=1000):
        about = f"{one.subject_kind}:{one.subject_id} {one.key}".strip() if one.subject_kind else one.key
        yield [
            str(one.unit or ""), one.occasion.name if one.occasion else "", one.year, about,
            "" if one.public else str(one.answered_by or ""), one.answered_at, one.points, one.remarks,
            *(words(content, question, one.content.get(code)) for code, (content, question) in questions.items()),
        ]  # fmt: skip
