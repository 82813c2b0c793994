"""The control chart: is any month unusual?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from roder.core.numbers import Unit, format_number
from roder.core.words import MONTHS
from roder.quality.statistics import queries, rules
from roder.quality.statistics.choice import last_month_over, months_of
from roder.quality.statistics.parts import Counted, Section
from roder.reports.charts import Series, line_chart
from roder.reports.document import Cell, Chart, Column, Number, Row, Table

#: What the limits are called at the end of their lines.
UPPER, LOWER = "Övre", "Undre"


class ControlChart(Counted):
    """Months with limits."""

    def months(self) -> Section:
        """The control chart: is any month unusual? It ends with the last month of the period that is over."""
        last = last_month_over(self.choice.period.last, self.today)
        first = self.choice.period.first.replace(day=1)
        start = min(first, months_of(date(last.year - 2, last.month, 1), last)[1])
        months = months_of(start, last)
        counts = queries.by_month(self.committee, self.choice, months, last)
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
            name = f"{MONTHS[known[latest].month - 1].capitalize()} {known[latest].year}"
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
        series = [Series("Antal", tuple((name, Counted._shown(cells[name])) for name in names))]
        if limits:
            for key, label in (("ovre", UPPER), ("undre", LOWER)):
                series.append(Series(label, tuple((name, limits[key]) for name in names)))
        if odd:
            marked = tuple(
                (name, Counted._shown(cells[name]) if place in odd else None)
                for place, name in enumerate(names)
            )
            series.append(Series("Ovanlig", marked))
        mean = Series("Medel", tuple((name, limits["medel"]) for name in names)) if limits else None
        chart = line_chart(
            title,
            "Styrdiagram över antalet avvikelser per månad med medelvärde och gränser. Siffrorna står i tabellen.",
            series, unit=Unit.COUNT, digits=0, benchmark=mean, height=200,
        )  # fmt: skip
        for layer in chart.spec["layer"]:
            drawn = layer["data"]["values"][0].get("s")
            if drawn in (UPPER, LOWER) and layer["mark"]["type"] == "line":
                layer["mark"] = {**layer["mark"], "strokeDash": [5, 4], "strokeWidth": 1.5}
        chart.spec["layer"] = [
            layer
            for layer in chart.spec["layer"]
            if layer["mark"]["type"] != "point" or layer["data"]["values"][0].get("s") not in (UPPER, LOWER)
        ]
        return chart
