"""Who stands in for whom: whether it goes round in a ring, so that nobody does the tasks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class StandsIn:
    """``stand_in`` stands in for ``away`` from ``first`` to and with ``last``."""

    away: int
    stand_in: int
    first: date
    last: date

    def shared(self, first: date, last: date) -> tuple[date, date] | None:
        """The days that are both in it and from ``first`` to ``last``."""
        begins, ends = max(self.first, first), min(self.last, last)
        return (begins, ends) if begins <= ends else None


def ring(known: Iterable[StandsIn], new: StandsIn) -> Sequence[StandsIn] | None:
    """The chain that ``new`` would close into a ring on a day that all of it share, the shortest. None without one.

    The chain goes from the new deputy on: who stands in for them, and for that person in turn, back to whom ``new`` is
    for.
    """
    rows = list(known)
    waiting: list[tuple[int, tuple[StandsIn, ...], date, date]] = [(new.stand_in, (), new.first, new.last)]
    while waiting:
        at, chain, first, last = waiting.pop(0)
        for one in rows:
            days = one.shared(first, last) if one.away == at and one not in chain else None
            if days is None:
                continue
            if one.stand_in == new.away:
                return (*chain, one)
            if all(one.stand_in != before.away for before in chain):
                waiting.append((one.stand_in, (*chain, one), *days))
    return None
