"""Budget versions: one beside the version before, row by row, with the difference."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from roder.core.numbers import Unit
from roder.economy import rules
from roder.economy.models import BudgetVersion
from roder.reports.document import Cell, Column, Number, Row, Table
from roder.steering.modelfile import SteeringModel


@dataclass(frozen=True)
class Line:
    """A printed row, and the rows that it adds."""

    code: str
    label: str
    sum_of: tuple[str, ...] = ()


def previous(version: BudgetVersion, versions: list[BudgetVersion]) -> BudgetVersion | None:
    """The version before this one: of the same year, else the last of the nearest year before."""
    earlier = [one for one in versions if (one.year, one.applies_from) < (version.year, version.applies_from)]
    return max(earlier, key=lambda one: (one.year, one.applies_from), default=None)


def group_sums(version: BudgetVersion) -> dict[str, Decimal]:
    """A version's amounts by account group."""
    found: dict[str, Decimal] = {}
    for code, amount in version.lines.values_list("group__code", "amount"):
        found[code] = found.get(code, rules.ZERO) + amount
    return found


def service_sums(version: BudgetVersion) -> dict[str, Decimal]:
    """A version's net by service."""
    found: dict[str, Decimal] = {}
    for code, amount in version.lines.exclude(service=None).values_list("service__code", "amount"):
        found[code] = found.get(code, rules.ZERO) + amount
    return found


def comparison(version: BudgetVersion, before: BudgetVersion | None, model: SteeringModel) -> list[Table]:
    """The tables of a version's page: by account row, and by service where it budgets so. At most four queries."""
    unit, digits = Unit(model.accounts.print_unit), model.accounts.digits
    accounts = [Line(row.code, row.label, tuple(row.sum_of)) for row in model.accounts.rows]
    tables = [
        _by_row(
            accounts,
            group_sums(version),
            group_sums(before) if before else None,
            version,
            before,
            unit,
            digits,
        )
    ]
    if model.services is not None:
        now = service_sums(version)
        then = service_sums(before) if before else None
        if now:
            lines = [Line(one.code, f"{one.code} {one.label}") for one in model.services.rows]
            total = Line("totalt", "Summa", tuple(one.code for one in model.services.rows if one.code in now))
            tables.append(
                _by_row(
                    [*lines, total], now, then, version, before, unit, digits, caption="Netto per verksamhet"
                )
            )
    return tables


def _by_row(
    rows: list[Line],
    now: dict[str, Decimal],
    then: dict[str, Decimal] | None,
    version: BudgetVersion,
    before: BudgetVersion | None,
    unit: Unit,
    digits: int | None,
    *,
    caption: str = "Budget",
) -> Table:
    sums = {row.code: row.sum_of for row in rows}
    after = rules.row_sums(sums, now)
    earlier = rules.row_sums(sums, then) if then is not None else {}
    columns = [Column("rad", "Rad", "text")]
    if before is not None:
        columns.append(Column("fore", _title(before), unit=unit, digits=digits))
    columns.append(Column("nu", _title(version), unit=unit, digits=digits))
    if before is not None:
        columns.append(Column("skillnad", "Skillnad", unit=unit, digits=digits, formula=("nu", "-", "fore")))
    lines = []
    for row in rows:
        cells: dict[str, Cell] = {"rad": row.label, "nu": Number(after[row.code], unit, digits)}
        if before is not None:
            gap = rules.change(after[row.code], earlier.get(row.code))
            cells |= {
                "fore": Number(earlier.get(row.code), unit, digits),
                "skillnad": Number(gap, unit, digits, sign=True),
            }
        lines.append(Row(row.code, cells, "sum" if row.sum_of else "normal", row.sum_of))
    return Table(caption, tuple(columns), tuple(lines), unit.value, ("Kostnader är negativa.",))


def _title(version: BudgetVersion) -> str:
    name = version.name
    return name if str(version.year) in name else f"{name} {version.year}"
