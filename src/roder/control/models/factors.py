"""Critical factors (KVF): what must go well, the measures that show it, and what was told (5.3).

The administration decides them; the committee is told. A measure's values and targets are those of the measure.
"""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.measures.models import Measure
from roder.organisation.models import Body
from roder.steering.models import Occasion


@pghistory.track(*full_history())
class CriticalFactor(Record):
    """Kritisk verksamhetsfaktor of a committee and a year. ``perspective`` is a code of the steering model."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="critical_factors", verbose_name="nämnd")
    year = models.PositiveSmallIntegerField("år")
    perspective = models.CharField("perspektiv", max_length=60)
    title = models.CharField("faktor", max_length=300, validators=FREE_TEXT)
    description = models.TextField("beskrivning", blank=True, validators=FREE_TEXT)
    risk = models.ForeignKey(
        "control.Risk", models.PROTECT, null=True, blank=True, related_name="factors", verbose_name="risk"
    )
    decided_on = models.DateField("beslutad av förvaltningen", null=True, blank=True)
    told_on = models.DateField("anmäld till nämnden", null=True, blank=True)
    position = models.PositiveSmallIntegerField("ordning", default=0)
    source = models.CharField("källa", max_length=200, blank=True)

    class Meta:
        verbose_name = "kritisk verksamhetsfaktor"
        verbose_name_plural = "kritiska verksamhetsfaktorer"
        ordering: ClassVar = ["position", "id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "year", "title"],
                name="critical_factor_once_a_year",
                violation_error_message="Faktorn finns redan för året.",
            )
        ]

    class Access:
        resource = Resource.FACTORS
        committee = "committee"

    def __str__(self) -> str:
        return self.title


@pghistory.track(*full_history())
class FactorMeasure(Record):
    """A row of the register of critical factors: a measure of a factor, how often it is followed up and where it is
    told. The target and the values are the measure's own. ``reported_in`` are names of reports as they are printed;
    ``footnote`` what the register says below it."""

    factor = models.ForeignKey(CriticalFactor, models.CASCADE, related_name="measures", verbose_name="faktor")
    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="critical_factors", verbose_name="nyckeltal"
    )
    number = models.PositiveSmallIntegerField("rad", default=0)
    times_a_year = models.PositiveSmallIntegerField("gånger per år", null=True, blank=True)
    reported_in = ArrayField(
        models.CharField(max_length=80), verbose_name="redovisas i", default=list, blank=True
    )
    footnote = models.CharField("fotnot", max_length=300, blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "faktors nyckeltal"
        verbose_name_plural = "faktorers nyckeltal"
        ordering: ClassVar = ["number", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["factor", "measure"],
                name="factor_measure_once",
                violation_error_message="Nyckeltalet mäter redan faktorn.",
            )
        ]

    class Access:
        resource = Resource.FACTORS
        committee = "factor__committee"

    def __str__(self) -> str:
        return f"{self.factor}: {self.measure}"


@pghistory.track(*full_history())
class FactorReview(Record):
    """What was said of a factor at an occasion: how it goes and what is done. The grading is computed, not written."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    factor = models.ForeignKey(CriticalFactor, models.CASCADE, related_name="reviews", verbose_name="faktor")
    occasion = models.ForeignKey(
        Occasion, models.PROTECT, related_name="+", verbose_name="uppföljningstillfälle"
    )
    analysis = models.TextField("analys", validators=FREE_TEXT)
    action = models.TextField("åtgärd", blank=True, validators=FREE_TEXT)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="skriven av",
    )

    class Meta:
        verbose_name = "uppföljning av faktor"
        verbose_name_plural = "uppföljningar av faktorer"
        ordering: ClassVar = ["factor__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["factor", "occasion"],
                name="factor_reviewed_once",
                violation_error_message="Faktorn är redan kommenterad vid tillfället.",
            ),
            models.CheckConstraint(
                condition=~Q(analysis=""),
                name="factor_review_says_something",
                violation_error_message="Skriv en analys.",
            ),
        ]

    class Access:
        resource = Resource.FACTORS
        committee = "committee"

    def __str__(self) -> str:
        return f"{self.factor}: {self.occasion}"
