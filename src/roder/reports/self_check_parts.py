"""Self-checks in the yearly report of quality: planned, done, what they showed and what they led to (4.7)."""

from __future__ import annotations

from dataclasses import dataclass

from roder.reports.base import Page
from roder.reports.document import Table
from roder.reports.figure_columns import WHOLE, figure_columns, figure_row
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
        rows = [figure_row(page, ROOM, shown, unit, units[unit]) for unit in ordered]
        if WHOLE in units:
            rows.append(figure_row(page, ROOM, shown, WHOLE, "Totalt"))
        page.add(
            Table(
                f"Egenkontroller per enhet, {when(page)}",
                figure_columns(page, ROOM, "Enhet", shown),
                tuple(rows),
                "",
                anchor="egenkontroller",
            )
        )
