"""Charts drawn: Vega-Lite through vl-convert, with the report's font and colours, as SVG or PNG.

The first drawing in a process takes about a second (the JavaScript engine starts; `warm_up` does it ahead
of time), later ones some 50 ms, repeated ones nothing: drawings are kept by content.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections import OrderedDict
from functools import cache
from typing import Any, Literal, TypeAlias

from roder.reports.document import Chart
from roder.reports.render import drawer
from roder.reports.render.engine import engine

Theme: TypeAlias = Literal["light", "dark"]
Spec: TypeAlias = dict[str, Any]

FONT = "'Source Sans 3', sans-serif"  # quoted: a name with a digit is otherwise not found
SIZE = 9.5

PALETTES: dict[Theme, dict[str, Any]] = {
    "light": {
        "series": ["#0f4c5c", "#a85b00", "#3767b0", "#8c3b6b", "#56702f"],
        "ink": "#1b2327",
        "muted": "#56636a",
        "rule": "#d5dbde",
        "target": "#a32a2b",
        "benchmark": "#6b777d",
        "past": "#7f9098",
    },
    "dark": {
        "series": ["#6fc3d3", "#eaa956", "#92b6f2", "#de93bd", "#aac982"],
        "ink": "#e8edef",
        "muted": "#a9b5bb",
        "rule": "#3a464c",
        "target": "#f0908c",
        "benchmark": "#98a4aa",
        "past": "#71828a",
    },
}


def chart_svg(chart: Chart, theme: Theme = "light") -> str:
    """The chart as SVG with transparent background, without inline styles (for a strict content policy).

    Drawn once per process and content; the same chart again comes from memory.
    """
    return _drawn(chart.spec, theme)


def chart_png(chart: Chart, scale: float = 3.0) -> bytes:
    """The chart as PNG on white for Word, ``scale`` pixels to the point (3 is about 216 dots per inch)."""
    svg = _drawn(chart.spec, "light")
    key = _key("png", scale, svg)
    if (found := _memory.get(key)) is None:
        white = svg.replace(">", '><rect width="100%" height="100%" fill="#ffffff"/>', 1)
        found = _memory.put(key, _engine().svg_to_png(white, scale=scale))
    return bytes(found)


def warm_up() -> None:
    """Start the drawing engine now (about a second), so that the first chart somebody asks for is quick."""
    _drawn(
        {"width": 9, "height": 9, "data": {"values": [{"v": 0}]}, "mark": {"type": "point", "style": "dot"}},
        "light",
    )


def palette_css(selector: str) -> str:
    """CSS that turns a light chart inside ``selector`` dark: a style rule beats the SVG's own attributes."""
    light, dark = (_flat(PALETTES[theme]) for theme in ("light", "dark"))
    rules = []
    for name, colour in light.items():
        for attribute in ("fill", "stroke"):
            rules.append(f'{selector} [{attribute}="{colour}"]{{{attribute}:{dark[name]}}}')
    return "\n".join(rules)


def _flat(palette: dict[str, Any]) -> dict[str, str]:
    named = {name: colour for name, colour in palette.items() if name != "series"}
    return named | {f"series-{number}": colour for number, colour in enumerate(palette["series"])}


class _Memory:
    """The last drawings, by content. A drawing is some 10 kB, so 200 of them are nothing."""

    def __init__(self, size: int) -> None:
        self._size, self._kept, self._lock = size, OrderedDict[str, str | bytes](), threading.Lock()

    def get(self, key: str) -> Any:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: str, value: Any) -> Any:
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return value


_memory = _Memory(200)


def _key(*parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _engine() -> Any:
    """The process that draws for all web processes, where there is one; else the engine in this process."""
    return drawer.Drawer() if drawer.found() else engine()


def _drawn(spec: Spec, theme: Theme) -> str:
    key = _key("svg", theme, spec)
    if (found := _memory.get(key)) is not None:
        return str(found)
    svg = _engine().vegalite_to_svg({**spec, "config": _config(theme)}, format_locale="sv-SE")
    return str(_memory.put(key, _cleaned(svg, key[:8])))


def _cleaned(svg: str, name: str) -> str:
    """Drop what Vega says in English to screen readers, its inline styles, and identifiers shared between
    charts.
    """
    svg = re.sub(r' (?:aria-[a-z]+|role|class|style)="[^"]*"', "", svg)
    svg = re.sub(r'id="(clip|gradient)', rf'id="{name}-\1', svg)
    svg = re.sub(r"url\(#(clip|gradient)", rf"url(#{name}-\1", svg)
    return svg.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "").replace(
        ' fill="none" stroke="none"', ""
    )


def _config(theme: Theme) -> Spec:
    colours = PALETTES[theme]
    words = {"font": FONT, "fontSize": SIZE, "color": colours["ink"]}
    end = {"font": FONT, "fontSize": SIZE, "align": "left", "baseline": "middle", "fontWeight": 600}
    return {
        "background": None,
        "font": FONT,
        "view": {"stroke": None},
        "range": {"category": colours["series"]},
        "axis": {
            "labelFont": FONT,
            "labelFontSize": SIZE,
            "labelColor": colours["muted"],
            "gridColor": colours["rule"],
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "grid": False,
            "labelLimit": 0,
            "labelLineHeight": 12,
            "titleFont": FONT,
            "titleFontSize": SIZE,
            "titleFontWeight": 600,
            "titleColor": colours["ink"],
        },
        "axisX": {"domain": True, "domainColor": colours["muted"]},
        "axisY": {"labelColor": colours["ink"]},
        "style": {
            "series": {"strokeWidth": 2.2, "strokeCap": "round", "strokeJoin": "round"},
            "dot": {"size": 26, "opacity": 1, "strokeWidth": 0, "filled": True},
            "benchmark": {"color": colours["benchmark"], "strokeWidth": 1.6, "strokeDash": [2, 3]},
            "target": {"color": colours["target"], "strokeWidth": 1.2, "strokeDash": [6, 3]},
            "bars": {"color": colours["series"][0]},
            "past-bars": {"color": colours["past"]},
            "zero": {"color": colours["muted"], "strokeWidth": 1},
            "end-label": end,
            "now-key": {**end, "color": colours["series"][0]},
            "past-key": {**end, "color": colours["benchmark"]},
            "target-label": {**end, "color": colours["target"]},
            "benchmark-label": {**end, "color": colours["benchmark"], "fontWeight": 400},
            "bar-label": {**words, "align": "left", "baseline": "middle", "dx": 5},
            "bar-label-left": {**words, "align": "right", "baseline": "middle", "dx": -5},
            "top-label": {**words, "align": "center", "baseline": "bottom", "dy": -3},
            "matrix-cell": {"color": colours["series"][1], "stroke": colours["rule"], "strokeWidth": 1},
            "cell-label": {**words, "align": "center", "baseline": "middle", "fontWeight": 600},
            "cell-corner": {
                **end,
                "align": "right",
                "color": colours["muted"],
                "fontSize": 7.5,
                "fontWeight": 400,
            },
            "low-label": {**words, "align": "center", "baseline": "top", "dy": 3},
        },
    }
