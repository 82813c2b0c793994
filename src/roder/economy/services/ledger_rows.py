"""The rows of a bookkeeping file: found by account, month and unit in the table beside the database, and by voucher."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from roder.core.persons import find
from roder.economy.models import LedgerFile
from roder.economy.services.ledger import folder_of
from roder.economy.services.ledger_read import ROWS, VOUCHERS
from roder.economy.sie.fields import FieldError, split

PAGE = 200
MEMORY = "120MB"


@dataclass(frozen=True)
class LedgerRow:
    """A row of a voucher, in kronor as in Roder: costs are negative."""

    voucher: int
    name: str
    day: date
    about: str
    account: str
    unit: str
    service: str
    internal: bool
    amount: Decimal
    text: str
    line: int


def rows_of_account(
    file: LedgerFile,
    account: str,
    *,
    month: date | None = None,
    units: Iterable[str] | None = None,
    internal: bool = True,
    page: int = 1,
) -> list[LedgerRow]:
    """The rows of an account in the order they were booked, a page of 200 and one more when there are more.

    ``units``: only rows of these units (codes of the bookkeeping); ``internal`` False leaves out internal ones.
    """
    where, values = ["r.account = ?"], [account]
    parameters: list[Any] = list(values)
    if month is not None:
        where.append("r.month = ?")
        parameters.append(month.year * 100 + month.month)
    if units is not None:
        where.append("list_contains(?, r.unit::VARCHAR)")
        parameters.append(list(units))
    if not internal:
        where.append("NOT r.internal")
    return _rows(
        file, " AND ".join(where), parameters, f"LIMIT {PAGE + 1} OFFSET {(max(1, page) - 1) * PAGE}"
    )


def rows_of_voucher(file: LedgerFile, voucher: int) -> list[LedgerRow]:
    """All rows of a voucher, those of the balance sheet too."""
    return _rows(file, "r.voucher = ?", [voucher], "")


def _rows(file: LedgerFile, where: str, parameters: list[Any], limit: str) -> list[LedgerRow]:
    import duckdb  # noqa: PLC0415 - 50 MB that only those who open vouchers need

    folder = folder_of(file)
    query = (
        "WITH r AS (SELECT * FROM read_parquet(?) AS r "  # noqa: S608 - the conditions are our own
        f"WHERE {where} ORDER BY line {limit}), "
        "v AS (SELECT DISTINCT ON (voucher) * FROM read_parquet(?) "
        "WHERE voucher IN (SELECT voucher FROM r)) "
        "SELECT r.voucher, v.series, v.number, v.day, v.about, r.account, r.unit, r.service, r.internal, r.ore, "
        "r.tail, r.line FROM r JOIN v USING (voucher) ORDER BY r.line"
    )
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"SET memory_limit='{MEMORY}'; SET threads=2")
        found = connection.execute(
            query, [str(folder / ROWS), *parameters, str(folder / VOUCHERS)]
        ).fetchall()
    return [_row(file.letters, *one) for one in found]


def _row(
    letters: str,
    voucher: int,
    series: bytes,
    number: bytes,
    day: int,
    about: bytes | None,
    account: str,
    unit: str,
    service: str,
    internal: bool,
    ore: int,
    tail: bytes | None,
    line: int,
) -> LedgerRow:
    name = " ".join(one for one in _texts(letters, (series or b"") + b" " + (number or b"")) if one)
    text = (_texts(letters, tail) + ["", ""])[1]  # noqa: RUF005
    return LedgerRow(
        voucher,
        name,
        date(day // 10000, day // 100 % 100, day % 100),
        _without_persons((_texts(letters, about) or [""])[0]),
        account,
        unit,
        service,
        internal,
        Decimal(-ore) / 100,
        _without_persons(text),
        line,
    )


def _texts(letters: str, written: bytes | None) -> list[str]:
    """Fields as they stand in the file, read."""
    try:
        found = split((written or b"").decode(letters, errors="replace"))
    except FieldError:
        return []
    return [one for one in found if isinstance(one, str)]


def _without_persons(text: str) -> str:
    """A text of the bookkeeping without personal identity numbers: nobody needs them to govern."""
    for number in find(text):
        text = text.replace(number, "[personnummer]")
    return text
