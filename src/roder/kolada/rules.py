"""Rules of comparisons: which municipalities are similar, the place among them, the spread. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from roder.core.faults import UserFault
from roder.core.numbers import round_half_away

COUNTRY = "0000"
#: "Liknande kommuner äldreomsorg, Alingsås, 2021" and "Liknande kommuner, övergripande, Alingsås, 2021"
_TITLE = re.compile(r"^Liknande kommuner,?\s+(?P<theme>[^,]+),\s*(?P<name>[^,]+),\s*(?P<year>\d{4})$")
GENERAL = "övergripande"
#: Theme of a group -> words of the key figure's area of operations (casefolded) that it is for.
THEMES = {
    "äldreomsorg": ("äldre", "hemtjänst", "särskilt boende"),
    "lss": ("funktionsnedsättning", "lss"),
    "ekonomiskt bistånd": ("ekonomiskt bistånd",),
    "ifo": ("individ- och familj", "ekonomiskt bistånd", "ifo"),
    "arbetsmarknad": ("arbetsmarknad",),
    "gymnasieskola": ("gymnasi",),
    "fritidshem": ("fritidshem",),
    "grundskola": ("grundskol",),
    "förskola": ("förskola",),
    "räddningstjänst": ("räddningstjänst",),
    "socioekonomi": ("socioekonomi",),
}
FIRST_YEAR, LAST_YEAR = 1970, 2100


def parse_years(text: str) -> tuple[int, ...]:
    """Years written as 2022, 2018-2022 or 2018,2020-2022, in order. Raises UserFault."""
    years: set[int] = set()
    for part in text.split(","):
        ends = re.fullmatch(r"\s*(\d{4})(?:\s*[-–]\s*(\d{4}))?\s*", part)
        first, last = (int(ends[1]), int(ends[2] or ends[1])) if ends else (0, 0)
        if not FIRST_YEAR <= first <= last <= LAST_YEAR:
            raise UserFault(
                f"åren ”{text}” går inte att läsa. Skriv till exempel 2018-2022 eller 2019,2021, "
                "med det första året först."
            )
        years |= set(range(first, last + 1))
    return tuple(sorted(years))


@dataclass(frozen=True)
class Similar:
    """A group of municipalities similar to one, as its title says."""

    code: str
    theme: str
    name: str
    year: int


def read_group(code: str, title: str) -> Similar | None:
    """What a group's title says; None when it is not a group of similar municipalities."""
    found = _TITLE.match(title.strip())
    if found is None:
        return None
    return Similar(code, found["theme"].strip().casefold(), found["name"].strip(), int(found["year"]))


def choose_group(groups: Iterable[Similar], name: str, area: str, year: int) -> Similar | None:
    """The group for a municipality and a key figure's area of operations: of the right kind, else the general one.

    The latest group up to the year, else the earliest there is. None when the municipality has no group.
    """
    own = [one for one in groups if one.name.casefold() == name.casefold()]
    folded = area.casefold()
    themes = [theme for theme, words in THEMES.items() if any(word in folded for word in words)]
    for theme in [*themes, GENERAL]:
        fitting = sorted((one for one in own if one.theme == theme), key=lambda one: one.year)
        if fitting:
            past = [one for one in fitting if one.year <= year]
            return past[-1] if past else fitting[0]
    return None


def mean(values: Iterable[Decimal | None]) -> Decimal | None:
    """The unweighted mean of the values that are known, as Kolada computes a group's. None without any."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) / len(known) if known else None


@dataclass(frozen=True)
class Standing:
    """Place 1 is the best where a direction is wanted, else the highest. ``shared``: others have the same value."""

    place: int
    of: int
    shared: bool


def standing(
    own: Decimal | None, others: Sequence[Decimal | None], direction: str, digits: int
) -> Standing | None:
    """The place of a value among others, at the printed precision: what is printed alike shares a place.

    ``of`` counts those with a value, oneself included. None when the own value or all others are missing.
    """
    known = [round_half_away(value, digits) for value in others if value is not None]
    if own is None or not known:
        return None
    mine = round_half_away(own, digits)
    better = sum(1 for value in known if (value < mine if direction == "lower" else value > mine))
    return Standing(better + 1, len(known) + 1, mine in known)


@dataclass(frozen=True)
class Spread:
    """Lowest, first quartile, median, third quartile and highest of many values."""

    count: int
    lowest: Decimal
    lower: Decimal
    middle: Decimal
    upper: Decimal
    highest: Decimal


def spread(values: Iterable[Decimal | None]) -> Spread | None:
    """How values are spread; quartiles between two values lie straight between them. None without any."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None

    def at(share: Decimal) -> Decimal:
        where = share * (len(known) - 1)
        under = int(where)
        over = min(under + 1, len(known) - 1)
        return known[under] + (known[over] - known[under]) * (where - under)

    quarter = Decimal("0.25")
    return Spread(len(known), known[0], at(quarter), at(2 * quarter), at(3 * quarter), known[-1])


def is_preliminary(year: int, period: str, published_on: date | None, today: date) -> bool:
    """Whether a year's value may still change: its period's final publication lies ahead."""
    return published_on is not None and published_on > today and period.strip() == str(year)


def missing_reason(status: str) -> str:
    """Why Kolada has no value, in words."""
    known = {"": "Kolada har inget värde", "missing": "Kolada har inget värde", "private": "skyddas i Kolada"}
    return known.get(status.strip().casefold(), f"Kolada anger {status.strip()}")
