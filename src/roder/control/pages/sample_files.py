"""Files of references: read with the readers of the imports, a column of them chosen."""

from __future__ import annotations

import codecs
from pathlib import Path

from roder.control.rules.frames import Chosen, FrameFault, choose_column
from roder.core.words import capital_first
from roder.imports import readers

PLAIN = {".txt", ".text", ".lst"}
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
MOST_BYTES = 20_000_000


def read_references(path: Path, name: str, column: str = "", heading: bool | None = None) -> Chosen:
    """The references of a file: a text file has one on each line; CSV, XLSX and ODS in the column named, or in the
    first. See ``rules.frames.choose_column``. Raises FrameFault, with what is wrong and what to do."""
    if path.stat().st_size > MOST_BYTES:
        raise FrameFault(
            f"Filen är större än {MOST_BYTES // 1_000_000} MB. Ta bara med kolumnen med referenser."
        )
    try:
        if Path(name).suffix.lower() in PLAIN and not column:
            rows = _lines(path)
        else:
            rows = list(readers.open_table(path).rows)
    except readers.FileFault as fault:
        where = f"Rad {fault.row}: " if fault.row else ""
        said = f"{where}{fault.what}. {fault.do}"
        raise FrameFault(capital_first(said)) from fault
    return choose_column(
        [(number, [_plain(cell) for cell in cells]) for number, cells in rows], column, heading
    )


def _plain(cell: str) -> str:
    return cell.removesuffix(readers.SHEET_DATE)


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    raw = path.read_bytes()
    marked = next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return [(number, [line]) for number, line in enumerate(text.splitlines(), start=1)]
    raise FrameFault("Filens tecken går inte att läsa. Spara den som UTF-8.")
