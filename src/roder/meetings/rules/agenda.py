"""How the points of an agenda are numbered and moved: 1, 2, 2 A, 2 B, 3."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

NB = "\u00a0"


@dataclass(frozen=True)
class Line:
    """A point as far as its place is concerned. ``parent`` is the id of the point it stands under."""

    id: int
    position: int
    parent: int | None = None


def letters(place: int) -> str:
    """The letter of the ``place``-th lettered point, from 1: A … Z, AA, AB …"""
    if place < 1:
        raise ValueError("platsen räknas från 1")
    text = ""
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Points and the lettered ones under each, as they are read. One whose parent is missing stands for itself."""
    every = list(lines)
    tops = {line.id for line in every if line.parent is None}
    under: dict[int, list[Line]] = {}
    first: list[Line] = []
    for line in sorted(every, key=_place):
        if line.parent in tops and line.parent is not None:
            under.setdefault(line.parent, []).append(line)
        else:
            first.append(line)
    return [one for line in first for one in (line, *under.get(line.id, ()))]


def _place(line: Line) -> tuple[int, int]:
    return line.position, line.id


def numbers(lines: Iterable[Line]) -> dict[int, str]:
    """The number of each point: ``1``, ``2``, ``2 A`` (with a no-break space). A withdrawn point keeps its number."""
    found: dict[int, str] = {}
    count, place, parent = 0, 0, None
    ordered = in_order(lines)
    tops = {line.id for line in ordered if line.parent is None}
    for line in ordered:
        if line.parent is None or line.parent not in tops:
            count, place, parent = count + 1, 0, line.id
            found[line.id] = str(count)
        else:
            place += 1
            found[line.id] = f"{found[parent or line.parent]}{NB}{letters(place)}"
    return found


def moved(ids: Sequence[int], one: int, way: Literal["up", "down"]) -> list[int]:
    """The ids with one of them a step up or down; unchanged at the end, or when it is not there."""
    order = list(ids)
    if one not in order:
        return order
    here = order.index(one)
    there = here + (-1 if way == "up" else 1)
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
    return order


def place_of_paper(kinds: Sequence[str], kind: str) -> int:
    """Where among an item's papers (their kinds in order) a new one is put: the letter first, the subcommittee's
    extract straight after the letter, everything else last."""
    letter_ends = next((at + 1 for at, one in enumerate(kinds) if one == "letter"), 0)
    if kind == "letter":
        return letter_ends
    if kind == "extract":
        while letter_ends < len(kinds) and kinds[letter_ends] == "extract":
            letter_ends += 1
        return letter_ends
    return len(kinds)
