"""Types compared, units by type as a heat map, and causes in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

from roder.core.numbers import Unit, format_number
from roder.quality.statistics import queries, rules
from roder.quality.statistics.parts import HIDDEN, Counted, Heat, Section
from roder.reports.charts import bar_chart
from roder.reports.column_charts import pair_chart
from roder.reports.document import Cell, Column, Number, Row, Table
from roder.steering.models import DeviationType

#: How many rows of units, and how many causes and types in the charts.
MOST_ROWS, MOST_BARS, MOST_TYPES = 40, 10, 4
NONE = "Ingen orsak angiven"


class Breakdown(Counted):
    """Where, of what types and why."""

    def units_and_types(self) -> list[Section]:
        """Types compared between the periods, and units by type."""
        both = [part.unit_and_type for part in self.matters]
        groups = queries.groups_under(self.committee, self.choice.unit.pk if self.choice.unit else None)
        cells: Counter[tuple[Hashable, Hashable]] = Counter()
        for (unit, kind), count in both[0].items():
            cells[groups.get(unit, unit), kind] += count
        names: dict[Hashable, str] = {unit.pk: unit.name for unit in self.words.units}
        found = {kind for part in both for _unit, kind in part}
        kinds = [row for row in self.words.types if row.pk in found]
        per_row: Counter[Hashable] = Counter()
        for (row, _kind), count in cells.items():
            per_row[row] += count
        rows = sorted(per_row, key=lambda row: (-per_row[row], names.get(row, "")))[:MOST_ROWS]
        rest = [row for row in per_row if row not in rows]
        for row in rest:
            for one in kinds:
                cells["rest", one.pk] += cells.pop((row, one.pk), 0)
        shown_rows: list[Hashable] = [*rows, *(["rest"] if rest else [])]
        table = rules.with_sums(cells, shown_rows, [one.pk for one in kinds])
        hidden = rules.hide_in_table(table, self.below)
        then: Counter[int] = Counter()
        for (_unit, kind), count in both[1].items():
            then[kind] += count
        called = {"rest": f"Övriga {len(rest)} enheter", **names}
        return [self._types(kinds, table, hidden, then), self._heat(kinds, shown_rows, called, table, hidden)]

    def _types(
        self,
        kinds: Sequence[DeviationType],
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
        pairs = [
            (kind.label, now, was)
            for kind, now, was, _ in order[:MOST_TYPES]
            if isinstance(now, Number) and isinstance(was, Number)
        ]
        title = "Typer av avvikelser"
        if order and isinstance(first := order[0][1], Number):
            title = f"{order[0][0].label} är vanligast: {first.text}"
            if isinstance(change := order[0][3], Number):
                word = "oförändrat" if change.text == "0" else f"{change.text}\u00a0%"
                title += f" ({word} mot {self.choice.compared.text})"
        description = "Stapeldiagram över antalet avvikelser av de vanligaste typerna i båda perioderna."
        chart = pair_chart(title, description, pairs, (self.titles[1], self.titles[0])) if pairs else None
        words = ("En avvikelse som är av flera typer räknas i var och en.",)
        return Section("typer", title, Table("Avvikelser per typ", columns, rows, ""), chart, words)

    def _heat(
        self,
        kinds: Sequence[DeviationType],
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
                inside = rules.SUM not in (row, column) and isinstance(cell, Number)
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
        now, then = (part.cause for part in self.matters)
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
