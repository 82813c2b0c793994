"""How a system's files are read: which of its headings is which of our columns, saved under a name."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models.functions import Lower

from roder.core.models import Record, full_history
from roder.organisation.models import Body


def _is_object(name: str) -> models.lookups.Exact:
    """The condition that a JSON column holds names and values."""
    kind: models.Func = models.Func(models.F(name), function="jsonb_typeof", output_field=models.TextField())
    return models.lookups.Exact(kind, models.Value("object"))


@pghistory.track(*full_history())
class ColumnMapping(Record):
    """Koppling av kolumner: for files of one kind, as one system gives them.

    ``columns``: our column -> the file's heading. ``constants``: our column -> the text that is the same on every row.
    """

    committee = models.ForeignKey(Body, models.PROTECT, verbose_name="nämnd", related_name="column_mappings")
    kind = models.CharField("slag", max_length=40)
    name = models.CharField("namn", max_length=80)
    columns = models.JSONField("kolumner", default=dict, blank=True)
    constants = models.JSONField("samma på alla rader", default=dict, blank=True)

    class Meta:
        verbose_name = "koppling av kolumner"
        verbose_name_plural = "kopplingar av kolumner"
        ordering: ClassVar = ["kind", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint("committee", "kind", Lower("name"), name="mapping_name_once"),
            models.CheckConstraint(condition=models.Q(name__regex=r"\S"), name="mapping_has_a_name"),
            models.CheckConstraint(condition=~models.Q(kind=""), name="mapping_has_a_kind"),
            models.CheckConstraint(condition=_is_object("columns"), name="mapping_columns_by_name"),
            models.CheckConstraint(condition=_is_object("constants"), name="mapping_constants_by_name"),
            models.CheckConstraint(
                condition=~models.Q(columns={}) | ~models.Q(constants={}), name="mapping_says_something"
            ),
        ]

    class Access:
        resource = "imports"
        committee = "committee"

    def __str__(self) -> str:
        return self.name
