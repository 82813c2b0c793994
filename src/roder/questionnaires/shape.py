"""What a question set is, as data: sections, questions, options, conditions. No Django, no database.

A set is a YAML file that people write; ``check_text`` gives either the set or all its faults, each with line and path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Tone = Literal["good", "near", "bad", "none"]


class Part(BaseModel):
    """A part of a set. A key that is not known is a fault: it is a slip of the hand, and would be silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Type(StrEnum):
    """The kinds of questions."""

    TEXT = "text"
    ONE = "one"
    SEVERAL = "several"
    SCALE = "scale"
    NUMBER = "number"
    DATE = "date"
    FIGURE = "figure"
    EVIDENCE = "evidence"
    TABLE = "table"


#: The kinds whose answers are chosen among options.
CHOSEN = frozenset({Type.ONE, Type.SEVERAL})


class Audience(StrEnum):
    """Who answers: a unit at an occasion, a person for an object, or the public."""

    UNIT = "unit"
    OBJECT = "object"
    PUBLIC = "public"


class Option(Part):
    """One of the answers to choose among. ``tone`` says whether it is good or bad; ``points`` counts in the sum."""

    code: Code
    label: Label
    help: str = ""
    tone: Tone = "none"
    points: Decimal | None = None


class Condition(Part):
    """When a question or a section is shown. One of: an answer (``question`` with ``is``, ``at_least``, ``at_most`` or
    ``answered``), ``all`` of several conditions, ``any`` of them, or ``not`` one."""

    question: Code | None = None
    is_: tuple[str, ...] | str | bool | int | None = Field(default=None, alias="is")
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    answered: bool | None = None
    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    not_: Condition | None = Field(default=None, alias="not")

    @property
    def wanted(self) -> tuple[str, ...]:
        """The answers of ``is`` as codes."""
        if self.is_ is None:
            return ()
        if isinstance(self.is_, tuple):
            return self.is_
        return (("ja" if self.is_ else "nej") if isinstance(self.is_, bool) else str(self.is_),)

    def questions(self) -> Iterator[str]:
        """Every question that the condition looks at."""
        if self.question:
            yield self.question
        for inner in (*self.all, *self.any, *([self.not_] if self.not_ else [])):
            yield from inner.questions()


class TableColumn(Part):
    """A column of a table of rows."""

    code: Code
    label: Label
    type: Literal["text", "one", "number", "date"] = "text"
    options: tuple[Option, ...] | Code = ()
    required: bool = False


class Question(Part):
    """A question. What belongs to another type of question is a fault (see ``checks``)."""

    code: Code
    type: Type
    text: Words
    help: str = ""
    required: bool = False
    shown_when: Condition | None = None
    criterion: str = ""
    weight: Decimal | None = None
    lines: int | None = Field(default=None, ge=1, le=40)
    longest: int | None = Field(default=None, ge=1, le=20_000)
    options: tuple[Option, ...] | Code = ()
    most: int | None = Field(default=None, ge=1, le=200)
    lowest: int | None = None
    highest: int | None = None
    lowest_label: str = ""
    highest_label: str = ""
    unit: str = ""
    decimals: int | None = Field(default=None, ge=0, le=4)
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    not_after_today: bool = False
    figure: str = ""
    key: dict[str, str] = Field(default_factory=dict)
    page: bool | None = None
    columns: tuple[TableColumn, ...] = ()


class Section(Part):
    """A part of the form under a heading of its own."""

    code: Code
    title: Label
    lead: str = ""
    shown_when: Condition | None = None
    questions: tuple[Question, ...] = Field(min_length=1)


class QuestionSet(Part):
    """A whole set. ``subjects`` are the kinds of records it is answered for, such as ``quality.deviation``."""

    format: Literal[1]
    code: Code
    title: Label
    lead: str = ""
    audience: Audience
    subjects: tuple[str, ...] = ()
    source: str = ""
    thanks: str = ""
    choices: dict[str, tuple[Option, ...]] = Field(default_factory=dict)
    sections: tuple[Section, ...] = Field(min_length=1)

    def questions(self) -> Iterator[Question]:
        """Every question in order."""
        for section in self.sections:
            yield from section.questions

    def question(self, code: str) -> Question | None:
        """The question with a code."""
        return next((one for one in self.questions() if one.code == code), None)

    def options(self, of: Question | TableColumn) -> tuple[Option, ...]:
        """The options of a question or a column, also where they are named in ``choices``."""
        return self.choices.get(of.options, ()) if isinstance(of.options, str) else of.options


#: What only some types of questions may have.
BELONGS: dict[str, frozenset[Type]] = {
    "lines": frozenset({Type.TEXT}),
    "longest": frozenset({Type.TEXT}),
    "options": CHOSEN,
    "most": frozenset({Type.SEVERAL, Type.TABLE}),
    "lowest": frozenset({Type.SCALE}),
    "highest": frozenset({Type.SCALE}),
    "lowest_label": frozenset({Type.SCALE}),
    "highest_label": frozenset({Type.SCALE}),
    "unit": frozenset({Type.NUMBER}),
    "decimals": frozenset({Type.NUMBER}),
    "minimum": frozenset({Type.NUMBER}),
    "maximum": frozenset({Type.NUMBER}),
    "not_after_today": frozenset({Type.DATE}),
    "figure": frozenset({Type.FIGURE}),
    "key": frozenset({Type.FIGURE}),
    "page": frozenset({Type.EVIDENCE}),
    "columns": frozenset({Type.TABLE}),
    "weight": frozenset({Type.SCALE, *CHOSEN}),
}

_SUBJECT = re.compile(r"^[a-z_]+\.[a-z_]+$")


def subject_kind_is_written_right(text: str) -> bool:
    """Whether a kind of record is written as ``quality.deviation``."""
    return bool(_SUBJECT.match(text))


def from_data(data: dict[str, Any]) -> QuestionSet:
    """A set from what the database keeps."""
    return QuestionSet.model_validate(data)


def to_data(question_set: QuestionSet) -> dict[str, Any]:
    """A set as plain JSON data; what has its default is left out."""
    found: dict[str, Any] = question_set.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return found
