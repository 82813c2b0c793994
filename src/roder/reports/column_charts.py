"""Standing columns over years for reports: one number a year, the year that is reported in full colour.

The years before are drawn in grey, so that the eye goes to what the report is about; every column has its number. See
`roder.reports.charts` for what all charts have in common.
"""

from __future__ import annotations

from collections.abc import Sequence

from roder.core.numbers import MISSING, Unit
from roder.reports.charts import TABLE_CAPTION, _layer, _shown, _spec, _unit_note
from roder.reports.document import Cell, Chart, Column, Number, Row, Table
from roder.reports.render.drawing import SIZE, Spec

WIDEST = 56  # points: a column is no wider, however few the years are


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
    rows: list[Spec] = [
        {
            "x": year,
            "v": _shown(number, unit) or 0.0,
            "t": number.text if number else MISSING,
            "c": "nu" if year == last else "förr",
        }
        for year, number in years
    ]
    x: Spec = {"field": "x", "type": "nominal", "sort": None, "scale": {"domain": [year for year, _ in years]}}
    x["axis"] = {"title": None, "labelAngle": 0, "domain": False, "ticks": False, "labelPadding": 6}
    y: Spec = {"field": "v", "type": "quantitative", "axis": None, "scale": {"domain": [0.0, top], "nice": False}}
    text = {"field": "t", "type": "nominal"}
    layers = []
    for when, style in (("förr", "past-bars"), ("nu", "bars")):
        mark: Spec = {"type": "bar", "style": style, "width": WIDEST}
        layers.append(_layer([row for row in rows if row["c"] == when], mark, x=x, y=y, y2={"datum": 0}))
    layers += [
        _layer([{"v": 0}], {"type": "rule", "style": "zero"}, y=y),
        _layer(rows, {"type": "text", "style": "top-label"}, x=x, y=y, text=text),
    ]
    cells: dict[str, Cell] = {"vad": what, **dict(years)}
    columns = (Column("vad", label, "text"), *(Column(year, year, "number", unit) for year, _ in years))
    table = Table(caption or TABLE_CAPTION, columns, (Row("vad", cells),), _unit_note(unit))
    return Chart(title, description, _spec(height, layers, top=4, bottom=20), table)
