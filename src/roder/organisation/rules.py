"""How a list of units becomes a tree, and how a list's dates meet those that stand. No Django, no database.

Dates are half open: a piece of time goes from its first day to the day after its last; None is until further notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches


@dataclass(frozen=True)
class Place:
    """Under which unit (its code; empty: at the top) a unit stands from ``start`` until ``end``."""

    parent: str
    start: date
    end: date | None = None


@dataclass(frozen=True)
class TreeFault:
    """A row of the list that makes no tree: which (from 0), in which column, what is wrong and what to do."""

    row: int
    column: str
    what: str
    do: str


def tree_faults(rows: Sequence[tuple[str, str]], standing: Mapping[str, str]) -> list[TreeFault]:
    """What is wrong with rows of (code, parent's code) beside the tree that stands (code -> parent's code).

    A parent must be in the list or stand already, in any order; no unit stands under itself, directly or through
    others. Capital letters do not matter.
    """
    given = {code.casefold(): parent.casefold() for code, parent in rows}
    parents = {code.casefold(): parent.casefold() for code, parent in standing.items()} | given
    names = {code.casefold(): code for code in (*standing, *(code for code, _ in rows))}
    found = []
    for index, (code, parent) in enumerate(rows):
        if not parent:
            continue
        if parent.casefold() not in names:
            close = get_close_matches(parent.casefold(), list(names), n=1, cutoff=0.6)
            hint = f" Menade du ”{names[close[0]]}”?" if close else ""
            found.append(
                TreeFault(
                    index, "hor_till", f"enheten ”{parent}” finns varken i filen eller bland enheterna",
                    f"Skriv koden för en enhet, eller lämna cellen tom för den som står överst.{hint}",
                )
            )  # fmt: skip
            continue
        ring = _ring(code.casefold(), parents)
        if ring:
            way = " → ".join(names[one] for one in ring)
            found.append(
                TreeFault(
                    index, "hor_till", f"enheten hamnar under sig själv ({way})",
                    "Ändra vad någon av enheterna hör till.",
                )
            )  # fmt: skip
    return found


def _ring(start: str, parents: Mapping[str, str]) -> list[str]:
    """The way from a unit upwards and back to itself; empty when it does not come back."""
    way, at = [start], parents.get(start, "")
    while at and at != start and at not in way:
        way.append(at)
        at = parents.get(at, "")
    return [*way, start] if at == start else []


def placed(
    standing: Iterable[Place], parent: str, start: date | None, end: date | None, today: date
) -> list[Place]:
    """The unit's places when a list has said that it stands under ``parent`` from ``start`` (None: as it stands, or
    from ``today`` when that is news) until ``end`` (None: the list does not say).

    Earlier places keep their days before ``start``; later ones give way, but for those after a place that the list
    names with the day it began. Places never overlap.
    """
    places = sorted(standing, key=lambda one: one.start)
    last = places[-1] if places else None
    same = last is not None and last.parent.casefold() == parent.casefold()
    if last is not None and same and start in (None, last.start):
        return [*places[:-1], Place(last.parent, last.start, end or last.end)]
    if start is None:
        start = today
    elif any(one.parent.casefold() == parent.casefold() and one.start == start for one in places):
        return places  # the list is older than the moves since, which it knows nothing of
    before = [
        Place(one.parent, one.start, start if one.end is None or one.end > start else one.end)
        for one in places
        if one.start < start
    ]
    return [*before, Place(parent, start, end)]


@dataclass(frozen=True)
class Term:
    """The time of a mandate; ``number`` is which of those that stood it is (None: a new one)."""

    number: int | None
    start: date
    end: date | None


Said = tuple[date | None, date | None]


def terms(standing: Sequence[tuple[date, date | None]], said: Sequence[Said], today: date) -> list[Term]:
    """The times of the mandates that a list gives the same person in the same role and place, in the list's order,
    beside those that ``standing``.

    ``said``: from (None: as it stands, else from ``today``) until (None: the list does not say). Each mandate that
    stands is that of one row: of the one that begins the same day, else of the first that overlaps it; rows that do
    not say when get the latest of those that are left. The other rows are new mandates.
    """
    order = sorted(range(len(said)), key=lambda row: (said[row][0] or date.max, row))
    left = dict(enumerate(standing))
    found: dict[int, int] = {}
    for alike in (_begins, _overlaps):
        for row in order:
            start, end = said[row]
            if start is None or row in found:
                continue
            number = next((one for one, time in left.items() if alike(time, start, end)), None)
            if number is not None:
                found[row] = number
                del left[number]
    for row in order:
        if said[row][0] is None and left:
            found[row] = max(left, key=lambda one: left[one][0])
            del left[found[row]]
    return [_term(found.get(row), standing, start, end, today) for row, (start, end) in enumerate(said)]


def _begins(time: tuple[date, date | None], start: date, end: date | None) -> bool:
    return time[0] == start


def _overlaps(time: tuple[date, date | None], start: date, end: date | None) -> bool:
    low, high = time
    return (end is None or low < end) and (high is None or high > start)


def _term(
    number: int | None,
    standing: Sequence[tuple[date, date | None]],
    start: date | None,
    end: date | None,
    today: date,
) -> Term:
    """A row's time, when it is the mandate with that number. One that has been ended is not begun again by a row that
    does not say so: it keeps what the row leaves open."""
    if number is None:
        return Term(None, start or today, end)
    low, high = standing[number]
    first = start or low
    last = end or high
    return Term(number, first, last if last is None or last > first else high)
