"""Snapshots: what the figures were computed from."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from roder.access.matrix import Resource
from roder.organisation.models import Body
from roder.steering.models import Occasion


class Snapshot(models.Model):
    """Uttag: the tables behind the figures, as known when taken, for an occasion with its cut-off.

    The rows are Parquet files in a folder of their own; here stands what is needed to find and verify them.
    """

    code = models.CharField("uttag", max_length=60, unique=True)
    committee = models.ForeignKey(Body, models.PROTECT, related_name="snapshots", verbose_name="nämnd")
    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="snapshots", verbose_name="tillfälle")
    cut_off = models.DateField("brytdatum")
    taken_at = models.DateTimeField("taget")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="taget av",
    )
    schema_version = models.PositiveSmallIntegerField("schemaversion")
    rows = models.PositiveBigIntegerField("rader")
    manifest_sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = "uttag"
        verbose_name_plural = "uttag"
        ordering: ClassVar = ["-taken_at"]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    class Access:
        resource = Resource.FIGURES
        committee = "committee"

    def __str__(self) -> str:
        return self.code
