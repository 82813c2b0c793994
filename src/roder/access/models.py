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
