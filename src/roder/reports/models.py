"""A report as people work on it: its comments, and when locked its snapshot, text and files."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.figures.models import Snapshot
from roder.organisation.models import Body
from roder.steering.models import Occasion


@pghistory.track(*full_history())
class Report(Record):
    """One version of a report for an occasion. A locked version never changes; unlocking makes the next version."""

    class State(models.TextChoices):
        DRAFT = "draft", "utkast"
        LOCKED = "locked", "låst"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="reports", verbose_name="nämnd")
    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="reports", verbose_name="tillfälle")
    kind = models.CharField("rapport", max_length=60)
    number = models.PositiveSmallIntegerField("version", default=1)
    state = models.CharField("läge", max_length=10, choices=State, default=State.DRAFT)
    registration_number = models.CharField("diarienummer", max_length=40, blank=True)
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name="uttag"
    )
    document = models.JSONField("dokument", null=True, blank=True)
    locked_at = models.DateTimeField("låst", null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="låst av",
    )

    class Meta:
        verbose_name = "rapport"
        verbose_name_plural = "rapporter"
        ordering: ClassVar = ["-occasion__cut_off", "kind", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["occasion", "kind", "number"], name="report_version_once"),
            models.UniqueConstraint(
                fields=["occasion", "kind"], condition=Q(state="draft"), name="one_draft_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", locked_at=None)
                | Q(state="locked", locked_at__isnull=False, document__isnull=False, snapshot__isnull=False),
                name="locked_is_complete",
            ),
        ]
        triggers: ClassVar = [
            removes_links(),
            pgtrigger.Protect(
                name="locked_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="locked"),
            ),
        ]

    class Access:
        resource = Resource.REPORTS
        committee = "committee"
        drafts = Q(state="draft")

    def __str__(self) -> str:
        return f"{self.kind} {self.occasion.code} version {self.number}"


@pghistory.track(*full_history())
class ReportComment(Record):
    """What somebody writes in a section of a report, with figures bound by name."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="comments")
    section = models.CharField("avsnitt", max_length=80)
    subject = models.CharField("avser", max_length=80, blank=True)
    text = models.TextField("text", blank=True, validators=FREE_TEXT)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="skriven av",
    )

    class Meta:
        verbose_name = "kommentar"
        verbose_name_plural = "kommentarer"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "section", "subject"], name="one_comment_a_subject")
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="frozen_when_locked",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (SELECT 1 FROM reports_report
                               WHERE id = COALESCE(NEW.report_id, OLD.report_id) AND state = 'locked') THEN
                        RAISE EXCEPTION 'rapporten är låst' USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,
            )
        ]

    class Access:
        resource = Resource.DRAFTS
        committee = "report__committee"

    def __str__(self) -> str:
        return f"{self.section}/{self.subject}"


class ReportFile(models.Model):
    """A finished file of a locked report, kept with its hash."""

    class Format(models.TextChoices):
        HTML = "html", "webbsida"
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word"
        XLSX = "xlsx", "Excel"

    report = models.ForeignKey(Report, models.PROTECT, related_name="files")
    format = models.CharField(max_length=10, choices=Format)
    path = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField("storlek")

    class Meta:
        verbose_name = "rapportfil"
        verbose_name_plural = "rapportfiler"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "format"], name="one_file_a_format")
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.path
