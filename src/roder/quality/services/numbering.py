"""Case numbers that nobody else has, also beside numbers that came with a file or were given by hand."""

from __future__ import annotations

from django.db import connection, models

from roder.quality.models import NumberSeries
from roder.quality.models.numbers import next_number

#: One of the next (rows of the year + 1) numbers is free. Placeholders by position: pgtrigger adds its own to them.
_FREE = """
    SELECT min(n) FROM (SELECT %s::bigint AS last, %s::bigint AS town, %s AS year, %s::int AS digits) given,
    LATERAL generate_series(last, last + (
        SELECT count(*) FROM {table} WHERE municipality_id = town AND number LIKE year || '-%%'
    )) n WHERE NOT EXISTS (
        SELECT 1 FROM {table} WHERE municipality_id = town
        AND number = year || '-' || lpad(n::text, greatest(digits, length(n::text)), '0')
    )
"""


def free_number(
    model: type[models.Model], municipality_id: int, kind: str, year: int, digits: int = 4
) -> str:
    """The next number of the series that no row of ``model`` has: ``2022-0001``. To be called in the transaction that
    makes the row: the series is locked to its end, so two at once get two numbers without a gap between them."""
    number = next_number(municipality_id, kind, year, digits)
    if not model._base_manager.filter(municipality_id=municipality_id, number=number).exists():
        return number
    values: list[int | str] = [int(number.rpartition("-")[2]), municipality_id, str(year), digits]
    with connection.cursor() as cursor:
        cursor.execute(_FREE.format(table=model._meta.db_table), values)
        free = cursor.fetchone()[0]
    NumberSeries.objects.filter(municipality_id=municipality_id, kind=kind, year=year).update(last=free)
    return f"{year}-{free:0{digits}d}"
