"""Headings: what the cells of a row are called, which of our columns they are, and where in the file the row stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from roder.imports.readers import HEADING_WITHIN, FileFault, Row

if TYPE_CHECKING:
    from roder.imports.cells import Context
    from roder.imports.declaration import Import

Say = Callable[[int | None, str | None, str, str], None]
"""Takes a fault: row, column, what, what to do."""

Own = Callable[[list[str]], list[str]]
"""The cells of a row as our names; other headings as they are written, and nothing for those that are not read."""


def heading_name(text: str) -> str:
    """A heading as the declarations write it: ``Mått `` is matt, ``Utfall föregående`` is utfall_foregaende."""
    name = text.strip().casefold().translate(str.maketrans("åäöé", "aaoe"))
    return "_".join(name.replace("-", " ").split())


def letters(position: int) -> str:
    """The name of a column as a spreadsheet shows it: 0 is A, 26 is AA."""
    found = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        found = chr(65 + rest) + found
    return found


def labels(cells: list[str]) -> list[str]:
    """What each cell of a heading is called when somebody is to choose among them: its text; with a number when
    several have the same; after its place when it is empty."""
    names = [heading_name(cell) for cell in cells]
    many = Counter(names)
    seen: Counter[str] = Counter()
    found = []
    for position, (cell, name) in enumerate(zip(cells, names, strict=True)):
        seen[name] += 1
        text = " ".join(cell.split())
        if not name:
            found.append(f"Kolumn {letters(position)}")
        else:
            found.append(f"{text} ({seen[name]})" if many[name] > 1 else text)
    return found


@dataclass(frozen=True)
class Heading:
    """Where the file's heading stands, and which cell each known column is in."""

    row: int
    cells: tuple[str, ...]
    texts: tuple[str, ...]
    at: dict[str, int]


def own_names(what: Import, context: Context | None = None) -> Own:
    """How headings of the file become our names. What is mapped to something else, or the same on every row, goes by
    that only.

    Raises FileFault for a mapping of a column that the kind does not have.
    """
    mapping: Mapping[str, str] = context.mapping if context else {}
    given = {*mapping, *(context.constants if context else ())}
    for ours in given:
        if ours not in what.file_columns:
            raise FileFault(
                f"kopplingen gäller kolumnen ”{ours}”, som inte finns",
                f"Kolumnerna är {';'.join(what.file_columns)}.",
            )
    theirs = {heading_name(name): ours for ours, name in mapping.items()}

    def own(cells: list[str]) -> list[str]:
        found = []
        for cell, label in zip(cells, labels(cells), strict=True):
            name = heading_name(cell)
            ours = theirs.get(heading_name(label)) or (theirs.get(name) if name else None)
            found.append(ours or ("" if name in given else name))
        return found

    return own


def wanted(what: Import, context: Context | None = None) -> set[str]:
    """The columns that a heading must have: those that are needed and are not the same on every row."""
    return set(what.required_columns) - set(context.constants if context else ())


def has_heading(what: Import, context: Context | None = None) -> Callable[[list[str]], bool]:
    """Whether cells are a heading with the columns that must be there: which sheet of a workbook is meant."""
    own, needed = own_names(what, context), wanted(what, context)
    return lambda cells: any(cells) and needed <= set(own(cells))


def find_heading(
    what: Import, context: Context, rows: Iterator[Row], say: Say, warn: Callable[[str], None]
) -> tuple[Heading, Iterator[Row]]:
    """The heading, and the rows after it: the first of the first rows that has the columns that must be there, else
    the one that has most of them. Raises FileFault when there is nothing in the file."""
    own, is_heading = own_names(what, context), has_heading(what, context)
    seen: list[Row] = []
    for number, cells in rows:
        seen.append((number, cells))
        if is_heading(cells) or len(seen) == HEADING_WITHIN:
            break
    filled = [row for row in seen if any(cell.strip() for cell in row[1])]
    if not filled:
        raise FileFault("filen är tom", "Kontrollera att rätt fil valdes.")
    known = set(what.file_columns)
    number, cells = (
        seen[-1] if is_heading(seen[-1][1]) else max(filled, key=lambda row: len(known & set(own(row[1]))))
    )
    if number != filled[0][0]:
        warn(f"Rubrikraden är rad {number}; raderna ovanför lästes inte.")
    rest = chain((row for row in seen if row[0] > number), rows)
    there = {heading_name(one) for one in (*cells, *labels(cells))}
    for ours, theirs in context.mapping.items():
        if heading_name(theirs) not in there:
            say(number, ours, f"kolumnen ”{theirs}” finns inte i filen", "Rätta kopplingen av kolumner.")
    return _heading(what, context, number, cells, say, warn), rest


def _heading(
    what: Import, context: Context, number: int, cells: list[str], say: Say, warn: Callable[[str], None]
) -> Heading:
    at: dict[str, int] = {}
    unknown: list[str] = []
    for position, name in enumerate(own_names(what, context)(cells)):
        if not name or name in what.for_readers:
            continue
        if name not in what.file_columns:
            unknown.append(" ".join(cells[position].split()))
        elif name in at:
            called = context.mapping.get(name, name)
            say(number, name, f"kolumnen {called} finns två gånger", "Ta bort eller döp om den ena.")
        else:
            at[name] = position
    for name in what.required_columns:
        if name not in at and name not in context.constants and name not in context.mapping:
            say(
                number,
                name,
                f"kolumnen {name} saknas",
                f"Rubriken ska vara {';'.join(what.file_columns)}. Har filen andra rubriker: koppla kolumnerna.",
            )
    if unknown:
        listed = ", ".join(f"”{name}”" for name in unknown)
        warn(f"Kolumner som inte läses: {listed}.")
    return Heading(number, tuple(cells), tuple(heading_name(cell) for cell in cells), at)
