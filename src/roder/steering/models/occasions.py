"""When a committee's year is followed up."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models

from roder.access.matrix import Resource
from roder.core.models import Record, full_history, removes_links
from roder.organisation.models import Body
from roder.steering.models.versions import SteeringModelVersion


@pghistory.track(*full_history())
class Occasion(Record):
    """Uppföljningstillfälle: when a committee's year is followed up, with its cut-off."""

    class Kind(models.TextChoices):
        PLAN = "plan", "verksamhetsplan och budget"
        MONTHLY = "monthly", "månadsuppföljning"
        IN_DEPTH = "in_depth", "fördjupad månadsuppföljning"
        INTERIM = "interim", "delårsbokslut"
        ANNUAL = "annual", "årsbokslut"
        HALF_YEAR = "half_year", "halvårsuppföljning av kvalitet"
        QUARTER = "quarter", "kvartalsuppföljning av kvalitet"
        QUALITY_YEAR = "quality_year", "årsberättelser om kvalitet"
        MEETING = "meeting", "sammanträde"

    #: Kinds at which quality is followed up, not goals and economy.
    QUALITY_KINDS: ClassVar = frozenset({Kind.HALF_YEAR, Kind.QUARTER, Kind.QUALITY_YEAR, Kind.MEETING})

    committee = models.ForeignKey(Body, models.PROTECT, related_name="occasions", verbose_name="nämnd")
    model = models.ForeignKey(
        SteeringModelVersion, models.PROTECT, related_name="occasions", verbose_name="styrmodell"
    )
    year = models.PositiveSmallIntegerField("år")
    code = models.CharField("kod", max_length=20, help_text="till exempel 2022-05")
    kind = models.CharField("slag", max_length=20, choices=Kind)
    name = models.CharField("namn", max_length=120)
    cut_off = models.DateField("brytdatum")

    class Meta:
        verbose_name = "uppföljningstillfälle"
        verbose_name_plural = "uppföljningstillfällen"
        ordering: ClassVar = ["committee", "cut_off"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [models.UniqueConstraint(fields=["committee", "code"], name="occasion_once")]

    class Access:
        resource = Resource.STEERING
        committee = "committee"

    def __str__(self) -> str:
        return self.name
