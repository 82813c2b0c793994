"""What external providers report each quarter: counts per type of deviation, or that there were none."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history, old_states
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Body, Unit
from roder.steering.models import DeviationType


@pghistory.track(*full_history())
class ProviderReport(Record):
    """A provider's report for a quarter. ``nil`` says that there were none, which is not the same as no report."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="provider_reports", verbose_name="utförare")
    year = models.PositiveSmallIntegerField("år")
    quarter = models.PositiveSmallIntegerField("kvartal")
    due_on = models.DateField("senast")
    nil = models.BooleanField("inga avvikelser", default=False)
    lex_sarah_reported = models.PositiveSmallIntegerField("lex Sarah-rapporter", default=0)
    lex_sarah_notified = models.PositiveSmallIntegerField("anmälda till IVO", default=0)
    lex_sarah_outcome = models.TextField("utfall av lex Sarah", blank=True, validators=FREE_TEXT)
    comment = models.TextField("kommentar", blank=True, validators=FREE_TEXT)
    submitted_at = models.DateTimeField("lämnad", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="lämnad av",
    )
    registered_at = models.DateTimeField("registrerad", db_default=models.functions.Now())

    class Meta:
        verbose_name = "utförares kvartalsrapport"
        verbose_name_plural = "utförares kvartalsrapporter"
        ordering: ClassVar = ["-year", "-quarter", "unit"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "year", "quarter"], name="provider_quarter_once"),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="provider_quarter_1_to_4"),
            models.CheckConstraint(
                condition=Q(lex_sarah_notified__lte=models.F("lex_sarah_reported")),
                name="notified_among_reported",
            ),
        ]

    class Access:
        resource = Resource.PROVIDER_REPORTS
        committee = "committee"
        unit = "unit"

    def __str__(self) -> str:
        return f"{self.unit} {self.year} kvartal {self.quarter}"


@pghistory.track(*old_states())
class ProviderCount(models.Model):
    """How many deviations of a type a provider had in the quarter."""

    report = models.ForeignKey(ProviderReport, models.CASCADE, related_name="counts", verbose_name="rapport")
    type = models.ForeignKey(DeviationType, models.PROTECT, related_name="+", verbose_name="typ")
    count = models.PositiveIntegerField("antal")

    class Meta:
        verbose_name = "antal per typ"
        verbose_name_plural = "antal per typ"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "type"], name="provider_type_once")
        ]

    class Access:
        resource = Resource.PROVIDER_REPORTS
        committee = "report__committee"
        unit = "report__unit"

    def __str__(self) -> str:
        return f"{self.type}: {self.count}"
