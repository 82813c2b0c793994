"""Steering documents: what has been decided to hold, by whom, until when, and when it is to be revised."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Body, Role


@pghistory.track(*full_history())
class SteeringDocument(Record):
    """Styrdokument. ``until_further``: valid until further notice. ``revise_when`` in words where there is no day
    (`vid behov`)."""

    class Type(models.TextChoices):
        VISION = "vision", "vision"
        POLICY = "policy", "policy"
        PLAN = "plan", "plan"
        PROGRAMME = "programme", "program"
        STRATEGY = "strategy", "strategi"
        GUIDELINE = "guideline", "riktlinje"
        RULES = "rules", "reglemente"
        DELEGATION = "delegation", "delegationsordning"
        ROUTINE = "routine", "rutin"
        TARIFF = "tariff", "taxa"
        OTHER = "other", "övrigt"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    type = models.CharField("typ av styrdokument", max_length=20, choices=Type)
    title = models.CharField("namn", max_length=200, validators=FREE_TEXT)
    decided_by = models.CharField("beslutande instans", max_length=120, validators=FREE_TEXT)
    decided_on = models.DateField("datum för beslut", null=True, blank=True)
    section = models.CharField("§", max_length=20, blank=True, validators=FREE_TEXT)
    number = models.CharField("diarienummer", max_length=40, blank=True, validators=FREE_TEXT)
    valid_for = models.CharField("gäller för", max_length=200, blank=True, validators=FREE_TEXT)
    valid_from = models.DateField("gäller från", null=True, blank=True)
    valid_to = models.DateField("gäller till och med", null=True, blank=True)
    until_further = models.BooleanField("tills vidare", default=False)
    revise_by = models.DateField("revideras senast", null=True, blank=True)
    revise_when = models.CharField("revideras", max_length=120, blank=True, validators=FREE_TEXT)
    responsible = models.CharField("dokumentansvarig", max_length=120, blank=True, validators=FREE_TEXT)
    role = models.CharField("ansvarig roll", max_length=30, choices=Role, default=Role.SECRETARY)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="ersätter"
    )
    repealed_on = models.DateField("upphävt", null=True, blank=True)
    text = models.TextField("text", blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "styrdokument"
        verbose_name_plural = "styrdokument"
        ordering: ClassVar = ["title", "id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(until_further=False),
                name="not_both_end_and_until_further",
                violation_error_message="Ange ett slutdatum eller tills vidare, inte båda.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="steering_document_forwards",
                violation_error_message="Dokumentet kan inte sluta gälla innan det börjar.",
            ),
            models.CheckConstraint(
                condition=~Q(replaces=F("id")),
                name="replaces_another",
                violation_error_message="Ett dokument kan inte ersätta sig självt.",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["committee", "revise_by"], name="to_revise", condition=Q(repealed_on=None))
        ]

    class Access:
        resource = Resource.REGISTERS
        committee = "committee"

    def __str__(self) -> str:
        return self.title
