"""Parts of reports that are more than a table of figures: goals, assignments, volumes, charts.

Each writes itself on a `Page`; see `roder.reports.base`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from roder.reports import charts
from roder.reports.base import Col, Line, Page, Slot
from roder.reports.column_charts import pair_chart
from roder.reports.document import (
    Cell,
    Column,
    Heading,
    Inline,
    Number,
    Paragraph,
    Row,
    Status,
    Strong,
    Table,
)
from roder.reports.facts import Facts, Goal, GoalMeasure, Judged

OUTCOME, TARGET = "matt.utfall", "matt.malvarde"
VARIANCE = "ekonomi.drift.prognosavvikelse"
SICK_LEAVE, SICK_LEAVE_LAST_YEAR = "personal.sjukfranvaro", "personal.sjukfranvaro_foregaende_ar"
VOLUME, VOLUME_HOURS = "volymer.antal", "volymer.timmar"
PLAIN_OPERATORS = ("", ">=", "=")
OPERATOR_SIGNS = {"<=": "≤", "<": "<", ">": ">"}


# --- goals and assignments -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StatusCount:
    """The sentence that counts how goals or assignments are judged: "1 helt uppfyllt, 3 ej utvärderade"."""

    figure: str
    what: str

    def write(self, page: Page) -> None:
        """Write the sentence, when anything is judged."""
        counted = [(key, row) for key, row in page.values.rows(self.figure).items() if row.value]
        if not counted:
            return
        inlines: list[Inline] = [f"{self.what} vid tillfället: "]
        for place, (key, _) in enumerate(counted):
            label = page.values.label(self.figure, "status", key[0]) if key[0] else "ej bedömda"
            inlines += ["" if place == 0 else ", ", page.number(self.figure, *key), f" {label.lower()}"]
        page.add(Paragraph((*inlines, ".")))


@dataclass(frozen=True)
class Goals:
    """Every goal with its measures and comment. ``judged`` shows how it is assessed (a plan shows only targets)."""

    judged: bool
    ask: str
    section: str = "mal"

    def write(self, page: Page) -> None:
        """Write the goals."""
        if not page.facts.goals:
            page.absent("Mål")
        for goal in page.facts.goals:
            page.add(Heading(2, goal.title))
            if goal.description:
                page.add(Paragraph((goal.description,)))
            self._context(page, goal)
            if goal.measures:
                page.add(_measure_table(page, goal, self._years(page.facts), self.judged))
            _said(page, self.section, goal.code, goal.title, self.ask, goal.judged, self.judged and goal.expected,
                  (goal.code, *(measure.code for measure in goal.measures)))  # fmt: skip

    def _context(self, page: Page, goal: Goal) -> None:
        facts: list[Inline] = []
        if goal.council_goal:
            facts += [Strong("Fullmäktiges mål: "), f"{goal.council_goal}. "]
        if goal.agenda2030:
            facts += [Strong("Agenda 2030: "), f"{goal.agenda2030}. "]
        if not self.judged and goal.motive:
            facts += [goal.motive]
        if facts:
            page.add(Paragraph(tuple(facts)))
        if not self.judged:
            return
        if not goal.expected:
            page.add(Paragraph((Strong("Bedömning: "), "målet följs upp vid årets slut.")))
            return
        status: Inline = goal.judged.status or Status("Ej bedömt", "none")
        page.add(Paragraph((Strong("Bedömning: "), status)))
        if goal.judged.override_reason:
            page.add(
                Paragraph(
                    (Strong("Varför bedömningen avviker från nyckeltalen: "), goal.judged.override_reason)
                )
            )

    def _years(self, facts: Facts) -> tuple[tuple[str, str, str], ...]:
        """The columns (key, figure, year): target and three outcomes, or for a plan the outcome before and targets."""
        if self.judged:
            outcomes = [
                (f"utfall{year}", OUTCOME, str(year)) for year in range(facts.year, facts.year - 3, -1)
            ]
            return (("mal", TARGET, str(facts.year)), *outcomes)
        last = facts.year + facts.budget_years
        targets = [(f"mal{year}", TARGET, str(year)) for year in range(facts.year, last)]
        return (("utfall", OUTCOME, str(facts.last_year)), *targets)


def _measure_table(page: Page, goal: Goal, years: tuple[tuple[str, str, str], ...], judged: bool) -> Table:
    columns = [Column("nyckeltal", "Nyckeltal", "text")]
    columns += [
        Column(key, f"{'Mål' if figure == TARGET else 'Utfall'} {year}") for key, figure, year in years
    ]
    rows = []
    for measure in goal.measures:
        cells: dict[str, Cell] = {"nyckeltal": measure.title}
        for key, figure, year in years:
            cells[key] = (
                _target(page, measure, year) if figure == TARGET else _value(page, OUTCOME, measure, year)
            )
        rows.append(Row(measure.code, cells))
    return Table(
        "Nyckeltal" if judged else "Nyckeltal och målvärden", tuple(columns), tuple(rows), unit_note=""
    )


def _value(page: Page, figure: str, measure: GoalMeasure, year: str) -> Number:
    """A measure's value; per cent and the like carry their unit, since each row has its own."""
    return page.number(figure, measure.code, year, suffix=measure.unit.suffix != "")


def _target(page: Page, measure: GoalMeasure, year: str) -> Cell:
    """A target: its number, with the condition where it is not "at least"; or its words."""
    number = _value(page, TARGET, measure, year)
    if number.value is None:
        return measure.texts.get(int(year)) or number
    operator = measure.operators.get(int(year), "")
    if operator in PLAIN_OPERATORS:
        return number
    return (f"{OPERATOR_SIGNS[operator]}\u00a0", number)


@dataclass(frozen=True)
class Assignments:
    """The assignments in a table, then what is said of each."""

    judged: bool
    ask: str
    section: str = "uppdrag"

    def write(self, page: Page) -> None:
        """Write the assignments."""
        facts = page.facts
        if not facts.assignments:
            page.absent("Uppdrag")
            return
        page.add(self._table(facts))
        said = [
            one
            for one in facts.assignments
            if page.comments.get((self.section, one.code)) or one.judged.is_said
        ]
        if said:
            page.add(Heading(2, "Kommentarer till uppdragen"))
        for one in facts.assignments:
            _said(page, self.section, one.code, one.title, self.ask, one.judged, self.judged, (one.code,))

    def _table(self, facts: Facts) -> Table:
        columns = [
            Column("uppdrag", "Uppdrag", "text"),
            Column("givare", "Givet av", "text"),
            Column("beslut", "Beslut", "text"),
        ]
        if any(one.due for one in facts.assignments):
            columns.append(Column("klart", "Klart", "text"))
        if self.judged:
            columns.append(Column("bedomning", "Bedömning", "status"))
        rows = []
        for one in facts.assignments:
            cells: dict[str, Cell] = {
                "uppdrag": f"{one.number}. {one.title}" if one.number else one.title,
                "givare": one.giver,
                "beslut": one.decision,
                "klart": one.due,
                "bedomning": one.judged.status,
            }
            shown = {column.key: cells[column.key] for column in columns}
            rows.append(Row(one.code, shown))
        notes = ("iu. = ingen bedömning är lämnad.",) if self.judged and _unjudged(facts) else ()
        return Table("Uppdrag", tuple(columns), tuple(rows), unit_note="", notes=notes)


def _unjudged(facts: Facts) -> bool:
    return any(one.judged.status is None for one in facts.assignments)


def _said(
    page: Page,
    section: str,
    code: str,
    title: str,
    ask: str,
    judged: Judged,
    required: bool,
    codes: tuple[str, ...],
) -> None:
    """What is said of a goal or an assignment: the report's own comment, else what the assessment says."""
    labels = ("", "Prognos: ", "Åtgärder: ")
    assessed = [
        Paragraph((Strong(label), text.strip()) if label else (text.strip(),))
        for label, text in zip(labels, (judged.analysis, judged.outlook, judged.measures_taken), strict=True)
        if text.strip()
    ]
    slot = Slot(
        section=section,
        subject=code,
        title="" if section == "mal" else title,
        label=title,
        ask=ask,
        text=page.comments.get((section, code), ""),
        required=required and not assessed,
        about="subject",
        codes=codes,
        chapter=page.chapter,
    )
    page.write_comment(slot, 3, otherwise=assessed)


# --- volumes -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Volumes:
    """Places, persons or hours per kind of support: the latest measured dates and the forecasts, by who runs it."""

    figure: str
    caption: str
    unit_note: str
    measured: int = 3

    def write(self, page: Page) -> None:
        """Write a table per area."""
        rows = page.values.rows(self.figure)
        dates = self._dates(page)
        if not dates or not page.values.has_values(self.figure):
            return
        areas = list(dict.fromkeys(support.area for support in page.facts.supports))
        for area in areas:
            made = []
            for support in (one for one in page.facts.supports if one.area == area):
                runs = list(dict.fromkeys(key[1] for key in rows if key[0] == support.code))
                if not runs:
                    continue
                made.append(self._row(page, support.code, "totalt", support.label, dates, "normal"))
                for run in runs if len([run for run in runs if run != "totalt"]) > 1 else ():
                    if run not in ("totalt", "ej_uppdelat"):
                        label = f"varav {page.values.label(self.figure, 'regi', run).lower()}"
                        made.append(self._row(page, support.code, run, label, dates, "sub"))
            made = [row for row in made if any(_known(cell) for cell in row.cells.values())]
            if made:
                columns = (Column("insats", "Insats", "text"), *(Column(day, _day(day)) for day in dates))
                caption = f"{self.caption}, {area.lower()}" if area else self.caption
                page.add(Table(caption, columns, tuple(made), self.unit_note))

    def _dates(self, page: Page) -> list[str]:
        known = sorted(
            {key[2] for key, row in page.values.rows(self.figure).items() if row.value is not None}
        )
        measured = [day for day in known if not day.endswith("p")][-self.measured :]
        return [*measured, *(day for day in known if day.endswith("p") and day[:4] >= str(page.facts.year))]

    def _row(self, page: Page, support: str, run: str, label: str, dates: list[str], kind: str) -> Row:
        cells: dict[str, Cell] = {"insats": label}
        for day in dates:
            cells[day] = page.number(self.figure, support, run, day)
        return Row(f"{support}/{run}", cells, "sub" if kind == "sub" else "normal")


def _known(cell: Cell) -> bool:
    return isinstance(cell, Number) and cell.value is not None


def _day(day: str) -> str:
    return f"Prognos {day.removesuffix('p')}" if day.endswith("p") else day


# --- investments and services --------------------------------------------------------------------------------------


def investment_lines(figure: str) -> Callable[[Page], list[Line]]:
    """Rows of an investment table: each category with its projects, then the total, as far as there are any."""

    def lines(page: Page) -> list[Line]:
        keys = list(dict.fromkeys(key[0] for key in page.values.rows(figure)))
        found: list[Line] = []
        for category in page.facts.categories:
            projects = [key for key in keys if key.startswith(f"{category.code}/")]
            if category.code not in keys and not projects:
                continue
            found.append(Line((category.code,), category.label, "sum", tuple(projects)))
            found += [
                Line((key,), page.values.label(figure, "rad", key).rpartition(", ")[2], "sub")
                for key in projects
            ]
        total = tuple(line.name for line in found if line.kind == "sum")
        return [*found, Line(("totalt",), "Totala utgifter", "sum", total)]

    return lines


def service_lines(kind: str) -> Callable[[Page], list[Line]]:
    """Rows of a table per kind of service: net, revenue or costs, then the total."""

    def lines(page: Page) -> list[Line]:
        found = [
            Line((service.code, kind), f"{service.code} {service.label}") for service in page.facts.services
        ]
        return [*found, Line(("totalt", kind), "Totalt", "sum", tuple(line.name for line in found))]

    return lines


def year_columns(
    figure: str, title: str, years: Callable[[Facts], Iterable[int]]
) -> Callable[[Page], tuple[Col, ...]]:
    """A column for each year of a figure whose last key is the year; years without any value are left out."""

    def columns(page: Page) -> tuple[Col, ...]:
        rows = page.values.rows(figure)
        known = {key[-1] for key, row in rows.items() if row.value is not None}
        return tuple(
            Col(f"ar{year}", f"{title} {year}", figure, (str(year),))
            for year in years(page.facts)
            if str(year) in known
        ) or (Col(f"ar{page.facts.year}", f"{title} {page.facts.year}", figure, (str(page.facts.year),)),)

    return columns


# --- staff ---------------------------------------------------------------------------------------------------------


def figure_lines(figure: str) -> Callable[[Page], list[Line]]:
    """A row for each row of a figure with one key, in its own order and with its own labels."""

    def lines(page: Page) -> list[Line]:
        part = page.values.result(figure).figure.per[0]
        return [Line(key, page.values.label(figure, part, key[0])) for key in page.values.rows(figure)]

    return lines


# --- charts: the title is the finding ------------------------------------------------------------------------------


@dataclass(frozen=True)
class VarianceChart:
    """Bars of the variance per account group, headed by the one that departs most from the budget. ``whose``: what is
    held against the budget, in the genitive."""

    figure: str = VARIANCE
    whose: str = "prognosens"

    def write(self, page: Page) -> None:
        """Draw it, where there are variances."""
        bars = []
        for row in page.facts.rows:
            if not row.is_sum and (number := page.number(self.figure, row.code)).value is not None:
                bars.append((row.label, number))
        known = [(label, number) for label, number in bars if number.value]
        if not known:
            return
        label, most = max(known, key=lambda bar: abs(bar[1].value or Decimal(0)))
        unit = page.facts.print_unit
        said = "; ".join(f"{name} {number.text}" for name, number in bars)
        page.add(
            charts.bar_chart(
                f"{label} avviker mest från budgeten: {most.text}\u00a0{unit.suffix}",
                f"Liggande staplar med {self.whose} avvikelse från budget per kontogrupp i {unit.suffix}. {said}.",
                known,
                unit=unit,
                digits=most.digits,
                caption=f"{self.whose.capitalize()} avvikelse från budget",
                label="Kontogrupp",
                value_label="Avvikelse",
            )
        )


@dataclass(frozen=True)
class SickLeaveChart:
    """Sick leave in total, of women and of men, this year beside last year."""

    groups: tuple[str, ...] = ("total", "kvinnor", "man")

    def write(self, page: Page) -> None:
        """Draw it, where both years are known."""
        now, before = page.number(SICK_LEAVE, "total"), page.number(SICK_LEAVE_LAST_YEAR, "total")
        if now.value is None or before.value is None:
            return
        change = (
            "ökade"
            if now.value > before.value
            else "minskade"
            if now.value < before.value
            else "är oförändrad"
        )
        moved = f"från {before.text} till {now.text}" if now.value != before.value else f"på {now.text}"
        years = (str(page.facts.last_year), str(page.facts.year))
        pairs = [
            (
                page.values.label(SICK_LEAVE, "grupp", group),
                page.number(SICK_LEAVE, group),
                page.number(SICK_LEAVE_LAST_YEAR, group),
            )
            for group in self.groups
        ]
        said = "; ".join(
            f"{name} {years[0]}: {was.text}, {years[1]}: {is_now.text}" for name, is_now, was in pairs
        )
        page.add(
            pair_chart(
                f"Sjukfrånvaron {change} {moved}\u00a0%",
                f"Staplar med sjukfrånvaro i procent av arbetad tid, {years[0]} och {years[1]}. {said}.",
                pairs,
                years,
            )
        )
