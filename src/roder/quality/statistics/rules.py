"""The arithmetic of the statistics page: control limits, Pareto order, change, and which small numbers to hide."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise

#: Fewest values that limits are computed from: with fewer, chance alone decides where they fall.
FEWEST = 12
#: So many values in a row on one side of the mean are a shift, although none is outside the limits.
RUN = 8
#: Three standard deviations in mean moving ranges of two: 3 / 1,128.
FACTOR = Decimal("2.66")


@dataclass(frozen=True)
class Limits:
    """The mean of a series, and the limits that chance alone seldom crosses. Counts are never below zero."""

    mean: Decimal
    lower: Decimal
    upper: Decimal


def limits(values: Sequence[int | Decimal]) -> Limits | None:
    """Limits of a chart of individual values (XmR): the mean plus and minus 2,66 times the mean moving range.

    Chosen before a c-chart, whose limits suppose that events are independent: months of large units vary more than
    that, and nearly every one would be called unusual. None with fewer than FEWEST values.
    Källa: Montgomery, Introduction to Statistical Quality Control, avsnittet om styrdiagram för enskilda värden.
    """
    if len(values) < FEWEST:
        return None
    known = [Decimal(value) for value in values]
    mean = sum(known, Decimal(0)) / len(known)
    ranges = [abs(after - before) for before, after in pairwise(known)]
    width = FACTOR * sum(ranges, Decimal(0)) / len(ranges)
    return Limits(mean, max(mean - width, Decimal(0)), mean + width)


def unusual(values: Sequence[int | Decimal], within: Limits) -> list[int]:
    """The places of values outside the limits."""
    return [place for place, value in enumerate(values) if value > within.upper or value < within.lower]


def shifted(values: Sequence[int | Decimal], within: Limits) -> int:
    """How many of the last values stand on the same side of the mean, if they are RUN or more; negative below it."""
    sides = [(value > within.mean) - (value < within.mean) for value in values]
    for side, run in groupby(reversed(sides)):
        count = len(list(run))
        return side * count if count >= RUN else 0
    return 0


def change(now: int, before: int) -> Decimal | None:
    """The change in per cent; None from nothing."""
    return Decimal(now - before) * 100 / before if before else None


@dataclass(frozen=True)
class Share:
    """A cause with its number, and what it and those before it make of all, in per cent."""

    key: str
    count: int
    cumulative: Decimal


def pareto(counts: Mapping[str, int]) -> list[Share]:
    """Causes from the most common, with cumulative share. Those that do not occur are left out."""
    order = sorted((item for item in counts.items() if item[1]), key=lambda item: (-item[1], item[0]))
    total, so_far, found = sum(count for _, count in order), 0, []
    for key, count in order:
        so_far += count
        found.append(Share(key, count, Decimal(so_far) * 100 / total))
    return found


def vital(shares: Sequence[Share], part: int = 80) -> int:
    """How many of the most common causes make at least ``part`` per cent."""
    return next((place for place, one in enumerate(shares, 1) if one.cumulative >= part), len(shares))


def heat(value: int, highest: int, steps: int = 5) -> int:
    """The shade of a cell: 0 for none, 1 to ``steps`` in even parts of the highest."""
    return 0 if value <= 0 or highest <= 0 else min(steps, 1 + (value * steps - 1) // highest)


def small(value: int, below: int) -> bool:
    """Whether a number is so small that it could point somebody out. None at all points nobody out."""
    return 0 < value < below


def hide_in_list(values: Mapping[str, int], below: int) -> set[str]:
    """Which numbers of a list to hide, when their sum is shown beside it.

    The small ones; and when only one is hidden, or those hidden are few together, the next smallest too: else it could
    be computed from the sum.
    """
    hidden = {key for key, value in values.items() if small(value, below)}
    rest = sorted(
        (key for key in values if key not in hidden), key=lambda key: (values[key] == 0, values[key], key)
    )
    while hidden and rest and (len(hidden) == 1 or sum(values[key] for key in hidden) < below):
        hidden.add(rest.pop(0))
    return hidden


#: The place of sums, in a table whose sums are shown.
SUM = "*"
Place = tuple[Hashable, Hashable]


def with_sums(
    cells: Mapping[Place, int], rows: Sequence[Hashable], columns: Sequence[Hashable]
) -> dict[Place, int]:
    """A table with the sums of its rows, of its columns and of all, under SUM; what is not given is 0."""
    full = {(row, column): cells.get((row, column), 0) for row in rows for column in columns}
    for row in rows:
        full[row, SUM] = sum(full[row, column] for column in columns)
    for column in (*columns, SUM):
        full[SUM, column] = sum(full[row, column] for row in rows)
    return full


def hide_in_table(table: Mapping[Place, int], below: int) -> set[Place]:
    """Which numbers of a table with sums (see ``with_sums``) to hide, so that none can be computed from the others.

    First the small ones. A hidden number can be computed exactly when it is a bridge in the graph that joins the rows
    and columns of the hidden numbers: while there is one, the smallest number shown in its row or column is hidden too.
    Källa: Statistics disclosure control: complementary cell suppression in two-way tables.
    """
    hidden = {place for place, value in table.items() if small(value, below)}
    while bridges := _bridges(hidden):
        candidates = {
            place
            for row, column in bridges
            for place in table
            if place not in hidden and (place[0] == row or place[1] == column)
        } or {place for place in table if place not in hidden}
        if not candidates:
            return hidden
        hidden.add(min(candidates, key=lambda place: (_cost(table, place), str(place))))
    return hidden


def _cost(table: Mapping[Place, int], place: Place) -> tuple[bool, bool, int]:
    """What is hidden first: inner cells before sums, numbers before zeros, small before large."""
    return SUM in place, table[place] == 0, table[place]


def _bridges(edges: Iterable[Place]) -> list[Place]:
    """The edges between rows and columns that are in no cycle."""
    graph: dict[tuple[str, Hashable], list[tuple[tuple[str, Hashable], Place]]] = {}
    for row, column in edges:
        one, other = ("row", row), ("column", column)
        graph.setdefault(one, []).append((other, (row, column)))
        graph.setdefault(other, []).append((one, (row, column)))
    entered: dict[tuple[str, Hashable], int] = {}
    lowest: dict[tuple[str, Hashable], int] = {}
    found: list[Place] = []
    for start in list(graph):
        if start in entered:
            continue
        entered[start] = lowest[start] = len(entered)
        stack: list[tuple[tuple[str, Hashable], Place | None, Iterator[tuple[tuple[str, Hashable], Place]]]]
        stack = [(start, None, iter(graph[start]))]
        while stack:
            node, came, following = stack[-1]
            for to, edge in following:
                if edge == came:
                    continue
                if to in entered:
                    lowest[node] = min(lowest[node], entered[to])
                    continue
                entered[to] = lowest[to] = len(entered)
                stack.append((to, edge, iter(graph[to])))
                break
            else:
                stack.pop()
                if stack:
                    above = stack[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                    if lowest[node] > entered[above] and came is not None:
                        found.append(came)
    return found
