"""Parts about money at the interim report and the year's end: prepaid income, how near the forecasts came, good
economic management, state grants and the result fund; and the people who came and went.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from roder.core.numbers import Unit
from roder.reports.base import Col, Comments, FigureTable, Line, Page, Section, inside
from roder.reports.document import Cell, Column, Heading, Inline, Paragraph, Row, Status, Strong, Table
from roder.reports.parts import figure_lines
from roder.reports.shared import OUTCOME

PREPAID = "ekonomi.forutbetalda"
RELIABILITY, FORECASTS = "ekonomi.prognossakerhet", "ekonomi.prognossakerhet.prognos"
GOOD, GOOD_OUTCOME, GOOD_AGAINST, GOOD_MET, GOOD_GROUP = (
    "ekonomi.god_hushallning",
    "ekonomi.god_hushallning.utfall",
    "ekonomi.god_hushallning.jamforelse",
    "ekonomi.god_hushallning.uppfyllda",
    "ekonomi.god_hushallning.grupp",
)
GRANTS, FUND = "ekonomi.statsbidrag", "ekonomi.resultatfond"
MOVES, MOVES_BEFORE, TURNOVER = "personal.rorelser", "personal.rorelser_foregaende_ar", "personal.omsattning"
TOTAL, DEVELOPMENT = "totalt", "exploatering"


# --- prepaid income ------------------------------------------------------------------------------------------------


def _prepaid_lines(page: Page) -> Iterable[Line]:
    """The projects, which part of them is development, and the total."""
    figure = f"{PREPAID}.budget"
    keys = [key[0] for key in page.values.rows(figure)]
    projects = [key for key in keys if key not in (TOTAL, DEVELOPMENT)]
    yield from (Line((key,), key) for key in projects)
    if DEVELOPMENT in keys:
        yield Line((DEVELOPMENT,), page.values.label(figure, "rad", DEVELOPMENT), "sub")
    yield Line((TOTAL,), page.values.label(figure, "rad", TOTAL), "sum", tuple(projects))


def prepaid_section(*, whole_year: bool) -> Section:
    """Förutbetalda intäkter: income accrued over its useful time, as the interim report or the accounts print it."""
    budget = Col("budget", "Budget {year}", f"{PREPAID}.budget")
    outcome, change = f"{PREPAID}.utfall", f"{PREPAID}.forandring"
    before = Col("fore", "Utfall {last_year}", f"{PREPAID}.utfall_foregaende_ar")
    difference = Col("diff", "Diff. utfall {last_year}/{year}", change, formula=("utfall", "-", "fore"))
    if whole_year:
        variance = f"{PREPAID}.bokslutsavvikelse"
        columns: tuple[Col, ...] = (
            budget,
            Col("bokslut", "Bokslut {year}", outcome),
            Col("avvikelse", "Avv. bokslut/budget {year}", variance, formula=("bokslut", "-", "budget")),
            Col("fore", "Bokslut {last_year}", before.figure),
            Col("diff", "Diff. bokslut {year}/{last_year}", change, formula=("bokslut", "-", "fore")),
        )
    else:
        columns = (
            budget,
            Col("prognos", "Prognos helår {year}", f"{PREPAID}.prognos"),
            Col(
                "avvikelse",
                "Avv. prognos/budget {year}",
                f"{PREPAID}.avvikelse",
                formula=("prognos", "-", "budget"),
            ),
            Col("utfall", "Utfall {year}", outcome),
            before,
            difference,
        )
    return Section(
        "Förutbetalda intäkter",
        (
            FigureTable(
                "Förutbetalda intäkter, {occasion}", "Belopp i {unit}", _prepaid_lines, columns, anchor="forutbetalda"
            ),
            Comments(
                "forutbetalda",
                ask="Vilka intäkter periodiseras, och varför avviker de från budgeten?",
                required=False,
            ),
        ),
        content="prepaid_income",
        optional=True,
    )  # fmt: skip


# --- how near the forecasts came -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reliability:
    """The year's forecasts against the accounts: the result first, then what each account group departed by."""

    def write(self, page: Page) -> None:
        """Write the two tables; that no forecast is known, when none is."""
        rows = page.values.rows(RELIABILITY)
        occasions = list(dict.fromkeys(key[0] for key in page.values.rows(FORECASTS)))
        result = next((row for row in reversed(page.facts.rows) if row.is_sum and row.sign == "result"), None)
        if result is None or not any(row.value is not None for row in rows.values()):
            page.absent("Prognossäkerhet")
            return
        unit, digits = page.facts.print_unit, page.facts.print_digits
        made = []
        for code in occasions:
            cells: dict[str, Cell] = {
                "tillfalle": page.values.label(FORECASTS, "tillfalle", code),
                "prognos": page.number(FORECASTS, code, result.code),
                "avvikelse": page.number(RELIABILITY, code, result.code),
            }
            made.append(Row(code, cells))
        accounts: dict[str, Cell] = {
            "tillfalle": page.words("Bokslut {year}"),
            "prognos": page.number(OUTCOME, result.code),
            "avvikelse": "",
        }
        made.append(Row("bokslut", accounts, "sum"))
        columns = (
            Column("tillfalle", "Avstämningstillfälle", "text"),
            Column("prognos", f"{result.label}, prognos", "number", unit, digits),
            Column("avvikelse", "Avvikelse från bokslut", "number", unit, digits),
        )
        page.add(
            Table("Prognossäkerhet", columns, tuple(made), unit.value, (_SIGN,), "prognossakerhet"),
            self._per_group(page, occasions),
        )

    @staticmethod
    def _per_group(page: Page, occasions: list[str]) -> Table:
        columns = [Column("rad", "Kontogrupp", "text")]
        for code in occasions:
            name = inside(page.values.label(FORECASTS, "tillfalle", code))
            columns.append(
                Column(code, f"Bokslut mot {name}", "number", page.facts.print_unit, page.facts.print_digits)
            )
        rows = []
        for one in page.facts.rows:
            cells: dict[str, Cell] = {code: page.number(RELIABILITY, code, one.code) for code in occasions}
            rows.append(
                Row(one.code, {"rad": one.label, **cells}, "sum" if one.is_sum else "normal", one.sum_of)
            )
        return Table(
            "Bokslutets avvikelse från prognoserna", tuple(columns), tuple(rows), page.facts.print_unit.value
        )


_SIGN = "Avvikelsen är bokslut minus prognos: plus är ett bättre bokslut än prognosen."
RELIABILITY_SECTION = Section(
    "Prognossäkerhet",
    (
        Reliability(),
        Comments("prognossakerhet", ask="Varför skiljer sig bokslutet från årets prognoser?", required=False),
    ),
    content="forecast_reliability",
    optional=True,
)


# --- good economic management --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GoodEconomy:
    """Each group of goals for good economic management: how many are met, whether that is enough, and each goal."""

    def write(self, page: Page) -> None:
        """Write a heading, the judgement and a table for each group."""
        for group in page.facts.economy_groups:
            page.add(Heading(2, group.label))
            met = page.number(GOOD_MET, group.code)
            enough = page.number(GOOD_GROUP, group.code)
            words: list[Inline] = [met, f" av {len(group.goals)} mål är uppfyllda. "]
            page.add(Paragraph((*words, Strong("Bedömning: "), _judged(enough.value))))
            page.add(self._table(page, group.label, group.goals))

    @staticmethod
    def _table(page: Page, label: str, goals: tuple[tuple[str, str], ...]) -> Table:
        rows = []
        outcomes = page.values.rows(GOOD_OUTCOME)
        for code, title in goals:
            measures = [key[1] for key in outcomes if key[0] == code] or [""]
            verdict = page.number(GOOD, code).value
            for place, measure in enumerate(measures):
                name = page.values.label(GOOD_OUTCOME, "matt", measure) if measure else "inget nyckeltal"
                cells: dict[str, Cell] = {
                    "mal": title if place == 0 else "",
                    "matt": name,
                    "utfall": page.number(GOOD_OUTCOME, code, measure, suffix=True),
                    "mot": page.number(GOOD_AGAINST, code, measure, suffix=True),
                    "uppfyllt": _goal_status(verdict) if place == 0 else "",
                }
                rows.append(Row(f"{code}/{measure}", cells))
        columns = (
            Column("mal", "Mål", "text"),
            Column("matt", "Nyckeltal", "text"),
            Column("utfall", "Utfall"),
            Column("mot", "Jämförs med"),
            Column("uppfyllt", "Bedömning", "status"),
        )
        return Table(f"God ekonomisk hushållning, {label.lower()}", columns, tuple(rows), "")


def _judged(value: object) -> Status:
    if value is None:
        return Status("Kan inte bedömas: utfall saknas", "none")
    return (
        Status("Tillräckligt många mål är uppfyllda", "good")
        if value
        else Status("För få mål är uppfyllda", "bad")
    )


def _goal_status(value: object) -> Status:
    if value is None:
        return Status("Utfall saknas", "none")
    return Status("Uppfyllt", "good") if value else Status("Ej uppfyllt", "bad")


GOOD_ECONOMY = Section(
    "God ekonomisk hushållning",
    (
        GoodEconomy(),
        Comments(
            "god_hushallning",
            ask="Vad förklarar utfallet, och vad gör nämnden för de mål som inte är uppfyllda?",
            required=False,
        ),
    ),
    when=lambda page: bool(page.facts.economy_groups),
)


# --- grants, the fund, people who come and go ----------------------------------------------------------------------

_GRANT_COLUMNS = (
    Col("sokt", "Sökt", f"{GRANTS}.sokt"),
    Col("beviljat", "Beviljat", f"{GRANTS}.beviljat"),
    Col("anvant", "Använt", f"{GRANTS}.anvant"),
    Col("kvar", "Kvar", f"{GRANTS}.kvar"),
)


def _grant_lines(page: Page) -> Iterable[Line]:
    keys = dict.fromkeys(key[0] for column in _GRANT_COLUMNS for key in page.values.rows(column.figure))
    yield from (Line((key,), key) for key in keys if key != TOTAL)
    yield Line((TOTAL,), "Totalt", "sum")


STATE_GRANTS = Section(
    "Statsbidrag",
    (
        FigureTable(
            "Statsbidrag {year}", "Belopp i {unit}", _grant_lines, _GRANT_COLUMNS, anchor="statsbidrag"
        ),
        Comments("statsbidrag", ask="Vad har bidragen gett, och vad ska betalas tillbaka?", required=False),
    ),
    content="operations",
    when=lambda page: page.values.has_values(*(column.figure for column in _GRANT_COLUMNS)),
)
RESULT_FUND = Section(
    "Resultatfond",
    (
        FigureTable(
            "Resultatfond, {occasion}", "Belopp i {unit}", figure_lines(FUND), (Col("belopp", "Belopp", FUND),),
            anchor="resultatfond",
        ),
        Comments("resultatfond", ask="Hur förs årets resultat vidare, och vad har använts?", required=False),
    ),
    content="operations",
    when=lambda page: page.values.has_values(FUND),
)  # fmt: skip


@dataclass(frozen=True)
class StaffMoves:
    """People hired and people who left during the year per reason, beside the year before, and the turnover."""

    def write(self, page: Page) -> None:
        """Write the table, where anything is known."""
        rows = page.values.rows(MOVES)
        if not page.values.has_values(MOVES):
            return
        made = []
        for kind in dict.fromkeys(key[0] for key in rows):
            label = page.values.label(MOVES, "slag", kind)
            reasons = [key[1] for key in rows if key[0] == kind]
            for reason in (*(one for one in reasons if one != TOTAL), TOTAL):
                named = page.values.label(MOVES, "orsak", reason)
                cells: dict[str, Cell] = {
                    "rad": label if reason == TOTAL else named,
                    "fore": page.number(MOVES_BEFORE, kind, reason),
                    "nu": page.number(MOVES, kind, reason),
                }
                parts = tuple(f"{kind}/{one}" for one in reasons if one != TOTAL)
                made.append(
                    Row(f"{kind}/{reason}", cells, *(("sum", parts) if reason == TOTAL else ("normal",)))
                )
        columns = (
            Column("rad", "Anställda och slutade", "text"),
            Column("fore", str(page.facts.last_year), "number", Unit.COUNT),
            Column("nu", str(page.facts.year), "number", Unit.COUNT),
        )
        page.add(
            Table("Anställda och slutade per orsak", columns, tuple(made), "antal", anchor="personalrorelser")
        )
        turnover = page.number(TURNOVER, suffix=True)
        if turnover.value is not None:
            page.add(
                Paragraph(
                    (Strong("Personalomsättning: "), turnover, " av de anställda har slutat under året.")
                )
            )
