"""Parts of the yearly reports of quality: types of deviations side by side, and the goals of the year to come."""

from __future__ import annotations

from dataclasses import dataclass

from roder.core.numbers import Unit
from roder.reports.base import Page
from roder.reports.document import Cell, Column, Row, Table
from roder.reports.measure_tables import wanted
from roder.reports.parts import TARGET
from roder.reports.quality_parts import PER_TYPE, Asked, quality, when


@dataclass(frozen=True)
class TypeTable:
    """Every type of deviation, this year and last, with the difference as a formula in the workbook."""

    caption: str
    asked: Asked

    def write(self, page: Page) -> None:
        """Write the table and the place for analysis."""
        year, before = str(page.facts.year), str(page.facts.last_year)
        rows = []
        for kind in quality(page).types:
            cells: dict[str, Cell] = {
                "typ": kind.label,
                "fore": page.number(PER_TYPE, kind.code, before),
                "nu": page.number(PER_TYPE, kind.code, year),
            }
            rows.append(Row(kind.code, cells))
        if not page.values.has_values(PER_TYPE) or not rows:
            page.absent(self.caption)
        else:
            columns = (
                Column("typ", "Typ", "text"),
                Column("fore", before, "number", Unit.COUNT),
                Column("nu", year, "number", Unit.COUNT),
            )
            notes = ("En avvikelse som är av flera typer räknas i var och en.",)
            page.add(
                Table(f"{self.caption}, {when(page)} och {before}", columns, tuple(rows), "antal", notes)
            )
        self.asked.write(page, self.caption)


@dataclass(frozen=True)
class NextGoals:
    """The targets that are set already for the year to come, of the key figures that the report takes up."""

    reported_in: str

    def write(self, page: Page) -> None:
        """Write the table, where there are any."""
        year = str(page.facts.year + 1)
        rows = []
        for one in (one for one in quality(page).next_goals if self.reported_in in one.reported_in):
            target = page.number(TARGET, one.code, year, suffix=True)
            cells: dict[str, Cell] = {"matt": one.title, "mal": wanted(one, target)}
            rows.append(Row(one.code, cells))
        if rows:
            columns = (Column("matt", "Nyckeltal", "text"), Column("mal", f"Mål {year}", "text"))
            page.add(Table(f"Mätbara mål {year}", columns, tuple(rows), "", anchor="nasta-ars-mal"))
