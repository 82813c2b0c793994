"""Documents of a case with their versions (7-meetings 7.1–7.2)."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.files.models import Blob, FileVersion
from roder.meetings.models.cases import Case
from roder.meetings.models.words import words
from roder.organisation.models import Body

SECRET_DOCUMENT = Q(secret=True) | Q(case__secret=True)


@pghistory.track(*full_history(), exclude=["search", "text"])
class Document(Record):
    """Handling i ett ärende. ``number`` runs within the case. ``text`` is the words of the current version, for
    search; a secret one is seen only with the right to secrets, wherever it is shown."""

    class Kind(models.TextChoices):
        LETTER = "letter", "tjänsteskrivelse"
        REPORT = "report", "rapport"
        ATTACHMENT = "attachment", "bilaga"
        EXTRACT = "extract", "protokollsutdrag"
        STATEMENT = "statement", "yttrande"
        MOTION = "motion", "motion"
        REFERRAL = "referral", "remiss"
        MESSAGE = "message", "meddelande"
        APPLICATION = "application", "ansökan"
        CONTRACT = "contract", "avtal"
        OTHER = "other", "övrig handling"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    case = models.ForeignKey(Case, models.PROTECT, related_name="documents", verbose_name="ärende")
    number = models.PositiveIntegerField("nummer i ärendet")
    kind = models.CharField("slag", max_length=20, choices=Kind)
    title = models.CharField("rubrik", max_length=300, validators=FREE_TEXT)
    dated_on = models.DateField("daterad")
    received_on = models.DateField("inkommen", null=True, blank=True)
    sender = models.CharField("avsändare", max_length=200, blank=True, validators=FREE_TEXT)
    secret = models.BooleanField("sekretess", default=False)
    secrecy_section = models.CharField("lagrum", max_length=60, blank=True)
    text = models.TextField(blank=True, editable=False)
    search = words("title", "sender", "text")

    class Meta:
        verbose_name = "handling"
        verbose_name_plural = "handlingar"
        ordering: ClassVar = ["case", "number"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="document_number_once"),
            models.CheckConstraint(
                condition=Q(secret=False) | ~Q(secrecy_section=""),
                name="document_secret_by_law",
                violation_error_message="Ange lagrummet för sekretessen.",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["committee", "-dated_on", "-id"], name="document_latest"),
            GinIndex(fields=["search"], name="document_words"),
        ]

    class Access:
        resource = Resource.CASES
        committee = "committee"
        own = "case__responsible"
        stricter: ClassVar = ((Resource.SECRETS, SECRET_DOCUMENT),)

    def __str__(self) -> str:
        return self.title


@pghistory.track(*full_history())
class DocumentVersion(Record):
    """One version of a document: a file that came in, or the content of an official letter (``rules.letters``).

    Never changed once it has stood in a pack or minutes (``frozen_at``). ``pdf`` is what a pack takes: the file itself,
    its conversion, or the letter as printed. ``pdf_fault`` says in Swedish why there is none.
    """

    class PdfState(models.TextChoices):
        WAITING = "waiting", "väntar"
        DONE = "done", "klar"
        FAILED = "failed", "gick inte"

    document = models.ForeignKey(Document, models.CASCADE, related_name="versions", verbose_name="handling")
    number = models.PositiveIntegerField("version")
    current = models.BooleanField("gällande", default=True)
    dated_on = models.DateField("daterad")
    note = models.CharField("vad som är nytt", max_length=500, blank=True, validators=FREE_TEXT)
    file_version = models.ForeignKey(
        FileVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="fil"
    )
    letter = models.JSONField("skrivelse", null=True, blank=True)
    pdf = models.ForeignKey(
        Blob, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="som PDF"
    )
    pdf_state = models.CharField(max_length=10, choices=PdfState, default=PdfState.WAITING)
    pdf_fault = models.CharField(max_length=500, blank=True, default="")
    pages = models.PositiveIntegerField("sidor", null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="gjord av",
    )
    frozen_at = models.DateTimeField("fastställd", null=True, blank=True)

    class Meta:
        verbose_name = "version"
        verbose_name_plural = "versioner"
        ordering: ClassVar = ["document", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_once"),
            models.UniqueConstraint(
                fields=["document"], condition=Q(current=True), name="one_current_document_version"
            ),
            models.CheckConstraint(
                condition=Q(file_version__isnull=False, letter=None)
                | Q(file_version=None, letter__isnull=False),
                name="document_version_is_file_or_letter",
            ),
            models.CheckConstraint(
                condition=~Q(pdf_state="done") | Q(pdf__isnull=False, pages__isnull=False),
                name="document_pdf_is_there",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="frozen_letter_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__frozen_at__isnull=False)
                & (
                    pgtrigger.Q(new__letter__df=pgtrigger.F("old__letter"))
                    | pgtrigger.Q(new__file_version__df=pgtrigger.F("old__file_version"))
                ),
            )
        ]

    class Access:
        resource = Resource.CASES
        committee = "document__committee"
        own = "document__case__responsible"
        stricter: ClassVar = ((Resource.SECRETS, Q(document__secret=True) | Q(document__case__secret=True)),)

    def __str__(self) -> str:
        return f"{self.document.title}, version {self.number}"
