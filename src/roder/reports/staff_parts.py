"""The staff at the year's end beside the year before, and what private providers have reported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from roder.core.numbers import Unit
from roder.core.words import small_first
from roder.reports.base import Col, FigureTable, Line, Page
from roder.reports.document import Column, Number, Paragraph, Row, Strong, Table
from roder.reports.quality_parts import sum_row

MEASURES, BEFORE, CHANGE = "personal.matt", "personal.matt_foregaende_ar", "personal.mattforandring"
EVERYBODY = "alla"
PER_TYPE, LATE = "quality.externa.per_typ", "quality.externa.sena"


def _lines(page: Page) -> Iterable[Line]:
    """A row for each measure, and under it one for each form of employment where it is divided."""
    rows = page.values.rows(MEASURES)
    for measure in dict.fromkeys(one for one, _ in rows):
        label = _with_unit(page, measure)
        forms = [form for one, form in rows if one == measure]
        if EVERYBODY in forms:
            yield Line((measure, EVERYBODY), label)
        for form in forms:
            if form != EVERYBODY:
                name = page.values.label(MEASURES, "anstallningsform", form)
                yield Line((measure, form), f"varav {small_first(name)}", "sub")


def _with_unit(page: Page, measure: str) -> str:
    """What a measure is called, with its unit where it is counted in anything but a number."""
    label = page.values.label(MEASURES, "matt", measure)
    units = {row.show.suffix for key, row in page.values.rows(MEASURES).items() if key[0] == measure}
    unit = units.pop() if len(units) == 1 else ""
    return f"{label}, {unit}" if unit and not label.endswith(unit) else label


@dataclass(frozen=True)
class StaffYear:
    """The measures of the staff, now and a year before, with the change."""

    def write(self, page: Page) -> None:
        """Write the table; that nothing is known, when nothing is."""
        FigureTable(
            "Personal",
            "Mått",
            _lines,
            (
                Col("fore", "{last_year}", BEFORE),
                Col("nu", "{year}", MEASURES),
                Col("diff", "Förändring", CHANGE, formula=("nu", "-", "fore")),
            ),
            unit_note="",
            anchor="personal",
        ).write(page)


@dataclass(frozen=True)
class PrivateProviders:
    """The deviations that private providers have reported per type, beside last year, and who has reported late."""

    def write(self, page: Page) -> None:
        """Write the table; that they have reported nothing, when they have not."""
        now, before = str(page.facts.year), str(page.facts.last_year)
        types = list(dict.fromkeys(key[0] for key, row in page.values.rows(PER_TYPE).items() if row.value))
        rows = []
        for code in types:
            cells = {
                "rad": page.values.label(PER_TYPE, "typ", code),
                "fore": page.number(PER_TYPE, code, before),
                "nu": page.number(PER_TYPE, code, now),
            }
            if any(isinstance(cell, Number) and cell.value for cell in cells.values()):
                rows.append(Row(code, cells))  # type: ignore[arg-type]  # every cell is a cell
        if rows:
            names = tuple(row.key for row in rows)
            columns = (
                Column("rad", "Typ", "text"),
                Column("fore", before, "number", Unit.COUNT),
                Column("nu", now, "number", Unit.COUNT),
            )
            page.add(
                Table(
                    "Avvikelser enligt de privata utförarnas kvartalsrapporter",
                    columns,
                    (*rows, sum_row(rows, names, ("fore", "nu"))),
                    "antal",
                    anchor="privata-utforare",
                )
            )
        else:
            page.absent("Avvikelser enligt de privata utförarnas kvartalsrapporter")
        late = [key for key, row in page.values.rows(LATE).items() if key[1] == now and row.value]
        for key in late:
            name = page.values.label(LATE, "utforare", key[0])
            count = page.number(LATE, *key)
            words = " sen kvartalsrapport." if count.value == 1 else " sena kvartalsrapporter."
            page.add(Paragraph((Strong(f"{name}: "), count, words)))
