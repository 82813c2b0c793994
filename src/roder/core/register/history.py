"""What the database's triggers have kept of a record: each change, by whom, with before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from roder.core.register.declaration import Column, Kind, Ready
from roder.core.register.table import shown
from roder.core.words import capital_first

HIDDEN = {"id", "revision", "created_at", "changed_at"}
#: the labels that the trackers of ``core.models`` give
DEEDS = {
    "insert": "skapade",
    "update": "ändrade",
    "delete": "tog bort",
    "changed": "ändrade",
    "removed": "tog bort",
}
SHOWN = 100
SYSTEM = "Systemet"  # a file that was read in, or the command line


@dataclass(frozen=True)
class Change:
    """A field that got another value."""

    title: str
    before: str
    after: str


@dataclass(frozen=True)
class Event:
    """One deed on the record."""

    at: datetime
    who: str
    deed: str
    changes: tuple[Change, ...]


def of(record: models.Model) -> list[Event]:
    """The record's latest events, newest first, in three queries however many there are. [] if none is kept."""
    log: Any = getattr(record, "events", None)
    if log is None or not hasattr(log, "model"):
        return []
    rows = list(log.select_related("pgh_context").order_by("-pgh_id")[: SHOWN + 1])
    kept_before = rows and rows[0].pgh_label in ("changed", "removed")
    people = _names(rows)
    fields = [field for field in record._meta.concrete_fields if field.name not in HIDDEN]
    events = []
    for at, row in enumerate(rows[:SHOWN]):
        older = rows[at + 1] if at + 1 < len(rows) else None
        if (
            kept_before
        ):  # the row kept is the state before: compare with the one after it, or with the record now
            older, newer = row, rows[at - 1] if at else record
        else:
            newer = row
        changes = _changes(fields, older, newer) if older is not None and row.pgh_label != "insert" else ()
        events.append(
            Event(row.pgh_created_at, people(row), DEEDS.get(row.pgh_label, row.pgh_label), changes)
        )
    return events


def _names(rows: list[Any]) -> Any:
    """A function from an event to who did it. Only fetched once for all."""
    from roder.organisation.models import Person  # noqa: PLC0415 - core stands under organisation

    def user(row: Any) -> int | None:
        found = (row.pgh_context.metadata or {}).get("user") if row.pgh_context_id else None
        return int(found) if found is not None else None

    def name(row: Any) -> str:
        who = user(row)
        return names.get(who, SYSTEM) if who is not None else SYSTEM

    ids = {found for row in rows if (found := user(row)) is not None}
    names = dict(Person.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    return name


def _changes(fields: list[Any], older: Any, newer: Any) -> tuple[Change, ...]:
    found = []
    for field in fields:
        if not hasattr(older, field.attname):  # excluded from the history
            continue
        before, after = getattr(older, field.attname), getattr(newer, field.attname)
        if before != after:
            title = str(field.verbose_name)
            found.append(Change(capital_first(title), _word(field, before), _word(field, after)))
    return tuple(found)


def _word(field: Any, value: Any) -> str:
    if value is None or value == "":
        return "(tomt)"
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.is_relation:
        return f"nr {value}"
    kind: Kind = "period" if field.get_internal_type() == "DateRangeField" else "text"
    return shown(Ready(Column("värde"), "", "", kind, ()), value)
