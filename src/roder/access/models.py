"""The audit trail of deeds: append-only and chained by hash in the database itself."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models


class AuditRecord(models.Model):
    """One deed: who did what to which record, when. Each row's hash covers the row before, so none can be changed
    or taken away unseen. The database computes the hash and refuses changes.
    """

    at = models.DateTimeField("när", db_default=models.functions.Now())
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="vem"
    )
    deed = models.CharField("vad", max_length=60)
    subject = models.CharField("avser", max_length=120, blank=True)
    detail = models.JSONField("uppgifter", default=dict)
    previous_hash = models.CharField(max_length=64, editable=False, blank=True)
    hash = models.CharField(max_length=64, editable=False, blank=True)

    class Meta:
        verbose_name = "spår"
        verbose_name_plural = "spår"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["subject"], name="audit_by_subject")]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="not_emptied",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'spåret får inte tömmas';",
            ),
            pgtrigger.Trigger(
                name="chain",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    PERFORM pg_advisory_xact_lock(7203311);
                    NEW.id := nextval(pg_get_serial_sequence('access_auditrecord', 'id'));
                    SELECT hash INTO NEW.previous_hash FROM access_auditrecord ORDER BY id DESC LIMIT 1;
                    NEW.previous_hash := COALESCE(NEW.previous_hash, '');
                    NEW.hash := roder_audit_hash(NEW);
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deed} {self.subject}"


class ProviderVisit(models.Model):
    """The last time somebody came from an identity provider: which groups they had, and what became of it.

    One row for each subject of a provider. Somebody without a person in Roder is kept for 90 days, so that the
    administrator can see whom to let in.
    """

    class Outcome(models.TextChoices):
        ADMITTED = "admitted", "inloggad"
        NO_MANDATE = "no_mandate", "inget uppdrag"
        WAITING = "waiting", "väntar på koppling"
        INACTIVE = "inactive", "avstängd"
        NO_GROUPS = "no_groups", "grupperna kom inte med"
        NO_EMAIL = "no_email", "e-postadress saknas"

    provider = models.CharField("leverantör", max_length=40)
    subject = models.CharField("identitet hos leverantören", max_length=191)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="person",
    )
    email = models.CharField("e-post", max_length=254, blank=True)
    name = models.CharField("namn", max_length=120, blank=True)
    at = models.DateTimeField("när")
    groups = models.JSONField("grupper", default=list)
    unmatched = models.JSONField("grupper utan regel", default=list)
    given = models.JSONField("uppdrag som grupperna ger", default=list)
    faults = models.JSONField("fel", default=list)
    outcome = models.CharField("utfall", max_length=20, choices=Outcome)

    class Meta:
        verbose_name = "inloggning genom leverantör"
        verbose_name_plural = "inloggningar genom leverantör"
        ordering: ClassVar = ["-at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "subject"], name="visitor_once"),
            models.CheckConstraint(
                condition=models.Q(
                    outcome__in=["admitted", "no_mandate", "waiting", "inactive", "no_groups", "no_email"]
                ),
                name="known_visit_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.email}, {self.get_outcome_display()}"
