"""Investments per category and project, as printed at a follow-up or in the plan."""

from __future__ import annotations

from collections.abc import Sequence

from roder.core.numbers import Unit
from roder.economy.pages.reading import Reading, Value
from roder.organisation.models import Body
from roder.reports.document import Column, Inline, Row, RowKind, Table
from roder.steering.modelfile import SteeringModel
from roder.steering.models import Occasion

NAME = "ekonomi.investeringar."
BUDGET, FORECAST, VARIANCE = f"{NAME}budget", f"{NAME}prognos", f"{NAME}avvikelse"
OUTCOME, LAST_YEAR, CHANGE = f"{NAME}utfall", f"{NAME}utfall_foregaende_ar", f"{NAME}forandring"
YEARS = f"{NAME}budget_per_ar"
TOTAL = "totalt"


def investments(
    committee: Body, occasion: Occasion, model: SteeringModel
) -> tuple[Table | None, tuple[Inline, ...]]:
    """The table of the occasion and its finding in a sentence; no table when nothing is registered."""
    unit = Unit(model.investments.print_unit) if model.investments else Unit.TKR
    reading = Reading(committee, occasion, unit)
    if occasion.kind == Occasion.Kind.PLAN:
        reading.fetch([YEARS])
        return _plan(reading, occasion), ()
    reading.fetch([BUDGET, FORECAST, VARIANCE, OUTCOME, LAST_YEAR, CHANGE])
    return _follow_up(reading, occasion), _finding(reading)


def _finding(reading: Reading) -> tuple[Inline, ...]:
    forecast, budget = (
        reading.number(name, TOTAL, unit=Unit.MKR, suffix=True) for name in (FORECAST, BUDGET)
    )
    if forecast.value is None or budget.value is None:
        return ()
    return ("Investeringarna väntas kosta ", forecast, " av budgeterade ", budget, ".")


def _lines(values: list[Value]) -> list[tuple[str, str, RowKind, tuple[str, ...]]]:
    """Code, label, kind and what it sums: a category stands over its projects, the total last."""
    found: list[tuple[str, str, RowKind, tuple[str, ...]]] = []
    codes = list(dict.fromkeys(row.key[0] for row in values))
    labels = {row.key[0]: row.label for row in values}
    categories = [code for code in codes if "/" not in code and code != TOTAL]
    for code in codes:
        if code == TOTAL:
            found.append((code, labels[code], "sum", tuple(categories)))
        elif "/" in code:
            found.append((code, labels[code], "sub", ()))
        else:
            found.append(
                (code, labels[code], "sum", tuple(one for one in codes if one.startswith(f"{code}/")))
            )
    return found


def _table(
    reading: Reading,
    caption: str,
    columns: Sequence[tuple[Column, str, tuple[str, ...]]],
    lines: list[tuple[str, str, RowKind, tuple[str, ...]]],
    notes: tuple[str, ...],
) -> Table:
    rows = [
        Row(
            code,
            {
                "rad": label,
                **{column.key: reading.number(name, code, *rest) for column, name, rest in columns},
            },
            kind,
            sums,
        )
        for code, label, kind, sums in lines
    ]
    first = Column("rad", "Kategori och projekt", "text")
    return Table(
        caption,
        (first, *(column for column, _, _ in columns)),
        tuple(rows),
        reading.money.value,
        notes,
        "investeringar",
    )


def _follow_up(reading: Reading, occasion: Occasion) -> Table | None:
    if not reading.has_values(BUDGET, FORECAST, OUTCOME):
        return None
    year, unit = occasion.year, reading.money
    columns: list[tuple[Column, str, tuple[str, ...]]] = [
        (Column("budget", f"Budget {year}", unit=unit), BUDGET, ()),
        (Column("prognos", "Prognos helår", unit=unit), FORECAST, ()),
        (
            Column("avvikelse", "Budget − prognos", unit=unit, formula=("budget", "-", "prognos")),
            VARIANCE,
            (),
        ),
    ]
    if occasion.kind in (Occasion.Kind.INTERIM, Occasion.Kind.ANNUAL) or reading.has_values(OUTCOME):
        columns += [
            (Column("utfall", f"Utfall {year}", unit=unit), OUTCOME, ()),
            (Column("utfall_fore", f"Utfall {year - 1}", unit=unit), LAST_YEAR, ()),
            (Column("differens", "Differens", unit=unit, formula=("utfall", "-", "utfall_fore")), CHANGE, ()),
        ]
    notes = (
        "Utgifter står utan minus. Avvikelsen är budget minus prognos: plus är lägre utgift än budgeten.",
    )
    return _table(reading, f"Investeringar, {occasion.name}", columns, _lines(reading.rows(BUDGET)), notes)


def _plan(reading: Reading, occasion: Occasion) -> Table | None:
    values = reading.rows(YEARS)
    years = sorted({row.key[1] for row in values if row.value is not None})
    if not years:
        return None
    columns = [
        (
            Column(
                f"ar{year}",
                f"{'Budget' if int(year) <= occasion.year else 'Plan'} {year}",
                unit=reading.money,
            ),
            YEARS,
            (year,),
        )
        for year in years
    ]
    caption = (
        f"Investeringsbudget {years[0]}–{years[-1]}" if len(years) > 1 else f"Investeringsbudget {years[0]}"
    )
    return _table(reading, caption, columns, _lines(values), ("Utgifter står utan minus.",))
