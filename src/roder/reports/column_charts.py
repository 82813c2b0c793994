"""Standing columns over years for reports: one number a year, the year that is reported in full colour.

The years before are drawn in grey, so that the eye goes to what the report is about; every column has its number. See
`roder.reports.charts` for what all charts have in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from roder.core.numbers import MISSING, Unit
from roder.reports.charts import TABLE_CAPTION, WIDTH, _layer, _shown, _spec, _unit_note, _wrapped, key_room
from roder.reports.document import Cell, Chart, Column, Number, Row, Table
from roder.reports.render.drawing import SIZE, Spec

WIDEST = 44  # points: a column is no wider, however few the years are
APART = 66  # points from one column to the next: five years are seen without scrolling on a phone
PAIR = 150  # points from one pair to the next, at most
#: A group's name, its number now and the one before.
Pair: TypeAlias = tuple[str, Number, Number]


def zero_line(y: Spec, room: float) -> Spec:
    """The line the columns stand on: as long as they reach, not as wide as the page."""
    across: Spec = {"x": {"value": 0}, "x2": {"value": room}}
    return _layer([{"v": 0}], {"type": "rule", "style": "zero"}, y=y, **across)


def year_chart(
    title: str,
    description: str,
    years: Sequence[tuple[str, Number | None]],
    *,
    unit: Unit,
    what: str,
    label: str = "Vad",
    caption: str = "",
    height: int = 118,
) -> Chart:
    """One column a year from zero, with its number on top; the last is the year reported. Its numbers stand in a table
    with a column for each year. A year without a value says ``iu.``
    """
    high = max([_shown(number, unit) or 0.0 for _, number in years], default=0.0)
    top = (high or 1.0) * (1 + (SIZE + 6) / height)
    last = years[-1][0] if years else ""
    room = APART * max(len(years), 1)
    rows: list[Spec] = [
        {
            "x": year,
            "v": _shown(number, unit) or 0.0,
            "t": number.text if number else MISSING,
            "c": "nu" if year == last else "förr",
        }
        for year, number in years
    ]
    x: Spec = {
        "field": "x",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": [year for year, _ in years], "range": [0, room]},
    }
    x["axis"] = {"title": None, "labelAngle": 0, "domain": False, "ticks": False, "labelPadding": 6}
    y: Spec = {
        "field": "v",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0.0, top], "nice": False},
    }
    text = {"field": "t", "type": "nominal"}
    layers = []
    for when, style in (("förr", "past-bars"), ("nu", "bars")):
        mark: Spec = {"type": "bar", "style": style, "width": WIDEST}
        layers.append(_layer([row for row in rows if row["c"] == when], mark, x=x, y=y, y2={"datum": 0}))
    layers += [
        zero_line(y, room),
        _layer(rows, {"type": "text", "style": "top-label"}, x=x, y=y, text=text),
    ]
    cells: dict[str, Cell] = {"vad": what, **dict(years)}
    columns = (Column("vad", label, "text"), *(Column(year, year, "number", unit) for year, _ in years))
    table = Table(caption or TABLE_CAPTION, columns, (Row("vad", cells),), _unit_note(unit))
    return Chart(title, description, _spec(height, layers, top=4, bottom=20), table)


def pair_chart(
    title: str,
    description: str,
    pairs: Sequence[Pair],
    periods: tuple[str, str],
    *,
    caption: str = "",
    height: int = 118,
) -> Chart:
    """Two columns for each group from zero, the earlier in grey and the later in colour, with their numbers on top. The
    periods are named once, above, in their own colours. A value that is missing says ``iu.``
    """
    known = [number for _, *both in pairs for number in both if number.value is not None]
    unit, digits = (known[0].unit, known[0].digits) if known else (Unit.COUNT, None)
    top = (max((_shown(number, unit) or 0.0 for number in known), default=0.0) or 1.0) * (
        1 + (SIZE + 6) / height
    )
    room = min(WIDTH - 4, PAIR * max(len(pairs), 1))
    groups = [_wrapped(name, room / max(len(pairs), 1) - 10) for name, _, _ in pairs]
    rows: list[Spec] = [
        {"g": group, "p": period, "v": _shown(number, unit) or 0.0, "t": number.text}
        for group, (_, now, before) in zip(groups, pairs, strict=True)
        for period, number in zip(periods, (before, now), strict=True)
    ]
    x: Spec = {"field": "g", "type": "nominal", "sort": None}
    x["scale"] = {"domain": groups, "range": [0, room], "paddingInner": 0.3, "paddingOuter": 0.15}
    lines = "split(datum.label, '\\n')"
    x["axis"] = {
        "title": None,
        "labelAngle": 0,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "labelExpr": lines,
    }
    offset: Spec = {
        "field": "p",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": list(periods), "paddingInner": 0.06},
    }
    y: Spec = {
        "field": "v",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0.0, top], "nice": False},
    }
    text = {"field": "t", "type": "nominal"}
    layers: list[Spec] = []
    at = 0.0
    for period, style, key_style in zip(periods, ("past-bars", "bars"), ("past-key", "now-key"), strict=True):
        own = [row for row in rows if row["p"] == period]
        layers.append(_layer(own, {"type": "bar", "style": style}, x=x, xOffset=offset, y=y, y2={"datum": 0}))
        where: Spec = {"x": {"value": at}, "y": {"value": -14}, "text": text}
        layers.append(_layer([{"t": f"■ {period}"}], {"type": "text", "style": key_style}, **where))
        at += key_room(period)
    layers += [
        zero_line(y, room),
        _layer(rows, {"type": "text", "style": "top-label"}, x=x, xOffset=offset, y=y, text=text),
    ]
    columns = (
        Column("serie", "Grupp", "text"),
        *(Column(period, period, "number", unit, digits) for period in periods),
    )
    table_rows = tuple(
        Row(name, {"serie": name, periods[0]: before, periods[1]: now}) for name, now, before in pairs
    )
    table = Table(caption or TABLE_CAPTION, columns, table_rows, _unit_note(unit))
    bottom = 8 + 12 * max((name.count("\n") + 1 for name in groups), default=1)
    return Chart(title, description, _spec(height, layers, top=24, bottom=bottom), table)
