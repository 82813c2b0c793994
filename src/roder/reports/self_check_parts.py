"""Self-checks in the yearly report of quality: planned, done, what they showed and what they led to (4.7)."""

from __future__ import annotations

from dataclasses import dataclass

from roder.reports.base import Page
from roder.reports.document import Cell, Column, Row, Table
from roder.reports.quality_parts import when

ROOM = "quality.egenkontroll"
#: The figures that are columns, with what the columns are called.
COLUMNS = (
    ("planerade", "Planerade"),
    ("gjorda", "Gjorda"),
    ("i_tid", "I tid, %"),
    ("enligt_metod", "Enligt metoden, %"),
    ("med_brist", "Med brist, %"),
    ("atgarder", "Åtgärder"),
    ("atgarder_med_effekt", "Med effekt, %"),
)
WHOLE = "totalt"


@dataclass(frozen=True)
class SelfChecks:
    """A row for each unit that has self-checks in the period, and the whole."""

    def write(self, page: Page) -> None:
        """Write the table; that there is nothing, when there is not."""
        shown = [(code, title) for code, title in COLUMNS if page.values.has_values(f"{ROOM}.{code}")]
        units: dict[str, str] = {}
        for code, _ in shown:
            name = f"{ROOM}.{code}"
            units |= {key[0]: page.values.label(name, "enhet", key[0]) for key in page.values.rows(name)}
        if not units:
            page.absent("Egenkontroller")
            return
        ordered = sorted((unit for unit in units if unit != WHOLE), key=lambda unit: units[unit].casefold())
        rows = [self._row(page, unit, units[unit], shown) for unit in ordered]
        if WHOLE in units:
            rows.append(self._row(page, WHOLE, "Totalt", shown))
        columns = [Column("rad", "Enhet", "text")]
        for code, title in shown:
            figure = page.values.result(f"{ROOM}.{code}").figure
            columns.append(Column(code, title, "number", figure.show, figure.digits))
        page.add(
            Table(
                f"Egenkontroller per enhet, {when(page)}",
                tuple(columns),
                tuple(rows),
                "",
                anchor="egenkontroller",
            )
        )

    @staticmethod
    def _row(page: Page, unit: str, label: str, shown: list[tuple[str, str]]) -> Row:
        cells: dict[str, Cell] = {"rad": label}
        for code, _ in shown:
            cells[code] = page.number(f"{ROOM}.{code}", unit)
        return Row(unit, cells, "sum" if unit == WHOLE else "normal")
