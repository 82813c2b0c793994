"""Search in the help: sections that hold every word, the best first. Pure but for the pages it reads."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from django.utils.safestring import SafeString

from roder.web.addresses import address
from roder.web.help.library import HelpPage, Section, sections
from roder.web.words import snippet, words_in

MOST = 12
_WORD = re.compile(r"\w+")
_ENDINGS = (
    "ernas", "arnas", "ornas", "erna", "arna", "orna", "ens", "ets", "ade", "are", "ar", "er", "or", "en", "et", "as",
    "na", "de", "n", "t", "a", "e", "s", "r",
)  # fmt: skip
_LAST = "\U0010ffff"  # comes after every letter
SHORTEST = 4  # letters that are left of a word when its ending is taken off


@dataclass(frozen=True)
class Found:
    """A section that holds the words."""

    page: HelpPage
    section: Section
    text: SafeString

    @property
    def name(self) -> str:
        """``Avvikelser: Bedöma``; only the page's title for its beginning."""
        return (
            self.page.title
            if self.section.title == self.page.title
            else f"{self.page.title}: {self.section.title}"
        )

    @property
    def url(self) -> str:
        """Where it stands."""
        return f"{address('help:page', self.page.slug)}#{self.section.anchor}"


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word without its commonest Swedish ending: ``avvikelserna`` and ``avvikelse`` are both ``avvikels``."""
    small = word.casefold()
    for ending in _ENDINGS:
        if small.endswith(ending) and len(small) - len(ending) >= SHORTEST:
            return small.removesuffix(ending)
    return small


@dataclass(frozen=True)
class Stems:
    """The words of a section by stem, in order: in its page's title, in its own heading, and in its text."""

    page: tuple[str, ...]
    title: tuple[str, ...]
    text: tuple[str, ...]

    @classmethod
    def of(cls, page: str, title: str, text: str) -> Stems:
        """From the words as they are written."""
        return cls(*(tuple(sorted(map(stem, _WORD.findall(part)))) for part in (page, title, text)))


def score(words: Sequence[str], held: Stems) -> int:
    """How well a section answers: 0 when a word is missing, more when the words stand in its heading or the page's."""

    def times(wanted: str, among: Sequence[str]) -> int:
        """How many of the words, which are in order, begin so."""
        return bisect_left(among, f"{wanted}{_LAST}") - bisect_left(among, wanted)

    total = 0
    for one in map(stem, words):
        worth = (
            40 * bool(times(one, held.title))
            + 15 * bool(times(one, held.page))
            + min(times(one, held.text), 5)
        )
        if not worth:
            return 0
        total += worth
    return total


@cache
def _all() -> tuple[tuple[HelpPage, Section, Stems], ...]:
    return tuple((page, one, Stems.of(page.title, one.title, one.text)) for page, one in sections())


def find(text: str, most: int = MOST) -> list[Found]:
    """The sections of the help that hold every word of the text, the best first; nothing for no words."""
    words = words_in(text)
    scored = [
        (-worth, page.path.startswith("referens"), number, page, one)
        for number, (page, one, held) in enumerate(_all())
        if words and (worth := score(words, held))
    ]
    scored.sort(key=lambda found: found[:3])
    return [Found(page, one, snippet(one.text, words)) for *_, page, one in scored[:most]]
