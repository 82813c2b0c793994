"""Sentences that say that nothing has changed or differs, to be held against what is computed. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from roder.core.numbers import Unit, round_half_away

About = Literal["change", "variance"]

#: "Inga större avvikelser" says how much, not that there is none: left to the reader.
_SIZED = r"(?:större|nämnvärd\w*|väsentlig\w*|betydande|avgörande|särskild\w*)"
_NONE = rf"\b(?:ingen|inga|inget|utan)\s+(?!{_SIZED}\b)(?:\w+\s+)?"
_CHANGE = re.compile(
    rf"{_NONE}(?:\w*förändring\w*|ändring\w*|skillnad\w*)\b|\b(?:prognosen\s+är\s+)?oförändra\w*\b",
    re.IGNORECASE,
)
_VARIANCE = re.compile(rf"{_NONE}\w*avvikelse\w*\b", re.IGNORECASE)
_BUT = re.compile(rf"\b(?:nästan|i\s+stort\s+sett|i\s+princip)\s+$|\b{_SIZED}\s+$", re.IGNORECASE)


@dataclass(frozen=True)
class NothingNew:
    """Words of a text that say that nothing has changed (``change``) or differs from the budget (``variance``)."""

    start: int
    end: int
    text: str
    about: About


def nothing_new(text: str) -> list[NothingNew]:
    """Every such claim, in order. "Nästan oförändrad" and "inga större avvikelser" are no claims."""
    found = []
    kinds: tuple[tuple[About, re.Pattern[str]], ...] = (("change", _CHANGE), ("variance", _VARIANCE))
    for about, pattern in kinds:
        for match in pattern.finditer(text):
            if not _BUT.search(text[: match.start()]):
                found.append(NothingNew(match.start(), match.end(), match.group().strip(), about))
    return sorted(found, key=lambda one: one.start)


def contradicts(amount: Decimal | None, unit: Unit = Unit.MKR, digits: int = 1) -> bool:
    """Whether a computed change or variance is something, as texts are written: in millions with one decimal."""
    return amount is not None and round_half_away(amount / unit.divisor, digits) != 0
