"""Workbooks: which sheet is meant, what a person would have typed in its cells, and what is dangerous to open."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count, islice
from pathlib import Path

import python_calamine
from python_calamine import SheetVisibleEnum

from roder.imports.markup import cells_in_error, per_cent_cells
from roder.imports.readers import HEADING_WITHIN, SHEET_DATE, FileFault, Row, Table

MAX_UNPACKED = 1_000_000_000
MAX_PACKING = 200  # how many times larger a part of a workbook may be unpacked than packed
MAX_PARTS = 5_000
MAX_MERGED = 100_000  # cells that a workbook may have merged with one above


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
    if _is_binary(path):
        warnings.append(
            "Filen är en .xlsb, där celler som visas i procent läses som andelar: 7,4 % blir 0,074. Spara den som "
            ".xlsx om bladet har sådana celler."
        )
    return Table(
        f"kalkylblad, bladet ”{name}”",
        _sheet_rows(sheet, merged, cells_in_error(path, name), per_cent_cells(path, name)),
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
        (name, list(islice(_sheet_rows(sheet, _merged_down(sheet), {}, per_cent_cells(path, name)), limit)))
        for name, sheet in filled
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
    except (zipfile.BadZipFile, OSError, ValueError) as error:
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


def _is_binary(path: Path) -> bool:
    """Whether it is a workbook of the binary kind, whose formats are not looked at."""
    with zipfile.ZipFile(path) as package:
        return "xl/workbook.bin" in package.namelist()


def _sheet_rows(
    sheet: python_calamine.CalamineSheet,
    merged: dict[tuple[int, int], tuple[int, int]],
    errors: dict[int, dict[int, str]],
    per_cent: Generator[tuple[int, list[int]]],
) -> Iterator[Row]:
    first_row, first_column = sheet.start or (0, 0)
    tops = set(merged.values())
    kept: dict[tuple[int, int], str] = {}
    below: dict[int, list[int]] = {}
    for row, column in merged:
        below.setdefault(row, []).append(column)
    padding = [""] * first_column
    rows = enumerate(sheet.to_python(skip_empty_area=True), first_row + 1)
    for (number, cells), shares in zip(rows, _in_step(per_cent, first_row), strict=False):
        texts = padding + [_cell_text(cell) for cell in cells]
        for column in shares:
            if first_column <= column < len(texts):
                texts[column] = _share_text(cells[column - first_column], texts[column])
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


def _in_step(per_cent: Generator[tuple[int, list[int]]], row: int) -> Iterator[list[int]]:
    """The columns shown as per cent in one row after the other, from a row on; the markup is read no further."""
    with closing(per_cent):
        at, columns = -1, list[int]()
        for row_now in count(row):
            while at < row_now:
                at, columns = next(per_cent, (sys.maxsize, []))
            yield columns if at == row_now else []


Cell = float | str | bool | time | date | datetime | timedelta | None


def _share_text(cell: Cell, text: str) -> str:
    """A number shown as per cent as a person would have typed it: 0.074 is 7,4 %. Other cells are as their text."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return text
    share = Decimal(format(cell, ".15g")).scaleb(2).normalize()
    return format(share, "f").replace(".", ",") + " %"


def _cell_text(cell: Cell) -> str:
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
