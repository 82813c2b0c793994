"""Files in: CSV in the encodings that turn up, XLSX and ODS, as streamed rows of text with their row numbers.

A reader never guesses a value: it gives every cell as text, and the declaration of the import says what it means.
What is not a table, or dangerous to open (macros, zip bombs), is refused with a reason.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.csv

MAX_BYTES = 1_000_000_000
HEADING_WITHIN = 20  # titles may stand above the heading
MAX_CELL = 1_000_000
CHUNK = 1 << 20
BLOCK = 1 << 18  # bytes; the fast reader has some thirty blocks at a time
FAST_ABOVE = 1_000_000  # bytes; smaller files gain nothing from the fast reader

#: Put after a date that a spreadsheet kept as a date: "2022-05" typed in Excel becomes the first of May.
SHEET_DATE = "T00:00"

Row = tuple[int, list[str]]


class FileFault(Exception):  # noqa: N818 - the person's to mend
    """The file as a whole, or from some row on, cannot be read. Swedish: what is wrong, and what to do."""

    def __init__(self, what: str, do: str, row: int | None = None) -> None:
        super().__init__(f"{what}. {do}")
        self.what, self.do, self.row = what, do, row


@dataclass(frozen=True)
class Table:
    """An opened file: what it was read as, in words for the person, and its rows, numbered from 1, once.

    ``sheet`` is the sheet of a workbook that is read, ``alike`` the sheets that have the heading too, and ``sheets``
    all that have anything in them.

    ``columns`` reads a large regular CSV by columns instead, from below the heading in row 1: batches with the chosen
    positions, in the order of the file. It raises IrregularError where a row is not like the heading; then ``rows``
    must be used, which says what is wrong and where.
    """

    described: str
    rows: Iterator[Row]
    is_sheet: bool
    warnings: tuple[str, ...] = ()
    columns: Callable[[int, list[int]], Iterator[pa.RecordBatch]] | None = None
    sheet: str | None = None
    alike: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()


class IrregularError(Exception):
    """The fast reader met a row it cannot be sure of."""


def open_table(
    path: Path, is_heading: Callable[[list[str]], bool] | None = None, sheet: str | None = None
) -> Table:
    """Open a file by its content, whatever it is called. Of a workbook the sheet that is named, else the first that has
    a heading among its first rows, else the first with anything in it. Raises FileFault for what is not a table."""
    size = path.stat().st_size
    if size == 0:
        raise FileFault("filen är tom", "Kontrollera att rätt fil valdes.")
    if size > MAX_BYTES:
        raise FileFault(f"filen är större än {MAX_BYTES // 1_000_000} MB", "Dela upp den.")
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK\x03\x04"):
        from roder.imports.sheets import open_sheet  # noqa: PLC0415 - which uses what is here

        return open_sheet(path, is_heading, sheet)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileFault(
            "filen är en äldre eller lösenordsskyddad Excelfil", "Spara den som .xlsx utan lösenord."
        )
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b")):
        raise FileFault("filen är inte en tabell", "Spara tabellen som CSV eller Excel (.xlsx).")
    encoding = _encoding(path, head)
    _refuse_nul(path, encoding)
    delimiter = _delimiter(path, encoding, is_heading)
    name = {";": "semikolon", ",": "komma", "\t": "tabb"}[delimiter]

    def columns(width: int, positions: list[int]) -> Iterator[pa.RecordBatch]:
        return _csv_columns(path, encoding, delimiter, width, positions)

    return Table(
        f"CSV, {_ENCODINGS[encoding]}, {name}",
        _csv_rows(path, encoding, delimiter),
        is_sheet=False,
        columns=columns if size > FAST_ABOVE and _plainly_quoted(path, encoding, delimiter) else None,
    )


# CSV

_ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}


def _encoding(path: Path, head: bytes) -> str:
    """The file's encoding: by its mark, by the pattern of zero bytes, else the first that reads the whole file."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = head[:512]
    if len(sample) >= 4 and not head.startswith(codecs.BOM_UTF8):
        half = len(sample) // 2
        if sample[1::2].count(0) > half * 0.7 and 0 not in sample[0::2]:
            return "utf-16-le"
        if sample[0::2].count(0) > half * 0.7 and 0 not in sample[1::2]:
            return "utf-16-be"
    for encoding in ("utf-8-sig", "cp1252"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise FileFault(
        "filens tecken går inte att läsa som UTF-8, UTF-16 eller Windows-1252", "Spara den som CSV UTF-8."
    )


def _refuse_nul(path: Path, encoding: str) -> None:
    """PostgreSQL takes no NUL in text, and no person has typed one: say on which row it stands."""
    line = 1
    with path.open(encoding=encoding, newline="") as file:
        while chunk := file.read(CHUNK):
            at = chunk.find("\0")
            if at >= 0:
                line += chunk.count("\n", 0, at)
                raise FileFault(
                    "raden har ett NUL-tecken", "Filen är skadad eller inte en tabell: spara om den.", line
                )
            line += chunk.count("\n")


def _delimiter(path: Path, encoding: str, is_heading: Callable[[list[str]], bool] | None) -> str:
    """The one of semicolon, tab and comma for which one of the first rows is a heading; when that does not decide, the
    one that most of the rows are split furthest by, so that a text with many commas says nothing. Outside quotes."""
    csv.field_size_limit(MAX_CELL)
    with path.open(encoding=encoding, newline="") as file:
        lines = [line for line in islice(file, HEADING_WITHIN) if line.strip()]
    read = {delimiter: _first_rows(lines, delimiter) for delimiter in (";", "\t", ",")}
    headed = [one for one, rows in read.items() if is_heading is not None and any(map(is_heading, rows))]
    return max(headed or read, key=lambda one: _split(read[one]))


def _first_rows(lines: list[str], delimiter: str) -> list[list[str]]:
    """The rows up to the first that cannot be split, which is told of when the file is read."""
    rows: list[list[str]] = []
    with suppress(csv.Error):
        rows.extend(csv.reader(lines, delimiter=delimiter))
    return rows


def _split(rows: list[list[str]]) -> tuple[int, int]:
    """How many cells most of the rows have (the fewer, when it is a draw), and how many the longest has."""
    counts = Counter(map(len, rows))
    common = max(counts, key=lambda one: (counts[one], -one), default=0)
    return common, max(counts, default=0)


def _csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(MAX_CELL)
    number = 0
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise FileFault(
                    f"raden går inte att dela i celler ({_csv_reason(error)})",
                    "Ett citattecken är fel eller saknas i raden, eller i någon rad före.",
                    number + 1,
                ) from error
            number += 1
            yield number, cells


def _plainly_quoted(path: Path, encoding: str, delimiter: str) -> bool:
    """Whether every quotation mark opens or closes a cell, so that all readers agree on what the cells are."""
    edge = f"{re.escape(delimiter)}\r\n"
    odd = re.compile(f'[^{edge}"]"[^{edge}"]')
    tail = ""
    with path.open(encoding=encoding, newline="") as file:
        while chunk := file.read(CHUNK):
            text = tail + chunk
            if '"' in text and odd.search(text.replace('""', "")):
                return False
            tail = text[-3:]
    return True


def _csv_columns(
    path: Path, encoding: str, delimiter: str, width: int, positions: list[int]
) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa  # noqa: PLC0415 - 40 MB that only a process that reads files needs
    import pyarrow.csv  # noqa: PLC0415

    names = [f"c{position}" for position in range(width)]
    chosen = [names[position] for position in positions]

    def irregular(row: pyarrow.csv.InvalidRow) -> str:
        raise IrregularError(row.text[:80])

    try:
        yield from pyarrow.csv.open_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(
                column_names=names,
                skip_rows=1,
                encoding="utf8" if encoding == "utf-8-sig" else encoding,
                block_size=BLOCK,
                use_threads=False,
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=irregular,
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(chosen, pa.string()),
                include_columns=chosen,
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise IrregularError(str(error)) from error


def _csv_reason(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end" in text:
        return "ett citattecken avslutas aldrig"
    if "field larger" in text:
        return "en cell är för stor"
    return "text efter ett avslutat citattecken"
