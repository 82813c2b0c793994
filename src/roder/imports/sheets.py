"""Workbooks: which sheet is meant, what a person would have typed in its cells, and what is dangerous to open."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

import python_calamine
from python_calamine import SheetVisibleEnum

from roder.imports.readers import HEADING_WITHIN, SHEET_DATE, FileFault, Row, Table

MAX_UNPACKED = 1_000_000_000
MAX_PACKING = 200  # how many times larger a part of a workbook may be unpacked than packed
MAX_PARTS = 5_000
MAX_MERGED = 100_000  # cells that a workbook may have merged with one above
MAX_ERRORS = 10_000  # cells in error that are said one by one
CHUNK = 1 << 20
LONGEST_CELL = 70_000  # bytes of a cell's markup with a formula of the greatest length


def open_sheet(
    path: Path, is_heading: Callable[[list[str]], bool] | None = None, wanted: str | None = None
) -> Table:
    """Open a workbook, as ``readers.open_table``. Raises FileFault."""
    book, filled = _filled(path)
    seen = {one.name for one in book.sheets_metadata if one.visible is SheetVisibleEnum.Visible}
    alike = [name for name, sheet in filled if is_heading and _has(sheet, is_heading)]
    alike.sort(key=lambda name: name not in seen)  # what nobody sees is last
    name, warnings = _choose([name for name, _ in filled], alike, wanted)
    sheet = dict(filled)[name]
    merged = _merged_down(sheet)
    if merged:
        warnings.append("Bladet har sammanslagna celler. Värdet gäller varje rad i dem.")
    return Table(
        f"kalkylblad, bladet ”{name}”",
        _sheet_rows(sheet, merged, cells_in_error(path, name)),
        is_sheet=True,
        warnings=tuple(warnings),
        sheet=name,
        alike=tuple(alike),
        sheets=tuple(other for other, _ in filled),
    )


def heads(path: Path, limit: int) -> list[tuple[str, list[Row]]]:
    """The first rows of each sheet that has anything in it, the sheets that nobody sees last. Raises FileFault."""
    book, filled = _filled(path)
    seen = {one.name for one in book.sheets_metadata if one.visible is SheetVisibleEnum.Visible}
    filled.sort(key=lambda one: one[0] not in seen)
    return [
        (name, list(islice(_sheet_rows(sheet, _merged_down(sheet), {}), limit))) for name, sheet in filled
    ]


Filled = list[tuple[str, python_calamine.CalamineSheet]]


def _filled(path: Path) -> tuple[python_calamine.CalamineWorkbook, Filled]:
    """The opened workbook and its sheets with anything in them."""
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
    return book, filled


def _choose(names: list[str], alike: list[str], wanted: str | None) -> tuple[str, list[str]]:
    """Which sheet is read, and what is to be said of the others."""
    if wanted is not None and wanted not in names:
        listed = ", ".join(f"”{one}”" for one in names)
        raise FileFault(f"arbetsboken har inget ifyllt blad ”{wanted}”", f"Välj något av {listed}.")
    name = wanted or (alike or names)[0]
    others = ", ".join(f"”{other}”" for other in names if other != name)
    warnings = [f"Bara bladet ”{name}” lästes, inte {others}."] if others else []
    if wanted is None and len(alike) > 1:
        listed = ", ".join(f"”{other}”" for other in alike if other != name)
        warnings.append(f"Också {listed} har rubrikerna. Välj blad om det inte är ”{name}” som ska läsas in.")
    return name, warnings


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
    sheet: python_calamine.CalamineSheet,
    merged: dict[tuple[int, int], tuple[int, int]],
    errors: dict[int, dict[int, str]],
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
        for column, error in errors.get(number - 1, {}).items():
            if column < len(texts):
                texts[column] = error
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


# Cells in error. The reader gives them as empty, so they are looked for in the workbook's own text.

_TAG = r"<(?:\w+:)?{}\b([^>]*)>"
_SHEET = re.compile(_TAG.format("sheet"))
_RELATION = re.compile(_TAG.format("Relationship"))
_ERROR = re.compile(
    rb"<(?:\w+:)?c\b([^>]*\bt=\"e\"[^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]{1,40})</", re.DOTALL
)
_PLACE = re.compile(r"\br=\"([A-Z]{1,3})([0-9]{1,7})\"")


def cells_in_error(path: Path, sheet: str) -> dict[int, dict[int, str]]:
    """What stands in the cells of an Excel sheet whose formula went wrong (#REF!): row -> column -> text, from 0."""
    with zipfile.ZipFile(path) as package:
        part = _part_of(package, sheet)
        if part is None:
            return {}
        found: dict[int, dict[int, str]] = {}
        count = 0
        with package.open(part) as file:
            tail = b""
            while chunk := file.read(CHUNK):
                text = tail + chunk
                end = 0
                if b't="e"' in text:
                    for match in _ERROR.finditer(text):
                        end = match.end()
                        count += _note_error(found, match)
                        if count > MAX_ERRORS:
                            raise FileFault(
                                "bladet har orimligt många celler med fel",
                                "Rätta formlerna i kalkylprogrammet.",
                            )
                tail = text[max(end, len(text) - LONGEST_CELL) :]
        return found


def _note_error(found: dict[int, dict[int, str]], match: re.Match[bytes]) -> int:
    place = _PLACE.search(match[1].decode("utf-8", "replace"))
    if place is None:
        return 0
    column = 0
    for letter in place[1]:
        column = column * 26 + ord(letter) - 64
    found.setdefault(int(place[2]) - 1, {})[column - 1] = html.unescape(match[2].decode("utf-8", "replace"))
    return 1


def _part_of(package: zipfile.ZipFile, sheet: str) -> str | None:
    """The part of an Excel workbook (.xlsx) that a sheet is kept in."""
    names = set(package.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    book = package.read("xl/workbook.xml").decode("utf-8", "replace")
    relations = package.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {
        _attribute(one[1], "Id"): _attribute(one[1], "Target") for one in _RELATION.finditer(relations)
    }
    for one in _SHEET.finditer(book):
        if _attribute(one[1], "name") == sheet:
            target = targets.get(_attribute(one[1], "r:id"), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return part if part in names else None
    return None


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'(?:^|\s){re.escape(name)}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""
