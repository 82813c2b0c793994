"""What every record has in common, the one typed link between rooms, and the batch that a file came in with."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db import models

from roder.core import day_checks
from roder.core.persons import FREE_TEXT


def full_history() -> tuple[pghistory.Tracker, ...]:
    """History for registers that people edit: every state is kept. (A tracker serves one model: always new ones.)"""
    return pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()


def old_states() -> tuple[pghistory.Tracker, ...]:
    """History for mass rows: the row itself is its first state; what was changed or removed is kept."""
    return (
        pghistory.UpdateEvent("changed", row=pghistory.Old),
        pghistory.DeleteEvent("removed", row=pghistory.Old),
    )


_OF_DAYS = (models.DateField, DateRangeField)


class StaleRecordError(Exception):
    """Somebody else saved the record first. ``current`` is what stands in the database now."""

    def __init__(self, current: Record) -> None:
        super().__init__("Någon annan hann spara före dig. Jämför texterna och spara igen.")
        self.current = current


class Record(models.Model):
    """A row that people edit: knows when it was made and changed, and its version for optimistic locking."""

    created_at = models.DateTimeField("skapad", auto_now_add=True)
    changed_at = models.DateTimeField("ändrad", auto_now=True)
    revision = models.PositiveIntegerField("revision", default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def gid(self) -> str:
        """The record's global id, such as ``steering.goal:12``, used by links and in history."""
        return f"{self._meta.label_lower}:{self.pk}"

    @classmethod
    def record_kind(cls) -> str:
        """The record's kind in links and assessments, such as ``steering.goal``."""
        return cls._meta.label_lower

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """As Django's, and every day is one that the program reckons with."""
        faults: dict[str, Any] = {}
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            faults = error.update_error_dict(faults)
        for field in self._meta.fields:
            if field.name in (exclude or ()) or field.name in faults or not isinstance(field, _OF_DAYS):
                continue
            try:
                day_checks.reckoned(getattr(self, field.attname))
            except ValidationError as error:
                faults[field.name] = error.error_list
        if faults:
            raise ValidationError(faults)

    def save_over(self, expected_revision: int, **values: Any) -> Self:
        """Save ``values`` only if nobody else has saved since ``expected_revision`` was read.

        One statement, so two savers at once cannot both win. Raises StaleRecordError with the current row.
        """
        manager = type(self)._base_manager
        for name, value in values.items():
            setattr(self, name, value)
        self.revision = expected_revision + 1
        self.full_clean(exclude=[f.name for f in self._meta.fields if f.name not in values])
        from django.utils import timezone  # noqa: PLC0415 - settings must be ready

        changed = manager.filter(pk=self.pk, revision=expected_revision).update(
            revision=self.revision, changed_at=timezone.now(), **values
        )
        if not changed:
            raise StaleRecordError(manager.get(pk=self.pk))
        return self


class Link(models.Model):
    """The one typed link between records of different rooms: two ends, a kind and a note.

    The database refuses an end that does not exist, and removes the link when an end is removed.
    """

    class Kind(models.TextChoices):
        MEASURED_BY = "measured_by", "mäts med"
        INDICATOR = "indicator", "indikator"
        CAUSED_BY = "caused_by", "kommer av"
        MADE_FROM = "made_from", "gjord av"
        LED_TO = "led_to", "ledde till"
        EVIDENCE = "evidence", "styrks av"
        CONCERNS = "concerns", "gäller"

    source_kind = models.CharField(max_length=60)
    source_id = models.BigIntegerField()
    target_kind = models.CharField(max_length=60)
    target_id = models.BigIntegerField()
    kind = models.CharField("slag", max_length=30, choices=Kind)
    note = models.CharField("anteckning", max_length=500, blank=True, validators=FREE_TEXT)
    position = models.PositiveSmallIntegerField("ordning", default=0)

    class Meta:
        verbose_name = "koppling"
        verbose_name_plural = "kopplingar"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "kind", "target_kind", "target_id"], name="link_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(source_kind=models.F("target_kind"), source_id=models.F("target_id")),
                name="link_not_to_itself",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["target_kind", "target_id"], name="link_by_target")]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="ends_exist",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    PERFORM roder_require_record(NEW.source_kind, NEW.source_id);
                    PERFORM roder_require_record(NEW.target_kind, NEW.target_id);
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_kind}:{self.source_id} {self.get_kind_display()} {self.target_kind}:{self.target_id}"


def removes_links() -> pgtrigger.Trigger:
    """A trigger for a table that links may point at: its links go when the row goes."""
    return pgtrigger.Trigger(
        name="removes_links",
        operation=pgtrigger.Delete,
        when=pgtrigger.After,
        func="PERFORM roder_remove_links(replace(TG_TABLE_NAME, '_', '.'), OLD.id); RETURN OLD;",
    )


class ImportBatch(models.Model):
    """A file that was read in: what, by whom, how many rows, and whether it has been undone.

    Rows that came with it point here, so that they can be shown and taken back together.
    """

    committee = models.ForeignKey(
        "organisation.Body", models.PROTECT, null=True, blank=True, verbose_name="nämnd", related_name="+"
    )
    kind = models.CharField("slag", max_length=40)
    file_name = models.CharField("fil", max_length=255)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField("rader")
    new_rows = models.PositiveIntegerField("nya rader", default=0)
    changed_rows = models.PositiveIntegerField("ändrade rader", default=0)
    imported_at = models.DateTimeField("inläst", auto_now_add=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="inläst av",
        related_name="+",
    )
    undone_at = models.DateTimeField("ångrad", null=True, blank=True)
    done = models.JSONField(default=dict, editable=False)  # what undoing deeds must know; see roder.imports
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="ångrad av",
        related_name="+",
    )
    mapping_name = models.CharField("koppling", max_length=80, blank=True, db_default="")
    layout = models.JSONField(
        "hur filen lästes",
        default=dict,
        blank=True,
        db_default=models.Value({}, models.JSONField()),
        help_text="Blad, kopplade kolumner och värden som är samma på alla rader, som de var när filen lästes in.",
    )

    class Meta:
        verbose_name = "inläsning"
        verbose_name_plural = "inläsningar"
        ordering: ClassVar = ["-imported_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(undone_by=None) | models.Q(undone_at__isnull=False),
                name="batch_undone_when_by_somebody",
            )
        ]

    class Access:
        resource = "imports"
        committee = "committee"

    def __str__(self) -> str:
        return f"{self.file_name} ({self.rows} rader)"
