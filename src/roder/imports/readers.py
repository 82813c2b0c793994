"""Files in: CSV in the encodings that turn up, XLSX and ODS, as streamed rows of text with their row numbers.

A reader never guesses a value: it gives every cell as text, and the declaration of the import says what it means.
What is not a table, or dangerous to open (macros, zip bombs), is refused with a reason.
"""

from __future__ import annotations

import codecs
import csv
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import python_calamine

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.csv

MAX_BYTES = 1_000_000_000
MAX_UNPACKED = 1_000_000_000
MAX_PACKING = 200  # how many times larger a part of a workbook may be unpacked than packed
MAX_PARTS = 5_000
MAX_MERGED = 100_000  # cells that a workbook may have merged with one above
HEADING_WITHIN = 10  # a title or two may stand above the heading
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

    ``columns`` reads a large regular CSV by columns instead, from below the heading in row 1: batches with the chosen
    positions, in the order of the file. It raises IrregularError where a row is not like the heading; then ``rows``
    must be used, which says what is wrong and where.
    """

    described: str
    rows: Iterator[Row]
    is_sheet: bool
    warnings: tuple[str, ...] = ()
    columns: Callable[[int, list[int]], Iterator[pa.RecordBatch]] | None = None


class IrregularError(Exception):
    """The fast reader met a row it cannot be sure of."""


def open_table(path: Path, is_heading: Callable[[list[str]], bool] | None = None) -> Table:
    """Open a file by its content, whatever it is called. Of a workbook the first sheet that has a heading among its
    first rows, else the first with anything in it. Raises FileFault for what is not a table."""
    size = path.stat().st_size
    if size == 0:
        raise FileFault("filen är tom", "Kontrollera att rätt fil valdes.")
    if size > MAX_BYTES:
        raise FileFault(f"filen är större än {MAX_BYTES // 1_000_000} MB", "Dela upp den.")
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK\x03\x04"):
        return _open_sheet(path, is_heading)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileFault(
            "filen är en äldre eller lösenordsskyddad Excelfil", "Spara den som .xlsx utan lösenord."
        )
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b")):
        raise FileFault("filen är inte en tabell", "Spara tabellen som CSV eller Excel (.xlsx).")
    encoding = _encoding(path, head)
    _refuse_nul(path, encoding)
    delimiter = _delimiter(path, encoding)
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


def _delimiter(path: Path, encoding: str) -> str:
    """The one of semicolon, tab and comma that splits the first rows most, outside quotes."""
    with path.open(encoding=encoding, newline="") as file:
        lines = [line for line in islice(file, 10) if line.strip()]
    best, most = ";", 0
    for delimiter in (";", "\t", ","):
        count = max((len(cells) for cells in csv.reader(lines, delimiter=delimiter)), default=0)
        if count > most:
            best, most = delimiter, count
    return best


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


# Spreadsheets


def _open_sheet(path: Path, is_heading: Callable[[list[str]], bool] | None) -> Table:
    _check_package(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise FileFault(
            "arbetsboken går inte att läsa", "Öppna den i Excel och spara den på nytt som .xlsx."
        ) from error
    filled = [(name, sheet) for name, sheet in sheets if sheet.start is not None]
    if not filled:
        raise FileFault("arbetsboken är tom", "Kontrollera att rätt fil valdes.")
    name, sheet = next((one for one in filled if is_heading and _has(one[1], is_heading)), filled[0])
    others = ", ".join(f"”{other}”" for other, _ in filled if other != name)
    warnings = [f"Bara bladet ”{name}” lästes, inte {others}."] if others else []
    merged = _merged_down(sheet)
    if merged:
        warnings.append("Bladet har sammanslagna celler. Värdet gäller varje rad i dem.")
    rows = _sheet_rows(sheet, merged)
    return Table(f"kalkylblad, bladet ”{name}”", rows, is_sheet=True, warnings=tuple(warnings))


def _has(sheet: python_calamine.CalamineSheet, is_heading: Callable[[list[str]], bool]) -> bool:
    """Whether a heading stands among the first rows."""
    rows = islice(sheet.iter_rows(), HEADING_WITHIN)
    return any(is_heading([_cell_text(cell) for cell in cells]) for cells in rows)


def _merged_down(sheet: python_calamine.CalamineSheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Cells that are merged with one above: (row, column), counted from 0, -> the cell that has the value."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        found |= {(row, left): (top, left) for row in range(top + 1, bottom + 1)}
        if len(found) > MAX_MERGED:
            raise FileFault(
                "bladet har orimligt många sammanslagna celler", "Dela upp dem och spara bladet igen."
            )
    return found


def _check_package(path: Path) -> None:
    """Refuse what is not a workbook, has macros, is locked, or would unpack to an unreasonable size."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise FileFault("filen är skadad", "Hämta eller spara den på nytt.") from error
    names = {part.filename.lower() for part in parts}
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise FileFault(
            "arbetsboken blir orimligt stor när den packas upp", "Spara bara det blad som ska läsas in."
        )
    if any(
        part.file_size > 10_000_000 and part.file_size > MAX_PACKING * part.compress_size for part in parts
    ):
        raise FileFault("arbetsboken är packad som en zip-bomb", "Spara bladet som CSV om filen är riktig.")
    if any("vbaproject" in name or name.startswith(("basic/", "scripts/")) for name in names):
        raise FileFault("arbetsboken har makron", "Spara den som .xlsx utan makron.")
    if any(part.flag_bits & 1 for part in parts):
        raise FileFault("filen är lösenordsskyddad", "Spara den utan lösenord.")
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise FileFault("zipfilen är inte en arbetsbok", "Packa upp den och välj tabellen i den.")


def _sheet_rows(
    sheet: python_calamine.CalamineSheet, merged: dict[tuple[int, int], tuple[int, int]]
) -> Iterator[Row]:
    first_row, first_column = sheet.start or (0, 0)
    tops = set(merged.values())
    kept: dict[tuple[int, int], str] = {}
    below: dict[int, list[int]] = {}
    for row, column in merged:
        below.setdefault(row, []).append(column)
    padding = [""] * first_column
    rows = sheet.to_python(skip_empty_area=True)
    for number, cells in enumerate(rows, first_row + 1):
        texts = padding + [_cell_text(cell) for cell in cells]
        if any("\0" in text for text in texts):
            raise FileFault("raden har ett NUL-tecken", "Skriv om cellen.", number)
        if merged:
            at = number - 1
            for column in below.get(at, ()):
                if column < len(texts) and not texts[column]:
                    texts[column] = kept.get(merged[at, column], "")
            kept |= {(at, column): text for column, text in enumerate(texts) if (at, column) in tops}
        yield number, texts


def _cell_text(cell: float | str | bool | time | date | datetime | timedelta | None) -> str:
    """A cell as a person would have typed it in a file: decimal comma, ISO dates (marked as kept by the sheet)."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "ja" if cell else "nej"
    if isinstance(cell, int | float):
        # 15 digits is what a spreadsheet keeps and shows; the rest is noise of the binary form.
        return format(Decimal(format(cell, ".15g")), "f").replace(".", ",")
    if isinstance(cell, datetime):
        return cell.date().isoformat() + SHEET_DATE if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat() + SHEET_DATE
    return str(cell)
