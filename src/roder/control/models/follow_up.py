"""What the committee is told of its internal control at an occasion: each point's outcome, and the conclusion (5.2)."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from roder.access.matrix import Resource
from roder.control.models.plans import ControlPlan, ControlPoint
from roder.core.models import Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Body
from roder.steering.models import Occasion


@pghistory.track(*full_history())
class PointReview(Record):
    """A control point's outcome at an occasion: without remarks or with, in words, and what is done about it.

    ``assumed``: the source does not say which; the assessment is somebody's assumption and is marked as such.
    A point that is not followed up at the occasion has a row only if it was moved, with the reason.
    """

    class Outcome(models.TextChoices):
        """What the assessment counts as. ``step`` is which of the steering model's steps it is, if it has any."""

        WITHOUT = "without", "Genomförd utan anmärkning eller med försumbar anmärkning"
        WITH = "with", "Genomförd med anmärkning"
        MOVED = "moved", "Flyttad"
        UNTESTED = "untested", "Inte genomförd"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    point = models.ForeignKey(
        ControlPoint, models.PROTECT, related_name="reviews", verbose_name="kontrollpunkt"
    )
    occasion = models.ForeignKey(
        Occasion, models.PROTECT, related_name="+", verbose_name="uppföljningstillfälle"
    )
    outcome = models.CharField("bedömning", max_length=10, choices=Outcome)
    step = models.CharField("steg på skalan", max_length=60, blank=True)
    assumed = models.BooleanField("bedömningen är antagen", default=False)
    assumed_reason = models.CharField(
        "varför den är antagen", max_length=300, blank=True, validators=FREE_TEXT
    )
    result = models.TextField("resultat", blank=True, validators=FREE_TEXT)
    action = models.TextField("åtgärd", blank=True, validators=FREE_TEXT)
    moved_to = models.DateField("redovisas senast", null=True, blank=True)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="bedömd av",
    )
    registered_at = models.DateTimeField("registrerad", db_default=models.functions.Now())

    class Meta:
        verbose_name = "uppföljning av kontrollpunkt"
        verbose_name_plural = "uppföljningar av kontrollpunkter"
        ordering: ClassVar = ["point__position"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["point", "occasion"],
                name="point_reviewed_once",
                violation_error_message="Kontrollpunkten är redan bedömd vid tillfället.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="moved") | Q(moved_to__isnull=False),
                name="moved_point_says_when",
                violation_error_message="Ange när punkten redovisas i stället.",
            ),
            models.CheckConstraint(
                condition=Q(assumed=False) | ~Q(assumed_reason=""),
                name="assumed_point_says_why",
                violation_error_message="Skriv varför bedömningen är antagen.",
            ),
        ]

    class Access:
        resource = Resource.CONTROLS
        committee = "committee"

    def __str__(self) -> str:
        return f"{self.point}: {self.occasion.name}"


@pghistory.track(*full_history())
class PlanReview(Record):
    """The committee's conclusion about its internal control at an occasion, with the reasons."""

    class Conclusion(models.TextChoices):
        SUFFICIENT = "sufficient", "Den interna kontrollen är tillräcklig"
        MOSTLY = "mostly", "Den interna kontrollen är i huvudsak tillräcklig"
        INSUFFICIENT = "insufficient", "Den interna kontrollen är inte tillräcklig"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    plan = models.ForeignKey(
        ControlPlan, models.PROTECT, related_name="reviews", verbose_name="internkontrollplan"
    )
    occasion = models.ForeignKey(
        Occasion, models.PROTECT, related_name="+", verbose_name="uppföljningstillfälle"
    )
    conclusion = models.CharField("slutsats", max_length=14, choices=Conclusion)
    reasons = models.TextField("skäl", validators=FREE_TEXT)
    concluded_on = models.DateField("dag")
    decision = models.CharField("beslut", max_length=120, blank=True, validators=FREE_TEXT)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="skriven av",
    )
    registered_at = models.DateTimeField("registrerad", db_default=models.functions.Now())

    class Meta:
        verbose_name = "slutsats om intern kontroll"
        verbose_name_plural = "slutsatser om intern kontroll"
        ordering: ClassVar = ["-concluded_on"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "occasion"],
                name="plan_concluded_once",
                violation_error_message="Det finns redan en slutsats för tillfället.",
            ),
            models.CheckConstraint(
                condition=~Q(reasons=""),
                name="conclusion_has_reasons",
                violation_error_message="Skriv skälen till slutsatsen.",
            ),
        ]

    class Access:
        resource = Resource.CONTROLS
        committee = "committee"

    def __str__(self) -> str:
        return self.get_conclusion_display()
