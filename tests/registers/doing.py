"""Deeds as people do them, and what is then to be done."""

from __future__ import annotations

from datetime import date
from typing import Any

from roder import tasks
from roder.registers.services import deeds


def step(row: Any, code: str, by: Any, **given: Any) -> Any:
    """Do a deed over the revision that stands, and give the row as it then is."""
    row.refresh_from_db()
    deeds.do(row, code, by, given, revision=row.revision)
    return type(row).objects.get(pk=row.pk)


def open_tasks(row: Any) -> dict[str, date]:
    """The open tasks about a record: kind and day."""
    return {
        one.kind: tasks.rules.day_of(one.due_at, whole_day=True)
        for one in tasks.of(row)
        if one.state == "open" and one.due_at
    }
