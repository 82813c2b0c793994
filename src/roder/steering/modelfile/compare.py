"""What differs between two steering models, said so that a committee secretary can read it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from roder.steering.modelfile.dump import to_data
from roder.steering.modelfile.faults import Path, identity, path_text
from roder.steering.modelfile.messages import title_at
from roder.steering.modelfile.model import SteeringModel


class ChangeKind(StrEnum):
    """What has happened to a value."""

    ADDED = "tillagt"
    REMOVED = "borttaget"
    CHANGED = "ändrat"
    MOVED = "flyttat"


@dataclass(frozen=True)
class Change:
    """One difference. ``path`` is where in the model, ``where`` the same in Swedish; ``old`` and ``new`` are
    as shown
    to people (None when there was or is nothing)."""

    path: str
    kind: ChangeKind
    old: str | None
    new: str | None
    where: str = ""

    def __str__(self) -> str:
        match self.kind:
            case ChangeKind.ADDED:
                return f"{self.where}: tillagt ”{self.new}”"
            case ChangeKind.REMOVED:
                return f"{self.where}: borttaget ”{self.old}”"
            case ChangeKind.MOVED:
                return f"{self.where}: ny ordning, {self.new} (förut {self.old})"
        return f"{self.where}: ändrat från ”{self.old}” till ”{self.new}”"


def diff(old: SteeringModel, new: SteeringModel) -> list[Change]:
    """Every difference, in the order of the model. Items of lists are matched by their code, not by their
    place."""
    one, other = to_data(old), to_data(new)
    return _Compare(one, other).run()


@dataclass
class _Compare:
    old: dict[str, Any]
    new: dict[str, Any]

    def run(self) -> list[Change]:
        self.changes: list[Change] = []
        self._mapping(self.old, self.new, (), ())
        return self.changes

    def _mapping(self, old: dict[str, Any], new: dict[str, Any], old_path: Path, new_path: Path) -> None:
        keys = (
            [key for key in SteeringModel.model_fields if key in old or key in new]
            if not old_path
            else list(dict.fromkeys([*old, *new]))
        )
        for key in keys:
            self._value(old.get(key), new.get(key), (*old_path, key), (*new_path, key))

    def _value(self, old: Any, new: Any, old_path: Path, new_path: Path) -> None:
        if old == new or (old in (None, [], {}) and new in (None, [], {})):
            return
        if isinstance(old, dict) and isinstance(new, dict):
            self._mapping(old, new, old_path, new_path)
        elif _coded(old or []) and _coded(new or []):
            self._coded_lists(old or [], new or [], old_path, new_path)
        else:
            kind = (
                ChangeKind.ADDED if old is None else ChangeKind.REMOVED if new is None else ChangeKind.CHANGED
            )
            self._add(kind, old, new, old_path, new_path)

    def _coded_lists(self, old: list[Any], new: list[Any], old_path: Path, new_path: Path) -> None:
        before = {identity(item): (index, item) for index, item in enumerate(old)}
        after = {identity(item): (index, item) for index, item in enumerate(new)}
        kept = [code for code in before if code in after]
        now = [code for code in after if code in before]
        if kept != now:
            self._add(ChangeKind.MOVED, kept, now, old_path, new_path)
        for code in dict.fromkeys([*before, *after]):
            if code not in after:
                index, item = before[code]
                self._add(ChangeKind.REMOVED, item, None, (*old_path, index), new_path)
            elif code not in before:
                index, item = after[code]
                self._add(ChangeKind.ADDED, None, item, old_path, (*new_path, index))
            else:
                (was, one), (is_now, other) = before[code], after[code]
                self._mapping(one, other, (*old_path, was), (*new_path, is_now))

    def _add(self, kind: ChangeKind, old: Any, new: Any, old_path: Path, new_path: Path) -> None:
        data, path = (self.old, old_path) if new is None else (self.new, new_path)
        self.changes.append(
            Change(
                path_text(data, path),
                kind,
                None if old is None else _shown(old),
                None if new is None else _shown(new),
                where_in(data, path),
            )
        )


def _coded(value: Any) -> bool:
    """True for a list whose items all have an identity of their own."""
    if not isinstance(value, list):
        return False
    names = [identity(item) for item in value]
    return None not in names and len(set(names)) == len(names)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value) or "inget"
    if isinstance(value, dict):
        if "lowest" in value:
            return f"{value['lowest']}–{value.get('highest')}"
        word = value.get("label") or value.get("name") or value.get("singular") or identity(value)
        return (
            str(word)
            if word is not None
            else ", ".join(f"{key} {_shown(item)}" for key, item in value.items())
        )
    return str(value)


def where_in(data: Any, path: Path) -> str:
    """A path in Swedish: ``tillfällen › Delårsbokslut 2022 › brytdatum``."""
    words: list[str] = []
    value = data
    for position, step in enumerate(path):
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
            words.append(_shown(value) if isinstance(value, dict) and identity(value) else f"post {step + 1}")
        else:
            value = value.get(step) if isinstance(value, dict) else None
            words.append(title_at(path[: position + 1], data) or step)
    return " › ".join(words)
