"""Tables by service (verksamhet): net, revenue and costs, where the committee budgets so."""

from __future__ import annotations

from roder.economy import rules
from roder.economy.pages.reading import Reading
from roder.economy.pages.rounding import rounding_notes
from roder.reports.document import Column, Number, Row, Table
from roder.steering.modelfile import SteeringModel
from roder.steering.modelfile.codes import Sign
from roder.steering.modelfile.economy import AccountRow
from roder.steering.models import Occasion

SERVICE = "ekonomi.verksamhet."
BUDGET, LAST_YEAR, CHANGE, FORECAST = BY_SERVICE = (
    f"{SERVICE}budget",
    f"{SERVICE}budget_foregaende_ar",
    f"{SERVICE}forandring",
    f"{SERVICE}prognos",
)
TOTAL = "totalt"


def kind_of(row: AccountRow) -> str:
    """What a table by service is about: ``netto`` for a sum, else ``intakter`` or ``kostnader``."""
    if row.sum_of:
        return "netto"
    return "intakter" if row.sign is Sign.REVENUE else "kostnader"


def _columns(reading: Reading, occasion: Occasion) -> list[tuple[Column, str]]:
    """The plan looks at the year before; a follow-up at the year's own budget and forecast."""
    year, money = occasion.year, reading.money
    if occasion.kind == Occasion.Kind.PLAN:
        return [
            (Column("prognos", f"Årsprognos {year - 1}", unit=money), FORECAST),
            (Column("fore", f"Budget {year - 1}", unit=money), LAST_YEAR),
            (Column("forandring", "Förändring", unit=money, formula=("budget", "-", "fore")), CHANGE),
            (Column("budget", f"Budget {year}", unit=money), BUDGET),
        ]
    return [
        (Column("budget", f"Budget {year}", unit=money), BUDGET),
        (Column("prognos", "Prognos helår", unit=money), FORECAST),
    ]


def service_tables(reading: Reading, model: SteeringModel, occasion: Occasion) -> list[Table]:
    """A table by service for each account row that the steering model prints so, the net first.

    Oxelösund, verksamhetsplan, avsnitt Internbudget. A follow-up has the variance too; it is no figure of the
    catalogue, so its numbers have no page of their own.
    """
    if model.services is None:
        return []
    columns = _columns(reading, occasion)
    if not reading.has_values(*(name for _, name in columns)):
        return []
    lines = [(one.code, f"{one.code} {one.label}") for one in model.services.rows]
    plan = occasion.kind == Occasion.Kind.PLAN
    found = [
        _table(reading, account, columns, lines, plan=plan)
        for account in model.accounts.rows
        if account.code in model.services.tables
    ]
    return sorted(found, key=lambda one: one.anchor != "verksamhet-netto")


def _table(
    reading: Reading,
    account: AccountRow,
    columns: list[tuple[Column, str]],
    lines: list[tuple[str, str]],
    *,
    plan: bool,
) -> Table:
    kind = kind_of(account)
    rows = []
    for code, label in [*lines, (TOTAL, "Summa")]:
        cells = {column.key: reading.number(name, code, kind) for column, name in columns}
        if not plan:
            gap = rules.variance(cells["prognos"].value, cells["budget"].value)
            cells["avvikelse"] = Number(gap, reading.money)
        is_sum = code == TOTAL
        sums = tuple(one for one, _ in lines) if is_sum else ()
        rows.append(Row(code, {"rad": label, **cells}, "sum" if is_sum else "normal", sums))
    shown = [column for column, _ in columns]
    if not plan:
        shown.append(Column("avvikelse", "Avvikelse", unit=reading.money, formula=("prognos", "-", "budget")))
    return Table(
        account.label,
        (Column("rad", "Verksamhet", "text"), *shown),
        tuple(rows),
        reading.money.value,
        rounding_notes(rows, [column.key for column in shown]),
        f"verksamhet-{kind}",
    )
