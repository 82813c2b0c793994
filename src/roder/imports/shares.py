"""Values written with a per cent sign: only for a measure that is counted in per cent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roder.core.numbers import Unit
from roder.imports.sql import quoted
from roder.measures.models import Measure

if TYPE_CHECKING:
    from roder.imports.staging import Staging

COUNTED_IN_SHARES = (Unit.PERCENT, Unit.PERCENTAGE_POINTS)


def shares_of_measures(staging: Staging) -> None:
    """Note a fault for every share that is the value, or the wanted value, of a measure that is counted otherwise."""
    for column in ("varde", "malvarde"):
        if column not in staging.present:
            continue
        rows = staging.sql.execute(
            f"SELECT n, measure_id, {quoted(column)} FROM raw JOIN parsed USING (n) "  # noqa: S608 - own names
            f"WHERE contains({quoted(column)}, '%') AND measure_id IS NOT NULL ORDER BY n"
        )
        units: dict[int, str] = {}
        while row := rows.fetchone():
            number, measure_id, text = row
            if not units:
                units = dict(Measure.objects.values_list("pk", "unit"))
            unit = units.get(measure_id, "")
            if unit not in COUNTED_IN_SHARES:
                staging.note_cell(
                    number,
                    column,
                    f"”{text}” är en andel i procent, men nyckeltalet räknas i {unit}",
                    "Skriv talet utan procent. I kalkylprogrammet: byt cellens format från procent till tal.",
                )
