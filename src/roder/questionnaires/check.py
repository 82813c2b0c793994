"""Check a question set's file: every fault at once, with line and path; no set when anything is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from roder.questionnaires.shape import (
    BELONGS,
    CHOSEN,
    Audience,
    Condition,
    Question,
    QuestionSet,
    TableColumn,
    Type,
    subject_kind_is_written_right,
)
from roder.steering.modelfile.faults import Fault, Path, path_text, suggestion
from roder.steering.modelfile.yamltext import read

_WANTED = {
    "string_type": "text",
    "int_type": "ett heltal",
    "int_parsing": "ett heltal",
    "int_from_float": "ett heltal",
    "decimal_type": "ett tal",
    "decimal_parsing": "ett tal",
    "bool_type": "true eller false",
    "bool_parsing": "true eller false",
    "tuple_type": "en lista",
    "list_type": "en lista",
    "dict_type": "en grupp av nycklar med värden",
    "model_type": "en grupp av nycklar med värden",
    "model_attributes_type": "en grupp av nycklar med värden",
}
#: What the validator adds to a path where there are several kinds to choose among.
_KINDS = frozenset({"tuple[Option, ...]", "constrained-str", "str", "bool", "int", "tuple[str, ...]"})


@dataclass(frozen=True)
class Checked:
    """The outcome of a check: a set, or faults in the order they stand in the file; never both."""

    name: str
    set: QuestionSet | None
    faults: list[Fault] = field(default_factory=list)
    text: str = ""

    def lines(self) -> list[str]:
        """The faults as ``FIL:RAD:KOLUMN: väg: meddelande``."""
        return [f"{self.name}:{fault}" for fault in self.faults]


def check_file(path: FilePath | str) -> Checked:
    """Read and check a file. One that cannot be read, or is not UTF-8, is a fault like any other."""
    name = str(path)
    try:
        raw = FilePath(path).read_bytes()
    except OSError as error:
        reason = (
            "finns inte" if isinstance(error, FileNotFoundError) else f"kan inte läsas ({error.strerror})"
        )
        return Checked(name, None, [Fault(1, 1, "", f"Filen {reason}.")])
    return check_bytes(raw, name)


def check_bytes(raw: bytes, name: str) -> Checked:
    """Check what was uploaded."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        message = "Filen är inte sparad som UTF-8 (tecknet här går inte att läsa); spara om den som UTF-8."
        return Checked(name, None, [Fault(line, column, "", message)])
    return check_text(text, name)


def check_text(text: str, name: str = "formular.yaml") -> Checked:
    """Check a question set given as YAML text; ``name`` is what it is called in messages."""
    text = text.replace("\r\n", "\n")
    if not text.strip():
        told = "Filen är tom; ett frågeformulär behöver minst format, code, title, audience och sections."
        return Checked(name, None, [Fault(1, 1, "", told)], text)
    source = read(text)
    faults = [
        Fault(one.line, one.column, one.path, one.message.replace("en styrmodell", "ett frågeformulär"))
        for one in source.faults
    ]
    found: QuestionSet | None = None
    if isinstance(source.data, dict):
        remarks: list[tuple[Path, str]] = []
        try:
            found = QuestionSet.model_validate(source.data)
        except ValidationError as problems:
            errors = problems.errors(include_url=False)
            remarks = [_said(error, source.data) for error in errors if not _follows_from_other(error)]
        if found is not None:
            remarks += cross_checks(found)
        for path, message in dict.fromkeys(remarks):
            if path and path[0] in source.unreadable:
                continue
            line, column = source.place(path, key=message.startswith("Okänd nyckel"))
            faults.append(Fault(line, column, path_text(source.data, path), message))
    if faults:
        return Checked(name, None, sorted(set(faults)), text)
    return Checked(name, found, [], text)


def _follows_from_other(error: ErrorDetails) -> bool:
    """Whether an error is there only because of another: a list called too short when its faulty items are not
    counted, or the kind of options (a list, or the name of one) that was not meant."""
    given = error.get("input")
    if error["type"] == "too_short":
        return isinstance(given, list) and len(given) >= error["ctx"]["min_length"]
    return error["loc"][-1] == "constrained-str" and isinstance(given, list)


def _said(error: ErrorDetails, data: Any) -> tuple[Path, str]:
    """Where an error of the validator's is, and what to do about it."""
    path: list[str | int] = []
    for position, step in enumerate(error["loc"]):
        if isinstance(step, str) and step in _KINDS:
            continue
        last = position == len(error["loc"]) - 1
        if _has(data, step):
            data = data[step]
            path.append(step)
        elif last:
            path.append(step)
    return tuple(path), _words(error, str(path[-1]) if path else "filen")


def _words(error: ErrorDetails, key: str) -> str:
    kind, value, context = error["type"], error.get("input"), error.get("ctx", {})
    if kind == "missing":
        return f"”{key}” saknas; lägg till raden ”{key}: …” här."
    if kind == "extra_forbidden":
        known = _keys(error["loc"])
        return f"Okänd nyckel ”{key}”.{suggestion(key, known)} Här finns: {', '.join(known)}."
    if kind in ("enum", "literal_error"):
        return f"”{key}” kan inte vara ”{value}”. Välj: {_choices(context)}."
    if kind in _WANTED:
        return f"”{key}” ska vara {_WANTED[kind]} men är ”{_short(value)}”."
    bounds = {name: context.get(name) for name in ("min_length", "max_length", "ge", "le")}
    told = _LIMITS.get(kind, "”{key}” har fel värde (”{value}”).")
    return told.format(key=key, value=_short(value), **bounds)


_LIMITS = {
    "string_pattern_mismatch": "”{value}” är ingen giltig kod; använd a–z, siffror, - och _.",
    "too_short": "”{key}” behöver minst {min_length}.",
    "string_too_short": "”{key}” är tom; skriv något eller ta bort raden.",
    "string_too_long": "”{key}” är för lång; högst {max_length} tecken.",
    "greater_than_equal": "”{key}” är {value}; minst {ge} går.",
    "less_than_equal": "”{key}” är {value}; högst {le} går.",
}


def _has(data: Any, step: str | int) -> bool:
    if isinstance(step, int):
        return isinstance(data, list) and step < len(data)
    return isinstance(data, dict) and step in data


def _short(value: Any) -> str:
    text = str(value)
    return f"{text[:60]}…" if len(text) > 60 else text


def _choices(context: dict[str, Any]) -> str:
    return str(context.get("expected", "")).replace("'", "").replace(" or ", " eller ")


def _keys(location: tuple[int | str, ...]) -> list[str]:
    """The keys that may stand where an unknown one was found."""
    from roder.questionnaires.shape import Option, Section  # noqa: PLC0415

    names = [step for step in location[:-1] if isinstance(step, str) and step not in _KINDS]
    last = names[-1] if names else ""
    shapes: dict[str, type[BaseModel]] = {
        "": QuestionSet, "sections": Section, "questions": Question, "columns": TableColumn, "options": Option,
    }  # fmt: skip
    model = shapes.get(last, Condition if {"shown_when", "all", "any", "not"} & set(names) else Option)
    return [one.alias or name for name, one in model.model_fields.items()]


def cross_checks(found: QuestionSet) -> list[tuple[Path, str]]:
    """What the shape alone cannot say: codes once, options that exist, conditions that look back."""
    return [*_set_faults(found), *_choice_faults(found), *_question_faults(found)]


def _set_faults(found: QuestionSet) -> Iterator[tuple[Path, str]]:
    if found.audience is not Audience.OBJECT and found.subjects:
        yield ("subjects",), "”subjects” hör bara till formulär med audience: object."
    for at, kind in enumerate(found.subjects):
        if not subject_kind_is_written_right(kind):
            yield ("subjects", at), f"”{kind}” är inget slag av objekt; skriv till exempel quality.deviation."


def _choice_faults(found: QuestionSet) -> Iterator[tuple[Path, str]]:
    for name, options in found.choices.items():
        yield from _option_faults(("choices", name), [one.code for one in options])


def _option_faults(path: Path, codes: list[str]) -> Iterator[tuple[Path, str]]:
    if len(codes) < 2:
        yield path, "Det behövs minst två alternativ att välja mellan."
    for at, code in enumerate(codes):
        if code in codes[:at]:
            yield (*path, at, "code"), f"Alternativet ”{code}” finns redan; ge det en annan kod."


def _question_faults(found: QuestionSet) -> Iterator[tuple[Path, str]]:
    sections: set[str] = set()
    before: dict[str, Question] = {}
    for s, section in enumerate(found.sections):
        here: Path = ("sections", s)
        if section.code in sections:
            yield (*here, "code"), f"Avsnittet ”{section.code}” finns redan; ge det en annan kod."
        sections.add(section.code)
        if section.shown_when:
            yield from _condition_faults(found, section.shown_when, before, (*here, "shown_when"))
        for q, question in enumerate(section.questions):
            path: Path = (*here, "questions", q)
            if question.code in before:
                yield (*path, "code"), f"Frågan ”{question.code}” finns redan; ge den en annan kod."
            yield from _type_faults(found, question, path)
            if question.shown_when:
                yield from _condition_faults(found, question.shown_when, before, (*path, "shown_when"))
            before[question.code] = question


def _type_faults(found: QuestionSet, question: Question, path: Path) -> Iterator[tuple[Path, str]]:
    for name, types in BELONGS.items():
        if name in question.model_fields_set and question.type not in types:
            kinds = " eller ".join(sorted(types))
            yield (*path, name), f"”{name}” hör till frågor av typen {kinds}; den här är {question.type}."
    if question.type in CHOSEN:
        yield from _chosen_faults(found, question, path)
    if question.type is Type.SCALE:
        low, high = question.lowest, question.highest
        if low is None or high is None:
            yield path, "En skala behöver lowest och highest."
        elif not 1 <= high - low <= 20:
            yield (*path, "highest"), "En skala ska gå uppåt och ha högst 21 steg."
    if question.type is Type.FIGURE and not question.figure:
        yield path, "Skriv vilken siffra ur katalogen som avses (figure)."
    if question.minimum is not None and question.maximum is not None and question.minimum > question.maximum:
        yield (*path, "maximum"), "maximum är mindre än minimum."
    if question.type is Type.TABLE:
        yield from _table_faults(found, question, path)


def _chosen_faults(found: QuestionSet, of: Question | TableColumn, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(of.options, str):
        if of.options not in found.choices:
            known, hint = ", ".join(found.choices) or "inga", suggestion(of.options, found.choices)
            told = f"”{of.options}” finns inte under choices.{hint} Där finns: {known}."
            yield (*path, "options"), told
        return
    yield from _option_faults((*path, "options"), [one.code for one in of.options])


def _table_faults(found: QuestionSet, question: Question, path: Path) -> Iterator[tuple[Path, str]]:
    if not question.columns:
        yield path, "En tabell behöver kolumner (columns)."
    codes = [column.code for column in question.columns]
    for at, column in enumerate(question.columns):
        where: Path = (*path, "columns", at)
        if column.code in codes[:at]:
            yield (*where, "code"), f"Kolumnen ”{column.code}” finns redan; ge den en annan kod."
        if column.type == "one":
            yield from _chosen_faults(found, column, where)
        elif column.options:
            yield (*where, "options"), "”options” hör till kolumner av typen one."


def _condition_faults(
    found: QuestionSet, condition: Condition, before: dict[str, Question], path: Path
) -> Iterator[tuple[Path, str]]:
    ways = [bool(condition.question), bool(condition.all), bool(condition.any), condition.not_ is not None]
    if sum(ways) != 1:
        yield path, "Ett villkor är ett av: question, all, any eller not."
        return
    for name, inner in (("all", condition.all), ("any", condition.any)):
        for at, one in enumerate(inner):
            yield from _condition_faults(found, one, before, (*path, name, at))
    if condition.not_ is not None:
        yield from _condition_faults(found, condition.not_, before, (*path, "not"))
    if condition.question:
        yield from _answer_faults(found, condition, before, path)


def _answer_faults(
    found: QuestionSet, condition: Condition, before: dict[str, Question], path: Path
) -> Iterator[tuple[Path, str]]:
    asked = before.get(condition.question or "")
    if asked is None:
        hint = suggestion(condition.question, before)
        yield (*path, "question"), f"Frågan ”{condition.question}” står inte före den här.{hint}"
        return
    tests = (condition.is_ is not None, condition.at_least is not None, condition.at_most is not None,
             condition.answered is not None)  # fmt: skip
    if not any(tests):
        yield path, "Skriv vad svaret ska vara: is, at_least, at_most eller answered."
    if condition.is_ is not None and asked.type in CHOSEN:
        known = [option.code for option in found.options(asked)]
        for code in condition.wanted:
            if code not in known:
                hint = suggestion(code, known)
                yield (
                    (*path, "is"),
                    f"Frågan ”{asked.code}” har inte svaret ”{code}”.{hint} Det finns: {', '.join(known)}.",
                )
    if (tests[1] or tests[2]) and asked.type not in (Type.SCALE, Type.NUMBER):
        yield path, f"at_least och at_most frågar efter tal; frågan ”{asked.code}” är {asked.type}."
