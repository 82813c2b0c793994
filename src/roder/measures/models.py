"""Key figures: what is measured, how it is defined over time, the wanted value, and the values."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from roder.access.matrix import Resource
from roder.core.models import ImportBatch, Record, full_history, old_states, removes_links
from roder.core.numbers import Unit as CountUnit
from roder.organisation.models import Body, Unit

#: The groups that files use; a group of the municipality's own is shown as it is written.
GROUPS = {
    "goal": "nämndens mål",
    "indicator": "indikator",
    "supporting_indicator": "stödjande indikator",
    "work_environment": "arbetsmiljö",
    "verksamhetsmal": "verksamhetsmål",
    "finansiellt_mal": "finansiellt mål",
    "kvf": "kritisk verksamhetsfaktor",
}


class Direction(models.TextChoices):
    HIGHER = "higher", "högre är bättre"
    LOWER = "lower", "lägre är bättre"
    NEITHER = "neither", "varken eller"


class Operator(models.TextChoices):
    GREATER = ">", "över"
    AT_LEAST = ">=", "minst"
    EQUAL = "=", "lika med"
    AT_MOST = "<=", "högst"
    LESS = "<", "under"


@pghistory.track(*full_history())
class Measure(Record):
    """Nyckeltal. An indicator is a measure with a wanted direction."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="measures", verbose_name="nämnd")
    code = models.CharField("kod", max_length=60)
    title = models.CharField("nyckeltal", max_length=250)
    unit = models.CharField("enhet", max_length=20, choices=[(unit.value, unit.value) for unit in CountUnit])
    decimals = models.PositiveSmallIntegerField("decimaler", default=0)
    direction = models.CharField(
        "önskad riktning", max_length=10, choices=Direction, default=Direction.NEITHER
    )
    groups = ArrayField(models.CharField(max_length=40), verbose_name="grupper", default=list, blank=True)
    perspective = models.CharField("perspektiv", max_length=40, blank=True)
    factor = models.CharField("kritisk faktor", max_length=200, blank=True)
    source = models.CharField("källa", max_length=200, blank=True)
    kolada_id = models.CharField("Kolada-id", max_length=20, blank=True)
    frequency = models.CharField("mäts", max_length=60, blank=True)
    publication_month = models.PositiveSmallIntegerField("publiceras i månad", null=True, blank=True)
    responsible = models.CharField("ansvarig", max_length=120, blank=True)
    reported_in = models.CharField("redovisas i", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("ordning", default=0)

    class Meta:
        verbose_name = "nyckeltal"
        verbose_name_plural = "nyckeltal"
        ordering: ClassVar = ["position", "code"]
        triggers: ClassVar = [removes_links()]
        indexes: ClassVar = [
            models.Index(fields=["committee", "position", "code"], name="measure_by_committee")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["committee", "code"], name="measure_code_once"),
            models.CheckConstraint(
                condition=Q(publication_month=None) | Q(publication_month__range=(1, 12)),
                name="month_1_to_12",
            ),
        ]

    class Access:
        resource = Resource.MEASURES
        committee = "committee"

    def __str__(self) -> str:
        return self.title

    @property
    def count_unit(self) -> CountUnit:
        """The unit as the enumeration that the number helpers take."""
        return CountUnit(self.unit)


@pghistory.track(*full_history())
class Definition(Record):
    """How a measure is defined during a time. A break in the series is marked, never joined."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="definitions", verbose_name="nyckeltal")
    text = models.TextField("definition")
    valid = DateRangeField("gäller")
    breaks_series = models.BooleanField("bryter serien", default=False)
    source = models.CharField("källa", max_length=200, blank=True)

    class Meta:
        verbose_name = "definition"
        verbose_name_plural = "definitioner"
        ordering: ClassVar = ["measure", "valid"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_definition_at_a_time",
                expressions=[
                    (
                        Func(F("measure"), F("measure"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message="Nyckeltalet har redan en definition under en del av tiden.",
            )
        ]

    class Access:
        resource = Resource.MEASURES
        committee = "measure__committee"

    def __str__(self) -> str:
        return self.text[:80]


@pghistory.track(*full_history())
class Target(Record):
    """Målvärde for a year: a number with an operator, or words where the source gives only words."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="targets", verbose_name="nyckeltal")
    year = models.PositiveSmallIntegerField("år")
    operator = models.CharField("villkor", max_length=2, choices=Operator, default=Operator.AT_LEAST)
    value = models.DecimalField("målvärde", max_digits=18, decimal_places=4, null=True, blank=True)
    text = models.CharField("målet i ord", max_length=200, blank=True)
    basis = models.CharField("grund", max_length=120, blank=True, help_text="till exempel riksgenomsnitt")
    source = models.CharField("källa", max_length=200, blank=True)

    class Meta:
        verbose_name = "målvärde"
        verbose_name_plural = "målvärden"
        ordering: ClassVar = ["measure", "year"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "year"], name="one_target_a_year"),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(text=""), name="target_says_something"
            ),
        ]

    class Access:
        resource = Resource.MEASURES
        committee = "measure__committee"

    def __str__(self) -> str:
        return f"{self.measure} {self.year}"


@pghistory.track(*old_states())
class MeasureValue(models.Model):
    """An outcome of a measure for a period, for the whole committee or a unit, for all or one sex.

    A missing value is a row with status ``missing`` and a reason; it is never zero.
    """

    class Status(models.TextChoices):
        FINAL = "final", "fastställt"
        PRELIMINARY = "preliminary", "preliminärt"
        MISSING = "missing", "saknas"

    class Comparison(models.TextChoices):
        OWN = "kommun", "egen kommun"
        SIMILAR = "liknande", "liknande kommuner"
        COUNTRY = "riket", "riket"

    class Sex(models.TextChoices):
        ALL = "alla", "alla"
        WOMEN = "kvinnor", "kvinnor"
        MEN = "man", "män"

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="values", verbose_name="nyckeltal")
    period_start = models.DateField("från")
    period_end = models.DateField("till (ej med)")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="measure_values", verbose_name="enhet"
    )
    sex = models.CharField("kön", max_length=10, choices=Sex, default=Sex.ALL)
    part = models.CharField("delvärde", max_length=40, blank=True)
    comparison = models.CharField("jämförelse", max_length=10, choices=Comparison, default=Comparison.OWN)
    value = models.DecimalField("värde", max_digits=18, decimal_places=4, null=True, blank=True)
    numerator = models.DecimalField("täljare", max_digits=18, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField("nämnare", max_digits=18, decimal_places=4, null=True, blank=True)
    status = models.CharField("status", max_length=12, choices=Status, default=Status.FINAL)
    reason = models.CharField("orsak", max_length=200, blank=True)
    source = models.CharField("källa", max_length=200, blank=True)
    registered_at = models.DateTimeField("registrerad", db_default=models.functions.Now())
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "utfall"
        verbose_name_plural = "utfall"
        ordering: ClassVar = ["-period_start", "measure"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "period_start", "period_end", "unit", "sex", "part", "comparison"],
                name="measured_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(period_end__gt=F("period_start")), name="value_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(status="missing", value=None) | (~Q(status="missing") & Q(value__isnull=False)),
                name="value_or_missing",
            ),
            models.CheckConstraint(
                condition=Q(denominator=None) | ~Q(denominator=0), name="denominator_not_zero"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch"], name="value_by_batch", condition=Q(batch__isnull=False)),
            # The order of the list of outcomes: its first page is read without sorting all of them.
            models.Index(fields=["-period_start", "id"], name="value_latest_first"),
        ]

    class Access:
        resource = Resource.MEASURES
        committee = "measure__committee"
        unit = "unit"

    def __str__(self) -> str:
        return f"{self.measure_id} {self.period_start}"
