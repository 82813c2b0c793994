"""What a list of references must be to draw from: no blank row, no reference twice, no person, nothing too long.

Pure: rows in, references and faults out. Nothing is repaired in silence but spaces around and within a reference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from roder.core.faults import UserFault

LONGEST = 80
MOST = 100_000  # references in a frame
SHOWN = 20  # faults told in one message; the rest are counted

Row = tuple[int, str]
_HIDDEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class RowFault:
    """What is wrong with a row, as numbered in the file (from 1), and what to do."""

    row: int
    what: str
    do: str

    @property
    def text(self) -> str:
        """For people."""
        return f"Rad {self.row}: {self.what}. {self.do}"


class FrameFault(UserFault):
    """The list cannot be a frame. ``faults`` are those of its rows; nothing has been saved."""

    def __init__(self, what: str, faults: Sequence[RowFault] = ()) -> None:
        self.what, self.faults = what, tuple(faults)
        lines = [one.text for one in self.faults[:SHOWN]]
        if len(self.faults) > SHOWN:
            lines.append(f"… och {len(self.faults) - SHOWN} rader till.")
        super().__init__("\n".join([what, *lines]))


@dataclass(frozen=True)
class Chosen:
    """The rows of one column of a file. ``heading`` is its heading, and None when the first row is a reference too."""

    rows: tuple[Row, ...]
    heading: str | None


def clean(text: str) -> str:
    """A reference as it is kept: composed, and with one plain space where any were."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def choose_column(
    rows: Sequence[tuple[int, Sequence[str]]], column: str = "", heading: bool | None = None
) -> Chosen:
    """The column named ``column``, else the first one that holds anything; rows from the first to the last with
    anything in it.

    ``heading``: whether the first row is a heading. None: it is when a column is named, or when it has no digit and
    every row below has one. Raises FrameFault for an empty list and a column that is not there.
    """
    filled = [(number, cells) for number, cells in rows if any(clean(cell) for cell in cells)]
    if not filled:
        raise FrameFault("Listan är tom. Kontrollera att rätt fil valdes.")
    last = filled[-1][0]
    inside = [(number, cells) for number, cells in rows if filled[0][0] <= number <= last]
    at = _position(filled, column)

    def cell(cells: Sequence[str]) -> str:
        return clean(cells[at]) if at < len(cells) else ""

    texts = [(number, cell(cells)) for number, cells in inside]
    if heading is None:
        heading = bool(column) or _looks_like_heading([text for _, text in texts])
    if not heading:
        return Chosen(tuple(texts), None)
    if len(texts) == 1:
        raise FrameFault("Listan har en rubrik men inga referenser under den.")
    return Chosen(tuple(texts[1:]), texts[0][1])


def _position(filled: Sequence[tuple[int, Sequence[str]]], column: str) -> int:
    if not column:
        return min(at for _, cells in filled for at, cell in enumerate(cells) if clean(cell))
    names = [clean(cell) for cell in filled[0][1]]
    wanted = clean(column).casefold()
    for at, name in enumerate(names):
        if name.casefold() == wanted:
            return at
    said = ", ".join(f"”{name}”" for name in names if name)
    raise FrameFault(f"Kolumnen ”{clean(column)}” finns inte i den första raden, som har {said}.")


def _looks_like_heading(texts: Sequence[str]) -> bool:
    def has_digit(text: str) -> bool:
        return any(sign.isdigit() for sign in text)

    first, rest = texts[0], texts[1:]
    return bool(rest) and bool(first) and not has_digit(first) and all(map(has_digit, filter(None, rest)))


def check(rows: Iterable[Row], is_personal: Callable[[str], bool]) -> tuple[str, ...]:
    """The references in the order they came. ``is_personal`` says whether a text holds a personal identity number.

    Raises FrameFault with every row at fault, and for an empty or too large frame.
    """
    found: dict[str, int] = {}
    faults: list[RowFault] = []
    for number, text in rows:
        reference = clean(text)
        if fault := _fault(number, reference, found, is_personal):
            faults.append(fault)
        else:
            found[reference] = number
    if faults:
        count = len(faults)
        rows_words = "1 rad behöver" if count == 1 else f"{count} rader behöver"
        raise FrameFault(f"{rows_words} rättas. Ingenting är sparat.", faults)
    if not found:
        raise FrameFault("Ramen är tom. Det finns inga referenser att dra ur.")
    if len(found) > MOST:
        raise FrameFault(
            f"Listan har {len(found)} referenser; högst {MOST} ryms. Dela upp den, till exempel per månad."
        )
    return tuple(found)


def _fault(
    number: int, reference: str, found: dict[str, int], is_personal: Callable[[str], bool]
) -> RowFault | None:
    if not reference:
        return RowFault(number, "raden är tom", "Ta bort raden, eller skriv referensen som saknas.")
    if is_personal(reference):
        return RowFault(
            number, "raden har ett personnummer", "Skriv ärendets eller beslutets referens i stället."
        )
    if _HIDDEN.search(reference):
        return RowFault(number, "raden har tecken som inte syns", "Skriv om referensen.")
    if len(reference) > LONGEST:
        return RowFault(
            number, f"referensen är {len(reference)} tecken; högst {LONGEST} ryms",
            "Använd en kortare referens, till exempel diarienumret.",
        )  # fmt: skip
    if reference in found:
        return RowFault(
            number, f"”{reference}” står redan på rad {found[reference]}",
            "Ta bort den ena raden: en referens får bara finnas en gång i ramen.",
        )  # fmt: skip
    return None
