"""The operating table as the municipality prints it, by service where it budgets so, and what it says in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from roder.core.numbers import Unit, round_half_away
from roder.economy.pages.reading import Reading
from roder.economy.pages.rounding import rounding_notes
from roder.economy.pages.services import BY_SERVICE, service_tables
from roder.economy.pages.words import month_of
from roder.economy.rules.forecast import bottom_row
from roder.figures.catalogue.drift import compared_with
from roder.organisation.models import Body
from roder.reports.charts import bar_chart
from roder.reports.document import Chart, Column, Inline, Number, Row, Table
from roder.steering.modelfile import SteeringModel
from roder.steering.modelfile.codes import Sign
from roder.steering.modelfile.economy import AccountRow
from roder.steering.models import Occasion

DRIFT = "ekonomi.drift."
FORECAST = tuple(f"{DRIFT}{name}" for name in ("budget", "prognos", "prognosavvikelse", "prognosforandring"))
OUTCOME = tuple(f"{DRIFT}{name}" for name in ("utfall", "utfall_foregaende_ar", "utfallsforandring"))
YEARS = f"{DRIFT}budget_per_ar"
WITH_OUTCOME = (Occasion.Kind.INTERIM, Occasion.Kind.ANNUAL)


@dataclass(frozen=True)
class OperationsPage:
    """What the page of operations shows. ``compared`` is the occasion that changes are counted from (code, name)."""

    tables: tuple[Table, ...]
    chart: Chart | None
    finding: tuple[Inline, ...]
    compared: tuple[str, str] | None


def operations(
    committee: Body, occasion: Occasion, occasions: Sequence[Occasion], model: SteeringModel
) -> OperationsPage:
    """Read and lay out the page: one query for all figures, one for what the forecast is compared with."""
    reading = Reading(committee, occasion, Unit(model.accounts.print_unit), model.accounts.digits)
    plan = occasion.kind == Occasion.Kind.PLAN
    services = BY_SERVICE if model.services else ()
    bottom = bottom_row(model.accounts.rows)
    others = [one for one in occasions if one.kind != Occasion.Kind.PLAN and one.pk != occasion.pk]
    names = (YEARS, *services) if plan else (*FORECAST, *OUTCOME, *services)
    across = [] if plan else [(f"{DRIFT}prognosavvikelse", reading.at_of(one)) for one in others]
    reading.fetch(names, across)
    if plan:
        tables = [years_table(reading, model, occasion), *service_tables(reading, model, occasion)]
        return OperationsPage(tuple(t for t in tables if t), None, (), None)
    compared = compared_with(reading.source, reading.at)
    before = next((one for one in occasions if compared and one.code == compared[0]), None)
    tables = [table(reading, model, occasion, before), *service_tables(reading, model, occasion)]
    return OperationsPage(
        tuple(t for t in tables if t),
        chart(reading, bottom, occasion, occasions),
        finding(reading, bottom, before),
        compared,
    )


# --- tables ---------------------------------------------------------------------------------------------------------


def _rows(
    reading: Reading, rows: Sequence[AccountRow], columns: Sequence[tuple[str, str, tuple[str, ...]]]
) -> list[Row]:
    """One row per printed row of the steering model; ``columns`` are (key, figure, the rest of the figure's key)."""
    return [
        Row(
            row.code,
            {"rad": row.label, **{key: reading.number(name, row.code, *rest) for key, name, rest in columns}},
            "sum" if row.sum_of else "normal",
            tuple(row.sum_of),
        )
        for row in rows
    ]


def table(
    reading: Reading, model: SteeringModel, occasion: Occasion, before: Occasion | None
) -> Table | None:
    """Budget, forecast, variance and change; at the interim report and the year end the outcome too."""
    outcome = occasion.kind in WITH_OUTCOME or reading.has_values(*OUTCOME[:1])
    columns: list[tuple[Column, str]] = [
        (Column("budget", f"Budget {occasion.year}", unit=reading.money, digits=reading.digits), FORECAST[0]),
        (Column("prognos", "Prognos helår", unit=reading.money, digits=reading.digits), FORECAST[1]),
        (
            Column(
                "avvikelse",
                "Avvikelse",
                unit=reading.money,
                digits=reading.digits,
                formula=("prognos", "-", "budget"),
            ),
            FORECAST[2],
        ),
    ]
    if before is not None:
        columns.append(
            (
                Column(
                    "forandring",
                    f"Ändrad sedan {month_of(before)}",
                    unit=reading.money,
                    digits=reading.digits,
                ),
                FORECAST[3],
            )
        )
    if outcome:
        columns += [
            (
                Column("utfall", f"Utfall {occasion.year}", unit=reading.money, digits=reading.digits),
                OUTCOME[0],
            ),
            (
                Column(
                    "utfall_fore", f"Utfall {occasion.year - 1}", unit=reading.money, digits=reading.digits
                ),
                OUTCOME[1],
            ),
            (
                Column(
                    "differens",
                    "Differens",
                    unit=reading.money,
                    digits=reading.digits,
                    formula=("utfall", "-", "utfall_fore"),
                ),
                OUTCOME[2],
            ),
        ]
    if not reading.has_values(*(name for _, name in columns)):
        return None
    rows = _rows(reading, model.accounts.rows, [(column.key, name, ()) for column, name in columns])
    notes = [
        "Kostnader är negativa. Avvikelsen är prognos minus budget: plus är bättre än budget.",
        *rounding_notes(rows, [column.key for column, _ in columns]),
    ]
    if before is not None:
        notes.append(f"Ändringen är prognosen minus prognosen i {before.name}.")
    return Table(
        f"Drift, {occasion.name}",
        (Column("rad", "Rad", "text"), *(column for column, _ in columns)),
        tuple(rows),
        reading.money.value,
        tuple(notes),
        "drift",
    )


def years_table(reading: Reading, model: SteeringModel, occasion: Occasion) -> Table | None:
    """Budget and plan for the years around the one that is planned."""
    years = sorted({row.key[1] for row in reading.rows(YEARS) if row.value is not None})
    if not years:
        return None
    columns = [
        Column(
            f"ar{year}", f"{'Budget' if int(year) <= occasion.year else 'Plan'} {year}", unit=reading.money
        )
        for year in years
    ]
    named = [(column.key, YEARS, (year,)) for column, year in zip(columns, years, strict=True)]
    rows = _rows(reading, model.accounts.rows, named)
    notes = ("Kostnader är negativa.", *rounding_notes(rows, [column.key for column in columns]))
    caption = f"Ekonomiska ramar {years[0]}–{years[-1]}" if len(years) > 1 else f"Ekonomisk ram {years[0]}"
    return Table(
        caption, (Column("rad", "Rad", "text"), *columns), tuple(rows), reading.money.value, notes, "ramar"
    )


# --- what it says ---------------------------------------------------------------------------------------------------


def shown_sign(value: Decimal | None, unit: Unit = Unit.MKR, digits: int = 1) -> int:
    """-1, 0 or 1 as the value is printed: what rounds to nothing is nothing."""
    if value is None:
        return 0
    rounded = round_half_away(value / unit.divisor, digits)
    return (rounded > 0) - (rounded < 0)


def _size(number: Number) -> Number:
    """The same number without sign, where words say which way it goes."""
    value = None if number.value is None else abs(number.value)
    return Number(value, number.unit, number.digits, False, number.ref, number.suffix)


def finding(reading: Reading, bottom: AccountRow, before: Occasion | None) -> tuple[Inline, ...]:
    """The forecast in a sentence made from the figures, or nothing when there is no forecast."""
    is_result = bottom.sign is Sign.RESULT
    number = reading.number(FORECAST[1 if is_result else 2], bottom.code, unit=Unit.MKR, suffix=True)
    if number.value is None:
        return ()
    way = shown_sign(number.value)
    parts: list[Inline]
    if is_result:
        parts = ["Prognosen visar ett nollresultat"]
        if way:
            parts = [f"Prognosen visar ett {'överskott' if way > 0 else 'underskott'} på ", _size(number)]
    else:
        parts = ["Prognosen är som budgeten"]
        if way:
            parts = [
                "Prognosen är ",
                _size(number),
                " bättre än budgeten" if way > 0 else " sämre än budgeten",
            ]
    moved = reading.number(FORECAST[3], bottom.code, unit=Unit.MKR, suffix=True)
    if before is None or moved.value is None:
        return (*parts, ".")
    changed = shown_sign(moved.value)
    if changed == 0:
        return (*parts, f"; den är oförändrad sedan {month_of(before)}.")
    word = "förbättrats" if changed > 0 else "försämrats"
    return (*parts, f"; den har {word} med ", _size(moved), f" sedan {month_of(before)}.")


def chart(
    reading: Reading, bottom: AccountRow, occasion: Occasion, occasions: Sequence[Occasion]
) -> Chart | None:
    """The variance of the bottom row at each occasion of the year up to this one, as bars from zero."""
    name = f"{DRIFT}prognosavvikelse"
    past = [one for one in occasions if one.kind != Occasion.Kind.PLAN and one.cut_off <= occasion.cut_off]
    bars = [
        (
            month_of(one).capitalize(),
            reading.number(name, bottom.code, code=one.code, unit=Unit.MKR, sign=True),
        )
        for one in past
    ]
    known = [(label, number) for label, number in bars if number.value is not None]
    if len(known) < 2 or len({label for label, _ in bars}) < len(bars):
        return None
    label, last = known[-1]
    way = shown_sign(last.value)
    words = {1: "bättre än budget", -1: "sämre än budget", 0: "lika med budget"}[way]
    amount = f"{_size(last).text} mkr " if way else ""
    first_label, first = known[0]
    title = f"Prognosen i {label.lower()}: {amount}{words} ({first_label.lower()}: {first.text})"
    return bar_chart(
        title,
        f"Stapeldiagram över prognosens avvikelse från budget, {bottom.label.lower()}, vid årets uppföljningar.",
        bars,
        unit=Unit.MKR,
        caption=f"Avvikelse mot budget, {bottom.label.lower()}",
        label="Uppföljning",
        value_label="Avvikelse",
    )
