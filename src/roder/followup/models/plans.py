"""Action plans: what a unit does during a year, decided by its manager (Handlingsplan)."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Body, Unit


@pghistory.track(*full_history())
class ActionPlan(Record):
    """Handlingsplan: a unit's plan for a year. Its activities are those of the unit and the year."""

    class State(models.TextChoices):
        DRAFT = "draft", "utkast"
        DECIDED = "decided", "beslutad"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="action_plans", verbose_name="nämnd")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="action_plans", verbose_name="enhet")
    year = models.PositiveSmallIntegerField("år")
    state = models.CharField("läge", max_length=10, choices=State, default=State.DRAFT)
    introduction = models.TextField("inledning", blank=True, validators=FREE_TEXT)
    decided_on = models.DateField("beslutad", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="beslutad av",
    )
    source = models.CharField("källa", max_length=200, blank=True)

    class Meta:
        verbose_name = "handlingsplan"
        verbose_name_plural = "handlingsplaner"
        ordering: ClassVar = ["-year", "unit__code"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "year"],
                name="action_plan_once_a_year",
                violation_error_message="Enheten har redan en handlingsplan för året.",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", decided_on=None) | Q(state="decided", decided_on__isnull=False),
                name="decided_action_plan_has_day",
            ),
        ]

    class Access:
        resource = Resource.ACTION_PLANS
        committee = "committee"
        unit = "unit"

    def __str__(self) -> str:
        return f"Handlingsplan {self.year}, {self.unit}"
