"""The plan that a negative forecast asks for: measures with an amount, a day, an owner and the effect so far."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.economy.models.lines import money
from roder.organisation.models import Body, Unit
from roder.steering.models import AccountGroup, Occasion
from roder.tasks.models import Action


@pghistory.track(*full_history())
class RecoveryPlan(Record):
    """Handlingsprogram för budget i balans, of the committee (without a unit) or of a unit, at an occasion."""

    class State(models.TextChoices):
        DRAFT = "draft", "utkast"
        DECIDED = "decided", "beslutad"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="recovery_plans", verbose_name="nämnd")
    occasion = models.ForeignKey(
        Occasion, models.PROTECT, related_name="recovery_plans", verbose_name="tillfälle"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhet"
    )
    state = models.CharField("läge", max_length=10, choices=State, default=State.DRAFT)
    cause = models.TextField("orsak", blank=True, validators=FREE_TEXT)
    decided_on = models.DateField("beslutad", null=True, blank=True)
    decision = models.CharField("beslut", max_length=200, blank=True, validators=FREE_TEXT)
    source = models.CharField("källa", max_length=200, blank=True)

    class Meta:
        verbose_name = "handlingsprogram"
        verbose_name_plural = "handlingsprogram"
        ordering: ClassVar = ["-occasion__cut_off", "unit__code"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["occasion", "unit"],
                name="recovery_plan_once",
                nulls_distinct=False,
                violation_error_message="Det finns redan ett handlingsprogram för tillfället.",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", decided_on=None) | Q(state="decided", decided_on__isnull=False),
                name="decided_recovery_has_day",
            ),
        ]

    class Access:
        resource = Resource.ECONOMY
        committee = "committee"
        unit = "unit"

    def __str__(self) -> str:
        return f"Handlingsprogram, {self.occasion.name}"


@pghistory.track(*full_history())
class RecoveryMeasure(Record):
    """A measure of the plan: the action (who, what, by when, its effect in words) and its money, in kronor: what it is
    counted to give this year (plus is better), a whole year, and what it has given so far. An action goes on from the
    plan of one occasion to that of the next, which states its effect anew."""

    plan = models.ForeignKey(RecoveryPlan, models.CASCADE, related_name="measures", verbose_name="program")
    action = models.ForeignKey(Action, models.PROTECT, related_name="+", verbose_name="åtgärd")
    group = models.ForeignKey(
        AccountGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="kontogrupp"
    )
    amount = money("väntad effekt i år")
    full_year = money("väntad effekt på helår", null=True, blank=True)
    effect_so_far = money("effekt hittills", null=True, blank=True)
    position = models.PositiveSmallIntegerField("ordning", default=0)

    class Meta:
        verbose_name = "åtgärd i handlingsprogram"
        verbose_name_plural = "åtgärder i handlingsprogram"
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "action"],
                name="recovery_action_once",
                violation_error_message="Åtgärden finns redan i programmet.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="recovery_gives_something",
                violation_error_message="Åtgärden ska ge ett belopp över noll.",
            ),
        ]

    class Access:
        resource = Resource.ECONOMY
        committee = "plan__committee"
        unit = "plan__unit"

    def __str__(self) -> str:
        return self.action.what
