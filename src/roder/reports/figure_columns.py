"""A table whose columns are figures of the same key: what the parts of several reports build it of."""

from __future__ import annotations

from collections.abc import Sequence

from roder.reports.base import Page
from roder.reports.document import Cell, Column, Row

#: The key of what a figure is in all.
WHOLE = "totalt"


def figure_columns(page: Page, room: str, first: str, shown: Sequence[tuple[str, str]]) -> tuple[Column, ...]:
    """Columns of a table whose rows are one key's values: what a row is, and each figure of a room with its title."""
    columns = [Column("rad", first, "text")]
    for code, title in shown:
        figure = page.values.result(f"{room}.{code}").figure
        columns.append(Column(code, title, "number", figure.show, figure.digits))
    return tuple(columns)


def figure_row(page: Page, room: str, shown: Sequence[tuple[str, str]], key: str, label: str) -> Row:
    """A row of such a table; that of the whole is a sum."""
    cells: dict[str, Cell] = {"rad": label}
    for code, _ in shown:
        cells[code] = page.number(f"{room}.{code}", key)
    return Row(key, cells, "sum" if key == WHOLE else "normal")
