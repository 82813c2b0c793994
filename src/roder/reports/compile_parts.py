"""Parts of the report over all committees of a municipality: a row for each committee, and what they have in common.

Every number is a committee's own figure, read from the snapshot that its report was locked on; sums are those of the
rows above them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from roder.core.numbers import Unit
from roder.reports.base import Page
from roder.reports.document import Cell, Column, Number, Paragraph, Row, Status, Strong, Table
from roder.reports.facts import CommitteeFact, Facts, Judged, Named
from roder.reports.quality_parts import sum_row
from roder.reports.shared import (
    ACCOUNTS_VARIANCE,
    BUDGET,
    FORECAST,
    INVESTMENTS,
    OUTCOME,
    OUTCOME_CHANGE,
    OUTCOME_LAST_YEAR,
)

VARIANCE = "ekonomi.drift.prognosavvikelse"
Columns = tuple[tuple[str, str, str], ...]


def told(page: Page) -> Iterator[tuple[CommitteeFact, Facts]]:
    """The committees that have locked their report, with its facts."""
    for one in page.facts.committees:
        if one.facts is not None:
            yield one, one.facts


def committees(facts: Facts) -> list[Named]:
    """The committees that have locked their report, as subjects of comments."""
    return [Named(one.slug, one.name) for one in facts.committees if one.facts is not None]


def is_annual(page: Page) -> bool:
    """Whether it is the year's end that is compiled."""
    return page.facts.kind == "annual"


@dataclass(frozen=True)
class Delivered:
    """Which committees have locked their report, when and by which registration number; who has not."""

    def write(self, page: Page) -> None:
        """Write the table."""
        rows = []
        for one in page.facts.committees:
            state = Status("Låst", "good") if one.facts is not None else Status("Inte låst", "bad")
            cells: dict[str, Cell] = {
                "namnd": one.name,
                "lage": state,
                "last": one.locked.isoformat() if one.locked else "",
                "nummer": one.number or "–",
            }
            rows.append(Row(one.slug, cells))
        columns = (
            Column("namnd", "Nämnd", "text"),
            Column("lage", "Läge", "status"),
            Column("last", "Låst", "text"),
            Column("nummer", "Diarienummer", "text"),
        )
        page.add(Table("Nämndernas rapporter", columns, tuple(rows), "", anchor="namnder"))
        if missing := [one.name for one in page.facts.committees if one.facts is None]:
            page.add(
                Paragraph(
                    (Strong("Saknas i sammanställningen: "), f"{', '.join(missing)}. Rapporten är inte låst.")
                )
            )


# --- goals and assignments -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PerStatus:
    """How many goals or assignments each committee has per assessment."""

    figure: str
    caption: str

    def write(self, page: Page) -> None:
        """Write the table; that there is nothing, when there is not."""
        found = page.values.rows(self.figure)
        statuses = list(dict.fromkeys(key[1] for key, row in found.items() if row.value))
        rows = []
        for one, _ in told(page):
            cells: dict[str, Cell] = {"rad": one.name}
            for status in statuses:
                cells[status] = page.number(self.figure, one.slug, status)
            rows.append(Row(one.slug, cells))
        if not rows or not statuses:
            page.absent(self.caption)
            return
        columns = [Column("rad", "Nämnd", "text")]
        for status in statuses:
            columns.append(
                Column(status, page.values.label(self.figure, "status", status), "number", Unit.COUNT)
            )
        page.add(_table(self.caption, columns, rows, "antal"))


@dataclass(frozen=True)
class Assessed:
    """Each committee's goals or assignments with their assessment."""

    caption: str
    first: str
    of: Callable[[Facts], Sequence[tuple[str, str, Judged]]]

    def write(self, page: Page) -> None:
        """Write a table for each committee that has any."""
        for one, facts in told(page):
            rows = []
            for code, title, judged in self.of(facts):
                cells: dict[str, Cell] = {
                    "vad": title,
                    "bedomning": judged.status or Status("Ej bedömt", "none"),
                }
                rows.append(Row(f"{one.slug}/{code}", cells))
            if rows:
                columns = (Column("vad", self.first, "text"), Column("bedomning", "Bedömning", "status"))
                page.add(Table(f"{self.caption}, {one.name}", columns, tuple(rows), ""))


def goals(facts: Facts) -> list[tuple[str, str, Judged]]:
    """The committee's goals that are followed at the occasion."""
    return [(goal.code, goal.title, goal.judged) for goal in facts.goals if goal.expected]


def assignments(facts: Facts) -> list[tuple[str, str, Judged]]:
    """The committee's assignments."""
    return [(one.code, one.title, one.judged) for one in facts.assignments]


# --- economy -------------------------------------------------------------------------------------------------------


def net_row(facts: Facts) -> str:
    """The row of a committee's own table that is its net cost: the last sum that is a cost."""
    return next((row.code for row in reversed(facts.rows) if row.is_sum and row.sign == "cost"), "")


def result_row(facts: Facts) -> str:
    """The row that is the year's result: the last sum that is a result."""
    return next((row.code for row in reversed(facts.rows) if row.is_sum and row.sign == "result"), "")


def total_row(_: Facts) -> str:
    """The row of all investments."""
    return "totalt"


ACCOUNTS: Columns = (
    ("budget", "Budget {year}", BUDGET),
    ("bokslut", "Bokslut {year}", OUTCOME),
    ("avvikelse", "Avv. bokslut/budget {year}", ACCOUNTS_VARIANCE),
    ("fore", "Bokslut {last_year}", OUTCOME_LAST_YEAR),
    ("diff", "Diff. bokslut {year}/{last_year}", OUTCOME_CHANGE),
)
FORECASTS: Columns = (
    ("budget", "Budget {year}", BUDGET),
    ("prognos", "Prognos helår {year}", FORECAST),
    ("avvikelse", "Avv. prognos/budget {year}", VARIANCE),
)
INVESTMENT_ACCOUNTS: Columns = (
    ("budget", "Budget {year}", f"{INVESTMENTS}.budget"),
    ("bokslut", "Bokslut {year}", f"{INVESTMENTS}.utfall"),
    ("avvikelse", "Avv. budget/bokslut {year}", f"{INVESTMENTS}.bokslutsavvikelse"),
)
INVESTMENT_FORECASTS: Columns = (
    ("budget", "Budget {year}", f"{INVESTMENTS}.budget"),
    ("prognos", "Prognos helår {year}", f"{INVESTMENTS}.prognos"),
    ("avvikelse", "Avv. budget/prognos {year}", f"{INVESTMENTS}.avvikelse"),
)


@dataclass(frozen=True)
class Money:
    """A row of every committee's table, beside each other: the net cost, the result, the investments."""

    caption: str
    row: Callable[[Facts], str]
    annual: Columns
    interim: Columns

    def write(self, page: Page) -> None:
        """Write the table; that the committees have no such amounts, when none has."""
        chosen = self.annual if is_annual(page) else self.interim
        rows = []
        for one, facts in told(page):
            code = self.row(facts)
            cells: dict[str, Cell] = {key: page.number(figure, one.slug, code) for key, _, figure in chosen}
            if any(isinstance(cell, Number) and cell.value is not None for cell in cells.values()):
                rows.append(Row(one.slug, {"rad": one.name, **cells}))
        if not rows:
            page.absent(self.caption)
            return
        facts = page.facts
        columns = [Column("rad", f"Belopp i {facts.print_unit.value}", "text")]
        columns += [
            Column(key, page.words(title), "number", facts.print_unit, facts.print_digits)
            for key, title, _ in chosen
        ]
        page.add(_table(self.caption, columns, rows, facts.print_unit.value))


# --- control and critical factors ----------------------------------------------------------------------------------

POINTS = (
    ("punkter", "Kontrollpunkter", "kontroll.punkter"),
    ("uppfoljda", "Uppföljda", "kontroll.uppfoljda"),
    ("utan", "Utan anmärkning", "kontroll.utan_anmarkning"),
    ("med", "Med anmärkning", "kontroll.med_anmarkning"),
)
GRADED = "kvf.per_gradering"


@dataclass(frozen=True)
class ControlOverview:
    """The committees' control points, how many are followed up and how they came out; and each one's conclusion."""

    def write(self, page: Page) -> None:
        """Write the table and the conclusions."""
        rows, concluded = [], []
        for one, facts in told(page):
            plan = facts.control.plan if facts.control else None
            if plan is None:
                continue
            cells: dict[str, Cell] = {key: page.number(figure, one.slug) for key, _, figure in POINTS}
            rows.append(Row(one.slug, {"rad": one.name, **cells}))
            concluded.append((one, plan.conclusion))
        if not rows:
            page.absent("Internkontroll")
            return
        columns = [Column("rad", "Nämnd", "text")]
        columns += [Column(key, title, "number", Unit.COUNT) for key, title, _ in POINTS]
        page.add(_table("Internkontroll", columns, rows, "antal"))
        for one, conclusion in concluded:
            said = conclusion.status if conclusion else Status("slutsatsen är inte skriven", "none")
            page.add(Paragraph((Strong(f"{one.name}: "), said)))


@dataclass(frozen=True)
class FactorOverview:
    """How the measures of the committees' critical factors are graded."""

    def write(self, page: Page) -> None:
        """Write the table; that there are no factors, when no committee has any."""
        found = page.values.rows(GRADED)
        grades = list(dict.fromkeys(key[1] for key, row in found.items() if row.value and key[1] != "totalt"))
        rows = []
        for one, _ in told(page):
            cells: dict[str, Cell] = {grade: page.number(GRADED, one.slug, grade) for grade in grades}
            if any(isinstance(cell, Number) and cell.value is not None for cell in cells.values()):
                rows.append(Row(one.slug, {"rad": one.name, **cells}))
        if not rows:
            page.absent("Kritiska verksamhetsfaktorer")
            return
        columns = [Column("rad", "Nämnd", "text")]
        columns += [
            Column(grade, page.values.label(GRADED, "gradering", grade), "number", Unit.COUNT)
            for grade in grades
        ]
        page.add(_table("Kritiska verksamhetsfaktorernas nyckeltal per bedömning", columns, rows, "antal"))


def _table(caption: str, columns: list[Column], rows: list[Row], unit_note: str) -> Table:
    """A table with a row for each committee, and their sum where there are several."""
    keys = [column.key for column in columns if column.kind == "number"]
    total = sum_row(rows, tuple(row.key for row in rows), keys) if len(rows) > 1 else None
    if total is not None:
        total = replace(total, cells={**total.cells, "rad": "Alla nämnder"})
    made = (*rows, total) if total is not None else tuple(rows)
    return Table(caption, tuple(columns), made, unit_note)
