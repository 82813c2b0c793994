"""Events of casework, read in from any casework system: what the clocks of lead times run on (6-casework 6.4)."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q

from roder.access.matrix import Resource
from roder.core.models import ImportBatch, old_states
from roder.core.persons import no_personal_number
from roder.organisation.models import Body, Unit


@pghistory.track(*old_states())
class CaseworkEvent(models.Model):
    """Something that happened in a case: received, assessed, opened, assigned, decided or closed, and when."""

    class Kind(models.TextChoices):
        RECEIVED = "received", "inkommen"
        ASSESSED = "assessed", "bedömd"
        OPENED = "opened", "utredning inledd"
        ASSIGNED = "assigned", "tilldelad"
        DECIDED = "decided", "beslutad"
        CLOSED = "closed", "avslutad"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhet"
    )
    reference = models.CharField("referens", max_length=40, validators=[no_personal_number])
    kind = models.CharField("händelse", max_length=10, choices=Kind)
    at = models.DateTimeField("tidpunkt")
    registered_at = models.DateTimeField("registrerad", db_default=models.functions.Now())
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "händelse i ärende"
        verbose_name_plural = "händelser i ärenden"
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "reference", "kind", "at"], name="casework_event_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["received", "assessed", "opened", "assigned", "decided", "closed"]),
                name="known_casework_event",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["committee", "-at", "-id"], name="casework_event_latest"),
            models.Index(fields=["batch"], name="casework_event_by_batch", condition=Q(batch__isnull=False)),
        ]

    class Access:
        resource = Resource.CASEWORK
        committee = "committee"
        unit = "unit"

    def __str__(self) -> str:
        return f"{self.reference} {self.get_kind_display()}"
