"""Registration numbers in the municipality's own form: ``2022.228 VON``, ``VON.2023.55``, ``SN 2023/70``,
``IF-2024-00012``, and documents numbered under a case: ``2022.210 VON-010``.

However a number is written, ``key`` is the same: spaces of any kind, hyphens, slashes, dots, small letters, a doubled
prefix, ``Dnr`` before, leading zeros, the year first or last. No Django, no database. Källa: 7-meetings 7.1.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from string import Formatter

MOST = 40  # characters of a number, and of its key
YEARS = range(1900, 2101)
_TOKENS = re.compile(r"[^\W\d_]+|\d+")
#: Words before a number that say only that it is one.
_LEADS = {"DNR", "DIARIENR", "DIARIENUMMER", "DIARIENUMRET", "ÄRENDENR", "ÄRENDENUMMER", "ÄRENDE", "NR"}
_HASHED = re.compile(r"#[0-9a-f]{39}\Z")
_SPEC = re.compile(r"(?:0\d)?d?\Z")


class PatternError(ValueError):
    """The pattern cannot give numbers. The message is Swedish and says what to write."""


@dataclass(frozen=True)
class Number:
    """A registration number taken apart. ``sub`` is the number of a document under the case."""

    year: int
    number: int
    prefix: str = ""
    sub: int | None = None

    @property
    def key(self) -> str:
        """The same for every spelling: ``2022-228-VON``, ``2022-210-VON/10``."""
        prefix = f"-{self.prefix}" if self.prefix else ""
        return f"{self.year}-{self.number}{prefix}" + (f"/{self.sub}" if self.sub is not None else "")

    @property
    def case(self) -> Number:
        """The number of the case that the document stands in; itself when it is a case's."""
        return Number(self.year, self.number, self.prefix)


def _fold(text: str) -> str:
    """One form of every letter and digit, in capitals. Twice gives the same as once."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).upper()


def _tokens(text: str) -> list[str]:
    """The words and the numbers (without leading zeros) of a text, without what only says that it is a number."""
    found = [one if not one[0].isdigit() else str(int(one)) for one in _TOKENS.findall(_fold(text)[:400])]
    while len(found) > 1:
        if found[0] in _LEADS:
            del found[0]
        elif len(found) > 2 and found[:2] == ["D", "NR"]:
            del found[:2]
        else:
            break
    return found


def parse(text: str, *, year_last: bool = False) -> Number | None:
    """Take a number apart; None when it is not a year and a number (and a document's number).

    Where both could be the year (``2021/2022``) the first is, or the second with ``year_last``.
    """
    tokens = _tokens(text)
    digits = [int(one) for one in tokens if one[0].isdigit()]
    words = list(dict.fromkeys(one for one in tokens if not one[0].isdigit()))
    if len(digits) not in (2, 3):
        return None
    first, second = digits[0] in YEARS, digits[1] in YEARS
    if second and (year_last or not first):
        year, number = digits[1], digits[0]
    elif first:
        year, number = digits[0], digits[1]
    else:
        return None
    if number < 1:
        return None
    found = Number(year, number, "-".join(words), digits[2] if len(digits) == 3 else None)
    return found if len(found.key) <= MOST else None


def key(text: str, *, year_last: bool = False) -> str:
    """What a number is looked for by: the same for all its spellings, another for every other number.

    A text that is not a year and a number gets a key of its own words in order. At most 40 characters.
    """
    if _HASHED.match(text):
        return text
    number = parse(text, year_last=year_last)
    if number is not None:
        return number.key
    words = "=" + "-".join(_tokens(text))
    return words if len(words) <= MOST else f"#{sha256(words.encode()).hexdigest()[:39]}"


def same(one: str, other: str) -> bool:
    """Whether two spellings are the same number."""
    return key(one) == key(other)


def check_pattern(pattern: str) -> None:
    """Raise PatternError unless the pattern gives numbers that can be read back: it must hold the year and the
    number, ``{year}`` and ``{number}`` or ``{number:03d}``."""
    hint = "Skriv till exempel {year}.{number:03d} VON eller SN {year}/{number}."
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError as error:
        raise PatternError(f"Formen går inte att läsa: en klammer saknar sin motsvarighet. {hint}") from error
    names = [name for _, name, _, _ in parts if name is not None]
    if sorted(names) != ["number", "year"]:
        raise PatternError(f"Formen ska innehålla {{year}} och {{number}}, var sin gång. {hint}")
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        if conversion or not _SPEC.match(spec or ""):
            raise PatternError(f"Efter {name} får bara antal siffror stå, som {{number:03d}}. {hint}")
    for number in (1, 98_765):
        text = pattern.format(year=2022, number=number)
        found = parse(text, year_last=year_is_last(pattern))
        if len(text) > MOST or found is None or (found.year, found.number, found.sub) != (2022, number, None):
            raise PatternError(f"Formen ger nummer som inte går att läsa tillbaka ({text}). {hint}")


def year_is_last(pattern: str) -> bool:
    """Whether the pattern writes the year after the number."""
    return pattern.find("{year") > pattern.find("{number")


def write(pattern: str, year: int, number: int) -> str:
    """A number written by the pattern. Raises PatternError for one that does not give numbers."""
    check_pattern(pattern)
    return pattern.format(year=year, number=number)


def write_sub(case_number: str, document: int) -> str:
    """The number of a document in a case: ``2022.210 VON-010``."""
    return f"{case_number.strip()}-{document:03d}"


def default_pattern(short_name: str) -> str:
    """The pattern of a committee whose model has none: its short name, year and number, ``SN 2023/70``."""
    letters = " ".join(word for word in _tokens(short_name) if not word[0].isdigit())[:20].strip()
    return f"{letters} {{year}}/{{number}}".strip()
