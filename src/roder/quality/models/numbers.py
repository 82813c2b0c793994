"""Running numbers of a municipality's cases: 2022-0001, without gaps, also when two are given at once."""

from __future__ import annotations

from typing import ClassVar

from django.db import connection, models

from roder.organisation.models import Municipality


class NumberSeries(models.Model):
    """The last number given of a kind in a year. Numbers are given with ``next_number`` only."""

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "nummerserie"
        verbose_name_plural = "nummerserier"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "kind", "year"], name="number_series_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


def next_number(municipality_id: int, kind: str, year: int, digits: int = 4) -> str:
    """The next number, such as ``2022-0001``. The row is locked to the end of the transaction: what is undone leaves
    no gap."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO quality_numberseries (municipality_id, kind, year, last) VALUES (%s, %s, %s, 1) "
            "ON CONFLICT (municipality_id, kind, year) DO UPDATE SET last = quality_numberseries.last + 1 "
            "RETURNING last",
            [municipality_id, kind, year],
        )
        return f"{year}-{cursor.fetchone()[0]:0{digits}d}"
