"""The form page of a question set: what was typed becomes values, and values become a form again. No typed text is
lost: what cannot be read stays as it was written, with the reason beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from roder.core.numbers import whole_number
from roder.questionnaires import rules
from roder.questionnaires.shape import Condition, Option, Question, QuestionSet, TableColumn, Type

PREFIX = "q-"
SPARE_ROWS = 2  # empty rows under those that are filled in


@dataclass(frozen=True)
class Cell:
    """A cell of a table of rows."""

    column: TableColumn
    name: str
    value: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A question as the page shows it."""

    question: Question
    number: int
    value: Any
    error: str
    shown: bool
    options: tuple[Option, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    files: tuple[Any, ...] = ()
    figure: Mapping[str, str] | None = None

    @property
    def name(self) -> str:
        """The field's name."""
        return f"{PREFIX}{self.question.code}"

    @property
    def steps(self) -> range:
        """The steps of a scale."""
        return range(self.question.lowest or 0, (self.question.highest or 0) + 1)

    @property
    def chosen(self) -> list[str]:
        """The codes that are chosen, as text."""
        if isinstance(self.value, list):
            return [str(one) for one in self.value]
        return [] if self.value is None else [str(self.value)]

    @property
    def text(self) -> str:
        """The value as it stands in a field."""
        if self.question.type is Type.NUMBER and isinstance(self.value, str):
            return self.value.replace(".", ",")
        return "" if self.value is None else str(self.value)

    @property
    def lines(self) -> int:
        """Rows of a text field; one line is an ordinary field."""
        return self.question.lines or 4

    @property
    def condition(self) -> str:
        """The condition as JSON, for the page's script."""
        return as_json(self.question.shown_when)


@dataclass(frozen=True)
class Part:
    """A section as the page shows it."""

    code: str
    title: str
    lead: str
    shown: bool
    condition: str
    asked: tuple[Asked, ...]


@dataclass
class AnswerForm:
    """A question set as a form, with values and what is wrong with them."""

    content: QuestionSet
    values: Mapping[str, Any]
    errors: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    figures: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def parts(self) -> list[Part]:
        """The sections with their questions, numbered through."""
        visible = rules.shown(self.content, self.values)
        found, number = [], 0
        for section in self.content.sections:
            asked = []
            for question in section.questions:
                number += 1
                asked.append(self._asked(question, number, question.code in visible))
            shown = any(one.shown for one in asked)
            found.append(
                Part(
                    section.code,
                    section.title,
                    section.lead,
                    shown,
                    as_json(section.shown_when),
                    tuple(asked),
                )
            )
        return found

    def _asked(self, question: Question, number: int, shown: bool) -> Asked:
        value = self.values.get(question.code)
        return Asked(
            question, number, value, self.errors.get(question.code, ""), shown,
            options=self.content.options(question),
            rows=self._rows(question, value) if question.type is Type.TABLE else (),
            files=self.files.get(question.code, ()),
            figure=self.figures.get(question.code) or (value if isinstance(value, Mapping) else None),
        )  # fmt: skip

    def _rows(self, question: Question, value: Any) -> tuple[tuple[Cell, ...], ...]:
        given = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        spare = max(0, min(SPARE_ROWS, (question.most or rules.MOST_ROWS) - len(given)))
        rows = [*given, *({} for _ in range(spare))]
        return tuple(
            tuple(
                Cell(
                    column,
                    f"{PREFIX}{question.code}-{at}-{column.code}",
                    _shown_cell(column, row.get(column.code)),
                    self.content.options(column),
                )
                for column in question.columns
            )
            for at, row in enumerate(rows)
        )

    @property
    def faulty(self) -> list[Asked]:
        """The questions at fault, for the list at the top of the page."""
        return [one for part in self.parts for one in part.asked if one.error]

    @property
    def has_conditions(self) -> bool:
        """Whether anything is shown only when something else is answered."""
        return any(section.shown_when for section in self.content.sections) or any(
            question.shown_when for question in self.content.questions()
        )


def _shown_cell(column: TableColumn, value: Any) -> str:
    text = "" if value is None else str(value)
    return text.replace(".", ",") if column.type == "number" else text


def as_json(condition: Condition | None) -> str:
    """A condition for the page's script; empty when there is none."""
    if condition is None:
        return ""
    return json.dumps(
        condition.model_dump(mode="json", by_alias=True, exclude_defaults=True), ensure_ascii=False
    )


def answer_form(
    content: QuestionSet,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    *,
    files: Mapping[str, tuple[Any, ...]] | None = None,
    figures: Mapping[str, Mapping[str, str]] | None = None,
) -> AnswerForm:
    """The form of a set. ``figures`` are the catalogue's values by question; ``files`` the evidence's stored files."""
    return AnswerForm(content, values or {}, errors or {}, files or {}, figures or {})


def typed(content: QuestionSet, data: QueryDict, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The values of what was typed. What cannot be read stays as it was written, for ``rules.faults`` to explain.

    ``before`` are the values that stand there: the files of an evidence and a figure's value are kept from it.
    """
    found: dict[str, Any] = {}
    for question in content.questions():
        value = _value(question, data, (before or {}).get(question.code))
        if rules.is_answered(value):
            found[question.code] = value
    return found


def _value(question: Question, data: QueryDict, before: Any) -> Any:
    name = f"{PREFIX}{question.code}"
    if question.type is Type.SEVERAL:
        return list(dict.fromkeys(data.getlist(name)))
    if question.type is Type.FIGURE:
        return before
    if question.type is Type.EVIDENCE:
        kept = before.get("files", []) if isinstance(before, Mapping) else []
        dropped = set(data.getlist(f"{name}-drop"))
        value = {
            "reference": _text(data, f"{name}-reference"), "page": _text(data, f"{name}-page"),
            "files": [one for one in kept if str(one) not in dropped],
        }  # fmt: skip
        return {key: one for key, one in value.items() if rules.is_answered(one)}
    if question.type is Type.TABLE:
        return _typed_rows(question, data)
    text = _text(data, name)
    step = whole_number(text.removeprefix("-"), 8) if question.type is Type.SCALE else None
    if step is not None:
        return -step if text.startswith("-") else step
    if question.type is Type.NUMBER:
        return _read(rules.read_number, text)
    if question.type is Type.DATE:
        return _read(rules.read_date, text)
    return text


def _text(data: QueryDict, name: str) -> str:
    return data.get(name, "").replace("\r\n", "\n").strip()


def _read(reader: Any, text: str) -> str:
    try:
        return f"{reader(text)}" if text else ""
    except rules.AnswerError:
        return text


def _typed_rows(question: Question, data: QueryDict) -> list[dict[str, str]]:
    start = f"{PREFIX}{question.code}-"
    numbers = {
        number
        for name in data
        if name.startswith(start)
        and (number := whole_number(name[len(start) :].split("-", 1)[0], 4)) is not None
    }
    rows = []
    for at in sorted(numbers):
        row = {}
        for column in question.columns:
            text = _text(data, f"{start}{at}-{column.code}")
            if column.type == "number":
                text = _read(rules.read_number, text)
            elif column.type == "date":
                text = _read(rules.read_date, text)
            if text:
                row[column.code] = text
        if row:
            rows.append(row)
    return rows
