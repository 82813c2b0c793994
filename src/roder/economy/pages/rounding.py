"""Where a printed sum is not the sum of the printed rows."""

from __future__ import annotations

from collections.abc import Sequence

from roder.economy import rules
from roder.reports.document import Number, Row


def rounding_notes(rows: Sequence[Row], columns: Sequence[str]) -> tuple[str, ...]:
    """A note when a printed sum is not the sum of the printed rows, which rounding alone can cause."""
    by_key = {row.key: row for row in rows}

    def amount(code: str, column: str) -> Number | None:
        cell = by_key[code].cells.get(column)
        return cell if isinstance(cell, Number) else None

    for row in rows:
        for column in columns:
            total = amount(row.key, column)
            parts = [amount(code, column) for code in row.sum_of]
            if total is None or not parts or any(part is None for part in parts):
                continue
            values = [part.value for part in parts if part is not None]
            if rules.rounding_gap(values, total.value, total.unit, total.places):
                return ("Summor räknas på oavrundade belopp och kan skilja 1 i sista siffran från raderna.",)
    return ()
