"""Parts of the reports of quality: charts with the finding as title, tables of serious events, places for analysis.

Each writes itself on a `Page`; see `roder.reports.base`. A chart's title is made from its own numbers
(`roder.reports.findings`) and may be written anew by the author, as a text of its own that is checked like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from roder.core.numbers import Unit
from roder.core.words import small_first
from roder.reports import charts, prose
from roder.reports.base import About, Page, Slot
from roder.reports.column_charts import year_chart
from roder.reports.document import (
    Bullets,
    Cell,
    Chart,
    Column,
    Heading,
    Inline,
    Number,
    Paragraph,
    Row,
    Table,
)
from roder.reports.facts_quality import QualityFacts, period_words, subject
from roder.reports.findings import Words, change_sentence, most_sentence

YEARS = 5
TOTAL, PER_TYPE = "quality.avvikelser.antal", "quality.avvikelser.per_typ"
SERIOUS = "quality.avvikelser.allvarliga"
TITLE = "rubrik"  # what the subject of a chart's title ends with


def quality(page: Page) -> QualityFacts:
    """The facts of quality of the page's occasion."""
    assert page.facts.quality is not None  # noqa: S101 - gathered for every kind of occasion these reports are made at
    return page.facts.quality


def when(page: Page, year: int | None = None) -> str:
    """The occasion's period, or the same of another year, in words: ``första halvåret 2022``."""
    facts = page.facts
    return period_words(facts.kind, quality(page).start, facts.year if year is None else year)


def last_period(page: Page) -> str:
    """Last year's period where it follows a number: ``första halvåret 2021``, ``år 2021``."""
    said = when(page, page.facts.last_year)
    return f"år {said}" if said.isdigit() else said


def words(page: Page, what: str) -> Words:
    """How a change from last year's period to this one is said."""
    return Words(what, when(page), when(page, page.facts.last_year))


def text(page: Page, template: str) -> str:
    """Words with the period filled in: ``{period}``, ``{period_before}``, and what `Page.words` knows."""
    own = template.replace("{period}", when(page)).replace(
        "{period_before}", when(page, page.facts.last_year)
    )
    return page.words(own)


def years(page: Page, figure: str, *key: str, most: int = YEARS) -> list[tuple[str, Number]]:
    """The figure's numbers by year, oldest first: as far back as it is known, from the first year that has any.

    A type that nobody used before is not shown as zero for the years before. This year and the last always stand.
    """
    last = page.facts.year
    wanted = [str(year) for year in range(last - most + 1, last + 1)]
    rows = page.values.rows(figure)
    known = [year for year in wanted if (row := rows.get((*key, year))) is not None and row.value]
    first = min([*known, str(last - 1)])
    return [(year, page.number(figure, *key, year)) for year in wanted if year >= first]


def described(points: Iterable[tuple[str, Number | None]]) -> str:
    """Numbers for a text alternative: ``2021: 2 582; 2022: 3 444``."""
    return "; ".join(f"{name}: {number.text if number else 'iu.'}" for name, number in points)


def written(page: Page, section: str) -> bool:
    """Whether anything is written in a section, or may still be: chapters that few need stand only then."""
    return page.facts.draft or any(key[0] == section and said.strip() for key, said in page.comments.items())


# --- places to write -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A place to write in: the section and subject it is stored under, and what is asked.

    ``codes``: a plain number is held against the figures with these keys; without, against the chapter's.
    """

    section: str
    subject: str
    ask: str
    required: bool = True
    about: About = "section"
    codes: tuple[str, ...] = ()
    title: str = ""

    def write(self, page: Page, label: str = "", level: int = 3) -> None:
        """Write what is written, and note the place. ``label`` is what the field is called."""
        page.write_comment(self._slot(page, label), level)

    def _slot(self, page: Page, label: str) -> Slot:
        title = text(page, self.title)
        named = f"{label}: {small_first(title)}" if label and title else label or title
        return Slot(
            section=self.section,
            subject=self.subject,
            title=title,
            label=named or page.chapters[-1],
            ask=text(page, self.ask),
            text=page.comments.get((self.section, self.subject), ""),
            required=self.required,
            about="subject" if self.codes else self.about,
            codes=self.codes,
            chapter=page.chapter,
        )

    def chart_title(self, page: Page, finding: str, label: str) -> str:
        """The title of the chart that this is the analysis of: what the author has written, else the finding."""
        key = f"{self.subject}-{TITLE}" if self.subject else TITLE
        written = page.comments.get((self.section, key), "")
        ask = f"Diagrammets rubrik. Lämnas fältet tomt står det: {finding}"
        slot = Slot(
            section=self.section,
            subject=key,
            title="",
            label=f"rubriken till diagrammet, {small_first(label)}",
            ask=ask,
            text=written,
            required=False,
            about="subject" if self.codes else self.about,
            codes=self.codes,
            chapter=page.chapter,
            place=len(page.blocks),
        )
        page.slots.append(slot)
        return " ".join(prose.plain(written, page.values.known).split()) or finding


@dataclass(frozen=True)
class Said:
    """Sentences made from figures: ``make`` gives the running text of each paragraph."""

    make: Callable[[Page], Iterable[Sequence[Inline]]]

    def write(self, page: Page) -> None:
        """Write them."""
        for inlines in self.make(page):
            if inlines:
                page.add(Paragraph(tuple(inlines)))


@dataclass(frozen=True)
class Listed:
    """A list made from figures, under a leading sentence. Nothing is written when ``make`` gives no items."""

    lead: str
    make: Callable[[Page], Iterable[Sequence[Inline]]]

    def write(self, page: Page) -> None:
        """Write it."""
        items = tuple(tuple(item) for item in self.make(page))
        if items:
            page.add(Paragraph((text(page, self.lead),)), Bullets(items))


@dataclass(frozen=True)
class Under:
    """A heading with parts under it. ``when`` may leave it out."""

    title: str
    parts: tuple[object, ...]
    when: Callable[[Page], bool] | None = None
    level: int = 2

    def write(self, page: Page) -> None:
        """Write the heading and its parts."""
        if self.when is not None and not self.when(page):
            return
        page.add(Heading(self.level, text(page, self.title)))
        for part in self.parts:
            if isinstance(part, Asked):
                part.write(page, text(page, self.title))
            else:
                part.write(page)  # type: ignore[attr-defined]


# --- deviations ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class YearsChart:
    """Columns over the years of one figure, headed by how it has changed, with its analysis under it."""

    figure: str
    key: tuple[str, ...]
    what: str
    label: str
    asked: Asked
    caption: str = "Antal {period}, per år"

    def write(self, page: Page) -> None:
        """Draw it, where the year's number is known."""
        write_years(page, years(page, self.figure, *self.key), self.what, self.label, self.asked)


def write_years(page: Page, points: list[tuple[str, Number]], what: str, label: str, asked: Asked) -> None:
    """A chart of numbers by year with its title and its analysis."""
    if not any(number.value is not None for _, number in points):
        page.absent(label)
    else:
        before = points[-2][1] if len(points) > 1 else None
        title = asked.chart_title(page, change_sentence(words(page, what), points[-1][1], before), label)
        same = when(page, page.facts.year).removesuffix(f" {page.facts.year}")
        each = f"{same} varje år" if same != when(page) else "varje år"
        page.add(
            year_chart(
                title,
                f"Stående staplar: {small_first(label)}, antal {each}. {described(points)}.",
                points,
                unit=points[-1][1].unit,
                what=label,
                caption=f"{label}, {each}",
            )
        )
    asked.write(page, label)


@dataclass(frozen=True)
class TypeCharts:
    """A heading, a chart and a place for analysis for each type of deviation."""

    section: str
    ask: str
    clinical: bool = False
    fewer: Mapping[str, int] = field(default_factory=dict)

    def write(self, page: Page) -> None:
        """Write them in the steering model's order; with ``clinical`` only those of health care.

        ``fewer`` types are shown over fewer years.
        """
        for kind in (one for one in quality(page).types if one.clinical or not self.clinical):
            page.add(Heading(2, kind.label))
            asked = Asked(self.section, kind.code, self.ask, codes=(kind.code,))
            points = years(page, PER_TYPE, kind.code, most=self.fewer.get(kind.code, YEARS))
            write_years(page, points, subject(kind.label), kind.label, asked)


@dataclass(frozen=True)
class SeriousTable:
    """Serious deviations of one type by service area, this year and last, with their sums."""

    type_code: str
    caption: str
    asked: Asked

    def write(self, page: Page) -> None:
        """Write the table and the place for its analysis."""
        facts = page.facts
        rows = page.values.rows(SERIOUS)
        areas = [
            area
            for area in quality(page).areas
            if any((self.type_code, area.code, str(year)) in rows for year in (facts.year, facts.last_year))
        ]
        made = [self._row(page, area.code, area.label) for area in areas]
        if not made:
            page.absent(text(page, self.caption))
        else:
            names = tuple(row.key for row in made)
            made.append(sum_row(made, names, ("nu", "fore")))
            columns = (
                Column("rad", "Verksamhetsområde", "text"),
                Column("nu", str(facts.year), "number", Unit.COUNT),
                Column("fore", str(facts.last_year), "number", Unit.COUNT),
            )
            page.add(
                Table(
                    text(page, self.caption),
                    columns,
                    tuple(made),
                    "antal",
                    anchor=f"allvarliga-{self.type_code}",
                )
            )
        self.asked.write(page, text(page, self.caption))

    def _row(self, page: Page, area: str, label: str) -> Row:
        facts = page.facts
        cells: dict[str, Cell] = {
            "rad": label,
            "nu": page.number(SERIOUS, self.type_code, area, str(facts.year)),
            "fore": page.number(SERIOUS, self.type_code, area, str(facts.last_year)),
        }
        return Row(area, cells)


def sum_row(rows: Sequence[Row], names: tuple[str, ...], columns: Sequence[str]) -> Row:
    """The sum of rows of counts. It is no figure of its own: every part of it is, and the workbook adds them."""
    cells: dict[str, Cell] = {"rad": "Totalt"}
    for column in columns:
        parts = [cell for row in rows if isinstance(cell := row.cells.get(column), Number)]
        known = [part.value for part in parts if part.value is not None]
        if len(known) == len(parts) and parts:
            cells[column] = Number(sum(known[1:], known[0]), parts[0].unit, parts[0].digits)
        else:
            cells[column] = None
    return Row("totalt", cells, "sum", names)


@dataclass(frozen=True)
class Distribution:
    """Lying bars of how a number is distributed, headed by the greatest part; its table ends with the sum."""

    figure: str
    total: str
    key: tuple[str, ...]
    what: str
    label: str
    asked: Asked
    row: str = "Grupp"

    def write(self, page: Page) -> None:
        """Draw it, where there is anything to distribute; else say that there is nothing."""
        year = str(page.facts.year)
        total, own = page.number(self.total, *self.key, year), len(self.key)
        part = page.values.result(self.figure).figure.per[own]
        bars = [
            (page.values.label(self.figure, part, key[own]), page.number(self.figure, *key))
            for key, row in page.values.rows(self.figure).items()
            if key[:own] == self.key and key[-1] == year and row.value
        ]
        if total.value is None:
            page.absent(self.label)
        elif not any(number.value for _, number in bars):
            page.add(Paragraph((f"Inga {self.what} är registrerade {when(page)}.",)))
        else:
            title = self.asked.chart_title(page, most_sentence(total, bars, self.what), self.label)
            page.add(self._chart(page, title, total, bars))
        self.asked.write(page, self.label)

    def _chart(self, page: Page, title: str, total: Number, bars: list[tuple[str, Number]]) -> Chart:
        made = charts.bar_chart(
            title,
            f"Liggande staplar: {small_first(self.label)}. {described(bars)}.",
            bars,
            unit=Unit.COUNT,
            caption=f"{self.label}, {when(page)}",
            label=self.row,
            value_label="Antal",
        )
        table = made.table
        rows = (
            *table.rows,
            Row("totalt", {"namn": "Totalt", "varde": total}, "sum", tuple(r.key for r in table.rows)),
        )
        numbers = [number.value for _, number in bars if number.value is not None]
        if sum(numbers) != total.value:  # several groups for one: the total is no sum of them
            rows = table.rows
        return Chart(
            made.title,
            made.description,
            made.spec,
            Table(table.caption, table.columns, rows, table.unit_note),
        )
