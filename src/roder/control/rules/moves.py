"""Where the arrows of the risk matrix go: from last year's cell to this year's. Pure geometry, in picture units."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

from roder.control.rules.matrix import Mark, Matrix

#: A cell's width and height, the radius of a risk's disc, and the room for the numbers beside the cells.
WIDTH, HEIGHT, DISC, EDGE = 120, 64, 13, 28
#: How far an arrow bends from the straight line.
BEND = 22


@dataclass(frozen=True)
class Arrow:
    """A risk that has moved: where its arrow begins, bends and ends, and the disc with its number."""

    mark: Mark
    x1: float
    y1: float
    x_bend: float
    y_bend: float
    x2: float
    y2: float
    x: float
    y: float

    @property
    def direction(self) -> str:
        """up, down or same: how the risk value has moved (same where only the two have changed places)."""
        return self.mark.movement.direction


@dataclass(frozen=True)
class Picture:
    """The whole picture: its size, the cells as (x, y, tone), the numbers at the edges, and the arrows."""

    width: int
    height: int
    cells: tuple[tuple[int, int, str], ...]
    edges: tuple[tuple[float, float, int], ...]
    arrows: tuple[Arrow, ...]


def moves(matrix: Matrix) -> Picture:
    """Draw the risks that stand in another cell than last year. Those that came to the same cell stand in a row."""
    rows = {row.step.value: at for at, row in enumerate(matrix.rows)}
    columns = {step.value: at for at, step in enumerate(matrix.columns)}
    ended: dict[tuple[int, int], list[Mark]] = {}
    for mark in matrix.moved:
        ended.setdefault((mark.likelihood or 0, mark.impact or 0), []).append(mark)

    def middle(likelihood: int, impact: int) -> tuple[float, float]:
        return EDGE + columns[impact] * WIDTH + WIDTH / 2, rows[likelihood] * HEIGHT + HEIGHT / 2

    arrows = []
    for cell, marks in ended.items():
        x, y = middle(*cell)
        space = min(2 * DISC + 4, (WIDTH - 2 * DISC) / max(len(marks) - 1, 1))
        for at, mark in enumerate(marks):
            if mark.before is not None and mark.before[0] in rows and mark.before[1] in columns:
                place = x + (at - (len(marks) - 1) / 2) * space
                arrows.append(_arrow(mark, middle(*mark.before), (place, y)))
    return Picture(
        EDGE + len(columns) * WIDTH,
        len(rows) * HEIGHT + EDGE,
        tuple(
            (EDGE + columns[cell.impact] * WIDTH, rows[cell.likelihood] * HEIGHT, cell.tone)
            for row in matrix.rows
            for cell in row.cells
        ),
        (
            *((EDGE / 2, at * HEIGHT + HEIGHT / 2, value) for value, at in rows.items()),
            *(
                (EDGE + at * WIDTH + WIDTH / 2, len(rows) * HEIGHT + EDGE / 2, value)
                for value, at in columns.items()
            ),
        ),
        tuple(arrows),
    )


def _arrow(mark: Mark, start: tuple[float, float], end: tuple[float, float]) -> Arrow:
    """An arrow that stops where the disc begins. It bends to its left, so that two that have changed places part."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = hypot(across, down)
    bend = (start[0] + across / 2 + down / length * BEND, start[1] + down / 2 - across / length * BEND)
    last = hypot(end[0] - bend[0], end[1] - bend[1])
    left = max(last - DISC - 4, 0) / last
    stop = (bend[0] + (end[0] - bend[0]) * left, bend[1] + (end[1] - bend[1]) * left)
    points = (*start, *bend, *stop, *end)
    return Arrow(mark, *(round(one, 1) for one in points))
