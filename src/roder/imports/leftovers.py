"""Rows that people leave in their tables and that are no data: the example of a blank file, and sums at the end."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from roder.imports.blank import example_row
from roder.imports.sql import quoted

if TYPE_CHECKING:
    from roder.imports.cells import Context
    from roder.imports.declaration import Import
    from roder.imports.engine import Engine

SUM = re.compile(r"^(delsumma|summa|totalsumma|totalt|total|s:a)\b", re.IGNORECASE)
LAST = 5  # rows at the end that may be sums

Warn = Callable[[str], None]


def drop_example(sql: Engine, names: list[str], what: Import, context: Context, warn: Warn) -> None:
    """Take away the first row of the table ``raw`` if it is the example of the blank file, word for word."""
    found = sql.execute(f"SELECT n{_listed(names)} FROM raw ORDER BY n LIMIT 1").fetchone()  # noqa: S608 - own names
    if found is None:
        return
    row = dict(zip(names, found[1:], strict=True))
    if any(row[name] != (text or None) for name, text in what.example.items() if name in row):
        return  # seen without asking for the committee's lists, as for nearly every file
    example = example_row(what, context)
    wanted = {name: example.get(name) or None for name in names}
    if not any(wanted.values()) or row != wanted:
        return
    sql.execute("DELETE FROM raw WHERE n = ?", [found[0]])
    warn(f"Rad {found[0]} är mallens exempelrad och lästes inte.")


def drop_sums(sql: Engine, names: list[str], warn: Warn) -> None:
    """Take away the last rows of the table ``raw`` that begin with the word for a sum."""
    rows = sql.execute(f"SELECT n{_listed(names)} FROM raw ORDER BY n DESC LIMIT {LAST}").fetchall()  # noqa: S608
    for number, *cells in rows:
        first = next((cell for cell in cells if cell), "")
        if not SUM.match(first):
            return
        sql.execute("DELETE FROM raw WHERE n = ?", [number])
        warn(f"Rad {number} (”{first[:40]}”) är en summarad och lästes inte: summor räknas av raderna.")


def _listed(names: list[str]) -> str:
    return "".join(f", {quoted(name)}" for name in names)
