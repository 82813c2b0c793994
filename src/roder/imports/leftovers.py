"""Rows that people leave in their tables and that are no data: a blank file's example, sums and notes at the end."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from roder.imports.blank import example_row, is_own
from roder.imports.cells import CellFault, Number
from roder.imports.sql import quoted

if TYPE_CHECKING:
    from roder.imports.cells import Context
    from roder.imports.declaration import Column, Import
    from roder.imports.engine import Engine

SUM = re.compile(r"^(delsumma|summa|summering|totalsumma|totalt|total|s:a)\b", re.IGNORECASE)
NOTE = re.compile(r"^[*†]|[ :]")
LAST = 12  # rows at the end that may be sums and notes

Warn = Callable[[str], None]


def drop_example(sql: Engine, names: list[str], what: Import, context: Context, warn: Warn) -> None:
    """Take away the first row of the table ``raw`` if it is the example of the blank file, word for word."""
    found = sql.execute(f"SELECT n{_listed(names)} FROM raw ORDER BY n LIMIT 1").fetchone()  # noqa: S608 - own names
    if found is None:
        return
    row = dict(zip(names, found[1:], strict=True))
    same = {name for column in what.columns if not is_own(column) for name in column.sources}
    if any(
        row[name] != (text or None) for name, text in what.example.items() if name in row and name in same
    ):
        return  # seen without asking for the committee's lists, as for nearly every file
    examples = (example_row(what, context), example_row(what))
    wanted = [{name: example.get(name) or None for name in names} for example in examples]
    if not any(any(one.values()) and row == one for one in wanted):
        return
    sql.execute("DELETE FROM raw WHERE n = ?", [found[0]])
    warn(f"Rad {found[0]} är mallens exempelrad och lästes inte.")


def is_note(cells: list[str]) -> bool:
    """Whether a row of a text file is one cell of prose (or the word for a sum), as stands beneath tables."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) == 1 and bool(NOTE.search(filled[0]) or SUM.match(filled[0]))


def drop_tail(sql: Engine, names: list[str], what: Import, context: Context, warn: Warn) -> None:
    """Take away the last rows of the table ``raw`` that are sums or notes: those that begin with the word for a sum,
    have numbers only though words are needed, or are one cell of prose. They could not be read in as they are; what is
    done is said."""
    rows = sql.execute(f"SELECT n{_listed(names)} FROM raw ORDER BY n DESC LIMIT {LAST + 1}").fetchall()  # noqa: S608
    columns = {source: column for column in what.columns for source in column.sources}
    said_last_first = []
    for place, (number, *cells) in enumerate(rows[:LAST]):
        row = {columns_name: cell for columns_name, cell in zip(names, cells, strict=True) if cell}
        above = rows[place + 1][0] if place + 1 < len(rows) else None
        said = _left_out(row, names, columns, context, alone=above is not None and number - above > 1)
        if above is None or not said:
            break
        sql.execute("DELETE FROM raw WHERE n = ?", [number])
        said_last_first.append(f"Rad {number} (”{next(iter(row.values()))[:40]}”) {said}")
    for remark in reversed(said_last_first):
        warn(remark)


def _left_out(
    row: dict[str, str], names: list[str], columns: dict[str, Column], context: Context, *, alone: bool
) -> str:
    """What a last row is, when it is no data; ``alone``: there is an empty row above it."""
    first = next(iter(row.values()), "")
    if SUM.match(first):
        return "är en summarad och lästes inte: summor räknas av raderna."
    needed = [name for name in names if columns[name].filled]
    words = [name for name in needed if not isinstance(columns[name].cell, Number)]
    if words and row and not any(name in row for name in words):
        numbers = (name for name in row if isinstance(columns[name].cell, Number))
        if len(list(numbers)) == len(row):
            return "har bara tal och lästes inte: den ser ut att vara en summa."
    if len(row) == 1 and len(needed) > 1 and NOTE.search(first):
        name = next(iter(row))
        if alone or not _readable(columns[name], first, context):
            return "är en anteckning och lästes inte."
    return ""


def _readable(column: Column, text: str, context: Context) -> bool:
    """Whether the text can stand in the column."""
    if len(column.sources) > 1:
        return True
    try:
        column.cell.reader(context)(text)
    except CellFault:
        return False
    return True


def _listed(names: list[str]) -> str:
    return "".join(f", {quoted(name)}" for name in names)
