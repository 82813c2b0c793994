"""The rules of answering: which questions are shown, what an answer may be, and what answers add up to. Pure functions.

An answer's values are plain JSON: text and codes as text, several as a list, a scale as an integer, a number as text
with a point (``"12.5"``), a date as ``"2022-03-31"``, evidence and figures as groups, a table as a list of rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from roder.core import days
from roder.questionnaires.shape import CHOSEN, Condition, Question, QuestionSet, TableColumn, Type

Values = Mapping[str, Any]
LONGEST = 20_000
MOST_ROWS = 50
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]")


class AnswerError(ValueError):
    """What was typed cannot be read. The message is Swedish and stands at the question."""


def is_answered(value: Any) -> bool:
    """Whether there is an answer: not empty text, an empty list, a row without anything, or a group of empty values."""
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, Mapping):
        return any(is_answered(one) for one in value.values())
    if isinstance(value, Sequence):
        return any(is_answered(one) for one in value)
    return value is not None


def holds(condition: Condition, values: Values) -> bool:
    """Whether a condition holds for the answers. An unanswered question fulfils only ``answered: false``."""
    if condition.all:
        return all(holds(one, values) for one in condition.all)
    if condition.any:
        return any(holds(one, values) for one in condition.any)
    if condition.not_ is not None:
        return not holds(condition.not_, values)
    value = values.get(condition.question or "")
    answered = is_answered(value)
    if condition.answered is not None and condition.answered != answered:
        return False
    asks = condition.is_ is not None or condition.at_least is not None or condition.at_most is not None
    if asks and not answered:
        return False
    if condition.is_ is not None:
        given = {str(one) for one in value} if isinstance(value, list | tuple) else {str(value)}
        if not given & set(condition.wanted):
            return False
    if condition.at_least is not None or condition.at_most is not None:
        number = _as_number(value)
        if number is None:
            return False
        if condition.at_least is not None and number < condition.at_least:
            return False
        if condition.at_most is not None and number > condition.at_most:
            return False
    return True


def _as_number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def shown(question_set: QuestionSet, values: Values) -> frozenset[str]:
    """The codes of the questions that are shown. The answer to a question that is not shown counts as none."""
    seen: dict[str, Any] = {}
    found: set[str] = set()
    for section in question_set.sections:
        if section.shown_when and not holds(section.shown_when, seen):
            continue
        for question in section.questions:
            if question.shown_when and not holds(question.shown_when, seen):
                continue
            found.add(question.code)
            seen[question.code] = values.get(question.code)
    return frozenset(found)


def kept(question_set: QuestionSet, values: Values) -> dict[str, Any]:
    """The answers that count: of questions that are shown and have an answer, in the order of the set."""
    visible = shown(question_set, values)
    return {
        one.code: values[one.code]
        for one in question_set.questions()
        if one.code in visible and is_answered(values.get(one.code))
    }


# --- reading what was typed ------------------------------------------------------------------------------------------


def read_number(text: str) -> Decimal:
    """A number as people write it: ``1 234,5``, ``-3`` or ``−3``. Raises AnswerError."""
    plain = _SPACES.sub("", text).replace("\u2212", "-").replace(",", ".")
    if not re.fullmatch(r"-?\d{1,14}(\.\d{1,6})?", plain):
        raise AnswerError(
            f"”{text.strip()[:40]}” är inget tal. Skriv med siffror, till exempel 12 eller 12,5."
        )
    return Decimal(plain)


def read_date(text: str) -> str:
    """A date written 2022-03-31 (or 20220331). Raises AnswerError."""
    plain = text.strip()
    if re.fullmatch(r"\d{8}", plain):
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", plain):
            raise ValueError
        found = date.fromisoformat(plain)
    except ValueError:
        raise AnswerError(
            f"”{text.strip()[:40]}” är inget datum som finns. Skriv till exempel 2022-03-31."
        ) from None
    if far := days.fault_of(found):
        raise AnswerError(f"”{plain}” ligger för långt bort. {far}")
    return found.isoformat()


def fault_of(question_set: QuestionSet, question: Question, value: Any, today: date) -> str:
    """What is wrong with an answer that is given, in Swedish; empty when nothing is."""
    try:
        _CHECKS[question.type](question_set, question, value, today)
    except AnswerError as error:
        return str(error)
    return ""


def _check_text(_: QuestionSet, question: Question, value: Any, today: date) -> None:
    if not isinstance(value, str):
        raise AnswerError("Svaret ska vara text.")
    most = question.longest or LONGEST
    if len(value) > most:
        raise AnswerError(f"Texten är {len(value)} tecken; högst {most} ryms. Korta den.")


def _check_one(question_set: QuestionSet, question: Question | TableColumn, value: Any, today: date) -> None:
    if value not in {option.code for option in question_set.options(question)}:
        raise AnswerError("Välj ett av svaren i listan.")


def _check_several(question_set: QuestionSet, question: Question, value: Any, today: date) -> None:
    known = {option.code for option in question_set.options(question)}
    if not isinstance(value, list) or not set(value) <= known:
        raise AnswerError("Välj bland svaren i listan.")
    if question.most and len(value) > question.most:
        raise AnswerError(f"Välj högst {question.most}; du har valt {len(value)}.")


def _check_scale(_: QuestionSet, question: Question, value: Any, today: date) -> None:
    low, high = question.lowest or 0, question.highest or 0
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise AnswerError(f"Välj ett steg från {low} till {high}.")


def _check_number(_: QuestionSet, question: Question, value: Any, today: date) -> None:
    number = _as_number(value) if isinstance(value, str) else None
    if number is None or not number.is_finite():
        raise AnswerError(f"”{str(value)[:40]}” är inget tal. Skriv med siffror, till exempel 12 eller 12,5.")
    decimals = question.decimals or 0
    if number != round(number, decimals):
        raise AnswerError(
            "Skriv ett heltal." if not decimals else f"Skriv talet med högst {decimals} decimaler."
        )
    if question.minimum is not None and number < question.minimum:
        raise AnswerError(f"Talet är för litet; minst {_plain(question.minimum)}.")
    if question.maximum is not None and number > question.maximum:
        raise AnswerError(f"Talet är för stort; högst {_plain(question.maximum)}.")


def _plain(number: Decimal) -> str:
    return f"{number:f}".replace(".", ",").replace("-", "\u2212")


def _check_date(_: QuestionSet, question: Question, value: Any, today: date) -> None:
    if read_date(str(value)) > today.isoformat() and question.not_after_today:
        raise AnswerError("Datumet har inte varit än. Skriv dagens datum eller ett tidigare.")


def _check_figure(_: QuestionSet, question: Question, value: Any, today: date) -> None:
    if not isinstance(value, Mapping) or not {"figure", "text"} <= set(value):
        raise AnswerError("Siffran kunde inte hämtas ur katalogen.")


def _check_evidence(_: QuestionSet, question: Question, value: Any, today: date) -> None:
    if not isinstance(value, Mapping) or not set(value) <= {"reference", "page", "files"}:
        raise AnswerError("Underlaget ska vara en hänvisning, en sida eller en fil.")
    if len(str(value.get("reference", ""))) > 1000 or len(str(value.get("page", ""))) > 60:
        raise AnswerError("Hänvisningen är för lång (högst 1000 tecken, sidan högst 60).")
    if is_answered(value.get("page")) and not is_answered(value.get("reference")) and not value.get("files"):
        raise AnswerError("Skriv vilket dokument sidan finns i, eller lägg till filen.")


def _check_table(question_set: QuestionSet, question: Question, value: Any, today: date) -> None:
    if not isinstance(value, list):
        raise AnswerError("Tabellen kunde inte läsas.")
    most = question.most or MOST_ROWS
    rows = [row for row in value if is_answered(row)]
    if len(rows) > most:
        raise AnswerError(f"Tabellen har {len(rows)} rader; högst {most} ryms.")
    for number, row in enumerate(rows, start=1):
        for column in question.columns:
            given = row.get(column.code) if isinstance(row, Mapping) else None
            try:
                if is_answered(given):
                    _check_cell(question_set, column, given, today)
                elif column.required:
                    raise AnswerError("saknas.")
            except AnswerError as error:
                raise AnswerError(f"Rad {number}, {column.label}: {error}") from error


def _check_cell(question_set: QuestionSet, column: TableColumn, value: Any, today: date) -> None:
    if column.type == "one":
        _check_one(question_set, column, value, today)
    elif column.type == "number":
        read_number(str(value))
    elif column.type == "date":
        read_date(str(value))
    elif len(str(value)) > 2000:
        raise AnswerError("texten är för lång (högst 2000 tecken).")


_CHECKS: dict[Type, Any] = {
    Type.TEXT: _check_text,
    Type.ONE: _check_one,
    Type.SEVERAL: _check_several,
    Type.SCALE: _check_scale,
    Type.NUMBER: _check_number,
    Type.DATE: _check_date,
    Type.FIGURE: _check_figure,
    Type.EVIDENCE: _check_evidence,
    Type.TABLE: _check_table,
}


def faults(question_set: QuestionSet, values: Values, *, final: bool, today: date) -> dict[str, str]:
    """What is wrong, by question. A draft may lack answers; a final answer has every required one that is shown."""
    found: dict[str, str] = {}
    visible = shown(question_set, values)
    for question in question_set.questions():
        value = values.get(question.code)
        if is_answered(value):
            if question.code in visible and (told := fault_of(question_set, question, value, today)):
                found[question.code] = told
        elif final and question.required and question.code in visible:
            found[question.code] = _MISSING.get(question.type, "Svara på frågan.")
    return found


_MISSING = {
    Type.TEXT: "Skriv ett svar.",
    Type.ONE: "Välj ett av svaren.",
    Type.SEVERAL: "Välj minst ett av svaren.",
    Type.SCALE: "Välj ett steg på skalan.",
    Type.NUMBER: "Skriv ett tal.",
    Type.DATE: "Skriv ett datum.",
    Type.FIGURE: "Siffran finns inte i katalogen för det här tillfället.",
    Type.EVIDENCE: "Hänvisa till ett underlag: dokument och sida, eller en fil.",
    Type.TABLE: "Fyll i minst en rad.",
}


def texts(question_set: QuestionSet, values: Values) -> dict[str, list[str]]:
    """Every free text of an answer, by question: what must not hold a personal identity number."""
    found: dict[str, list[str]] = {}
    for question in question_set.questions():
        value = values.get(question.code)
        if question.type is Type.TEXT and isinstance(value, str):
            found[question.code] = [value]
        elif question.type is Type.EVIDENCE and isinstance(value, Mapping):
            found[question.code] = [str(value.get("reference", "")), str(value.get("page", ""))]
        elif question.type is Type.TABLE and isinstance(value, list):
            free = {column.code for column in question.columns if column.type == "text"}
            found[question.code] = [
                str(cell)
                for row in value
                if isinstance(row, Mapping)
                for code, cell in row.items()
                if code in free
            ]
    return found


# --- what answers add up to -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Score:
    """Points: what was given, of how many that could have been given for the questions that are shown."""

    given: Decimal
    most: Decimal


def score(question_set: QuestionSet, values: Values) -> Score | None:
    """The sum of points and weighted scales of the questions that are shown; None when the set gives no points."""
    given = most = Decimal(0)
    counts = False
    visible = shown(question_set, values)
    for question in question_set.questions():
        if question.type is Type.SCALE and question.weight is not None:
            counts = True
            if question.code in visible:
                most += question.weight * (question.highest or 0)
                value = values.get(question.code)
                given += question.weight * value if isinstance(value, int) else 0
            continue
        points = {one.code: one.points for one in question_set.options(question) if one.points is not None}
        if question.type not in (Type.ONE, Type.SEVERAL) or not points:
            continue
        counts = True
        if question.code not in visible:
            continue
        weight = question.weight if question.weight is not None else Decimal(1)
        value = values.get(question.code)
        chosen = value if isinstance(value, list) else [value]
        given += weight * sum((points.get(str(code)) or Decimal(0) for code in chosen), Decimal(0))
        best = [one for one in points.values() if one > 0]
        most += weight * (
            max(best, default=Decimal(0)) if question.type is Type.ONE else sum(best, Decimal(0))
        )
    return Score(given, most) if counts else None


def remarks(question_set: QuestionSet, values: Values) -> tuple[str, ...]:
    """The questions whose answer is a shortcoming: an option with the tone ``bad``."""
    found = []
    for code, value in kept(question_set, values).items():
        question = question_set.question(code)
        assert question is not None  # noqa: S101 - kept gives the set's own questions
        if question.type not in CHOSEN:
            continue
        bad = {one.code for one in question_set.options(question) if one.tone == "bad"}
        if bad & (set(value) if isinstance(value, list) else {str(value)}):
            found.append(code)
    return tuple(found)
