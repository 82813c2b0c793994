"""Volumes of supports: a table per area with the measured dates beside each other, and a chart of one support."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from roder.core.numbers import Unit
from roder.economy import rules
from roder.economy.pages.reading import Reading
from roder.economy.pages.words import month_and_year
from roder.organisation.models import Body
from roder.reports.charts import Series, grouped_bar_chart
from roder.reports.document import Chart, Column, Number, Row, Table
from roder.steering.modelfile import SteeringModel
from roder.steering.modelfile.codes import VolumeUnit
from roder.steering.modelfile.economy import SupportRow, Supports
from roder.steering.models import Occasion

COUNT, HOURS = "volymer.antal", "volymer.timmar"
TOTAL, NOT_SPLIT = "totalt", "ej_uppdelat"
RUNS = {
    "egen": "egen regi",
    "extern": "extern regi",
    "annan_namnd": "annan nämnd",
    NOT_SPLIT: "inte uppdelat",
}
SHOWN_DATES = 6
UNITS = {VolumeUnit.PERSONS: "personer", VolumeUnit.PLACES: "platser"}


@dataclass(frozen=True)
class VolumesPage:
    """Tables by area, the chart of the chosen support, and the supports one may choose between."""

    tables: tuple[Table, ...]
    chart: Chart | None
    chosen: str
    supports: tuple[tuple[str, str], ...]
    older: bool


def volumes(committee: Body, occasion: Occasion, model: SteeringModel, chosen: str = "") -> VolumesPage:
    """Read and lay out the page: one query. ``chosen`` is the support of the chart (the first when unknown)."""
    supports = model.supports
    if supports is None:
        return VolumesPage((), None, "", (), older=False)
    reading = Reading(committee, occasion)
    reading.fetch([COUNT, HOURS])
    dates = _dates(reading)
    measured = [one for one in dates if not one.endswith("p")]
    shown = [*measured[-SHOWN_DATES:], *(one for one in dates if one.endswith("p"))]
    known = {row.key[0] for name in (COUNT, HOURS) for row in reading.rows(name)}
    rows = [row for row in supports.rows if row.code in known]
    support = next((row for row in rows if row.code == chosen), rows[0] if rows else None)
    return VolumesPage(
        tuple(_tables(reading, supports, rows, shown)),
        _chart(reading, support, shown) if support else None,
        support.code if support else "",
        tuple((row.code, row.label) for row in rows),
        older=len(measured) > SHOWN_DATES,
    )


def _dates(reading: Reading) -> list[str]:
    """Every measured date, oldest first, and then the forecasts."""
    found = {row.key[2] for name in (COUNT, HOURS) for row in reading.rows(name)}
    return sorted(found, key=lambda day: (day.endswith("p"), day))


def _title(day: str) -> str:
    when = month_and_year(date.fromisoformat(day.removesuffix("p")))
    return f"Prognos {when}" if day.endswith("p") else when.capitalize()


def _tables(
    reading: Reading, supports: Supports, rows: Sequence[SupportRow], dates: Sequence[str]
) -> list[Table]:
    columns = (Column("rad", "Insats", "text"), *(Column(day, _title(day), unit=Unit.COUNT) for day in dates))
    areas = [(area.code, area.label) for area in supports.areas] or [("", "Insatser")]
    found = []
    for code, label in areas:
        mine = [row for row in rows if row.area == code or (not supports.areas)]
        lines = [line for row in mine for line in _support_lines(reading, row, dates)]
        codes = {row.code for row in mine}
        lines += [
            _place_sum(reading, one.code, one.label, one.sum_of, dates)
            for one in supports.sums
            if set(one.sum_of) & codes
        ]
        if lines:
            found.append(
                Table(label, columns, tuple(lines), "platser, personer och timmar", (), f"omrade-{code}")
            )
    return found


def _support_lines(reading: Reading, row: SupportRow, dates: Sequence[str]) -> list[Row]:
    """A support's total and under it who runs it, in number and where they are counted in hours a month."""
    lines: list[Row] = []
    for name, word in ((COUNT, UNITS.get(row.unit, "")), (HOURS, "timmar per månad")):
        runs = {value.key[1] for value in reading.rows(name) if value.key[0] == row.code}
        if not runs:
            continue
        parts = [run for run in RUNS if run in runs and run != NOT_SPLIT]
        label = f"{row.label}, {word}" if word else row.label
        lines.append(_line(reading, name, row.code, TOTAL, label, dates))
        lines += [
            _line(reading, name, row.code, run, f"varav {RUNS[run]}", dates)
            for run in parts
            if len(parts) > 1
        ]
    return lines


def _line(reading: Reading, name: str, support: str, run: str, label: str, dates: Sequence[str]) -> Row:
    cells = {day: reading.number(name, support, run, day) for day in dates}
    return Row(f"{name}/{support}/{run}", {"rad": label, **cells}, "normal" if run == TOTAL else "sub")


def _place_sum(reading: Reading, code: str, label: str, supports: Sequence[str], dates: Sequence[str]) -> Row:
    """A sum of several supports' places, which is no figure of its own; in the workbook it is a formula."""
    cells = {
        day: Number(
            rules.places({one: reading.value(COUNT, one, TOTAL, day) for one in supports}, supports),
            Unit.COUNT,
        )
        for day in dates
    }
    known = {row.key[0] for row in reading.rows(COUNT)}
    sums = tuple(f"{COUNT}/{one}/{TOTAL}" for one in supports) if set(supports) <= known else ()
    return Row(f"summa/{code}", {"rad": label, **cells}, "sum", sums)


def _chart(reading: Reading, support: SupportRow, dates: Sequence[str]) -> Chart | None:
    """The support at each date as bars from zero, a colour for each who runs it."""
    name = COUNT if any(row.key[0] == support.code for row in reading.rows(COUNT)) else HOURS
    word = UNITS.get(support.unit, "") if name == COUNT else "timmar per månad"
    runs = [run for run in RUNS if any(row.key[:2] == (support.code, run) for row in reading.rows(name))]
    series = [
        Series(
            _title(day),
            tuple((RUNS[run].capitalize(), reading.number(name, support.code, run, day)) for run in runs),
        )
        for day in dates
        if any(reading.value(name, support.code, run, day) is not None for run in runs)
    ]
    measured = [
        day
        for day in dates
        if not day.endswith("p") and reading.value(name, support.code, TOTAL, day) is not None
    ]
    if len(series) < 2 or not measured:
        return None
    last = reading.number(name, support.code, TOTAL, measured[-1])
    external = reading.number(name, support.code, "extern", measured[-1])
    tail = f", varav {external.text} i extern regi" if external.value else ""
    when = month_and_year(date.fromisoformat(measured[-1]))
    return grouped_bar_chart(
        f"{support.label}: {last.text} {word} i {when}{tail}",
        f"Stapeldiagram över {support.label.lower()} per mätdatum och regi.",
        series,
        unit=Unit.COUNT,
        digits=0,
        caption=f"{support.label}, {word}",
        label="Mätdatum",
    )
