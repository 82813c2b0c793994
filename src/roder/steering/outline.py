"""The steering model laid out for reading: one section a part, in the words of the model's own Swedish titles.

Every field of the schema has a title, so a new field shows itself here without more code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from roder.core.numbers import format_number
from roder.steering.modelfile import SteeringModel
from roder.steering.modelfile.meanings import MEANINGS

HEAD = ("format", "year", "title", "municipality", "committee")


@dataclass
class Grid:
    """A table: headings and rows of text."""

    title: str
    columns: list[str]
    rows: list[list[str]]


@dataclass
class Section:
    """One part of the model: facts (title, text) and tables."""

    title: str
    anchor: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)


def outline(model: SteeringModel) -> list[Section]:
    """The parts of the model that hold something, in the model's order."""
    sections = []
    for name, info in SteeringModel.model_fields.items():
        value = getattr(model, name)
        if name in HEAD or value in (None, (), ""):
            continue
        section = Section((info.title or name).capitalize(), name)
        if isinstance(value, tuple):
            _items(section, "", value)
        elif isinstance(value, BaseModel):
            _record(section, value)
        else:
            section.facts.append((section.title, text(value)))
        if section.facts or section.grids:
            sections.append(section)
    return sections


def _record(section: Section, record: BaseModel) -> None:
    for name, info in type(record).model_fields.items():
        value = getattr(record, name)
        title = (info.title or name).capitalize()
        if value in (None, (), ""):
            continue
        if isinstance(value, tuple) and isinstance(value[0], BaseModel):
            _items(section, title, value)
        elif isinstance(value, BaseModel):
            _record(section, value)
        else:
            section.facts.append((title, text(value)))


def _items(section: Section, title: str, items: tuple[Any, ...]) -> None:
    if not isinstance(items[0], BaseModel):
        section.facts.append((title or section.title, text(items)))
        return
    columns: dict[str, str] = {}
    for item in items:
        for name, info in type(item).model_fields.items():
            if getattr(item, name) not in (None, (), ""):
                columns.setdefault(name, (info.title or name).capitalize())
    rows = [[text(getattr(item, name, None)) for name in columns] for item in items]
    section.grids.append(Grid(title, list(columns.values()), rows))


def text(value: Any) -> str:
    """A value as people read it."""
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, Decimal | int):
        exponent = value.normalize().as_tuple().exponent if isinstance(value, Decimal) else 0
        digits = max(0, -exponent) if isinstance(exponent, int) else 0
        return format_number(value, digits) if digits or not -9999 <= value <= 9999 else str(int(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return MEANINGS.get(type(value), {}).get(value.value, value.value)
    if isinstance(value, BaseModel):
        return str(
            getattr(value, "label", None)
            or getattr(value, "name", None)
            or getattr(value, "code", "")
            or _flat(value)
        )
    if isinstance(value, tuple):
        return ", ".join(text(item) for item in value)
    return str(value)


def _flat(record: BaseModel) -> str:
    return " ".join(part for name in type(record).model_fields if (part := text(getattr(record, name))))
