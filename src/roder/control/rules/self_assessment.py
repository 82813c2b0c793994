"""The yearly self-assessment: how many of an area's answers are good, year by year, and what stands out (5.2).

Pure. An answer is good when the form says so of it (the tone of the option), or when it is among the top fifth or two
of a scale: 4 or 5 of five. Questions that say nothing about good and bad are not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

#: The part of a scale, from the top, that is a good answer.
TOP = Fraction(1, 4)


@dataclass(frozen=True)
class Tally:
    """Answers that were given and, of them, those that are good."""

    given: int = 0
    good: int = 0

    @property
    def share(self) -> float | None:
        """Good answers in per cent; None when nobody answered."""
        return 100 * self.good / self.given if self.given else None

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.given + other.given, self.good + other.good)


def good_steps(steps: Sequence[int]) -> frozenset[str]:
    """The steps of a scale that are good answers: those in the top quarter of it (4 and 5 of five; 4 of four)."""
    if not steps:
        return frozenset()
    low, high = min(steps), max(steps)
    return frozenset(str(one) for one in steps if high - one <= TOP * (high - low))


def good_options(tones: Mapping[str, str]) -> frozenset[str]:
    """The options that are good answers, by their tone: code -> tone."""
    return frozenset(code for code, tone in tones.items() if tone == "good")


def tally(counts: Mapping[str, int], codes: Iterable[str], good: frozenset[str]) -> Tally:
    """What was answered, counted: among ``codes``, which is every answer that the question has."""
    given = {code: counts.get(code, 0) for code in codes}
    return Tally(sum(given.values()), sum(number for code, number in given.items() if code in good))


def mean(counts: Mapping[str, int]) -> float | None:
    """The mean of the steps of a scale; None when nobody answered."""
    given = {int(code): number for code, number in counts.items() if code.lstrip("-").isdigit()}
    count = sum(given.values())
    return sum(step * number for step, number in given.items()) / count if count else None


@dataclass(frozen=True)
class Change:
    """How an area's share of good answers went from one year to another, in per cent."""

    area: str
    before: float
    before_year: int
    now: float
    year: int

    @property
    def points(self) -> float:
        """The difference in percentage points; plus is better."""
        return self.now - self.before


def changes(areas: Mapping[str, Mapping[int, Tally]], year: int) -> list[Change]:
    """Each area's change to a year from the latest year before it that has answers, the largest first."""
    found = []
    for area, years in areas.items():
        now = years.get(year, Tally()).share
        before = [
            (one, share) for one, given in years.items() if one < year and (share := given.share) is not None
        ]
        if now is not None and before:
            earlier, share = max(before)
            found.append(Change(area, share, earlier, now, year))
    return sorted(found, key=lambda one: (-abs(one.points), one.area))


def finding(areas: Mapping[str, Mapping[int, Tally]], year: int) -> str:
    """A sentence that says what stands out: the area that changed most; without a year before, the weakest area."""
    moved = changes(areas, year)
    if moved and round(moved[0].before) != round(moved[0].now):
        one = moved[0]
        word = "ökade" if one.points > 0 else "minskade"
        now = f"{one.now:.0f} % ({one.year})"
        return f"{one.area}: goda svar {word} från {one.before:.0f} % ({one.before_year}) till {now}"
    if moved:
        return f"Inget område har ändrats sedan {moved[0].before_year}"
    known = {
        area: share for area, years in areas.items() if (share := years.get(year, Tally()).share) is not None
    }
    if not known:
        return f"Ingen har svarat {year}"
    weakest = min(known, key=lambda area: (known[area], area))
    return f"{weakest} har lägst andel goda svar {year}: {known[weakest]:.0f} %"
