"""What people say of a goal, an assignment or a measure at an occasion."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Unit
from roder.steering.models.occasions import Occasion


@pghistory.track(*full_history())
class Assessment(Record):
    """Bedömning: what people say of a goal, an assignment or a measure at an occasion.

    The status is a code of the steering model's scale for the subject and the kind of occasion. Where the system
    proposed another status, the reason for departing from it is required by the database.
    """

    occasion = models.ForeignKey(
        Occasion, models.PROTECT, related_name="assessments", verbose_name="tillfälle"
    )
    subject_kind = models.CharField("avser", max_length=60)
    subject_id = models.BigIntegerField()
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="assessments", verbose_name="enhet"
    )
    status = models.CharField("bedömning", max_length=60, blank=True)
    proposed_status = models.CharField("föreslagen bedömning", max_length=60, blank=True)
    proposal_reason = models.CharField("varför föreslagen", max_length=300, blank=True)
    override_reason = models.TextField("skäl att avvika från förslaget", blank=True, validators=FREE_TEXT)
    analysis = models.TextField("analys", blank=True, validators=FREE_TEXT)
    outlook = models.TextField("prognos", blank=True, validators=FREE_TEXT)
    measures_taken = models.TextField("åtgärder", blank=True, validators=FREE_TEXT)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="bedömd av",
    )

    class Meta:
        verbose_name = "bedömning"
        verbose_name_plural = "bedömningar"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["occasion", "subject_kind", "subject_id", "unit"],
                name="assessed_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(proposed_status="")
                | Q(status="")
                | Q(status=models.F("proposed_status"))
                | ~Q(override_reason=""),
                name="override_says_why",
                violation_error_message="Bedömningen avviker från förslaget: skriv varför.",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"], name="assessment_by_subject")
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="subject_exists",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("subject_kind", "subject_id"),
                when=pgtrigger.Before,
                func="PERFORM roder_require_record(NEW.subject_kind, NEW.subject_id); RETURN NEW;",
            )
        ]

    class Access:
        resource = Resource.GOALS
        committee = "occasion__committee"
        unit = "unit"

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id} {self.status}"
