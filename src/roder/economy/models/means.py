"""Money from elsewhere, and what resources are counted from: prepaid income, resource allocation, result funds, and
people who come and go. State grants are in ``registers``."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q

from roder.access.matrix import Resource
from roder.core.models import ImportBatch, Record, full_history, old_states
from roder.core.persons import FREE_TEXT
from roder.economy.models.lines import Line, VolumeLine, money
from roder.organisation.models import Body
from roder.steering.models import Occasion, Support


@pghistory.track(*full_history())
class PrepaidIncome(Line, Record):
    """Förutbetald intäkt som periodiseras över sin nyttjandetid, per project at an occasion. Income is positive."""

    occasion = models.ForeignKey(
        Occasion, models.PROTECT, related_name="prepaid_income", verbose_name="tillfälle"
    )
    project = models.CharField("projekt", max_length=200, validators=FREE_TEXT)
    development = models.BooleanField("varav exploatering", default=False)
    budget = money("budget", null=True, blank=True)
    forecast = money("prognos", null=True, blank=True)
    outcome = money("utfall", null=True, blank=True)
    outcome_last_year = money("utfall föregående år", null=True, blank=True)
    position = models.PositiveSmallIntegerField("ordning", default=0)

    class Meta:
        verbose_name = "förutbetald intäkt"
        verbose_name_plural = "förutbetalda intäkter"
        ordering: ClassVar = ["occasion", "position", "project"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["occasion", "project", "unit"],
                name="prepaid_once",
                nulls_distinct=False,
                violation_error_message="Projektet finns redan vid tillfället.",
            )
        ]

    class Access:
        resource = Resource.ECONOMY
        committee = "occasion__committee"
        unit = "unit"

    def __str__(self) -> str:
        return self.project


@pghistory.track(*full_history())
class UnitCost(Line, Record):
    """À-pris: what one place, person or hour of a support costs a year, in kronor (a cost is written without minus)."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="unit_costs", verbose_name="nämnd")
    year = models.PositiveSmallIntegerField("år")
    support = models.ForeignKey(Support, models.PROTECT, related_name="+", verbose_name="insats")
    run = models.CharField("regi", max_length=20, choices=VolumeLine.Run, default=VolumeLine.Run.NOT_SPLIT)
    amount = money("kronor per år")
    basis = models.CharField("hur priset är räknat", max_length=300, blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "à-pris"
        verbose_name_plural = "à-priser"
        ordering: ClassVar = ["-year", "support__position", "run"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "year", "support", "run", "unit"],
                name="unit_cost_once",
                nulls_distinct=False,
                violation_error_message="Insatsen har redan ett à-pris för året och regin.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="unit_cost_not_negative",
                violation_error_message="À-priset skrivs utan minus.",
            ),
        ]

    class Access:
        resource = Resource.ECONOMY
        committee = "committee"
        unit = "unit"

    def __str__(self) -> str:
        return f"{self.support} {self.year}"


@pghistory.track(*full_history())
class Allocation(Line, Record):
    """Resursfördelning efter volym: how a volume is planned to change and so how much money follows. The amount is the
    change times the unit cost, computed and never kept."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="allocations", verbose_name="nämnd")
    year = models.PositiveSmallIntegerField("år")
    cost = models.ForeignKey(UnitCost, models.PROTECT, related_name="allocations", verbose_name="à-pris")
    volume_before = models.DecimalField("volym i dag", max_digits=14, decimal_places=2)
    volume_planned = models.DecimalField("planerad volym", max_digits=14, decimal_places=2)
    reason = models.CharField("varför", max_length=300, blank=True, validators=FREE_TEXT)
    decision = models.CharField("beslut", max_length=200, blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "resursfördelning"
        verbose_name_plural = "resursfördelning"
        ordering: ClassVar = ["-year", "cost__support__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "year", "cost", "unit"],
                name="allocated_once",
                nulls_distinct=False,
                violation_error_message="Insatsen finns redan i årets plan.",
            ),
            models.CheckConstraint(
                condition=Q(volume_before__gte=0) & Q(volume_planned__gte=0),
                name="allocation_volumes",
                violation_error_message="En volym kan inte vara negativ. Skriv 0 eller mer.",
            ),
        ]

    class Access:
        resource = Resource.ECONOMY
        committee = "committee"
        unit = "unit"

    def __str__(self) -> str:
        return f"{self.cost} {self.volume_before}–{self.volume_planned}"


@pghistory.track(*full_history())
class FundEntry(Record):
    """A deed on a committee's result fund (resultatfond): last year's result carried in, or money used, with its
    decision. In kronor; a deficit carried in and money used are negative. The balance is the sum."""

    class Kind(models.TextChoices):
        OPENING = "opening", "ingående"
        CARRIED = "carried", "årets resultat förs över"
        USED = "used", "används"
        WRITTEN_OFF = "written_off", "skrivs av"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="fund_entries", verbose_name="nämnd")
    year = models.PositiveSmallIntegerField("år")
    kind = models.CharField("slag", max_length=12, choices=Kind)
    amount = money("belopp")
    decided_on = models.DateField("beslutsdatum")
    decision = models.CharField("beslut", max_length=200, validators=FREE_TEXT)
    note = models.TextField("anteckning", blank=True, validators=FREE_TEXT)
    source = models.CharField("källa", max_length=200, blank=True)
    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = "rad i resultatfond"
        verbose_name_plural = "resultatfond"
        ordering: ClassVar = ["year", "decided_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "year"],
                condition=Q(kind="carried"),
                name="result_carried_once",
                violation_error_message="Årets resultat är redan fört till resultatfonden.",
            ),
            models.UniqueConstraint(
                fields=["committee", "year", "kind", "decided_on", "decision"],
                name="fund_entry_once",
                violation_error_message="Beslutet är redan infört i resultatfonden.",
            ),
            models.CheckConstraint(condition=~Q(decision=""), name="fund_entry_has_decision"),
            models.CheckConstraint(
                condition=Q(kind__in=["opening", "carried"]) | Q(amount__lt=0) | Q(kind="written_off"),
                name="used_is_negative",
                violation_error_message="Det som används skrivs med minus.",
            ),
        ]

    class Access:
        resource = Resource.ECONOMY
        committee = "committee"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}"


@pghistory.track(*old_states())
class StaffMove(Line):
    """People who were hired or left during a period, by reason and profession. ``reason`` is a code of the steering
    model's list; people are counted, never named."""

    class Kind(models.TextChoices):
        HIRED = "hired", "anställda"
        LEFT = "left", "slutade"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="staff_moves", verbose_name="nämnd")
    period_start = models.DateField("från")
    period_end = models.DateField("till (ej med)")
    kind = models.CharField("slag", max_length=6, choices=Kind)
    reason = models.CharField("orsak", max_length=60)
    profession = models.CharField("yrkesgrupp", max_length=80, blank=True)
    count = models.PositiveIntegerField("antal")

    class Meta:
        verbose_name = "personalrörelse"
        verbose_name_plural = "personalrörelser"
        ordering: ClassVar = ["committee", "-period_start", "kind", "reason"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "period_start", "period_end", "unit", "kind", "reason", "profession"],
                name="staff_move_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(period_end__gt=F("period_start")), name="staff_move_period_in_order"
            ),
        ]

    class Access:
        resource = Resource.ECONOMY
        committee = "committee"
        unit = "unit"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.count}"
