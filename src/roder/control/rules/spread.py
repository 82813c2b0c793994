"""A risk workshop: what steps it has, when two suggestions are the same, and how far apart the scores are (5.1).

Pure: no Django, no database. People are keys. A score is a pair (likelihood, impact) of whole steps on a scale.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil

Score = tuple[int, int]

#: The steps of a workshop, in order. A workshop may always go back to the step before.
STEPS = ("collecting", "scoring", "deciding", "closed")
#: From how many steps apart on an axis the scores are spread and have to be talked about.
SPREAD_FROM = 2


def may_turn(now: str, then: str) -> bool:
    """Whether a workshop may go from one step to another: to the next, or back to any earlier one.

    A closed workshop may only be opened at the step where the group decides.
    """
    if now not in STEPS or then not in STEPS or now == then:
        return False
    here, there = STEPS.index(now), STEPS.index(then)
    return there == here + 1 or (there < here and (now != "closed" or then == "deciding"))


def words_of(text: str) -> str:
    """The words of a suggestion without case, spaces and punctuation: equal for suggestions that are the same."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def median(values: Iterable[int]) -> float:
    """The middle of the values: half a step between two when they are even in number. Raises ValueError for none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("inga värden")
    middle = len(ordered) // 2
    return float(ordered[middle]) if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


@dataclass(frozen=True)
class AxisSpread:
    """How the scores lie on an axis."""

    median: float
    lowest: int
    highest: int

    @property
    def range(self) -> int:
        """How many steps there are between the lowest and the highest."""
        return self.highest - self.lowest

    @property
    def proposed(self) -> int:
        """The step that the group starts from: the median, half a step rounded up (the cautious way)."""
        return ceil(self.median)


@dataclass(frozen=True)
class Spread:
    """How those who scored a risk see it. ``likelihood`` and ``impact`` are None when nobody has."""

    count: int = 0
    likelihood: AxisSpread | None = None
    impact: AxisSpread | None = None
    lowest_value: int = 0
    highest_value: int = 0
    cells: Mapping[Score, int] = field(default_factory=dict)
    furthest: tuple[int, ...] = ()

    @property
    def agreement(self) -> str:
        """``none`` (nobody has scored), ``one`` (a single score), ``agreed``, ``near`` (a step apart) or ``spread``."""
        if self.likelihood is None or self.impact is None:
            return "none"
        if self.count == 1:
            return "one"
        apart = max(self.likelihood.range, self.impact.range)
        return "agreed" if not apart else "near" if apart < SPREAD_FROM else "spread"

    @property
    def proposed(self) -> Score | None:
        """The score that the group starts from."""
        if self.likelihood is None or self.impact is None:
            return None
        return self.likelihood.proposed, self.impact.proposed

    @property
    def rank(self) -> tuple[int, int, int]:
        """The larger, the more there is to talk about: steps apart, then values apart, then the highest value."""
        if self.likelihood is None or self.impact is None:
            return -1, 0, 0
        apart = self.likelihood.range + self.impact.range
        return apart, self.highest_value - self.lowest_value, self.highest_value


def spread_of(scores: Mapping[int, Score]) -> Spread:
    """The spread of scores by person. ``furthest`` are those who differ most from the median, two steps or more away
    in all; nobody when everybody is nearer, or when only two have scored (then they differ equally)."""
    if not scores:
        return Spread()
    likely = _axis(one for one, _ in scores.values())
    hits = _axis(one for _, one in scores.values())
    values = [one * other for one, other in scores.values()]
    away = {key: abs(one - likely.median) + abs(other - hits.median) for key, (one, other) in scores.items()}
    most = max(away.values())
    furthest = (
        tuple(key for key in scores if away[key] == most) if len(scores) > 2 and most >= SPREAD_FROM else ()
    )
    return Spread(len(scores), likely, hits, min(values), max(values), Counter(scores.values()), furthest)


def _axis(values: Iterable[int]) -> AxisSpread:
    found = list(values)
    return AxisSpread(median(found), min(found), max(found))
