"""The risk matrix as a picture: every risk in its cell, with the movement since last year, headed by the finding."""

from __future__ import annotations

from dataclasses import dataclass

from roder.control.rules.scales import Scale, value
from roder.core.numbers import Unit
from roder.core.words import joined
from roder.reports.base import Page
from roder.reports.charts import WIDTH
from roder.reports.control_parts import IMPACT, LIKELIHOOD, WORTH, analysis
from roder.reports.document import Cell, Chart, Column, Row, Table
from roder.reports.facts_control import RiskFact
from roder.reports.render.drawing import SIZE, Spec
from roder.reports.render.layout import ems

MOST_IN_CELL = 12  # numbers of risks in a cell; beyond it the cell says how many
MOST_NAMED = 6  # risks in the finding
CELL_HEIGHT = 46
TOP, BOTTOM = 22, 42  # room for what the axes are called


@dataclass(frozen=True)
class RiskMatrix:
    """The matrix of the year's risks by the scale of the analysis. Risks scored by another scale stand in the table."""

    def write(self, page: Page) -> None:
        """Draw it, where any risk is scored."""
        made = analysis(page)
        placed = [one for one in made.risks if one.likelihood is not None and one.own_scale]
        if not placed:
            return
        page.add(
            Chart(_finding(made.scale, placed), _described(made.scale, placed), _spec(made.scale, placed),
                  _table(page, made.scale, placed))
        )  # fmt: skip


def _cells(risks: list[RiskFact]) -> dict[tuple[int, int], list[RiskFact]]:
    found: dict[tuple[int, int], list[RiskFact]] = {}
    for one in risks:
        found.setdefault((one.likelihood or 0, one.impact or 0), []).append(one)
    return found


def _finding(scale: Scale, risks: list[RiskFact]) -> str:
    """What the picture shows: the highest value and whose it is, held against the scale's highest."""
    worth = {one.code: value(one.likelihood or 0, one.impact or 0) for one in risks}
    highest, top = max(worth.values()), scale.values[-1]
    names = [one.name for one in risks if worth[one.code] == highest]
    who = f"{len(names)} risker har" if len(names) > MOST_NAMED else f"Risk {joined(names)} har"
    if highest == top:
        return f"{who} det högsta riskvärde som skalan har, {top}"
    return f"{who} högst riskvärde, {highest} av {top} möjliga"


def _described(scale: Scale, risks: list[RiskFact]) -> str:
    parts = [
        f"{scale.likelihood.label} {likelihood} och {scale.impact.label.lower()} {impact}: "
        f"risk {joined([one.name for one in found])}"
        for (likelihood, impact), found in sorted(_cells(risks).items(), reverse=True)
    ]
    return (
        f"Matris med {scale.likelihood.label.lower()} uppåt och {scale.impact.label.lower()} åt höger, {scale.size}. "
        f"{'. '.join(parts)}."
    )


def _words(found: list[RiskFact], room: float) -> list[str]:
    """The lines of a cell: the risks' numbers with arrows, as far as there is room for them."""
    if len(found) > MOST_IN_CELL:
        return [f"{len(found)} risker"]
    lines = [""]
    for one in found:
        longer = f"{lines[-1]}  {one.name}{one.arrow}".strip()
        if lines[-1] and ems(longer) * SIZE > room:
            lines.append(f"{one.name}{one.arrow}")
        else:
            lines[-1] = longer
    return lines


def _spec(scale: Scale, risks: list[RiskFact]) -> Spec:
    ups, rights = scale.likelihood.values, scale.impact.values
    left = round(max(ems(step.words) for step in scale.likelihood.steps) * SIZE * 1.06 + 16)
    width, height = WIDTH - left - 6, CELL_HEIGHT * len(ups)
    room = width / len(rights) - 26
    top, found = scale.values[-1], _cells(risks)
    rows: list[Spec] = []
    for up, right in scale.cells():
        inside = found.get((up, right), [])
        worth = value(up, right)
        rows.append(
            {
                "x": str(right),
                "y": str(up),
                "o": round(0.04 + 0.5 * (worth / top) ** 1.5, 3),
                "v": str(worth),
                "t": "\n".join(_words(inside, room)) if inside else "",
            }
        )
    x: Spec = {
        "field": "x", "type": "ordinal", "sort": None,
        "scale": {"domain": [str(one) for one in rights], "paddingInner": 0.04, "paddingOuter": 0},
        "axis": {
            "title": scale.impact.label, "titlePadding": 6, "labelAngle": 0, "domain": False, "ticks": False,
            "labelExpr": _named([(step.value, step.label) for step in scale.impact.steps]),
        },
    }  # fmt: skip
    y: Spec = {
        "field": "y", "type": "ordinal", "sort": None,
        "scale": {"domain": [str(one) for one in reversed(ups)], "paddingInner": 0.04, "paddingOuter": 0},
        "axis": {
            "title": scale.likelihood.label, "titleAngle": 0, "titleAlign": "left", "titleBaseline": "bottom",
            "titleX": 4 - left, "titleY": -8, "domain": False, "ticks": False,
            "labelExpr": _named([(step.value, step.label) for step in scale.likelihood.steps]),
        },
    }  # fmt: skip
    text: Spec = {"field": "t", "type": "nominal"}
    corner: Spec = {"field": "v", "type": "nominal"}
    opacity: Spec = {"field": "o", "type": "quantitative", "scale": None}
    half = width / len(rights) / 2
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "autosize": "none",
        "padding": {"left": left, "right": 6, "top": TOP, "bottom": BOTTOM},
        "width": width,
        "height": height,
        "layer": [
            {
                "data": {"values": rows},
                "mark": {"type": "rect", "style": "matrix-cell"},
                "encoding": {"x": x, "y": y, "fillOpacity": opacity},
            },
            {
                "data": {"values": rows},
                "mark": {"type": "text", "style": "cell-corner", "dx": half - 5, "dy": -CELL_HEIGHT / 2 + 9},
                "encoding": {"x": x, "y": y, "text": corner},
            },
            *(
                {
                    "data": {"values": [one]},
                    "mark": {
                        "type": "text", "style": "cell-label", "lineBreak": "\n",
                        "dy": -5.5 * one["t"].count("\n"),
                    },
                    "encoding": {"x": x, "y": y, "text": text},
                }
                for one in rows
                if one["t"]
            ),
        ],
    }  # fmt: skip


def _named(steps: list[tuple[int, str]]) -> str:
    """An expression that gives a step's number with its label."""
    labels = ", ".join(f"'{number}': '{number} {_quoted(label)}'" for number, label in steps if label)
    return f"({{{labels}}})[datum.label] || datum.label" if labels else "datum.label"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", " ")


def _table(page: Page, scale: Scale, risks: list[RiskFact]) -> Table:
    """The numbers of the picture: the risks by value, the highest first."""
    ordered = sorted(risks, key=lambda one: -value(one.likelihood or 0, one.impact or 0))
    rows = []
    for one in ordered:
        cells: dict[str, Cell] = {
            "risk": f"{one.name}. {one.text}",
            "sannolikhet": page.number(LIKELIHOOD, one.code),
            "konsekvens": page.number(IMPACT, one.code),
            "varde": page.number(WORTH, one.code),
        }
        rows.append(Row(one.code, cells))
    return Table(
        "Risker i matrisen",
        (
            Column("risk", "Risk", "text"),
            Column("sannolikhet", scale.likelihood.label, unit=Unit.COUNT),
            Column("konsekvens", scale.impact.label, unit=Unit.COUNT),
            Column("varde", "Riskvärde", unit=Unit.COUNT),
        ),
        tuple(rows),
        "",
        anchor="riskmatris",
    )
