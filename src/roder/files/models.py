"""A file as people see it (title, versions, what it belongs to), and the content that is kept once."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from roder.core.models import Record, full_history
from roder.core.persons import FREE_TEXT
from roder.files.kinds import KINDS
from roder.organisation.models import Body, Municipality, Person


class Blob(models.Model):
    """Content on disk, kept once however many files hold it. ``sha256`` names it and says where it lies."""

    class TextState(models.TextChoices):
        WAITING = "waiting", "väntar"
        DONE = "done", "läst"
        FAILED = "failed", "gick inte att läsa"

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField("storlek")
    type = models.CharField("typ", max_length=10)
    stored_at = models.DateTimeField("sparad", db_default=models.functions.Now())
    text = models.TextField(blank=True)
    text_state = models.CharField(max_length=10, choices=TextState, default=TextState.WAITING)
    thumbnail = models.BooleanField(default=False)

    class Meta:
        verbose_name = "filinnehåll"
        verbose_name_plural = "filinnehåll"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="blob_named_by_hash"),
            models.CheckConstraint(condition=Q(type__in=sorted(KINDS)), name="blob_of_allowed_type"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="blob_to_read", condition=Q(text_state="waiting"))
        ]

    def __str__(self) -> str:
        return self.sha256

    @property
    def label(self) -> str:
        """What kind of file it is, in Swedish."""
        return KINDS[self.type].label


@pghistory.track(*full_history(), exclude=["title", "words"])
class StoredFile(Record):
    """A file that belongs to a record, with its versions. Who may see the record may see the file.

    A removed file remains as a tombstone: that there was one, who took it away, when and why; its name, its text and
    (when nobody else has the same content) its content are gone.
    """

    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    committee = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="nämnd"
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="kommun"
    )
    title = models.CharField("titel", max_length=200, validators=FREE_TEXT)
    current = models.OneToOneField(
        "FileVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="gällande version",
    )
    words = SearchVectorField(null=True, editable=False)
    removed_at = models.DateTimeField("borttagen", null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="borttagen av",
    )
    removed_why = models.CharField("orsak", max_length=300, blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "fil"
        verbose_name_plural = "filer"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(title="", current=None, words=None) & ~Q(removed_why=""),
                name="removed_file_is_tombstone",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"], name="file_of_subject"),
            GinIndex(fields=["words"], name="file_words"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="subject_exists",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="PERFORM roder_require_record(NEW.subject_kind, NEW.subject_id); RETURN NEW;",
            ),
            pgtrigger.Protect(name="tombstone_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="removed_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__removed_at__isnull=False),
            ),
        ]

    class Access:
        resource = "files"

        @staticmethod
        def rows(user: Any, action: Any) -> Q:
            """The files whose subject the user may see, or may do ``action`` to."""
            from roder.files.secrecy import rows_of  # noqa: PLC0415 - needs every room's models

            return rows_of(user, action)

    def __str__(self) -> str:
        return self.title or "borttagen fil"

    @property
    def subject_gid(self) -> str:
        """The global id of the record that the file belongs to."""
        return f"{self.subject_kind}:{self.subject_id}"


class FileVersion(models.Model):
    """One version of a file. Never changed; when the file is removed its name and content go, its hash stays."""

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="versions", verbose_name="fil")
    number = models.PositiveIntegerField("version")
    blob = models.ForeignKey(
        Blob, models.PROTECT, null=True, related_name="versions", verbose_name="innehåll"
    )
    name = models.CharField("filnamn", max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField("storlek")
    restored_from = models.PositiveIntegerField("återställd från version", null=True, blank=True)
    stored_at = models.DateTimeField("sparad", db_default=models.functions.Now())
    stored_by: models.ForeignKey[Person | None, Person | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="sparad av",
    )

    class Meta:
        verbose_name = "filversion"
        verbose_name_plural = "filversioner"
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "number"], name="file_version_once"),
            models.CheckConstraint(
                condition=Q(blob__isnull=False) & ~Q(name="") | Q(blob=None, name=""),
                name="removed_version_has_no_name",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="version_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="only_removed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__blob__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name or 'borttagen'} (version {self.number})"
