"""What the figures of risk and control are built of: numbers by a key and in total, and numbers without a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from roder.figures.catalogue.parts import LAST
from roder.figures.catalogue.periods import named_as, placed

if TYPE_CHECKING:
    from ibis.expr.types import Table

TOTAL = "totalt"


def listed(rows: Table, key: str, column: Any, labels: dict[str, str]) -> Table:
    """Rows with a key of a fixed list, what it is called and its place."""
    return rows.mutate(
        **{
            key: column,
            f"{key}_label": named_as(labels, column),
            "position": placed(labels, column).cast("int64"),
        }
    )


def per_key(rows: Table, key: str, *, total: bool = True, **sums: Any) -> Table:
    """Sums (the number of rows where none are named) by a key, and in total; no rows, no numbers.

    ``rows`` has the key, ``<key>_label`` and ``position``.
    """
    wanted = sums or {"value": _.count()}
    label = f"{key}_label"
    parts = rows.group_by(key).agg(**{label: _[label].max(), "position": _.position.min()}, **wanted)
    if not total:
        return parts
    whole = rows.agg(**wanted, n=_.count()).filter(_.n > 0)
    named = {key: ibis.literal(TOTAL), label: ibis.literal("Totalt"), "position": ibis.literal(LAST, "int64")}
    return parts.union(whole.mutate(**named).select(*parts.columns))


def in_all(rows: Table, **sums: Any) -> Table:
    """One number of all rows, without a key; no rows, no number."""
    return rows.agg(**(sums or {"value": _.count()}), n=_.count()).filter(_.n > 0).drop("n")


def counted(condition: Any) -> Any:
    """How many rows fulfil a condition; a condition that is not known is not fulfilled."""
    return ibis.coalesce(condition, False).cast("int32").sum().cast("int64")
