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
#: Rooms whose records are open to all who log in: their names may stand in the history of anything. What else a record
#: has pointed at may be secret to the one who reads, and stays a number.
OPEN_ROOMS = ("organisation", "steering")
Names = dict[tuple[type[models.Model], Any], str]


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
    """The record's latest events, newest first. [] if none is kept.

    Three queries however many there are, and one for each kind of record that a field has pointed at.
    """
    log: Any = getattr(record, "events", None)
    if log is None or not hasattr(log, "model"):
        return []
    rows = list(log.select_related("pgh_context").order_by("-pgh_id")[: SHOWN + 1])
    kept_before = rows and rows[0].pgh_label in ("changed", "removed")
    people = _names(rows)
    fields = [field for field in record._meta.concrete_fields if field.name not in HIDDEN]
    pointed = _pointed_at(fields, [*rows, record])
    events = []
    for at, row in enumerate(rows[:SHOWN]):
        older = rows[at + 1] if at + 1 < len(rows) else None
        if (
            kept_before
        ):  # the row kept is the state before: compare with the one after it, or with the record now
            older, newer = row, rows[at - 1] if at else record
        else:
            newer = row
        changes = (
            _changes(fields, older, newer, pointed) if older is not None and row.pgh_label != "insert" else ()
        )
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


def _pointed_at(fields: list[Any], states: list[Any]) -> Names:
    """The names of the open records that a field points at in some of the states, where it has had another value."""
    wanted: dict[type[models.Model], set[Any]] = {}
    for field in fields:
        if not field.is_relation or field.related_model._meta.app_label not in OPEN_ROOMS:
            continue
        values = {getattr(state, field.attname, None) for state in states}
        if len(values) > 1:
            wanted.setdefault(field.related_model, set()).update(values - {None})
    return {
        (model, pk): str(one)
        for model, ids in wanted.items()
        for pk, one in model._base_manager.in_bulk(ids).items()
    }


def _changes(fields: list[Any], older: Any, newer: Any, pointed: Names) -> tuple[Change, ...]:
    found = []
    for field in fields:
        if not hasattr(older, field.attname):  # excluded from the history
            continue
        before, after = getattr(older, field.attname), getattr(newer, field.attname)
        if before != after:
            title = str(field.verbose_name)
            found.append(
                Change(capital_first(title), _word(field, before, pointed), _word(field, after, pointed))
            )
    return tuple(found)


def _word(field: Any, value: Any, pointed: Names) -> str:
    if value in (None, "", [], {}):
        return "(tomt)"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    if isinstance(value, dict | list):  # what a program keeps, such as a whole document: not for reading
        return "(innehåll)"
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.is_relation:
        return pointed.get((field.related_model, value), f"nr {value}")
    kind: Kind = "period" if field.get_internal_type() == "DateRangeField" else "text"
    return shown(Ready(Column("värde"), "", "", kind, ()), value)
