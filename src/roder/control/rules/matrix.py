"""The picture of a register of risks: the scale's cells with the risks in them, and what the picture shows in words.

Pure: pages draw it as a table, documents as a figure, from the same data.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from roder.control.rules.scales import Movement, Scale, Step, shown_level, value
from roder.core.words import small_first


@dataclass(frozen=True)
class Mark:
    """A risk in the picture. ``before`` is the cell it stood in last year, on a scale of the same size."""

    key: int
    number: str
    text: str
    likelihood: int | None
    impact: int | None
    movement: Movement
    before: tuple[int, int] | None = None

    @property
    def moved(self) -> bool:
        """Whether it stands in another cell than last year."""
        return self.before is not None and self.before != (self.likelihood, self.impact)


@dataclass(frozen=True)
class Cell:
    """A pair of likelihood and impact with the risks in it. ``tone`` is good, near, bad or none."""

    likelihood: int
    impact: int
    label: str
    tone: str
    marks: tuple[Mark, ...] = ()

    @property
    def value(self) -> int:
        """The risk value of the cell."""
        return value(self.likelihood, self.impact)


@dataclass(frozen=True)
class Row:
    """The cells of one likelihood, by impact from the lowest."""

    step: Step
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Matrix:
    """The picture: rows from the highest likelihood, columns from the lowest impact. ``left_out`` are the risks that do
    not stand on the scale: not scored, or scored by an older one."""

    likelihood: str
    impact: str
    columns: tuple[Step, ...]
    rows: tuple[Row, ...]
    left_out: tuple[Mark, ...] = ()
    levels: tuple[tuple[str, str, int], ...] = ()
    title: str = ""
    marks: tuple[Mark, ...] = field(default=(), repr=False)

    @property
    def counts(self) -> dict[tuple[int, int], int]:
        """How many risks stand in each cell that has any."""
        return {
            (cell.likelihood, cell.impact): len(cell.marks)
            for row in self.rows
            for cell in row.cells
            if cell.marks
        }

    @property
    def moved(self) -> tuple[Mark, ...]:
        """The risks that stand in another cell than last year."""
        return tuple(mark for mark in self.marks if mark.moved)


def matrix(scale: Scale, marks: Iterable[Mark]) -> Matrix:
    """Put the risks in the scale's cells. ``levels`` are (label, tone, number of risks), the mildest first."""
    every = tuple(marks)
    placed: dict[tuple[int, int], list[Mark]] = {}
    left_out = []
    for mark in every:
        if mark.likelihood in scale.likelihood.values and mark.impact in scale.impact.values:
            placed.setdefault((mark.likelihood or 0, mark.impact or 0), []).append(mark)
        else:
            left_out.append(mark)
    rows = tuple(
        Row(step, tuple(_cell(scale, step.value, other, placed) for other in scale.impact.values))
        for step in reversed(scale.likelihood.steps)
    )
    levels = _levels(scale, rows)
    on_scale = tuple(mark for one in placed.values() for mark in one)
    return Matrix(
        scale.likelihood.label, scale.impact.label, scale.impact.steps, rows, tuple(left_out), levels,
        _finding(levels, on_scale), on_scale,
    )  # fmt: skip


def _cell(scale: Scale, likelihood: int, impact: int, placed: dict[tuple[int, int], list[Mark]]) -> Cell:
    shown = shown_level(scale, likelihood, impact)
    marks = tuple(placed.get((likelihood, impact), ()))
    return Cell(likelihood, impact, shown.label if shown else "", shown.tone if shown else "none", marks)


def _levels(scale: Scale, rows: Sequence[Row]) -> tuple[tuple[str, str, int], ...]:
    """Every level that the scale has cells of, in the order of the lowest risk value, with its number of risks."""
    found: dict[tuple[str, str], int] = {}
    lowest: dict[tuple[str, str], int] = {}
    for row in rows:
        for cell in row.cells:
            if cell.label:
                key = (cell.label, cell.tone)
                found[key] = found.get(key, 0) + len(cell.marks)
                lowest[key] = min(cell.value, lowest.get(key, cell.value))
    named = [one.label for one in scale.levels]
    order = sorted(found, key=lambda key: named.index(key[0]) if key[0] in named else lowest[key])
    return tuple((*key, found[key]) for key in order)


def _finding(levels: Sequence[tuple[str, str, int]], marks: Sequence[Mark]) -> str:
    """What the picture shows, as a title: how many risks stand highest, and how many have moved."""
    total = len(marks)
    if not total:
        return "Ingen risk är bedömd än"
    highest = next(((label, count) for label, _, count in reversed(levels) if count), None)
    if highest is None:
        top = max(value(mark.likelihood or 0, mark.impact or 0) for mark in marks)
        said = (
            f"Högsta riskvärdet bland {total} bedömda risker är {top}"
            if total > 1
            else f"Riskvärdet är {top}"
        )
    else:
        label, count = highest
        named = f"{small_first(label)}" if label.startswith("Riskvärde") else f"nivån {label}"
        said = f"{count} av {total} risker har {named}"
        if highest[0] != levels[-1][0]:
            said += ", det högsta i årets analys"
    up = sum(mark.movement.direction == "up" for mark in marks)
    down = sum(mark.movement.direction == "down" for mark in marks)
    if up or down:
        said += f"; {up} har gått upp och {down} ner sedan förra året"
    return said
