"""YAML files that people write: read strictly, checked against a declared shape, every fault with its line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from roder.core.days import fault_of
from roder.core.faults import UserFault


def _reckoned(day: date) -> date:
    """A day that the program reckons with. Raises ValueError, which pydantic tells with its line."""
    if fault := fault_of(day):
        raise ValueError(fault)
    return day


Day = Annotated[date, AfterValidator(_reckoned)]


class Shape(BaseModel):
    """A part of a file. Keys it does not know are left alone: they are for the reader, or for a later version."""

    model_config = ConfigDict(
        extra="ignore", frozen=True, str_strip_whitespace=True, coerce_numbers_to_str=True
    )


class StrictShape(Shape):
    """A part of a file where a key that nobody knows is a slip of the hand."""

    model_config = ConfigDict(extra="forbid")


S = TypeVar("S", bound=Shape)

_WORDS = {
    "missing": "saknas",
    "string_type": "ska vara text",
    "int_type": "ska vara ett heltal",
    "int_parsing": "ska vara ett heltal",
    "decimal_type": "ska vara ett tal",
    "decimal_parsing": "ska vara ett tal",
    "bool_type": "ska vara true eller false",
    "bool_parsing": "ska vara true eller false",
    "list_type": "ska vara en lista",
    "tuple_type": "ska vara en lista",
    "dict_type": "ska vara en grupp av nycklar",
    "model_type": "ska vara en grupp av nycklar",
    "date_type": "ska vara ett datum (2022-03-31)",
    "date_parsing": "ska vara ett datum (2022-03-31)",
    "date_from_datetime_parsing": "ska vara ett datum som finns (2022-03-31)",
    "string_too_short": "får inte vara tom",
    "extra_forbidden": "finns inte; kontrollera stavningen",
    "string_pattern_mismatch": "får bara ha små bokstäver a–z, siffror och bindestreck (högst 40 tecken)",
}


def read_yaml(path: Path, shape: type[S], context: dict[str, Any] | None = None) -> S:
    """Read a file and check its shape, with what the shape's own checks must know in ``context``.

    Raises UserFault: one line a fault, ``FIL:RAD: nyckel: vad``."""
    data = _loaded(path, "rt")
    try:
        return shape.model_validate(data if data is not None else {}, context=context)
    except ValidationError as problems:
        lines = [
            f"{path}:{_line(data, error['loc'])}: {_place(data, error['loc'])}: {_said(error)}"
            for error in problems.errors(include_url=False)
        ]
        raise UserFault("\n".join(lines)) from problems


def load_yaml(path: Path) -> Any:
    """What a file says as plain values: dict, list, text, number, date. Raises UserFault with the line."""
    return _loaded(path, "safe")


def _loaded(path: Path, kind: str) -> Any:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise UserFault(f"{path} finns inte.") from error
    except UnicodeDecodeError as error:
        raise UserFault(f"{path} är inte sparad som UTF-8; spara om den.") from error
    try:
        return YAML(typ=kind, pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        tab = r"\t" in (error.problem or "")
        why = "raden har en tabb; använd mellanslag" if tab else error.problem
        raise UserFault(f"{path}:{line}: filen går inte att läsa som YAML ({why}).") from error
    except (YAMLError, ValueError) as error:
        raise UserFault(f"{path}: filen går inte att läsa som YAML ({error}).") from error


def _said(error: Any) -> str:
    if error["type"] in ("enum", "literal_error"):
        return f"”{error['input']}” finns inte; skriv något av {error['ctx']['expected'].replace(' or ', ' eller ')}"
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return _WORDS.get(error["type"], f"har fel värde (”{error['input']}”)")


def _line(data: Any, path: Sequence[str | int]) -> int:
    """The line (from 1) of the deepest step of the path that the file has."""
    line = 1
    for step in path:
        marks = getattr(data, "lc", None)
        if marks is None or marks.data is None or step not in marks.data:
            break
        line = int(marks.data[step][0]) + 1
        data = data[step]
    return line


def _place(data: Any, path: Sequence[str | int]) -> str:
    """The path for people: items of a list by their code when they have one."""
    text = ""
    for step in path:
        inner: Any = None
        try:
            inner = data[step]
        except (KeyError, IndexError, TypeError):
            inner = None
        if isinstance(step, int):
            code = inner.get("code") if isinstance(inner, dict) else None
            text += f"[{code or f'#{step + 1}'}]"
        else:
            text += f".{step}" if text else str(step)
        data = inner
    return text
