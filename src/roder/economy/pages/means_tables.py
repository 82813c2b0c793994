"""The tables of means: prepaid income, state grants, resource allocation, the result fund, people who come and go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from roder.core.numbers import Unit, format_number
from roder.economy.models import BudgetVersion
from roder.economy.pages.reading import Reading
from roder.economy.rules.amounts import change
from roder.economy.services import version_in_force
from roder.economy.services.budgets import CONTRIBUTION
from roder.figures import LiveSource, compute
from roder.figures.registry import At
from roder.organisation.models import Body
from roder.reports.document import Cell, Column, FigureRef, Inline, Number, Row, Table
from roder.steering.models import Occasion

TOTAL = "totalt"
PREPAID, GRANTS, ALLOCATION = "ekonomi.forutbetalda.", "ekonomi.statsbidrag.", "ekonomi.resursfordelning."
FUND, MOVES = "ekonomi.resultatfond", "personal.rorelser"


def rows_of(
    reading: Reading,
    columns: Sequence[tuple[Column, str]],
    *,
    parts: Sequence[str] = (),
    totals: Sequence[str] = (TOTAL,),
) -> list[Row]:
    """A row for each key that any of the columns' figures has; ``parts`` are "varav", ``totals`` sums of the others."""
    labels = {value.key[0]: value.label for _, name in columns for value in reading.rows(name)}
    own = [code for code in labels if code not in (*parts, *totals)]
    order = [*own, *(code for code in (*parts, *totals) if code in labels)]
    return [
        Row(
            code,
            {"rad": labels[code], **{column.key: reading.number(name, code) for column, name in columns}},
            "sum" if code in totals else "sub" if code in parts else "normal",
            tuple(own) if code in totals else (),
        )
        for code in order
    ]


def _made(
    reading: Reading,
    caption: str,
    first: str,
    columns: Sequence[tuple[Column, str]],
    notes: tuple[str, ...],
    anchor: str,
    parts: Sequence[str] = (),
) -> Table | None:
    if not reading.has_values(*(name for _, name in columns)):
        return None
    rows = rows_of(reading, columns, parts=parts)
    named = (Column("rad", first, "text"), *(column for column, _ in columns))
    return Table(caption, named, tuple(rows), reading.money.value, notes, anchor)


def prepaid(committee: Body, occasion: Occasion) -> Table | None:
    """Prepaid income at an occasion: budget, forecast, variance, outcome, last year and the difference; at the year end
    the accounts against the budget. One query. None when nothing is registered."""
    names = {
        key: f"{PREPAID}{key}"
        for key in ("budget", "prognos", "avvikelse", "utfall", "bokslutsavvikelse", "utfall_foregaende_ar",
                    "forandring")
    }  # fmt: skip
    reading = Reading(committee, occasion)
    reading.fetch(names.values())
    year, money = occasion.year, reading.money
    annual = occasion.kind == Occasion.Kind.ANNUAL
    word = "Bokslut" if annual else "Utfall"
    outcome = (Column("utfall", f"{word} {year}", unit=money), names["utfall"])
    columns = [(Column("budget", f"Budget {year}", unit=money), names["budget"])]
    if annual:
        columns += [
            outcome,
            (Column("avvikelse", "Avvikelse", unit=money, formula=("utfall", "-", "budget")),
             names["bokslutsavvikelse"]),
        ]  # fmt: skip
    else:
        columns += [
            (Column("prognos", "Prognos helår", unit=money), names["prognos"]),
            (
                Column("avvikelse", "Avvikelse", unit=money, formula=("prognos", "-", "budget")),
                names["avvikelse"],
            ),
            outcome,
        ]
    columns += [
        (Column("fore", f"{word} {year - 1}", unit=money), names["utfall_foregaende_ar"]),
        (Column("differens", "Differens", unit=money, formula=("utfall", "-", "fore")), names["forandring"]),
    ]
    notes = ("Intäkter står utan minus. Avvikelsen är plus när inkomsten är högre än budgeten.",)
    return _made(reading, f"Förutbetalda intäkter, {occasion.name}", "Projekt", columns, notes, "forutbetalda",
                 ("exploatering",))  # fmt: skip


def state_grants(committee: Body, occasion: Occasion) -> tuple[Table | None, tuple[Inline, ...]]:
    """State grants as they stood at an occasion: applied, granted, used and left; and a sentence about them."""
    keys = (("sokt", "Sökt"), ("beviljat", "Beviljat"), ("anvant", "Använt"), ("kvar", "Kvar"))
    reading = Reading(committee, occasion)
    columns = [(Column(key, label, unit=reading.money), f"{GRANTS}{key}") for key, label in keys]
    reading.fetch([name for _, name in columns])
    notes = (
        "Räknat på bidragens egna dagar: det som är sökt, beslutat eller avslaget efter brytdatum är inte med.",
    )
    table = _made(reading, f"Statsbidrag, {occasion.name}", "Statsbidrag", columns, notes, "statsbidrag")
    applied, granted = (
        reading.number(f"{GRANTS}{key}", TOTAL, unit=Unit.MKR, suffix=True) for key in ("sokt", "beviljat")
    )
    if applied.value is None:
        return table, ()
    if granted.value is None:
        return table, ("Nämnden har sökt statsbidrag för ", applied, ".")
    return table, ("Nämnden har sökt statsbidrag för ", applied, ". ", granted, " är beviljat.")


def allocation(committee: Body, occasion: Occasion) -> tuple[Table | None, tuple[Inline, ...]]:
    """What the year's planned changes of volume are worth: volume, change, unit cost and money; and in a sentence."""
    reading = Reading(committee, occasion)
    columns = [
        (Column("volym", "Volym i dag", unit=Unit.COUNT), f"{ALLOCATION}volym"),
        (Column("planerad", "Planerad", unit=Unit.COUNT), f"{ALLOCATION}planerad_volym"),
        (Column("andring", "Ändring", unit=Unit.COUNT, formula=("planerad", "-", "volym")),
         f"{ALLOCATION}volymforandring"),
        (Column("apris", "À-pris, kr", unit=Unit.KRONOR), f"{ALLOCATION}apris"),
        (Column("belopp", "Ger i budget", unit=reading.money), f"{ALLOCATION}belopp"),
    ]  # fmt: skip
    reading.fetch([name for _, name in columns])
    amount = f"{ALLOCATION}belopp"
    if not reading.has_values(amount):
        return None, ()
    rows = []
    for row in rows_of(reading, columns):
        cells = dict(row.cells)
        if row.key == TOTAL:  # volumes and costs of different kinds have no sum
            cells |= dict.fromkeys(("volym", "planerad", "andring", "apris"), "")
        else:
            cells["apris"] = _cost(reading, row.key)
        rows.append(Row(row.key, cells, row.kind, row.sum_of))
    named = (Column("rad", "Insats", "text"), *(column for column, _ in columns))
    notes = ("Beloppet är volymens ändring gånger à-priset. Plus är mer pengar till nämnden.",)
    table = Table(
        f"Resursfördelning {occasion.year}",
        named,
        tuple(rows),
        reading.money.value,
        notes,
        "resursfordelning",
    )
    net = reading.number(amount, TOTAL, unit=Unit.MKR, suffix=True, sign=False)
    return table, ("De planerade volymerna ger ", net, " i budget.")


def _cost(reading: Reading, code: str) -> Number:
    """A unit cost is printed in kronor, whatever the tables' unit is."""
    return reading.number(f"{ALLOCATION}apris", code, unit=Unit.KRONOR)


def contribution_change(committee: Body, year: int) -> tuple[BudgetVersion, Decimal] | None:
    """The budget of a year, and how its municipal contribution (kommunbidrag) differs from the last budget of the year
    before; None when either has none. Resource allocation is part of that change."""
    now = version_in_force(committee, year, date(year, 12, 31), planned=True)
    before = version_in_force(committee, year - 1, date(year - 1, 12, 31), planned=True)
    if now is None or before is None:
        return None
    sums = [
        sum((line.amount for line in one.lines.filter(group__code=CONTRIBUTION)), Decimal(0)) or None
        for one in (now, before)
    ]
    moved = change(sums[0], sums[1])
    return None if moved is None else (now, moved)


def fund(committee: Body, occasion: Occasion) -> Table | None:
    """The result fund at an occasion: opening balance, what decisions of the year changed, and the balance."""
    reading = Reading(committee, occasion)
    columns = [(Column("belopp", "Belopp", unit=reading.money), FUND)]
    reading.fetch([FUND])
    if not reading.has_values(FUND):
        return None
    rows = rows_of(reading, columns, totals=("saldo",))
    notes = (
        "Räknat på beslut till och med brytdatum. Det som används och underskott som förs över är minus.",
    )
    named = (Column("rad", "Resultatfond", "text"), columns[0][0])
    return Table(
        f"Resultatfond, {occasion.name}", named, tuple(rows), reading.money.value, notes, "resultatfond"
    )


def moves(committee: Body, occasion: Occasion) -> tuple[Table | None, tuple[Inline, ...]]:
    """People hired and people who left since the new year, by reason, with the same time last year; and turnover."""
    occasion.committee = committee  # known here: not fetched again
    source, at = LiveSource(committee), At.of(occasion)
    now, before = compute(MOVES, source, at), compute(f"{MOVES}_foregaende_ar", source, at)
    if not now.rows and not before.rows:
        return None, ()
    keys = list(dict.fromkeys(tuple(row.key.values()) for row in (*now.rows, *before.rows)))
    order = {key: place for place, key in enumerate(keys)}
    keys.sort(key=lambda key: (key[0] != "hired", key[1] == TOTAL, order[key]))
    labels = {**before.labels.get("orsak", {}), **now.labels.get("orsak", {})}
    kinds = {**before.labels.get("slag", {}), **now.labels.get("slag", {})}
    rows = []
    for kind, reason in keys:
        cells: dict[str, Cell] = {"rad": f"{kinds.get(kind, kind)}, {labels.get(reason, reason).lower()}"}
        for key, result in (("nu", now), ("fore", before)):
            found = result.get(slag=kind, orsak=reason)
            ref = FigureRef(result.figure.name, (("slag", kind), ("orsak", reason))) if found else None
            cells[key] = Number(found.value if found else None, Unit.COUNT, 0, False, ref)
        rows.append(Row(f"{kind}/{reason}", cells, "sum" if reason == TOTAL else "normal"))
    columns = (
        Column("rad", "Orsak", "text"),
        Column("nu", str(occasion.year), unit=Unit.COUNT),
        Column("fore", str(occasion.year - 1), unit=Unit.COUNT),
    )
    notes = ("Antal personer sedan årsskiftet, mot samma del av året före.",)
    table = Table(f"Anställda och slutade, {occasion.name}", columns, tuple(rows), "antal", notes, "rorelser")
    share = compute("personal.omsattning", source, at).rows
    if not share or share[0].value is None:
        return table, ()
    number = Number(share[0].value, Unit.PERCENT, 1, False, FigureRef("personal.omsattning", ()), True)
    gone = now.get(slag="left", orsak=TOTAL)
    count = format_number(gone.value, 0) if gone and gone.value is not None else ""
    return table, (f"{count} personer har slutat, ", number, " av de anställda.")
