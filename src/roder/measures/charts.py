"""The picture of a measure: outcomes, the target, the country's mean, and a title that says the finding."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from roder.core.numbers import Unit, format_value
from roder.measures.proposals import MeasureYear
from roder.measures.rules import Trend, trend
from roder.reports.charts import Series, chart_svg, line_chart
from roder.reports.document import Chart, Number

WORDS = {Trend.UP: "ökade", Trend.DOWN: "minskade", Trend.SAME: "är oförändrat"}
FEWEST = 2  # a line needs two points


@dataclass(frozen=True)
class Picture:
    """A chart ready for a page, with its numbers."""

    chart: Chart
    svg: SafeString


def finding(entry: MeasureYear) -> str:
    """A sentence made from the figures: "Andelen ökade från 80 % (2020) till 83 % (2021)"."""
    known = [(year, row.value) for year, row in sorted(entry.outcomes.items()) if row.value is not None]
    if len(known) < FEWEST:
        return entry.measure.title
    (before_year, before), (year, now) = known[-2:]
    unit, digits = entry.measure.count_unit, entry.measure.decimals
    shown, shown_before = (format_value(value, unit, digits, suffix=True) for value in (now, before))
    word = WORDS[trend(now, before, digits)]
    if word == WORDS[Trend.SAME]:
        return f"{entry.measure.title}: oförändrat {shown} ({year})"
    return f"{entry.measure.title}: {word} från {shown_before} ({before_year}) till {shown} ({year})"


def series_chart(entry: MeasureYear) -> Picture | None:
    """The chart of a measure over the years; None when there are too few values for a line."""
    years = sorted({*entry.outcomes, *entry.country})
    known = [year for year in years if entry.outcomes.get(year) and entry.outcomes[year].value is not None]
    if len(known) < FEWEST:
        return None
    measure = entry.measure
    unit = Unit.COUNT if measure.count_unit.is_money else measure.count_unit

    def number(value: object) -> Number | None:
        return None if value is None else Number(value, unit, measure.decimals)  # type: ignore[arg-type]

    own = Series(
        "Utfall",
        tuple((str(y), number(entry.outcomes[y].value if y in entry.outcomes else None)) for y in years),
    )
    country = (
        Series("Riket", tuple((str(y), number(entry.country.get(y))) for y in years))
        if entry.country
        else None
    )
    target = entry.target.value if entry.target else None
    chart = line_chart(
        finding(entry),
        f"Linjediagram över {measure.title.lower()} {known[0]}–{known[-1]}. Siffrorna står i tabellen under.",
        [own],
        unit=unit,
        digits=measure.decimals,
        target=target,
        target_label=f"Mål {entry.year}",
        benchmark=country,
    )
    return Picture(chart, mark_safe(chart_svg(chart)))  # noqa: S308 - drawn by our own renderer, texts escaped
