"""Charts for reports: a line over years, bars, grouped bars; drawn by Vega-Lite through vl-convert.

The caller gives the finding (the title) and the text alternative; the chart brings its numbers as a table.
Labels are written on the marks and come from `Number.text`, so a chart prints the same digits as the
tables. At most five colours, bars from zero, a target as a dashed line (10-design, "Charts").

A `Chart.spec` holds no colours and no fonts: `chart_svg` and `chart_png` (in `render.drawing`) add them by
theme.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from roder.core.numbers import MISSING, NBSP, Unit
from roder.reports.document import Chart, Column, DocumentError, Number, Row, Table
from roder.reports.render.drawing import SIZE, Spec, Theme, chart_png, chart_svg, palette_css, warm_up
from roder.reports.render.layout import ems

__all__ = [
    "Series",
    "Theme",
    "bar_chart",
    "chart_png",
    "chart_svg",
    "grouped_bar_chart",
    "line_chart",
    "palette_css",
    "warm_up",
]

WIDTH = 453  # points: 160 mm, the text width of the page
MAX_SERIES = 5
TABLE_CAPTION = "Siffrorna i diagrammet"
LINES = "split(datum.label, '\\n')"  # a label with line breaks is set on several lines


@dataclass(frozen=True)
class Series:
    """One line, or one colour of bars: its name and (period or category, number) pairs in order."""

    name: str
    points: tuple[tuple[str, Number | None], ...]


def line_chart(
    title: str,
    description: str,
    series: Sequence[Series],
    *,
    unit: Unit,
    digits: int | None = None,
    target: Decimal | None = None,
    target_label: str = "Mål",
    benchmark: Series | None = None,
    caption: str = "",
    label: str = "Serie",
    height: int = 160,
) -> Chart:
    """Lines over years, with a target line and a benchmark (the nation's mean) dashed in grey.

    ``target`` is in the unit of the numbers (kronor for money). A period without a value leaves a gap in
    the line.
    """
    _at_most_five(title, series)
    lines = [*series, *([benchmark] if benchmark else [])]
    periods = list(dict.fromkeys(period for line in lines for period, _ in line.points))
    values = [_shown(number, unit) for line in lines for _, number in line.points]
    goal = None if target is None else float(target / unit.divisor)
    low, high, ticks = _scale([value for value in [*values, goal] if value is not None])
    ends: dict[str, tuple[float, str]] = {}
    for line in lines:
        known = [number for _, number in line.points if number is not None and number.value is not None]
        if known:
            ends[line.name] = (_shown(known[-1], unit) or 0.0, f"{line.name} {known[-1].text}")
    if goal is not None:
        ends[target_label] = (goal, f"{target_label} {Number(target, unit, digits).text}")
    places = _spread({name: at for name, (at, _) in ends.items()}, (high - low) / height * (SIZE + 2.5))
    left = round(max(ems(_tick(tick)) for tick in ticks) * SIZE * 1.05 + 8)
    right = round(max((ems(text) for _, text in ends.values()), default=0.0) * SIZE * 1.08 + 10)
    width = WIDTH - left - right
    x: Spec = {"field": "x", "type": "ordinal", "sort": None, "scale": {"domain": periods, "padding": 0.15}}
    x["axis"] = {"title": None, "labelAngle": 0, "labelOverlap": True}
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "sort": None,
        "scale": {"domain": [low, high], "nice": False},
    }
    y["axis"] = {"title": None, "values": ticks, "grid": True}
    colour: Spec = {"field": "s", "type": "nominal", "legend": None, "sort": None}
    colour["scale"] = {"domain": [line.name for line in series]}
    data = [_points(line, unit) for line in series]
    at_end: Spec = {"value": width + 8}
    layers: list[Spec] = []
    if goal is not None:
        layers.append(
            {
                "data": {"values": [{"y": goal}]},
                "mark": {"type": "rule", "style": "target"},
                "encoding": {"y": y},
            }
        )
    if benchmark:
        layers.append(_layer(_points(benchmark, unit), {"type": "line", "style": "benchmark"}, x=x, y=y))
    # One layer per line: a line with gaps must not be joined to its neighbour, and later lines lie on top.
    for points in data:
        layers.append(_layer(points, {"type": "line", "style": "series"}, x=x, y=y, color=colour))
        layers.append(_layer(points, {"type": "point", "style": "dot"}, x=x, y=y, fill=colour))
    text = {"field": "t", "type": "nominal"}
    for name, (_, words) in ends.items():
        kind = "target-label" if name == target_label and goal is not None else "end-label"
        encoding: Spec = {"x": at_end, "y": y, "text": text}
        if benchmark and name == benchmark.name:
            kind = "benchmark-label"
        elif kind == "end-label":
            encoding["color"] = colour
        row = {"y": places[name], "t": words, "s": name}
        layers.append(_layer([row], {"type": "text", "style": kind}, **encoding))
    spec = _spec(height, layers, left=left, right=right, top=8, bottom=20)
    extra = [Row(target_label, {"serie": target_label, **{p: Number(target, unit, digits) for p in periods}})]
    table = _wide_table(
        caption or TABLE_CAPTION,
        label,
        lines,
        periods,
        unit=unit,
        digits=digits,
        extra=extra if goal is not None else (),
    )
    return Chart(title, description, spec, table)


def bar_chart(
    title: str,
    description: str,
    bars: Sequence[tuple[str, Number | None]],
    *,
    unit: Unit,
    digits: int | None = None,
    caption: str = "",
    label: str = "Post",
    value_label: str = "Värde",
) -> Chart:
    """One lying bar per category, from zero, with its number at the end. A category without a value says
    ``iu.``
    """
    shown = [
        (_wrapped(name, 190), _shown(number, unit), number.text if number else MISSING)
        for name, number in bars
    ]
    values = [value or 0.0 for _, value, _ in shown]
    lines = [line for name, _, _ in shown for line in name.split("\n")]
    left = round(max((ems(line) for line in lines), default=0.0) * SIZE * 1.04 + 9)
    step = 12 * max((name.count("\n") + 1 for name, _, _ in shown), default=1) + 12
    low, high = _bar_domain(shown, WIDTH - left)
    y: Spec = {
        "field": "k",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": [name for name, _, _ in shown]},
    }
    y["axis"] = {"title": None, "domain": False, "ticks": False, "labelPadding": 8, "labelExpr": LINES}
    x: Spec = {
        "field": "v",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [low, high], "nice": False},
    }
    rows: list[Spec] = [
        {"k": name, "v": value, "t": text} for (name, _, text), value in zip(shown, values, strict=True)
    ]
    text = {"field": "t", "type": "nominal"}
    layers = [
        _layer(rows, {"type": "bar", "style": "bars"}, x=x, x2={"datum": 0}, y=y),
        _layer([{"v": 0}], {"type": "rule", "style": "zero"}, x=x),
        _layer([r for r in rows if r["v"] >= 0], {"type": "text", "style": "bar-label"}, x=x, y=y, text=text),
        _layer(
            [r for r in rows if r["v"] < 0], {"type": "text", "style": "bar-label-left"}, x=x, y=y, text=text
        ),
    ]
    columns = (Column("namn", label, "text"), Column("varde", value_label, "number", unit, digits))
    table_rows = tuple(Row(name, {"namn": name, "varde": number}) for name, number in bars)
    table = Table(caption or TABLE_CAPTION, columns, table_rows, _unit_note(unit))
    return Chart(
        title, description, _spec(max(step * len(shown), step), layers, left=left, top=4, bottom=4), table
    )


def grouped_bar_chart(
    title: str,
    description: str,
    series: Sequence[Series],
    *,
    unit: Unit,
    digits: int | None = None,
    caption: str = "",
    label: str = "Serie",
    height: int = 150,
) -> Chart:
    """Standing bars per series (a group) and period (a colour), from zero, with number on each bar.

    The periods are named once, above the chart in their own colours, so no legend box is needed. Several
    series with one period each are one colour.
    """
    periods = list(dict.fromkeys(period for one in series for period, _ in one.points))
    _at_most_five(title, periods)
    groups = [_wrapped(one.name, WIDTH / max(len(series), 1) - 10) for one in series]
    cells = [
        (group, period, number)
        for group, one in zip(groups, series, strict=True)
        for period, number in one.points
    ]
    values = [_shown(number, unit) or 0.0 for _, _, number in cells]
    low, high = min([0.0, *values]), max([0.0, *values])
    margin = (high - low or 1.0) / height * (SIZE + 6)
    domain = [low - margin if low < 0 else 0.0, high + margin]
    rows: list[Spec] = [
        {"g": group, "p": period, "v": _shown(number, unit) or 0.0, "t": number.text if number else MISSING}
        for group, period, number in cells
    ]
    x: Spec = {"field": "g", "type": "nominal", "sort": None, "scale": {"domain": groups}}
    x["axis"] = {
        "title": None,
        "labelAngle": 0,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "labelExpr": LINES,
    }
    x["scale"]["paddingInner"] = 0.18
    offset: Spec = {
        "field": "p",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": periods, "paddingInner": 0.08},
    }
    y: Spec = {"field": "v", "type": "quantitative", "axis": None, "scale": {"domain": domain, "nice": False}}
    colour: Spec = {"field": "p", "type": "nominal", "sort": None, "scale": {"domain": periods}}
    colour["legend"] = None
    text = {"field": "t", "type": "nominal"}
    keys: list[Spec] = []
    at = 0.0
    for period in periods if len(periods) > 1 else ():
        where: Spec = {"x": {"value": at}, "y": {"value": -14}, "text": text, "color": colour}
        keys.append(
            _layer([{"p": period, "t": f"■ {period}"}], {"type": "text", "style": "end-label"}, **where)
        )
        at += key_room(period)
    layers = [
        _layer(
            rows, {"type": "bar", "style": "bars"}, x=x, xOffset=offset, y=y, y2={"datum": 0}, color=colour
        ),
        _layer([{"v": 0}], {"type": "rule", "style": "zero"}, y=y),
        _layer(
            [r for r in rows if r["v"] >= 0],
            {"type": "text", "style": "top-label"},
            x=x,
            xOffset=offset,
            y=y,
            text=text,
        ),
        _layer(
            [r for r in rows if r["v"] < 0],
            {"type": "text", "style": "low-label"},
            x=x,
            xOffset=offset,
            y=y,
            text=text,
        ),
    ]
    table = _wide_table(caption or TABLE_CAPTION, label, series, periods, unit=unit, digits=digits)
    spec = _spec(
        height,
        [*layers, *keys],
        top=24 if keys else 4,
        bottom=8 + 12 * max((name.count("\n") + 1 for name in groups), default=1),
    )
    return Chart(title, description, spec, table)


def key_room(period: str) -> float:
    """Points from one period's name above a chart to the next. On the web it is drawn in the reader's own font, which
    may be a third wider than the documents' font."""
    return ems(f"■ {period}") * SIZE * 1.33 + 12


def _spec(
    height: int, layers: Sequence[Spec], *, left: int = 2, right: int = 2, top: int = 4, bottom: int = 4
) -> Spec:
    """The whole drawing, exactly the width of the page's text: margins are ours, since Vega guesses text
    widths.
    """
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "autosize": "none",
        "padding": {"left": left, "right": right, "top": top, "bottom": bottom},
        "width": WIDTH - left - right,
        "height": height,
        "layer": [layer for layer in layers if layer],
    }


def _layer(values: list[Spec], mark: Spec, **encoding: Spec) -> Spec:
    """A layer of its own data; an empty one is left out by being empty itself."""
    return {"data": {"values": values}, "mark": mark, "encoding": encoding} if values else {}


def _points(line: Series, unit: Unit) -> list[Spec]:
    return [{"x": period, "y": _shown(number, unit), "s": line.name} for period, number in line.points]


def _shown(number: Number | None, unit: Unit) -> float | None:
    return None if number is None or number.value is None else float(number.value / unit.divisor)


def _at_most_five(title: str, items: Sequence[object]) -> None:
    if len(items) > MAX_SERIES:
        raise DocumentError(
            f"Diagrammet ”{title}” har {len(items)} serier; fler än {MAX_SERIES} går inte att skilja åt"
        )


def _scale(values: Sequence[float]) -> tuple[float, float, list[float]]:
    """Low, high and four to six round ticks that hold all values."""
    if not values:
        return 0.0, 1.0, [0.0, 1.0]
    low, high = min(values), max(values)
    if low == high:
        low, high = low - (abs(low) * 0.05 or 1), high + (abs(high) * 0.05 or 1)
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(low / step), math.ceil(high / step)
    ticks = [round(number * step, 10) for number in range(first, last + 1)]
    return ticks[0], ticks[-1], ticks


def _tick(value: float) -> str:
    """A tick about as wide as it will be drawn."""
    return f"{value:,.6g}"


def _bar_domain(shown: Sequence[tuple[str, float | None, str]], width: int) -> tuple[float, float]:
    """The value axis of lying bars: from zero both ways, with room for the numbers at the ends."""
    right = max([0.0, *(value or 0.0 for _, value, _ in shown)])
    left = min([0.0, *(value or 0.0 for _, value, _ in shown)])
    room = {
        side: max([ems(text) for _, value, text in shown if ((value or 0) < 0) is side] or [0]) * SIZE * 1.05
        + 8
        for side in (False, True)
    }
    free = width - room[False] - (room[True] if left < 0 else 0)
    per_point = (right - left or 1.0) / max(free, 40)
    return left - (room[True] * per_point if left < 0 else 0.0), right + room[False] * per_point


def _spread(wanted: dict[str, float], gap: float) -> dict[str, float]:
    """Move labels apart until none is closer than ``gap`` to the next, keeping their order and their
    middle.
    """
    order = sorted(wanted, key=lambda name: wanted[name])
    placed = {name: wanted[name] for name in order}
    for _ in range(50):
        moved = False
        for under, over in pairwise(order):
            lack = gap - (placed[over] - placed[under])
            if lack > gap * 0.01:
                placed[under] -= lack / 2
                placed[over] += lack / 2
                moved = True
        if not moved:
            break
    return placed


def _wrapped(text: str, room: float) -> str:
    """The text with line breaks so that no line is wider than ``room`` points, as far as words allow."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and ems(longer) * SIZE * 1.04 > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def _unit_note(unit: Unit) -> str:
    return unit.suffix.replace(" ", NBSP)


def _wide_table(
    caption: str,
    label: str,
    lines: Sequence[Series],
    periods: Sequence[str],
    *,
    unit: Unit,
    digits: int | None,
    extra: Sequence[Row] = (),
) -> Table:
    columns = (
        Column("serie", label, "text"),
        *(Column(period, period, "number", unit, digits) for period in periods),
    )
    rows = [Row(line.name, {"serie": line.name, **dict(line.points)}) for line in lines]
    return Table(caption, columns, (*rows, *extra), _unit_note(unit))
