"""Parts of the report of the year: the annual wheel as a picture and as a table. See `roder.reports.base`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from roder.core.words import joined
from roder.followup.rules import wheel as rules
from roder.followup.rules.wheel import Ring
from roder.reports.base import Page
from roder.reports.charts import WIDTH
from roder.reports.document import Cell, Chart, Column, Paragraph, PlainTable, Row, Table
from roder.reports.facts_year import WheelFact, YearFacts
from roder.reports.render.drawing import PALETTES, Spec

NUMBERED = (Column("nr", "Nr", "text"), Column("nar", "När", "text"), Column("vad", "Vad", "text"))


def year(page: Page) -> YearFacts:
    """The facts of the wheel and the plans; none at all where the occasion has no such."""
    return page.facts.year_plan or YearFacts()


def has_wheel(page: Page) -> bool:
    """Whether anything stands on the year's wheel."""
    return bool(year(page).wheel)


# --- as a table ------------------------------------------------------------------------------------------------------


def _row(one: WheelFact, key: str) -> Row:
    cells: dict[str, Cell] = {
        "nr": str(one.number),
        "nar": one.when,
        "vad": f"{one.title} ({one.whom})" if one.whom else one.title,
        "ring": one.ring,
        "vem": ", ".join(part for part in (one.role, one.body) if part),
    }
    return Row(key, cells)


def wheel_table(facts: Iterable[WheelFact], of_year: int) -> Table:
    """Everything on the wheel in order, with the numbers that the picture has, a heading for each month."""
    rows: list[Row] = []
    headed: set[tuple[int, int]] = set()
    first = (of_year, 1)
    for place, one in enumerate(facts):
        month = max(first, (one.day.year, one.day.month))
        if month not in headed:
            headed.add(month)
            rows.append(Row(f"manad-{month[0]}-{month[1]}", {"nr": rules.month_name(*month)}, "sub"))
        rows.append(_row(one, f"rad-{place}"))
    columns = (*NUMBERED, Column("ring", "Ring", "text"), Column("vem", "Vem", "text"))
    return PlainTable(f"Årshjul {of_year}/{of_year + 1}", columns, tuple(rows), "", anchor="arshjul")


@dataclass(frozen=True)
class WheelTable:
    """The list of the year."""

    def write(self, page: Page) -> None:
        """Write it."""
        page.add(wheel_table(year(page).wheel, page.facts.year))


# --- as a picture ----------------------------------------------------------------------------------------------------

_LIGHT = PALETTES["light"]
#: ring -> the colour of its marks
COLOURS = {ring: _LIGHT["series"][place] for place, ring in enumerate(Ring)}
#: The picture is narrower than the page, so that its heading and its numbers have room beside it.
DRAWN = 384
SCALE = DRAWN / rules.SIZE


@dataclass(frozen=True)
class WheelChart:
    """The year as a wheel: twelve months, a ring for each kind, a number for each day on which something happens."""

    kinds: tuple[Ring, ...] = field(default=tuple(Ring))

    def write(self, page: Page) -> None:
        """Draw it."""
        facts = [one for one in year(page).wheel if Ring(one.ring_code) in self.kinds]
        of_year = page.facts.year
        rings = [ring.label.lower() for ring in self.kinds]
        page.add(
            Paragraph(
                (
                    f"Varje märke är en dag med ett nummer i listan. Ringarna är, utifrån och in: {joined(rings)}. "
                    f"Ihåliga märken är januari och februari {of_year + 1}.",
                )
            )
        )
        page.add(
            Chart(_finding(facts), _described(facts, of_year), wheel_spec(facts, of_year), _counts(facts))
        )


def _finding(facts: Sequence[WheelFact]) -> str:
    months: dict[tuple[int, int], int] = {}
    for one in facts:
        month = (one.day.year, one.day.month)
        months[month] = months.get(month, 0) + 1
    if not months:
        return "Inget står på årshjulet"
    most = max(months.values())
    named = [rules.month_name(*month).lower() for month, count in sorted(months.items()) if count == most]
    return f"Mest händer i {named[0]}: {most} av årets {len(facts)} punkter" if len(named) == 1 else (
        f"Årshjulet har {len(facts)} punkter"
    )  # fmt: skip


def _described(facts: Sequence[WheelFact], of_year: int) -> str:
    rings = [
        f"{ring.label.lower()} {sum(one.ring_code == ring for one in facts)}"
        for ring in Ring
        if any(one.ring_code == ring for one in facts)
    ]
    return (
        f"Årets tolv månader som en ring med januari {of_year} överst till höger. Utifrån och in: {', '.join(rings)} "
        f"punkter. Siffran i varje märke är numret i listan. Ihåliga märken är januari och februari {of_year + 1}."
    )


def _counts(facts: Sequence[WheelFact]) -> Table:
    """How many of each ring in each month: the numbers of the picture."""
    found: dict[tuple[int, int], dict[str, int]] = {}
    for one in facts:
        inside = found.setdefault((one.day.year, one.day.month), {})
        inside[one.ring_code] = inside.get(one.ring_code, 0) + 1
    rows = []
    for month, inside in sorted(found.items()):
        cells: dict[str, Cell] = {"manad": rules.month_name(*month)}
        cells |= {ring.value: str(inside.get(ring.value, "")) for ring in Ring}
        rows.append(Row(f"{month[0]}-{month[1]}", cells))
    columns = (Column("manad", "Månad", "text"), *(Column(ring.value, ring.label, "text") for ring in Ring))
    return Table("Punkter per månad och ring", columns, tuple(rows), "", anchor="arshjul-antal")


def wheel_spec(facts: Sequence[WheelFact], of_year: int) -> Spec:
    """The wheel as a drawing: every place is worked out by the rules that the page draws by."""
    shown = rules.stops(
        rules.Event(one.day, one.title, Ring(one.ring_code), end=one.last if one.last > one.day else None)
        for one in facts
    )
    marks = rules.placed(shown, of_year)
    beside = round((WIDTH - DRAWN) / 2)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "autosize": "none",
        "padding": {"left": beside, "right": beside, "top": 2, "bottom": 2},
        "width": DRAWN,
        "height": DRAWN,
        "layer": [*_sectors(), *_spans(marks), *_months(of_year), *_marks(marks), _middle(of_year)],
    }


def _at(name: str) -> Spec:
    """A place in the picture along an axis that is not drawn."""
    domain = [0, rules.SIZE] if name == "x" else [rules.SIZE, 0]
    return {"field": name, "type": "quantitative", "scale": {"domain": domain}, "axis": None}


def _layer(values: list[dict[str, Any]], mark: Spec, **more: Spec) -> Spec:
    return {"data": {"values": values}, "mark": mark, "encoding": {"x": _at("x"), "y": _at("y"), **more}}


def _sectors() -> list[Spec]:
    values = [
        {
            "a": 2 * rules.pi * (month - 1) / 12,
            "b": 2 * rules.pi * month / 12,
            "r": rules.BANDS[ring][0] * SCALE,
            "s": rules.BANDS[ring][1] * SCALE,
            "o": 0.35 if month % 2 else 0.15,
        }
        for ring in Ring
        for month in range(1, 13)
    ]
    raw = {
        name: {"field": field, "type": "quantitative", "scale": None}
        for name, field in (
            ("theta", "a"),
            ("theta2", "b"),
            ("radius", "r"),
            ("radius2", "s"),
            ("fillOpacity", "o"),
        )
    }
    return [
        {
            "data": {"values": values},
            "mark": {"type": "arc", "fill": _LIGHT["rule"], "stroke": "#ffffff", "strokeWidth": 0.8},
            "encoding": raw,
        }
    ]


def _spans(marks: Iterable[rules.Placed]) -> list[Spec]:
    found = []
    for one, _path in rules.spans(marks):
        first, last = rules.turn(one.stop.day), rules.turn(one.stop.last)
        steps = 12
        points = [rules.point(first + (last - first) * step / steps, one.lane) for step in range(steps + 1)]
        values = [{"x": x, "y": y, "n": place} for place, (x, y) in enumerate(points)]
        order: Spec = {"field": "n", "type": "quantitative"}
        line = {"type": "line", "strokeWidth": 3.5, "strokeCap": "round", "opacity": 0.45,
                "stroke": COLOURS[one.stop.ring]}  # fmt: skip
        found.append(_layer(values, line, order=order))
    return found


def _months(of_year: int) -> list[Spec]:
    values = []
    for month in range(1, 13):
        x, y = rules.point(rules.turn(rules.month_days(of_year, month)[0].replace(day=15)), rules.LABEL)
        values.append({"x": x, "y": y, "t": rules.MONTHS[month - 1][:3]})
    return [_layer(values, {"type": "text", "style": "cell-label"}, text={"field": "t", "type": "nominal"})]


def _marks(marks: Sequence[rules.Placed]) -> list[Spec]:
    found = []
    for ring in Ring:
        for hollow in (False, True):
            values = [
                {"x": one.x, "y": one.y, "t": str(one.stop.number)}
                for one in marks
                if one.stop.ring == ring and one.hollow is hollow
            ]
            if not values:
                continue
            colour = COLOURS[ring]
            area = rules.pi * (rules.MARK * SCALE) ** 2
            disc = {"type": "point", "shape": "circle", "filled": not hollow, "size": area, "opacity": 1,
                    "color": colour, "strokeWidth": 1.2}  # fmt: skip
            if hollow:
                disc |= {"fill": "#ffffff", "stroke": colour}
            word = {"type": "text", "fontSize": 5.6, "fontWeight": 600, "align": "center", "baseline": "middle",
                    "color": _LIGHT["ink"] if hollow else "#ffffff"}  # fmt: skip
            found += [_layer(values, disc), _layer(values, word, text={"field": "t", "type": "nominal"})]
    return found


def _middle(of_year: int) -> Spec:
    values = [{"x": rules.CENTRE, "y": rules.CENTRE, "t": str(of_year)}]
    mark = {"type": "text", "style": "cell-label", "fontSize": 20}
    return _layer(values, mark, text={"field": "t", "type": "nominal"})
