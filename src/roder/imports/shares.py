"""Values written with a per cent sign: only for a measure that is counted in per cent."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from roder.core.numbers import Unit
from roder.imports.sql import quoted
from roder.imports.texts import BATCH
from roder.measures.models import Measure
from roder.steering.modelfile.staff import EMPLOYMENT_ENDINGS
from roder.steering.services import current_version, parsed

if TYPE_CHECKING:
    from roder.imports.staging import Staging

COUNTED_IN_SHARES = (Unit.PERCENT, Unit.PERCENTAGE_POINTS)


def shares_of_measures(staging: Staging) -> None:
    """Note a fault for every share that is the value, or the wanted value, of a measure that is counted otherwise."""

    @cache
    def units() -> dict[int, str]:
        return dict(Measure.objects.values_list("pk", "unit"))

    for column in ("varde", "malvarde"):
        _note(staging, column, "measure_id", "nyckeltalet", lambda measure, _: units().get(measure))


def shares_of_staff(staging: Staging) -> None:
    """Note a fault for every share of a measure of the staff that the year's steering model counts otherwise."""

    @cache
    def units(year: int) -> dict[str, str]:
        version = current_version(staging.context.committee, year)
        staff = parsed(version).staff if version is not None else None
        return {one.code: one.unit.value for one in staff.measures} if staff is not None else {}

    def unit_of(code: str, year: int) -> str | None:
        known = units(year)
        plain = next((code.removesuffix(end) for end in EMPLOYMENT_ENDINGS if code.endswith(end)), code)
        return known.get(code, known.get(plain))

    _note(staging, "varde", "measure", "måttet", unit_of)


def _note(staging: Staging, column: str, key: str, what: str, unit_of: Callable[..., str | None]) -> None:
    """Faults at the cells of a column that have a share where ``unit_of(key, year)`` says another unit."""
    if column not in staging.present:
        return
    rows = staging.sql.read(
        f"SELECT n, {quoted(key)}, year(period_start), raw.{quoted(column)} FROM raw JOIN parsed USING (n) "  # noqa: S608
        f"WHERE contains(raw.{quoted(column)}, '%') AND {quoted(key)} IS NOT NULL "
        "AND period_start IS NOT NULL ORDER BY n"
    )
    while part := rows.fetchmany(BATCH):
        for number, found, year, text in part:
            unit = unit_of(found, year)
            if unit is not None and unit not in COUNTED_IN_SHARES:
                staging.note_cell(
                    number,
                    column,
                    f"”{text}” är en andel i procent, men {what} räknas i {unit}",
                    "Skriv talet utan procent. I kalkylprogrammet: byt cellens format från procent till tal.",
                )
