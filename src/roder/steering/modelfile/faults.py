"""A fault in a steering model file: where it is and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Fault:
    """One fault. ``line`` and ``column`` count from 1; ``path`` is where in the model, as
    ``occasions[2022-08].end``;
    ``message`` says in Swedish what is wrong and what to do."""

    line: int
    column: int
    path: str
    message: str
    at: Path = field(default=(), compare=False)
    """The same as ``path``, step by step, for whoever shows the fault at its field."""

    def __str__(self) -> str:
        return (
            f"{self.line}:{self.column}: {self.path}: {self.message}"
            if self.path
            else (f"{self.line}:{self.column}: {self.message}")
        )


def suggestion(word: object, known: Iterable[str]) -> str:
    """`` Menade du ”x”?`` when something known is close to the word, otherwise nothing."""
    names = list(known)
    by_lower = {name.lower(): name for name in names}
    close = get_close_matches(str(word).lower(), list(by_lower), n=1, cutoff=0.6)
    return f" Menade du ”{by_lower[close[0]]}”?" if close else ""


IDENTITY = ("code", "value", "role", "likelihood", "law", "lowest", "handling", "kind")
"""The keys that name an item of a list, the first that is there."""


def identity(item: Any) -> str | None:
    """What a list's item is known by (its code, or its value or role), or None when it has no such key."""
    if isinstance(item, dict):
        for key in IDENTITY:
            value = item.get(key)
            if isinstance(value, str | int) and not isinstance(value, bool):
                return str(value)
    return None


def value_at(data: Any, path: Path) -> Any:
    """What stands at a path of a model's data; None when nothing does."""
    for step in path:
        if isinstance(step, int):
            data = data[step] if isinstance(data, list) and step < len(data) else None
        else:
            data = data.get(step) if isinstance(data, dict) else None
    return data


def path_text(data: Any, path: Path) -> str:
    """Write a path for people: ``occasions[2022-08].phases[beslut].end``. Items without a code count from
    1."""
    text = ""
    for step in path:
        if isinstance(step, int):
            data = data[step] if isinstance(data, list) and step < len(data) else None
            text += f"[{identity(data) or f'#{step + 1}'}]"
        else:
            data = data.get(step) if isinstance(data, dict) else None
            text += f".{step}" if text else step
    return text
