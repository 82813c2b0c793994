"""What all renderers decide alike: captions, heading levels, anchors, dates, column widths, decimals."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

from roder.reports.document import (
    Block,
    Bullets,
    Cell,
    Chart,
    Column,
    Document,
    Heading,
    Note,
    Number,
    PageBreak,
    Paragraph,
    PlainTable,
    Row,
    Signatures,
    Table,
    cell_text,
    inline_text,
)

ASSETS = Path(__file__).parent / "assets"
FONTS = ASSETS / "fonts"

# One palette for documents, web pages and charts (10-design: petrol accent, ink almost black).
ACCENT = "#0f4c5c"
INK = "#1b2327"
MUTED = "#56636a"
TONES = {"good": "#1d6b3f", "near": "#8a5300", "bad": "#a32a2a", "none": "#56636a"}

NOTE_LABELS = {"info": "Upplysning.", "warning": "Observera."}
EMPTY_TABLE = "Inga uppgifter för perioden."
DRAFT = "UTKAST"
TEXT_WIDTH_MM = 160.0

# Swedish month names without depending on the machine's locale.
_MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip


def long_date(day: dt.date | None) -> str:
    """``31 maj 2022``; empty for None."""
    return f"{day.day}\u00a0{_MONTHS[day.month - 1]}\u00a0{day.year}" if day else ""


@dataclass(frozen=True)
class Placed:
    """A block with its label (``Tabell 3``) and anchor, as every format shows them."""

    block: Block
    label: str = ""
    anchor: str = ""


def place(document: Document) -> tuple[Placed, ...]:
    """Number tables and charts in reading order, give every block an anchor of its own, close gaps in
    heading levels.

    A heading may not go down more than one level at a time (PDF/UA-1, WCAG 1.3.1): a level that skips is
    raised.
    """
    placed: list[Placed] = []
    used: set[str] = set()
    table_number = chart_number = 0
    level = 0
    for block in document.blocks:
        if isinstance(block, Heading):
            level = min(block.level, level + 1)
            placed.append(Placed(replace(block, level=level), "", _anchor(block.anchor or block.text, used)))
        elif isinstance(block, PlainTable):
            placed.append(Placed(block, "", _anchor(block.anchor or block.caption, used)))
        elif isinstance(block, Table):
            table_number += 1
            label = f"Tabell\u00a0{table_number}"
            placed.append(Placed(block, label, _anchor(block.anchor or f"tabell-{table_number}", used)))
        elif isinstance(block, Chart):
            chart_number += 1
            label = f"Diagram\u00a0{chart_number}"
            placed.append(
                Placed(block, label, _anchor(block.table.anchor or f"diagram-{chart_number}", used))
            )
        else:
            placed.append(Placed(block))
    return tuple(placed)


def _anchor(text: str, used: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "avsnitt"
    if base[0].isdigit():
        base = f"avsnitt-{base}"
    name, number = base, 1
    while name in used:
        number += 1
        name = f"{base}-{number}"
    used.add(name)
    return name


def header_lines(document: Document) -> tuple[str, str]:
    """The running header: who, and what (kind, registration number, date)."""
    who = " · ".join(part for part in (document.municipality, document.committee) if part)
    number = f"Diarienr\u00a0{document.registration_number}" if document.registration_number else ""
    day = document.date.isoformat() if document.date else ""
    return who, " · ".join(part for part in (document.kind, number, day) if part)


def footer_line(document: Document) -> str:
    """The running footer: which snapshot the figures come from and their cut-off."""
    parts = []
    if document.snapshot_id:
        parts.append(f"Uttag {document.snapshot_id}")
    if document.cut_off:
        parts.append(f"Siffror till och med {document.cut_off.isoformat()}")
    return " · ".join(parts)


def facts(document: Document) -> tuple[tuple[str, str], ...]:
    """The facts under the title, name and value: the document's own, or those of a report; the unknown are left out."""
    if document.facts:
        return tuple((name, value) for name, value in document.facts if value)
    pairs = (
        ("Tillfälle", document.occasion),
        ("Siffror till och med", long_date(document.cut_off)),
        ("Diarienummer", document.registration_number),
        ("Datum", long_date(document.date)),
        ("Uttag", document.snapshot_id),
    )
    return tuple((name, value) for name, value in pairs if value)


def is_label_row(row: Row, table: Table) -> bool:
    """True for a ``sub`` row that only has its first cell: a heading inside the table."""
    return row.kind == "sub" and not any(
        row.cells.get(column.key) is not None for column in table.columns[1:]
    )


def is_numeric(column: Column) -> bool:
    """Number columns are right-aligned."""
    return column.kind == "number"


def printed_cell(row: Row, column: Column) -> Cell:
    """The cell as it is to be printed: a missing cell is empty, None is ``iu.`` where a value is expected."""
    if column.key not in row.cells:
        return ""
    cell = row.cells[column.key]
    return cell_text(cell, column) if cell is None else cell


def padding_digits(cell: Cell, places: int) -> str:
    """What is set invisible after a number to bring its comma under the others: ``,00`` or ``0``."""
    number = number_in(cell)
    if number is None or places == 0:
        return ""
    return "0" * places if number.places else "," + "0" * places


def number_in(cell: Cell) -> Number | None:
    """The number of a cell that is a number and nothing else."""
    return cell if isinstance(cell, Number) else None


def missing_places(table: Table) -> dict[tuple[str, str], int]:
    """How many decimals each number lacks against the column's longest, so that it can be set on the comma.

    Keys are (row key, column key). A column where all have the same number of decimals gives nothing.
    """
    missing: dict[tuple[str, str], int] = {}
    for column in table.columns:
        if column.kind != "number":
            continue
        places = {
            row.key: number.places
            for row in table.rows
            if (number := number_in(row.cells.get(column.key))) is not None and number.value is not None
        }
        most = max(places.values(), default=0)
        missing.update({(key, column.key): most - own for key, own in places.items() if own < most})
    return missing


@dataclass(frozen=True)
class Widths:
    """Column widths in millimetres and the text size in points the table needs to fit the page."""

    columns: tuple[float, ...]
    size: float


def column_widths(table: Table, total: float = TEXT_WIDTH_MM, breadth: float = 1.0) -> Widths:
    """Set the columns: numbers as wide as they need, texts share the rest, and no wider than is good to
    read.

    ``breadth`` is how much broader the letters are than Source Sans (Arial about 1.1). Tries 9, 8 and 7
    points; a table too wide even then is squeezed, so that texts break over more lines.
    """
    for size in (9.0, 8.0, 7.0):
        least, wanted = _demands(table, size, breadth)
        if sum(least) <= total:
            break
    if sum(least) > total:
        return Widths(tuple(width * total / sum(least) for width in least), size)
    spare = total - sum(least)
    wishes = [want - low for low, want in zip(least, wanted, strict=True)]
    share = min(1.0, spare / sum(wishes)) if sum(wishes) else 0.0
    return Widths(tuple(low + wish * share for low, wish in zip(least, wishes, strict=True)), size)


def row_lines(row: Row, table: Table, widths: Widths, breadth: float = 1.0) -> int:
    """About how many lines of text the row takes: what decides whether it may stay whole on a page."""
    em = widths.size * 0.3528
    most = 1
    for column, width in zip(table.columns, widths.columns, strict=True):
        text = cell_text(printed_cell(row, column), column)
        room = max(width - 1.15 * em, em)
        lines = sum(math.ceil(ems(line) * em * breadth / room) for line in text.split("\n"))
        most = max(most, lines)
    return most


def _demands(table: Table, size: float, breadth: float) -> tuple[list[float], list[float]]:
    """The least and the wanted width of every column, in millimetres."""
    em = size * 0.3528  # points to millimetres
    gutter = 1.15 * em
    letter = em * breadth
    least, wanted = [], []
    for position, column in enumerate(table.columns):
        texts = [
            cell_text(row.cells.get(column.key), column) for row in table.rows if not is_label_row(row, table)
        ]
        indent = 1.0 * em if position == 0 and any(row.kind == "sub" for row in table.rows) else 0.0
        title_word = max((ems(word) for word in _words(column.title)), default=0.0) * 1.06
        if column.kind == "number" or (column.kind == "status" and len(max(texts, key=len, default="")) < 22):
            low = max([title_word, *(ems(text) * 1.06 for text in texts)])
            want = max(low, min(ems(column.title) * 1.06, 7.5), 5.0)
        else:
            low = max([title_word, 1.5, *(ems(word) for text in texts for word in _words(text))])
            natural = max([ems(column.title) * 1.06, *(ems(text) * 1.06 for text in texts)])
            # A short text (a unit, a name) stays on one line; only long ones give way.
            low = max(low, natural if natural <= 7.0 else 0.0)
            want = max(low, min(natural, 32.0))
        least.append(low * letter + gutter + indent)
        wanted.append(want * letter + gutter + indent)
    return least, wanted


def _words(text: str) -> list[str]:
    return re.split(r"[ \t\n]+|(?<=[-–])", text)


_NARROW = set("ijltfr.,:;'|!()[] \u00a0I-")
_WIDE = set("mwMWÅÄÖGOQDH@%●▲■○")


def ems(text: str) -> float:
    """An estimate of a text's width in ems of the sans font (0.5 for an ordinary letter or digit)."""
    return sum(0.28 if char in _NARROW else 0.74 if char in _WIDE else 0.51 for char in text)


def estimated_pages(document: Document) -> int:
    """About how many pages the document fills, for formats that are not set in pages until somebody opens
    them.
    """
    millimetres = 60.0
    for block in document.blocks:
        if isinstance(block, Heading):
            millimetres += 14
        elif isinstance(block, (Paragraph, Note)):
            millimetres += 4 + 5.5 * (1 + len(inline_text(block.inlines)) // 90)
        elif isinstance(block, Bullets):
            millimetres += sum(1.5 + 5.5 * (1 + len(inline_text(item)) // 85) for item in block.items)
        elif isinstance(block, Signatures):
            millimetres += 25 * math.ceil(len(block.people) / 2)
        elif isinstance(block, Chart):
            millimetres += 95 + 5.2 * len(block.table.rows)
        elif isinstance(block, PageBreak):
            millimetres = 240.0 * math.ceil(millimetres / 240)
        elif isinstance(block, Table):
            millimetres += 18 + 5.6 * len(block.rows)
        else:
            millimetres += 20
    return math.ceil(millimetres / 240)
