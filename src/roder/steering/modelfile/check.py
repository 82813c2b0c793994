"""Check a steering model file: every fault at once, with line and path; no model when anything is wrong."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from roder.steering.modelfile.checks import Look, Remark
from roder.steering.modelfile.checks import check as cross_check
from roder.steering.modelfile.faults import Fault, Path, path_text
from roder.steering.modelfile.messages import real_path, say
from roder.steering.modelfile.model import SteeringModel
from roder.steering.modelfile.view import View
from roder.steering.modelfile.yamltext import Source, read


@dataclass(frozen=True)
class Checked:
    """The outcome of a check: a model, or faults in the order they stand in the file; never both."""

    name: str
    model: SteeringModel | None
    faults: list[Fault] = field(default_factory=list)
    text: str = ""
    """What was read, so that the version loaded can keep its source text."""

    @property
    def ok(self) -> bool:
        """True when there is a model."""
        return self.model is not None

    def lines(self) -> list[str]:
        """The faults as ``FILE:LINE:COLUMN: path: message``."""
        return [f"{self.name}:{fault}" for fault in self.faults]


def check_file(path: FilePath | str) -> Checked:
    """Read and check a file. A file that cannot be opened, or is not UTF-8, is a fault like any other."""
    name = str(path)
    try:
        raw = FilePath(path).read_bytes()
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        reason = "finns inte" if missing else f"kan inte läsas ({error.strerror})"
        return Checked(name, None, [Fault(1, 1, "", f"Filen {reason}.")])
    try:
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = raw.decode("utf-16")
        else:
            text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        message = "Filen är inte sparad som UTF-8 (tecknet här går inte att läsa); spara om den som UTF-8."
        return Checked(name, None, [Fault(line, column, "", message)])
    return check_text(text, name)


def check_text(text: str, name: str = "styrmodell.yaml") -> Checked:
    """Check a steering model given as YAML text; ``name`` is what it is called in messages."""
    text = text.replace("\r\n", "\n")
    source = read(text)
    model: SteeringModel | None = None
    faults = list(source.faults)
    if isinstance(source.data, dict):
        model, remarks = examine(source.data, frozenset(source.unreadable))
        faults += [_fault(source, remark) for remark in remarks]
    if faults:
        return Checked(name, None, sorted(set(faults)), text)
    return Checked(name, model, [], text)


def examine(
    data: dict[str, Any], unreadable: frozenset[str] = frozenset()
) -> tuple[SteeringModel | None, list[Remark]]:
    """Validate plain data and run the cross checks. Gives a model only when nothing is wrong."""
    remarks: list[Remark] = []
    model: SteeringModel | None = None
    try:
        model = SteeringModel.model_validate(data)
    except ValidationError as problems:
        for error in problems.errors(include_url=False):
            path = real_path(error["loc"], data)
            if not _follows_from_other(error, path, unreadable):
                remarks.append(Remark(_pointed(error, path), say(error, path, data)))
    remarks += cross_check(Look(View(data), unreadable))
    return (None if remarks else model), remarks


def _follows_from_other(error: ErrorDetails, path: Path, unreadable: frozenset[str]) -> bool:
    """True for an error that is there only because of another: a section that could not be read, or a list
    the validator calls too short when it has not counted its faulty items."""
    if error["type"] == "missing":
        return path[0] in unreadable
    given = error.get("input")
    return (
        error["type"] == "too_short" and isinstance(given, list) and len(given) >= error["ctx"]["min_length"]
    )


def _pointed(error: ErrorDetails, path: Path) -> Path:
    """The place to point at: an unknown kind is pointed out where it is written."""
    return (*path, "kind") if error["type"] == "union_tag_invalid" else path


def _fault(source: Source, remark: Remark) -> Fault:
    unknown_key = remark.message.startswith("Okänd nyckel")
    line, column = source.place(remark.path, key=unknown_key)
    return Fault(line, column, path_text(source.data, remark.path), remark.message, remark.path)
