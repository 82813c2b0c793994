"""What the web room keeps of its own: the words of locked reports, for search."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from roder.reports.models import Report


class ReportWords(models.Model):
    """The text of a locked report, and its words. Written by the database itself when the report is locked.

    A table of its own, and not a column of the report: the report's history need not copy it, and what is heavy to
    take apart (the whole document) is taken apart once, since a locked report never changes.
    """

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="found")
    text = models.TextField()
    words = SearchVectorField()

    class Meta:
        verbose_name = "låst rapports ord"
        verbose_name_plural = "låsta rapporters ord"
        indexes: ClassVar = [GinIndex(fields=["words"], name="report_words")]

    def __str__(self) -> str:
        return f"orden i rapport {self.report_id}"
