"""The statistics page put together: cards, and sections with a finding, a chart and the numbers as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from roder.core.numbers import Unit, format_number, format_value
from roder.organisation.models import Body
from roder.quality.statistics import queries, rules
from roder.quality.statistics.choice import Choice, Span, Words, months_of
from roder.reports.charts import Series, bar_chart, grouped_bar_chart, line_chart
from roder.reports.document import Cell, Chart, Column, Number, Row, Table

#: What stands instead of a number that is not shown.
HIDDEN = "dolt"
#: How many months the control chart shows at least.
MONTHS = 24
#: How many rows of units, and how many causes in the chart.
MOST_ROWS, MOST_BARS, MOST_TYPES = 40, 10, 6
NAMES = "januari februari mars april maj juni juli augusti september oktober november december".split()
NONE = "Ingen orsak angiven"


@dataclass(frozen=True)
class Card:
    """A number in a box: what it is, how it has changed, and how it stands to its target."""

    title: str
    value: str
    detail: str
    tone: str = ""
    word: str = ""


@dataclass(frozen=True)
class Heat:
    """A cell of the heat map: what stands in it, its shade, and the choice that it opens."""

    text: str
    shade: int
    unit: int | None = None
    kind: int | None = None


@dataclass
class Section:
    """A part of the page: its finding, what it means, the chart, and all its numbers."""

    code: str
    title: str
    table: Table
    chart: Chart | None = None
    words: tuple[str, ...] = ()
    heat: list[tuple[str, int | None, list[Heat]]] = field(default_factory=list)


@dataclass(frozen=True)
class Practice:
    """What the steering model says: targets in per cent, the smallest number shown, what the grades are called."""

    closed: int | None
    classified: int | None
    below: int
    grades: Mapping[int, str]


@dataclass(frozen=True)
class Page:
    """Everything that is shown. ``closed`` says why nothing is."""

    cards: list[Card]
    sections: list[Section]
    closed: str = ""


class Maker:
    """Puts the page together for a choice. ``exact`` is False for those who may not see the cases themselves."""

    def __init__(
        self, committee: Body, choice: Choice, words: Words, practice: Practice, *, exact: bool
    ) -> None:
        self.committee, self.words, self.practice = committee, words, practice
        self.choice = choice if exact else choice.whole_months()
        self.below = 0 if exact else practice.below
        self.now, self.then = queries.totals(committee, self.choice)
        self.titles = (self.choice.period.text.capitalize(), self.choice.compared.text.capitalize())
        if self.titles[0] == self.titles[1]:
            self.titles = (self.titles[0], f"{self.titles[1]} (jämförelse)")

    def page(self) -> Page:
        """The whole page."""
        if reason := self._too_few():
            return Page([], [], reason)
        if not self.now.deviations and not self.then.deviations:
            return Page([], [])
        sections = [self.months(), *self.units_and_types(), self.causes(), self.severities(), self.leads()]
        return Page(self.cards(), [one for one in sections if one.table.rows])

    def _too_few(self) -> str:
        """Why nothing can be shown: the choice is of few, or of all but few."""
        if not self.below:
            return ""
        counts = [self.now.deviations, self.then.deviations]
        if self.choice.narrowed:
            everything = Choice(self.choice.period, self.choice.compared)
            whole = queries.totals(self.committee, everything)
            counts += [abs(all_of.deviations - count) for all_of, count in zip(whole, counts, strict=True)]
        if any(rules.small(count, self.below) for count in counts):
            return (
                f"Urvalet är så litet, eller skiljer sig så lite från helheten, att siffrorna kunde peka ut någon. "
                f"Välj mer: en längre period, en större enhet eller fler typer. Gränsen är {self.below}."
            )
        return ""

    # --- cells -------------------------------------------------------------------------------------------------------

    def _number(self, value: int, *, hidden: bool = False) -> Number | str:
        return HIDDEN if hidden or rules.small(value, self.below) else Number(Decimal(value), Unit.COUNT)

    def _list(self, values: Mapping[str, int]) -> dict[str, Number | str]:
        """The numbers of a list as cells, those hidden that must be."""
        hidden = rules.hide_in_list(values, self.below)
        return {key: self._number(value, hidden=key in hidden) for key, value in values.items()}

    @staticmethod
    def _change(now: Cell, then: Cell) -> Cell:
        if (
            not isinstance(now, Number)
            or not isinstance(then, Number)
            or now.value is None
            or then.value is None
        ):
            return ""
        change = rules.change(int(now.value), int(then.value))
        return "" if change is None else Number(change, Unit.PERCENT, 0, sign=True)

    @staticmethod
    def _shown(cell: Cell) -> Number | None:
        return cell if isinstance(cell, Number) else None

    # --- cards -------------------------------------------------------------------------------------------------------

    def cards(self) -> list[Card]:
        """The state in a few numbers."""
        found = [
            self._count_card("Avvikelser", self.now.deviations, self.then.deviations),
            self._count_card("Allvarliga", self.now.serious, self.then.serious, hidden=self._hides_serious()),
            self._share_card("Avslutade", self.now.closed, self.then.closed, self.practice.closed),
            self._share_card(
                "Klassificerade", self.now.classified, self.then.classified, self.practice.classified
            ),
        ]
        return found

    def _hides_serious(self) -> bool:
        cells = self._list({str(grade): count for grade, count in self.now.severity.items()})
        return any(cell == HIDDEN for cell in cells.values())

    def _count_card(self, title: str, now: int, then: int, *, hidden: bool = False) -> Card:
        shown, before = self._number(now, hidden=hidden), self._number(then, hidden=hidden)
        change = self._change(shown, before)
        text = before if isinstance(before, str) else before.text
        detail = f"{self.titles[1]}: {text}"
        if isinstance(change, Number):
            detail += f" ({change.text} %)".replace(" %)", "\u00a0%)")
        return Card(title, shown if isinstance(shown, str) else shown.text, detail)

    def _share_card(self, title: str, now: int, then: int, target: int | None) -> Card:
        def share(count: int, whole: int) -> Decimal | None:
            few = rules.small(count, self.below) or rules.small(whole - count, self.below)
            return None if not whole or few else Decimal(count) * 100 / whole

        value, before = share(now, self.now.deviations), share(then, self.then.deviations)
        detail = f"{self.titles[1]}: {format_value(before, Unit.PERCENT, 0, suffix=True)}"
        if target is None or value is None:
            return Card(title, format_value(value, Unit.PERCENT, 0, suffix=True), detail)
        good = value >= target
        return Card(
            title,
            format_value(value, Unit.PERCENT, 0, suffix=True),
            detail,
            "good" if good else "bad",
            f"Målet {target}\u00a0% är {'nått' if good else 'inte nått'}",
        )

    # --- sections ----------------------------------------------------------------------------------------------------

    def months(self) -> Section:
        """The control chart: is any month unusual?"""
        last = self.choice.period.last
        first = self.choice.period.first.replace(day=1)
        start = min(first, months_of(date(last.year - 2, last.month, 1), last)[1])
        months = months_of(start, last)
        counts = queries.by_month(self.committee, self.choice, Span(start, last))
        known = [month for month in months if counts and month >= min(counts)]
        values = [counts[month] for month in known]
        names = [f"{month:%Y-%m}" for month in known]
        cells = self._list(dict(zip(names, values, strict=True)))
        before = [counts[month] for month in known if month < first]
        basis = before if len(before) >= rules.FEWEST else values
        within = rules.limits(basis)
        title, odd = self._month_finding(known, values, within)
        columns = [Column("manad", "Månad", "text"), Column("antal", "Antal", "number", Unit.COUNT)]
        limits_of: dict[str, Number] = {}
        if within:
            parts = (("medel", "Medel", within.mean), ("undre", "Undre gräns", within.lower),
                     ("ovre", "Övre gräns", within.upper))  # fmt: skip
            columns += [Column(key, label, "number", Unit.COUNT, 0) for key, label, _ in parts]
            limits_of = {key: Number(value, Unit.COUNT, 0) for key, _, value in parts}
        columns.append(Column("tecken", "Ovanlig", "text"))
        rows = tuple(
            Row(
                name,
                {"manad": name, "antal": cells[name], **limits_of, "tecken": "ja" if place in odd else ""},
            )
            for place, name in enumerate(names)
        )
        table = Table("Avvikelser per månad", tuple(columns), rows, "")
        return Section(
            "manader",
            title,
            table,
            self._month_chart(title, names, cells, limits_of, odd),
            self._explained(basis, before, within),
        )

    def _month_finding(
        self, known: list[date], values: list[int], within: rules.Limits | None
    ) -> tuple[str, set[int]]:
        if within is None:
            return "Avvikelser per månad", set()
        odd = set(rules.unusual(values, within))
        if odd:
            latest = max(odd)
            word = "hög" if values[latest] > within.upper else "låg"
            more = f"; {len(odd)} månader är ovanliga" if len(odd) > 1 else ""
            name = f"{NAMES[known[latest].month - 1].capitalize()} {known[latest].year}"
            return f"{name} är ovanligt {word}{more}", odd
        if run := rules.shifted(values, within):
            side = "över" if run > 0 else "under"
            return f"De senaste {abs(run)} månaderna ligger alla {side} medelvärdet: nivån har ändrats", odd
        return "Ingen månad är ovanlig: alla ligger inom det som slumpen ger", odd

    def _explained(self, basis: list[int], before: list[int], within: rules.Limits | None) -> tuple[str, ...]:
        if within is None:
            return (f"Gränser räknas när det finns minst {rules.FEWEST} månader.",)
        whole = "månaderna före perioden" if basis is before else "alla månader i diagrammet"
        return (
            f"Gränserna är medelvärdet {format_number(within.mean, 0)} plus och minus 2,66 gånger hur mycket en månad "
            f"i medeltal skiljer sig från månaden före, räknat på {whole} ({len(basis)} stycken). Inom gränserna kan "
            "skillnaden vara slump. Utanför dem, eller med minst åtta månader i rad på samma sida om medelvärdet, har "
            "något troligen ändrats: ta reda på vad.",
        )

    @staticmethod
    def _month_chart(
        title: str, names: list[str], cells: Mapping[str, Cell], limits: Mapping[str, Number], odd: set[int]
    ) -> Chart | None:
        if len(names) < 2:
            return None
        series = [Series("Antal", tuple((name, Maker._shown(cells[name])) for name in names))]
        if limits:
            for key, label in (("ovre", "Övre gräns"), ("undre", "Undre gräns")):
                series.append(Series(label, tuple((name, limits[key]) for name in names)))
        if odd:
            marked = tuple(
                (name, Maker._shown(cells[name]) if place in odd else None)
                for place, name in enumerate(names)
            )
            series.append(Series("Ovanlig", marked))
        mean = Series("Medel", tuple((name, limits["medel"]) for name in names)) if limits else None
        return line_chart(
            title,
            "Styrdiagram över antalet avvikelser per månad med medelvärde och gränser. Siffrorna står i tabellen.",
            series, unit=Unit.COUNT, digits=0, benchmark=mean, height=200,
        )  # fmt: skip

    def units_and_types(self) -> list[Section]:
        """Types compared between the periods, and units by type."""
        both = queries.by_unit_and_type(self.committee, self.choice)
        groups = queries.groups_under(self.committee, self.choice.unit.pk if self.choice.unit else None)
        cells: Counter[tuple[Hashable, Hashable]] = Counter()
        for (unit, kind), count in both[0].items():
            cells[groups.get(unit, unit), kind] += count
        names = {unit.pk: unit.name for unit in self.words.units}
        kinds = [row for row in self.words.types if any(kind == row.pk for part in both for _, kind in part)]
        per_row: Counter[Hashable] = Counter()
        for (row, _kind), count in cells.items():
            per_row[row] += count
        rows = sorted(per_row, key=lambda row: (-per_row[row], names.get(int(str(row)), "")))[:MOST_ROWS]
        rest = [row for row in per_row if row not in rows]
        for row in rest:
            for kind in kinds:
                cells["rest", kind.pk] += cells.pop((row, kind.pk), 0)
        shown_rows: list[Hashable] = [*rows, *(["rest"] if rest else [])]
        table = rules.with_sums(cells, shown_rows, [kind.pk for kind in kinds])
        hidden = rules.hide_in_table(table, self.below)
        then: Counter[int] = Counter()
        for (_unit, kind), count in both[1].items():
            then[kind] += count
        called = {"rest": f"Övriga {len(rest)} enheter", **names}
        return [self._types(kinds, table, hidden, then), self._heat(kinds, shown_rows, called, table, hidden)]

    def _types(
        self,
        kinds: list,  # type: ignore[type-arg]
        table: Mapping[rules.Place, int],
        hidden: set[rules.Place],
        then: Counter[int],
    ) -> Section:
        before = self._list({str(kind.pk): then[kind.pk] for kind in kinds})
        lines = []
        for kind in kinds:
            place: rules.Place = (rules.SUM, kind.pk)
            now = self._number(table[place], hidden=place in hidden)
            lines.append((kind, now, before[str(kind.pk)], self._change(now, before[str(kind.pk)])))
        order = sorted(lines, key=lambda line: -table[rules.SUM, line[0].pk])
        columns = (
            Column("typ", "Typ", "text"),
            Column("nu", self.titles[0], "number", Unit.COUNT),
            Column("da", self.titles[1], "number", Unit.COUNT),
            Column("andring", "Ändring, %", "number", Unit.PERCENT, 0),
        )
        rows = tuple(
            Row(str(kind.pk), {"typ": kind.label, "nu": now, "da": was, "andring": change})
            for kind, now, was, change in order
        )
        bars = [
            Series(kind.label, ((self.titles[1], was), (self.titles[0], now)))
            for kind, now, was, _ in order[:MOST_TYPES]
            if isinstance(now, Number) and isinstance(was, Number)
        ]
        title = "Typer av avvikelser"
        if order and isinstance(order[0][1], Number):
            kind, now, was, change = order[0]
            title = f"{kind.label} är vanligast: {now.text}"
            if isinstance(change, Number):
                title += f" ({change.text}\u00a0% mot {self.choice.compared.text})"
        description = "Stapeldiagram över antalet avvikelser av de vanligaste typerna i båda perioderna."
        chart = grouped_bar_chart(title, description, bars, unit=Unit.COUNT, digits=0) if bars else None
        words = ("En avvikelse som är av flera typer räknas i var och en.",)
        return Section("typer", title, Table("Avvikelser per typ", columns, rows, ""), chart, words)

    def _heat(
        self,
        kinds: list,  # type: ignore[type-arg]
        rows: list[Hashable],
        names: Mapping[Hashable, str],
        table: Mapping[rules.Place, int],
        hidden: set[rules.Place],
    ) -> Section:
        inner = [(table[row, kind.pk], row, kind) for row in rows for kind in kinds]
        highest = max((value for value, _, _ in inner), default=0)
        columns = (
            Column("enhet", "Enhet", "text"),
            *(Column(f"t{kind.pk}", kind.label, "number", Unit.COUNT) for kind in kinds),
            Column("summa", "Summa", "number", Unit.COUNT),
        )
        lines, heat = [], []
        for row in (*rows, rules.SUM):
            if row == rules.SUM and len(rows) == 1:
                continue
            name = "Summa" if row == rules.SUM else names.get(row, f"Enhet {row}")
            cells: dict[str, Cell] = {"enhet": name}
            shades = []
            for key, column in (*((f"t{kind.pk}", kind.pk) for kind in kinds), ("summa", rules.SUM)):
                place = (row, column)
                cell = self._number(table[place], hidden=place in hidden)
                cells[key] = cell
                inside = row != rules.SUM and column != rules.SUM and isinstance(cell, Number)
                shade = rules.heat(table[place], highest) if inside else 0
                text = cell if isinstance(cell, str) else cell.text
                unit = row if isinstance(row, int) else None
                shades.append(Heat(text, shade, unit, column if isinstance(column, int) else None))
            lines.append(Row(str(row), cells, "sum" if row == rules.SUM else "normal"))
            heat.append((name, row if isinstance(row, int) else None, shades))
        title = "Enheter och typer"
        shown = [(value, row, kind) for value, row, kind in inner if (row, kind.pk) not in hidden and value]
        if shown:
            value, row, kind = max(shown, key=lambda one: one[0])
            title = f"Flest: {kind.label.lower()} på {names.get(row, 'okänd enhet')}, {format_number(value)}"
        words = (
            "Ju mörkare ruta, desto fler. Antalet enheter, platser och brukare skiljer sig: jämför med försiktighet.",
        )
        return Section(
            "enheter",
            title,
            Table("Avvikelser per enhet och typ", columns, tuple(lines), ""),
            None,
            words,
            heat,
        )

    def causes(self) -> Section:
        """Causes in order, with cumulative share."""
        now, then = queries.by_cause(self.committee, self.choice)
        kinds = {row.pk: row.label for row in self.words.types}
        causes = {row.pk: row.label for row in self.words.causes}

        def name(kind: int, cause: int | None) -> str:
            return f"{kinds.get(kind, 'Okänd typ')}: {causes.get(cause, NONE).lower() if cause else NONE.lower()}"

        counts: Counter[str] = Counter()
        earlier: Counter[str] = Counter()
        unknown = 0
        for (kind, cause), count in now.items():
            if cause is None:
                unknown += count
            else:
                counts[name(kind, cause)] += count
        for (kind, cause), count in then.items():
            if cause is not None:
                earlier[name(kind, cause)] += count
        cells, before = self._list(counts), self._list({key: earlier[key] for key in counts})
        shares = rules.pareto(counts)
        hides = any(cell == HIDDEN for cell in cells.values())
        columns = (
            Column("orsak", "Orsak", "text"),
            Column("nu", self.titles[0], "number", Unit.COUNT),
            Column("andel", "Andel hittills, %", "number", Unit.PERCENT, 0),
            Column("da", self.titles[1], "number", Unit.COUNT),
        )
        rows = tuple(
            Row(one.key, {
                "orsak": one.key, "nu": cells[one.key], "da": before[one.key],
                "andel": HIDDEN if hides else Number(one.cumulative, Unit.PERCENT, 0),
            })
            for one in shares
        )  # fmt: skip
        vital = rules.vital(shares)
        title = (
            f"{vital} av {len(shares)} orsaker står för 80\u00a0% av dem som har en orsak"
            if len(shares) > 1
            else "Orsaker"
        )
        bars = [(one.key, cell) for one in shares[:MOST_BARS] if isinstance(cell := cells[one.key], Number)]
        chart = None
        if bars:
            description = "Liggande staplar över de vanligaste orsakerna, vanligast först."
            chart = bar_chart(
                title, description, bars, unit=Unit.COUNT, digits=0, label="Orsak", value_label="Antal"
            )
        missing = self._number(unknown)
        words = (
            f"Utan orsak: {missing if isinstance(missing, str) else missing.text}, inte med i diagrammet.",
        )
        return Section("orsaker", title, Table("Orsaker, vanligast först", columns, rows, ""), chart, words)

    def severities(self) -> Section:
        """How serious, in both periods."""
        grades: list[int | None] = sorted(
            {grade for part in (self.now, self.then) for grade in part.severity},
            key=lambda grade: (grade is None, grade),
        )
        now = self._list({str(grade): self.now.severity[grade] for grade in grades})
        then = self._list({str(grade): self.then.severity[grade] for grade in grades})
        columns = (
            Column("grad", "Allvarlighet", "text"),
            Column("nu", self.titles[0], "number", Unit.COUNT),
            Column("da", self.titles[1], "number", Unit.COUNT),
        )

        def called(grade: int | None) -> str:
            return (
                "Inte klassificerad"
                if grade is None
                else f"{grade} {self.practice.grades.get(grade, '')}".strip()
            )

        rows = tuple(
            Row(str(grade), {"grad": called(grade), "nu": now[str(grade)], "da": then[str(grade)]})
            for grade in grades
        )
        title = "Hur allvarliga avvikelserna är"
        if not self._hides_serious() and self.now.deviations:
            share = format_value(
                Decimal(self.now.serious) * 100 / self.now.deviations, Unit.PERCENT, 1, suffix=True
            )
            title = f"{format_number(self.now.serious)} är allvarliga, {share} av alla"
        return Section("allvarlighet", title, Table("Avvikelser per allvarlighetsgrad", columns, rows, ""))

    def leads(self) -> Section:
        """How long the parts of the way take."""
        both = queries.leads(self.committee, self.choice)
        columns = [Column("led", "Led", "text")]
        for place, title in enumerate(self.titles):
            columns += [
                Column(f"antal{place}", f"Antal, {title.lower()}", "number", Unit.COUNT),
                Column(f"median{place}", f"Median, timmar, {title.lower()}", "number", Unit.HOURS, 1),
                Column(f"nittio{place}", f"90 % inom timmar, {title.lower()}", "number", Unit.HOURS, 1),
            ]
        rows = []
        for code, (_start, _end, label) in queries.LEADS.items():
            cells: dict[str, Cell] = {"led": label}
            for place, part in enumerate(both):
                lead = part.get(code, queries.Lead(0, None, None))
                few = rules.small(lead.count, self.below)
                cells[f"antal{place}"] = self._number(lead.count)
                cells[f"median{place}"] = HIDDEN if few else Number(lead.median, Unit.HOURS, 1)
                cells[f"nittio{place}"] = HIDDEN if few else Number(lead.ninety, Unit.HOURS, 1)
            rows.append(Row(code, cells))
        found = both[0].get("till_avslut")
        title = "Tid från händelse till rapport, klassificering och avslut"
        if (
            found
            and found.median is not None
            and found.ninety is not None
            and not rules.small(found.count, self.below)
        ):
            title = f"Hälften avslutas inom {_time(found.median)}, 90\u00a0% inom {_time(found.ninety)}"
        words = (
            "Av periodens avvikelser räknas de som hade kommit så långt vid periodens slut; de öppna är inte med.",
        )
        return Section(
            "ledtider", title, Table("Ledtider", tuple(columns), tuple(rows), "timmar"), None, words
        )


def _time(hours: Decimal) -> str:
    """Hours as people say them: hours up to two days, then days."""
    if hours < 48:
        return f"{format_number(hours, 0)}\u00a0timmar"
    return f"{format_number(hours / 24, 0)}\u00a0dagar"
