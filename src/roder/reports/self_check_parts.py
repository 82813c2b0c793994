"""Self-checks in the yearly report of quality: a table for each figure there is of them (4.7)."""

from __future__ import annotations

from dataclasses import dataclass

from roder.reports.base import Page
from roder.reports.document import Cell, Column, Row, Table

PREFIX = "quality.egenkontroll."


@dataclass(frozen=True)
class SelfChecks:
    """The figures of self-checks that have any value, each as a table with a row for each of its keys."""

    def write(self, page: Page) -> None:
        """Write the tables; that there is nothing, when there is not."""
        written = [self._table(page, name) for name in page.values.names if name.startswith(PREFIX)]
        tables = [table for table in written if table is not None]
        if tables:
            page.add(*tables)
        else:
            page.absent("Egenkontroller")

    @staticmethod
    def _table(page: Page, name: str) -> Table | None:
        figure, year = page.values.result(name).figure, str(page.facts.year)
        shown = [part for part in figure.per if part != "ar"]
        rows = []
        for key, row in page.values.rows(name).items():
            named = dict(zip(figure.per, key, strict=True))
            if row.value is None or named.get("ar", year) != year:
                continue
            label = ", ".join(page.values.label(name, part, named[part]) for part in shown) or figure.label
            cells: dict[str, Cell] = {"rad": label, "antal": page.number(name, *key)}
            rows.append(Row("/".join(key) or "alla", cells))
        if not rows:
            return None
        columns = (
            Column("rad", "Egenkontroll", "text"),
            Column(
                "antal", "Antal" if figure.show.suffix == "" else figure.show.suffix, "number", figure.show
            ),
        )
        return Table(figure.label, columns, tuple(rows), figure.show.suffix or "antal")
