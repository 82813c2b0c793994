"""The pictures of a comparison: the series beside each other, the similar municipalities, women and men."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.safestring import mark_safe

from roder.core.numbers import Unit, format_value
from roder.kolada.comparing import COUNTRY, OWN, SIMILAR, Comparison
from roder.measures.charts import FEWEST, Picture
from roder.measures.models import MeasureValue
from roder.reports.charts import Series, bar_chart, chart_svg, line_chart
from roder.reports.document import Chart, Number

SEX = MeasureValue.Sex
MOST_BARS = 20


def finding(one: Comparison, name: str) -> str:
    """What the comparison says: "Alingsås 95 % (2020): högre än riket, 88 %"."""
    measure = one.measure
    if one.own is None:
        return f"{measure.title}: inget värde för {name}"
    unit, digits = measure.count_unit, measure.decimals
    shown = format_value(one.own, unit, digits, suffix=True)
    text = f"{measure.title}: {shown} i {name} {one.year}"
    if one.country is not None:
        text += f", {one.word} ({format_value(one.country, unit, digits, suffix=True)})"
    return text


def series_chart(one: Comparison, name: str) -> Picture | None:
    """Own municipality, the similar ones and the country over the years; None when there is too little for a line."""
    lines = [(name, one.years(OWN)), ("Liknande", one.years(SIMILAR))]
    return _lines(one, finding(one, name), [line for line in lines if line[1]], one.years(COUNTRY))


def sex_chart(one: Comparison, name: str) -> Picture | None:
    """Women and men in the own municipality over the years."""
    women, men = one.years(OWN, SEX.WOMEN), one.years(OWN, SEX.MEN)
    both = sorted(set(women) & set(men))
    if not both:
        return None
    last, measure = one.year if one.year in both else both[-1], one.measure
    shown = [
        format_value(values[last], measure.count_unit, measure.decimals, suffix=True)
        for values in (women, men)
    ]
    title = f"{name} {last}: kvinnor {shown[0]}, män {shown[1]}"
    return _lines(one, title, [("Kvinnor", women), ("Män", men)], {})


def neighbour_chart(one: Comparison) -> Picture | None:
    """The similar municipalities' values as bars, the best first where a direction is wanted."""
    bars = one.neighbours
    if len(bars) < FEWEST or len(bars) > MOST_BARS:
        return None
    unit, digits = _unit(one), one.measure.decimals
    chart = bar_chart(
        standing_words(one),
        f"Stapeldiagram över {len(bars)} kommuner {one.year}. Siffrorna står i tabellen under.",
        [(f"▶ {bar.name}" if bar.own else bar.name, Number(bar.value, unit, digits)) for bar in bars],
        unit=unit,
        digits=digits,
        label="Kommun",
        value_label=str(one.year),
    )
    return _picture(chart)


def standing_words(one: Comparison) -> str:
    """The place among the similar in words."""
    place = one.standing
    if place is None:
        return f"Liknande kommuner {one.year}"
    order = {"higher": "högst först", "lower": "lägst först"}.get(one.measure.direction, "högst först")
    shared = " (delad)" if place.shared else ""
    return f"Plats {place.place}{shared} av {place.of} bland liknande kommuner {one.year}, {order}"


def _lines(
    one: Comparison, title: str, lines: Sequence[tuple[str, dict[int, Decimal]]], country: dict[int, Decimal]
) -> Picture | None:
    years = sorted({year for _, values in lines for year in values} | set(country))
    if not lines or max(len(values) for _, values in lines) < FEWEST:
        return None
    unit, digits = _unit(one), one.measure.decimals

    def series(name: str, values: dict[int, Decimal]) -> Series:
        points = (
            (str(year), Number(values[year], unit, digits) if year in values else None) for year in years
        )
        return Series(name, tuple(points))

    chart = line_chart(
        title,
        f"Linjediagram {years[0]}–{years[-1]}: {', '.join(name for name, _ in lines)}"
        f"{' och riket' if country else ''}. Siffrorna står i tabellen under.",
        [series(name, values) for name, values in lines],
        unit=unit,
        digits=digits,
        benchmark=series("Riket", country) if country else None,
    )
    return _picture(chart)


def _unit(one: Comparison) -> Unit:
    unit = one.measure.count_unit
    return Unit.COUNT if unit.is_money else unit


def _picture(chart: Chart) -> Picture:
    return Picture(chart, mark_safe(chart_svg(chart)))  # noqa: S308 - drawn by our own renderer, texts escaped
