"""Budget, forecast, outcome, investments, volumes and staff. Money is kept in kronor; costs are negative."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from roder.access.matrix import Resource
from roder.core.models import ImportBatch, Record, full_history, old_states
from roder.core.numbers import Unit as MoneyUnit
from roder.core.numbers import format_value
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Body, Unit
from roder.steering.models import AccountGroup, InvestmentCategory, Occasion, ServiceCode, Support


def money(name: str, **options: Any) -> models.DecimalField[Any, Any]:
    """A column for an amount in kronor with öre."""
    return models.DecimalField(name, max_digits=16, decimal_places=2, **options)


class Line(models.Model):
    """A row of figures: for the whole committee (unit is None) or a unit; knows when and with what file it came."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhet"
    )
    source = models.CharField("källa", max_length=200, blank=True)
    registered_at = models.DateTimeField("registrerad", db_default=models.functions.Now())
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


@pghistory.track(*full_history())
class BudgetVersion(Record):
    """An adopted budget or plan for a year, or a later redistribution of it, with its decision."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="budget_versions", verbose_name="nämnd")
    year = models.PositiveSmallIntegerField("år")
    code = models.CharField("kod", max_length=40)
    name = models.CharField("namn", max_length=120)
    applies_from = models.DateField("gäller från")
    decided_on = models.DateField("beslutsdatum", null=True, blank=True)
    decision = models.CharField("beslut", max_length=200, blank=True)
    is_plan = models.BooleanField("plan för senare år", default=False)
    source = models.CharField("källa", max_length=200, blank=True)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "budgetversion"
        verbose_name_plural = "budgetversioner"
        ordering: ClassVar = ["committee", "-year", "-applies_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["committee", "year", "code"], name="budget_version_once"),
            models.UniqueConstraint(
                fields=["committee", "year", "applies_from"], name="one_budget_at_a_time"
            ),
        ]

    class Access:
        resource = Resource.ECONOMY
        committee = "committee"

    def __str__(self) -> str:
        return f"{self.name} {self.year}"


@pghistory.track(*old_states())
class BudgetLine(Line):
    """Budget per account group, and where they are used per unit and service code."""

    version = models.ForeignKey(BudgetVersion, models.CASCADE, related_name="lines", verbose_name="version")
    service = models.ForeignKey(ServiceCode, models.PROTECT, null=True, blank=True, verbose_name="verksamhet")
    group = models.ForeignKey(AccountGroup, models.PROTECT, verbose_name="kontogrupp")
    amount = money("belopp")

    class Meta:
        verbose_name = "budgetrad"
        verbose_name_plural = "budgetrader"
        ordering: ClassVar = ["version", "group__position", "service__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "unit", "service", "group"], name="budgeted_once", nulls_distinct=False
            )
        ]

    class Access:
        resource = Resource.ECONOMY
        committee = "version__committee"
        unit = "unit"

    def __str__(self) -> str:
        return f"{self.group} {format_value(self.amount, MoneyUnit.TKR, suffix=True)}"


@pghistory.track(*full_history())
class ForecastLine(Line, Record):
    """Forecast for the whole year, made at an occasion, with its cause."""

    occasion = models.ForeignKey(
        Occasion, models.PROTECT, related_name="forecast_lines", verbose_name="tillfälle"
    )
    service = models.ForeignKey(ServiceCode, models.PROTECT, null=True, blank=True, verbose_name="verksamhet")
    group = models.ForeignKey(AccountGroup, models.PROTECT, verbose_name="kontogrupp")
    amount = money("belopp")
    cause = models.TextField("orsak", blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "prognosrad"
        verbose_name_plural = "prognosrader"
        ordering: ClassVar = ["occasion", "group__position", "service__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["occasion", "unit", "service", "group"], name="forecast_once", nulls_distinct=False
            )
        ]

    class Access:
        resource = Resource.ECONOMY
        committee = "occasion__committee"
        unit = "unit"

    def __str__(self) -> str:
        return f"{self.group} {format_value(self.amount, MoneyUnit.TKR, suffix=True)}"


@pghistory.track(*old_states())
class OutcomeLine(Line):
    """Outcome of a period per account group (until bookkeeping files are read: from spreadsheets)."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="outcome_lines", verbose_name="nämnd")
    period_start = models.DateField("från")
    period_end = models.DateField("till (ej med)")
    service = models.ForeignKey(ServiceCode, models.PROTECT, null=True, blank=True, verbose_name="verksamhet")
    group = models.ForeignKey(AccountGroup, models.PROTECT, verbose_name="kontogrupp")
    amount = money("belopp")

    class Meta:
        verbose_name = "utfallsrad"
        verbose_name_plural = "utfallsrader"
        ordering: ClassVar = ["committee", "period_start", "group__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "period_start", "period_end", "unit", "service", "group"],
                name="outcome_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(period_end__gt=F("period_start")), name="outcome_period_in_order"
            ),
        ]

    class Access:
        resource = Resource.ECONOMY
        committee = "committee"
        unit = "unit"

    def __str__(self) -> str:
        return f"{self.group} {format_value(self.amount, MoneyUnit.TKR, suffix=True)}"


@pghistory.track(*full_history())
class InvestmentLine(Line, Record):
    """Investment per category and project at an occasion. Amounts are expenditure, printed without minus."""

    occasion = models.ForeignKey(
        Occasion, models.PROTECT, related_name="investment_lines", verbose_name="tillfälle"
    )
    year = models.PositiveSmallIntegerField("avser år")
    category = models.ForeignKey(InvestmentCategory, models.PROTECT, verbose_name="kategori")
    project = models.CharField("projekt", max_length=200)
    budget = money("budget", null=True, blank=True)
    forecast = money("prognos", null=True, blank=True)
    outcome = money("utfall", null=True, blank=True)
    outcome_last_year = money("utfall föregående år", null=True, blank=True)
    position = models.PositiveSmallIntegerField("ordning", default=0)

    class Meta:
        verbose_name = "investering"
        verbose_name_plural = "investeringar"
        ordering: ClassVar = ["occasion", "year", "category__position", "position", "project"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["occasion", "year", "category", "project", "unit"],
                name="investment_once",
                nulls_distinct=False,
            )
        ]

    class Access:
        resource = Resource.ECONOMY
        committee = "occasion__committee"
        unit = "unit"

    def __str__(self) -> str:
        return self.project


@pghistory.track(*old_states())
class VolumeLine(Line):
    """Places, persons or hours of a kind of support at a date, per who runs it; measured or forecast."""

    class Run(models.TextChoices):
        OWN = "egen", "egen regi"
        EXTERNAL = "extern", "extern regi"
        OTHER_COMMITTEE = "annan_namnd", "annan nämnd i kommunen"
        NOT_SPLIT = "ej_uppdelat", "inte uppdelat"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="volume_lines", verbose_name="nämnd")
    measured_on = models.DateField("mätdatum")
    support = models.ForeignKey(Support, models.PROTECT, verbose_name="insats")
    run = models.CharField("regi", max_length=20, choices=Run)
    count = models.DecimalField("antal", max_digits=14, decimal_places=2, null=True, blank=True)
    hours = models.DecimalField("timmar", max_digits=14, decimal_places=2, null=True, blank=True)
    is_forecast = models.BooleanField("prognos", default=False)

    class Meta:
        verbose_name = "volym"
        verbose_name_plural = "volymer"
        ordering: ClassVar = ["committee", "support__position", "measured_on", "run"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "measured_on", "support", "run", "unit", "is_forecast"],
                name="volume_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(count__isnull=False) | Q(hours__isnull=False), name="volume_counts_something"
            ),
        ]

    class Access:
        resource = Resource.ECONOMY
        committee = "committee"
        unit = "unit"

    def __str__(self) -> str:
        return f"{self.support} {self.measured_on}"


@pghistory.track(*old_states())
class StaffValue(Line):
    """Staff statistics of a period: sick leave and the like, by sex, age and length of spell."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="staff_values", verbose_name="nämnd")
    period_start = models.DateField("från")
    period_end = models.DateField("till (ej med)")
    measure = models.CharField("mått", max_length=60)
    sex = models.CharField("kön", max_length=10, default="alla")
    age = models.CharField("ålder", max_length=20, default="alla")
    days = models.CharField("sjukdagar", max_length=20, default="alla")
    employment = models.CharField("anställningsform", max_length=20, default="alla")
    value = models.DecimalField("värde", max_digits=18, decimal_places=4, null=True, blank=True)
    numerator = models.DecimalField("täljare", max_digits=18, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField("nämnare", max_digits=18, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name = "personalmått"
        verbose_name_plural = "personalmått"
        ordering: ClassVar = ["committee", "-period_start", "measure", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    "committee",
                    "period_start",
                    "period_end",
                    "unit",
                    "measure",
                    "sex",
                    "age",
                    "days",
                    "employment",
                ],
                name="staff_value_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(period_end__gt=F("period_start")), name="staff_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(denominator=None) | ~Q(denominator=0), name="staff_denominator"
            ),
        ]

    class Access:
        resource = Resource.ECONOMY
        committee = "committee"
        unit = "unit"

    def __str__(self) -> str:
        return f"{self.measure} {self.value}"
