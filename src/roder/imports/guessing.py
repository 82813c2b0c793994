"""Guesses to begin with when a file has other headings than ours: which row they stand in, and which is which column.

Nothing is read in by a guess: a person sees it and decides.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from roder.imports.headings import labels
from roder.imports.readers import open_table
from roder.imports.sheets import heads
from roder.imports.synonyms import SYNONYMS

if TYPE_CHECKING:
    from roder.imports.declaration import Import

ROWS = 40  # rows that are looked at
SAMPLES = 3  # values shown of a column
LONGEST = 28  # letters of a value that are shown
NEAR = 0.84  # how alike two words must be to be held for the same

_NUMBER = re.compile(r"^[\s\d.,:()'’%\-−–+]*\d[\s\d.,:()'’%\-−–+TkrKR]*$")


@dataclass(frozen=True)
class Sheet:
    """The first rows of a sheet, or of a text file (which has no name)."""

    name: str | None
    rows: list[tuple[int, list[str]]]

    @cached_property
    def filled(self) -> list[tuple[int, list[str]]]:
        """The rows that have anything in them."""
        return [one for one in self.rows if any(cell.strip() for cell in one[1])]


@dataclass(frozen=True)
class Found:
    """A column of the file: what it is called, and the first values in it."""

    label: str
    samples: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The label with what stands in the column."""
        return f"{self.label} ({', '.join(self.samples)})" if self.samples else self.label


def first_rows(path: Path) -> list[Sheet]:
    """The first rows of each sheet that has any. Raises FileFault for what is not a table."""
    with path.open("rb") as file:
        is_workbook = file.read(4) == b"PK\x03\x04"
    if is_workbook:
        return [Sheet(name, rows) for name, rows in heads(path, ROWS)]
    return [Sheet(None, list(islice(open_table(path).rows, ROWS)))]


def heading_of(what: Import, sheet: Sheet, row: int | None = None) -> tuple[int, list[str]] | None:
    """The row that is most like a heading, with its number: words that we know, and words at all, rather than numbers.
    ``row``: the one that a person has pointed out."""
    if not sheet.filled:
        return None
    return next((one for one in sheet.filled if one[0] == row), None) or max(
        sheet.filled, key=lambda one: _like_heading(what, one[1])
    )


def _like_heading(what: Import, cells: list[str]) -> int:
    texts = [cell for cell in cells if cell.strip()]
    numbers = sum(1 for text in texts if _NUMBER.match(text))
    return 3 * len(guess(what, labels(cells))) + len({*texts}) - 3 * numbers


def columns_of(sheet: Sheet, heading: tuple[int, list[str]]) -> list[Found]:
    """The columns below a heading, with the first values in each; those without heading and values are left out."""
    number, cells = heading
    found = []
    for position, label in enumerate(labels(cells)):
        values: dict[str, None] = {}
        for row, texts in sheet.rows:
            if row > number and position < len(texts) and texts[position].strip():
                text = " ".join(texts[position].removesuffix("T00:00").split())
                values[text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"] = None
        if cells[position].strip() or values:
            found.append(Found(label, tuple(islice(values, SAMPLES))))
    return found


def guess(what: Import, found: list[str]) -> dict[str, str]:
    """Our column -> the heading that is probably meant: the same word first, then words known for it, then words that
    are nearly the same. No heading twice."""
    left = {label: plain(label) for label in found if label}
    chosen: dict[str, str] = {}
    columns = what.file_columns
    for matches in (_same, _known, _near):
        for ours in columns:
            if ours in chosen:
                continue
            label = next((label for label, text in left.items() if matches(ours, text)), None)
            if label is not None:
                chosen[ours] = label
                del left[label]
    return chosen


def plain(text: str) -> str:
    """A heading without what people write in different ways: capitals, dots over letters, blanks, signs."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in bare if sign.isalnum() and not unicodedata.combining(sign))


def _same(ours: str, text: str) -> bool:
    return plain(ours) == text


def _known(ours: str, text: str) -> bool:
    return any(plain(word) == text for word in SYNONYMS.get(ours, ()))


def _near(ours: str, text: str) -> bool:
    words = (plain(ours), *(plain(word) for word in SYNONYMS.get(ours, ())))
    if len(text) < 4:
        return False
    return any(
        len(word) >= 4 and (text.startswith(word) or SequenceMatcher(None, word, text).ratio() >= NEAR)
        for word in words
    )
