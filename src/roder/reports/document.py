"""The document model: what a report is before it becomes a page, a PDF, a Word file or a workbook.

Plain frozen dataclasses without Django and database. Everything a reader sees is decided here once (numbers
carry their unit and rounding, statuses their word), so that four renderers cannot print four different
things. A document is stored as JSON when a report is locked; `to_json` and `from_json` are each other's
inverse.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, Literal, TypeAlias
from urllib.parse import quote, urlencode

from roder.core.numbers import MISSING, Unit, format_value

FORMAT_VERSION = 1
HOW_FIGURES_WERE_MADE = "Så är siffrorna framtagna"

Tone: TypeAlias = Literal["good", "near", "bad", "none"]
ColumnKind: TypeAlias = Literal["text", "number", "status"]
RowKind: TypeAlias = Literal["normal", "sum", "sub"]

# Shape and word together carry the meaning; colour only helps (10-design, WCAG 1.4.1).
STATUS_SYMBOLS: Mapping[str, str] = {"good": "●", "near": "▲", "bad": "■", "none": "○"}


class DocumentError(ValueError):
    """The document contradicts itself or cannot be read. The message is Swedish."""


@dataclass(frozen=True)
class FigureRef:
    """Which figure a number is, and which row of it: ``("ekonomi.drift.prognos", (("rad", "ovriga"),))``."""

    name: str
    key: tuple[tuple[str, str], ...] = ()

    @property
    def address(self) -> str:
        """The reference as one string, usable in an address and in ``data-figure``: ``name?rad=ovriga``."""
        return quote(self.name) + ("?" + urlencode(self.key) if self.key else "")


@dataclass(frozen=True)
class Number:
    """A number as it is to be printed.

    ``unit`` is the unit *shown*; money values are always kronor. ``suffix`` writes the unit after the
    number, for running text. None is printed ``iu.`` (no data), never 0.
    """

    value: Decimal | None
    unit: Unit
    digits: int | None = None
    sign: bool = False
    ref: FigureRef | None = None
    suffix: bool = False

    def __post_init__(self) -> None:
        if self.value is not None and not self.value.is_finite():
            raise DocumentError(f"{self.value} är inte ett ändligt tal")

    @property
    def places(self) -> int:
        """Decimals printed."""
        return self.unit.default_digits if self.digits is None else self.digits

    @property
    def text(self) -> str:
        """As printed, in every format: no-break space between thousands, U+2212, decimal comma."""
        return format_value(self.value, self.unit, self.digits, sign=self.sign, suffix=self.suffix)


@dataclass(frozen=True)
class Status:
    """An assessment: the municipality's word and its tone."""

    label: str
    tone: Tone = "none"

    @property
    def symbol(self) -> str:
        """The shape that goes with the word."""
        return STATUS_SYMBOLS[self.tone]

    @property
    def text(self) -> str:
        """Symbol and word, as printed."""
        return f"{self.symbol}\u00a0{self.label}"


@dataclass(frozen=True)
class Strong:
    """Emphasised words in running text."""

    text: str


Inline: TypeAlias = str | Number | Status | Strong
Cell: TypeAlias = str | Number | Status | tuple[Inline, ...] | None


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 stands directly under the document's title. ``anchor`` is made from the text when
    empty.
    """

    level: int
    text: str
    anchor: str = ""

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3):
            raise DocumentError(f"Rubriken ”{self.text}” har nivå {self.level}; nivåerna är 1, 2 och 3")


@dataclass(frozen=True)
class Paragraph:
    """Running text with bound numbers."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True)
class Bullets:
    """A list; each item is running text. ``numbered`` for points that people refer to: 1, 2, 3."""

    items: tuple[tuple[Inline, ...], ...]
    numbered: bool = False


@dataclass(frozen=True)
class Signatures:
    """Who signs the document, name and title: a place to sign for each on paper, a list on the screen."""

    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Reference:
    """A quiet line under a heading: the registration number, a date."""

    text: str


@dataclass(frozen=True)
class Particulars:
    """Names with what they are, a line or more each: the front page's time, place and present."""

    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Contents:
    """Where the list of contents stands, and how many levels of headings it shows. Without one, longer documents get
    theirs after the title."""

    depth: int = 2


@dataclass(frozen=True)
class PageBreak:
    """What follows begins a new page, in formats that have pages."""


@dataclass(frozen=True)
class Note:
    """A boxed remark beside the text: something to know, or a warning."""

    kind: Literal["info", "warning"]
    inlines: tuple[Inline, ...]


@dataclass(frozen=True)
class Column:
    """A table column. ``formula`` is (left column, operator, right column) with one of ``+ - * / %``.

    ``%`` is left / right x 100. The workbook writes the formula; the other formats print the cell's own
    number.
    """

    key: str
    title: str
    kind: ColumnKind = "number"
    unit: Unit | None = None
    digits: int | None = None
    formula: tuple[str, str, str] | None = None

    def __post_init__(self) -> None:
        if self.formula is not None and (len(self.formula) != 3 or self.formula[1] not in "+-*/%"):
            raise DocumentError(f"Kolumnen ”{self.title}” har en formel som inte kan läsas: {self.formula}")


@dataclass(frozen=True)
class Row:
    """A table row.

    ``sum`` rows are bold; ``sum_of`` names the rows they add, with their signs as they stand. A ``sub`` row
    with only its first cell is a heading inside the table, with numbers it is a "därav" row, printed
    indented. A missing cell is left empty; a cell that is None is ``iu.`` in number and status columns.
    """

    key: str
    cells: Mapping[str, Cell]
    kind: RowKind = "normal"
    sum_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table with its caption and unit. Rows may be none: then the renderers say so."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unit_note: str = "tkr"
    notes: tuple[str, ...] = ()
    anchor: str = ""

    def __post_init__(self) -> None:
        columns = [column.key for column in self.columns]
        rows = {row.key for row in self.rows}
        if not columns:
            raise DocumentError(f"Tabellen ”{self.caption}” saknar kolumner")
        if len(set(columns)) != len(columns) or len(rows) != len(self.rows):
            raise DocumentError(f"Tabellen ”{self.caption}” har samma kolumn eller rad två gånger")
        for column in self.columns:
            if column.formula and not {column.formula[0], column.formula[2]} <= set(columns) - {column.key}:
                raise DocumentError(
                    f"Tabellen ”{self.caption}”: formeln i ”{column.title}” pekar på okänd kolumn"
                )
        for row in self.rows:
            if unknown := set(row.cells) - set(columns):
                raise DocumentError(
                    f"Tabellen ”{self.caption}”, rad {row.key}: okänd kolumn {sorted(unknown)}"
                )
            if unknown := set(row.sum_of) - (rows - {row.key}):
                raise DocumentError(
                    f"Tabellen ”{self.caption}”, rad {row.key}: summerar okänd rad {sorted(unknown)}"
                )

    @property
    def title(self) -> str:
        """The caption with the unit: ``Driftuppföljning maj 2022, tkr``."""
        return f"{self.caption}, {self.unit_note}" if self.unit_note else self.caption


@dataclass(frozen=True)
class PlainTable(Table):
    """A table that is not counted: part of the text around it, such as a vote or who was present."""


@dataclass(frozen=True)
class Chart:
    """A chart whose title says the finding, with a text alternative and all its numbers as a table."""

    title: str
    description: str
    spec: dict[str, Any]
    table: Table

    def __post_init__(self) -> None:
        if not self.description.strip():
            raise DocumentError(f"Diagrammet ”{self.title}” saknar textalternativ")


Block: TypeAlias = (
    Heading
    | Paragraph
    | Bullets
    | Signatures
    | Reference
    | Particulars
    | Contents
    | PageBreak
    | Note
    | Table
    | Chart
)


@dataclass(frozen=True)
class Document:
    """A whole report, letter or other document. ``cut_off`` is the last day the figures describe, ``date`` the day of
    the document itself. ``facts`` are the names and values under the title of what is no report.
    """

    title: str
    kind: str
    municipality: str
    committee: str
    registration_number: str = ""
    date: dt.date | None = None
    occasion: str = ""
    cut_off: dt.date | None = None
    snapshot_id: str = ""
    draft: bool = False
    blocks: tuple[Block, ...] = field(default=())
    lang: str = "sv"
    facts: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise DocumentError("Dokumentet saknar titel")


def contents_of(document: Document) -> Contents | None:
    """Where the document says that its contents stand."""
    return next((block for block in document.blocks if isinstance(block, Contents)), None)


def cell_text(cell: Cell, column: Column | None = None) -> str:
    """The cell as plain text, exactly as every format prints it."""
    if cell is None:
        return MISSING if column is not None and column.kind != "text" else ""
    return inline_text(cell if isinstance(cell, tuple) else (cell,))


def inline_text(inlines: tuple[Inline, ...]) -> str:
    """Running text as plain text."""
    return "".join(part if isinstance(part, str) else part.text for part in inlines)


def tables(document: Document) -> Iterator[Table]:
    """All tables in reading order, those behind charts included."""
    for block in document.blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Chart):
            yield block.table


def numbers(document: Document) -> Iterator[Number]:
    """Every number printed in the document, in reading order (for "which figures are used", and for
    checks).
    """
    for block in document.blocks:
        parts: list[Cell] = []
        if isinstance(block, (Paragraph, Note)):
            parts = [block.inlines]
        elif isinstance(block, Bullets):
            parts = list(block.items)
        elif isinstance(block, (Table, Chart)):
            table = block if isinstance(block, Table) else block.table
            parts = [row.cells.get(column.key) for row in table.rows for column in table.columns]
        for part in parts:
            for item in part if isinstance(part, tuple) else (part,):
                if isinstance(item, Number):
                    yield item


_TYPES: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        FigureRef,
        Number,
        Status,
        Strong,
        Heading,
        Paragraph,
        Bullets,
        Signatures,
        Reference,
        Particulars,
        Contents,
        PageBreak,
        Note,
        Column,
        Row,
        Table,
        PlainTable,
        Chart,
        Document,
    )
}


def to_json(document: Document) -> str:
    """The document as JSON text. Decimals are strings, so nothing is lost; equal documents, equal text."""
    return json.dumps(
        {"format": FORMAT_VERSION, "document": _encode(document)}, ensure_ascii=False, sort_keys=True
    )


def from_json(text: str) -> Document:
    """Read what `to_json` wrote. Raises DocumentError (Swedish message) for anything else."""
    try:
        stored = json.loads(text)
        if stored["format"] != FORMAT_VERSION:
            raise DocumentError(
                f"Dokumentet har format {stored['format']}; det här programmet läser {FORMAT_VERSION}"
            )
        document = _decode(stored["document"])
    except DocumentError:
        raise
    except (ValueError, KeyError, TypeError, InvalidOperation) as error:
        raise DocumentError(f"Dokumentet kan inte läsas: {error}") from error
    if not isinstance(document, Document):
        raise DocumentError("Filen innehåller inget dokument")
    return document


def _encode(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        body = {item.name: _encode(getattr(value, item.name)) for item in fields(value)}
        return {"$": type(value).__name__, **body}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (Decimal, dt.date)):
        return str(value)
    if isinstance(value, (tuple, list)):
        return [_encode(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _encode(item) for key, item in value.items()}
    return value


def _decode(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_decode(item) for item in value)
    if not isinstance(value, dict):
        return value
    if "$" not in value:
        return {key: _decode(item) for key, item in value.items()}
    kind = _TYPES[value["$"]]
    # A chart's specification is JSON of its own and keeps its lists as they are.
    body = {key: item if key == "spec" else _decode(item) for key, item in value.items() if key != "$"}
    if kind is Number and body["value"] is not None:
        body["value"] = Decimal(body["value"])
    if kind in (Number, Column) and body["unit"] is not None:
        body["unit"] = Unit(body["unit"])
    if kind is Document:
        for name in ("date", "cut_off"):
            body[name] = dt.date.fromisoformat(body[name]) if body[name] else None
    return kind(**body)
