"""A steering model as it was loaded."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from roder.access.matrix import Resource
from roder.organisation.models import Body


class SteeringModelVersion(models.Model):
    """One loaded version of a committee's steering model for a year. Never changed, only followed by the next."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="steering_models", verbose_name="nämnd")
    year = models.PositiveSmallIntegerField("år")
    version = models.PositiveSmallIntegerField("version")
    content = models.JSONField("innehåll")
    source = models.TextField("källtext")
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField("inläst", auto_now_add=True)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="inläst av",
    )

    class Meta:
        verbose_name = "styrmodell"
        verbose_name_plural = "styrmodeller"
        ordering: ClassVar = ["committee", "-year", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["committee", "year", "version"], name="model_version_once")
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    class Access:
        resource = Resource.STEERING
        committee = "committee"

    def __str__(self) -> str:
        return f"{self.committee.short_name} {self.year} version {self.version}"
