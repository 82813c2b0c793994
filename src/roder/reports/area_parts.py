"""Parts of the reports of quality per service area: how many, why, and whether they are taken care of in time.

Each writes itself on a `Page`; see `roder.reports.base` and `roder.reports.quality_parts`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from roder.core.numbers import Unit
from roder.core.words import small_first
from roder.reports import charts
from roder.reports.base import Page
from roder.reports.document import Cell, Column, Heading, Inline, Number, Row, Status, Table
from roder.reports.findings import most_sentence, printed
from roder.reports.quality_parts import TOTAL, Asked, described, sum_row, text, when

PER_AREA, PER_CAUSE = "quality.avvikelser.per_omrade", "quality.avvikelser.per_omrade_orsak"
CLASSIFIED, CLOSED = "quality.avvikelser.klassificerade", "quality.avvikelser.avslutade"
TARGET_SHARE = "quality.avvikelser.mal"
WHOLE = "totalt"
SHARES = ((CLASSIFIED, "klassificerade"), (CLOSED, "avslutade"))
#: Service areas that fit in a chart before the rest are only in its table.
MOST_CAUSES = 12


def areas_of(page: Page) -> list[tuple[str, str]]:
    """The service areas that have deviations in the period or the same a year before: code and what it is called."""
    facts, rows = page.facts, page.values.rows(PER_AREA)
    shown = {str(facts.year), str(facts.last_year)}
    codes = dict.fromkeys(key[0] for key, row in rows.items() if key[1] in shown and row.value)
    return [(code, page.values.label(PER_AREA, "omrade", code)) for code in codes]


@dataclass(frozen=True)
class AreaChart:
    """Lying bars of deviations per service area, and a table beside last year with sums."""

    asked: Asked

    def write(self, page: Page) -> None:
        """Write the chart, the table and the place for analysis."""
        year, before = str(page.facts.year), str(page.facts.last_year)
        areas = areas_of(page)
        bars = [(label, page.number(PER_AREA, code, year)) for code, label in areas]
        total = page.number(TOTAL, year)
        if total.value is None or not areas:
            page.absent("Avvikelser per verksamhetsområde")
            self.asked.write(page, "Avvikelser per verksamhetsområde")
            return
        label = "Avvikelser per verksamhetsområde"
        finding = most_sentence(total, bars, "avvikelser")
        title = self.asked.chart_title(page, finding.replace(" gällde ", " rapporterades i "), label)
        description = (
            f"Liggande staplar: antal avvikelser per verksamhetsområde, {when(page)}. {described(bars)}."
        )
        rows = []
        for code, name in areas:
            cells: dict[str, Cell] = {
                "rad": name,
                "nu": page.number(PER_AREA, code, year),
                "fore": page.number(PER_AREA, code, before),
            }
            rows.append(Row(code, cells))
        names = tuple(row.key for row in rows)
        columns = (
            Column("rad", "Verksamhetsområde", "text"),
            Column("nu", text(page, "{period}").capitalize(), "number", Unit.COUNT),
            Column("fore", text(page, "{period_before}").capitalize(), "number", Unit.COUNT),
        )
        chart = charts.bar_chart(title, description, bars, unit=Unit.COUNT, value_label="Antal")
        table = Table(
            label, columns, (*rows, sum_row(rows, names, ("nu", "fore"))), "antal", anchor="omraden"
        )
        page.add(type(chart)(chart.title, chart.description, chart.spec, table))
        self.asked.write(page, label)


@dataclass(frozen=True)
class CauseTables:
    """Under each service area: types and causes with their number, the most common first, and a place for analysis."""

    section: str
    ask: str

    def write(self, page: Page) -> None:
        """Write them."""
        rows = page.values.rows(PER_CAUSE)
        for code, label in areas_of(page):
            page.add(Heading(2, label))
            found = sorted(
                ((key, row.value) for key, row in rows.items() if key[0] == code and row.value),
                key=lambda one: -(one[1] or 0),
            )
            if not found:
                page.absent("Orsaker")
            else:
                made = [self._row(page, key) for key, _ in found[:MOST_CAUSES]]
                columns = (
                    Column("typ", "Typ", "text"),
                    Column("orsak", "Orsak", "text"),
                    Column("antal", "Antal", "number", Unit.COUNT),
                )
                left = len(found) - len(made)
                notes: tuple[str, ...] = ("En avvikelse med flera orsaker räknas i var och en.",)
                notes += (f"De {MOST_CAUSES} vanligaste; {left} till är ovanligare.",) if left else ()
                caption = f"Orsaker till avvikelser i {_inside(label)}, {when(page)}"
                page.add(Table(caption, columns, tuple(made), "antal", notes))
            Asked(self.section, code, self.ask, codes=(code,)).write(page, label)

    @staticmethod
    def _row(page: Page, key: tuple[str, ...]) -> Row:
        cells: dict[str, Cell] = {
            "typ": page.values.label(PER_CAUSE, "typ", key[1]),
            "orsak": page.values.label(PER_CAUSE, "orsak", key[2]),
            "antal": page.number(PER_CAUSE, *key),
        }
        return Row("/".join(key[1:]), cells)


def _inside(label: str) -> str:
    """A name inside a sentence: abbreviations keep their capitals."""
    return label if sum(letter.isupper() for letter in label.split(" ", 1)[0]) > 1 else small_first(label)


@dataclass(frozen=True)
class ShareTable:
    """The share of the period's deviations classified and closed at its end, per service area, against the target."""

    asked: Asked

    def write(self, page: Page) -> None:
        """Write the table and the place for analysis."""
        year = str(page.facts.year)
        codes = [key[0] for key in page.values.rows(CLASSIFIED) if key[1] == year]
        areas = [(code, page.values.label(CLASSIFIED, "omrade", code)) for code in codes]
        label = "Klassificerade och avslutade avvikelser"
        if not areas:
            page.absent(label)
            self.asked.write(page, label)
            return
        numbers = {code: page.number(TARGET_SHARE, code) for _, code in SHARES}
        targets = {code: target for code, target in numbers.items() if target.value is not None}
        rows = [self._row(page, code, name, targets) for code, name in areas if code != WHOLE]
        rows += [self._row(page, WHOLE, "Totalt", targets)] if any(code == WHOLE for code, _ in areas) else []
        columns = [Column("namn", "Verksamhetsområde", "text")]
        for _, code in SHARES:
            columns.append(Column(code, code.capitalize(), "number", Unit.PERCENT))
            if code in targets:
                columns.append(Column(f"{code}-mal", f"Mot målet {targets[code].text}\u00a0%", "status"))
        page.add(Table(f"{label}, {when(page)}", tuple(columns), tuple(rows), "%", anchor="andelar"))
        self.asked.write(page, label)

    def _row(self, page: Page, code: str, label: str, targets: dict[str, Number]) -> Row:
        cells: dict[str, Cell] = {"namn": label}
        for figure, share in SHARES:
            number = page.number(figure, code, str(page.facts.year))
            cells[share] = number
            if share in targets:
                cells[f"{share}-mal"] = _against(number, targets[share])
        return Row(code, cells, "sum" if code == WHOLE else "normal")


def _against(number: Number, target: Number) -> Status | None:
    """Whether a share has reached its target, as printed."""
    if number.value is None or target.value is None:
        return None
    if printed(number) >= target.value:
        return Status("Når målet", "good")
    return Status("Når inte målet", "bad")


def shares_said(page: Page) -> Iterator[list[Inline]]:
    """The shares of the whole in a sentence, with their targets."""
    year = str(page.facts.year)
    for figure, code in SHARES:
        number = page.number(figure, WHOLE, year, suffix=True)
        if number.value is None:
            continue
        target = page.number(TARGET_SHARE, code, suffix=True)
        said: list[Inline] = [
            f"Av avvikelserna under {when(page)} var ",
            number,
            f" {code} vid periodens slut",
        ]
        if target.value is not None:
            said += [" (målet är ", target, ")"]
        yield [*said, "."]
