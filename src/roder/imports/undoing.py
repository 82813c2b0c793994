"""Taking a read-in file back, from the history that the database keeps of every row.

Two kinds of history: rows that people edit keep every state (the last but one before the import is what the import
replaced); mass rows keep the states that were replaced (the last one before the import's end is that state).
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from roder.core.faults import UserFault
from roder.core.models import ImportBatch
from roder.imports.declaration import Import
from roder.imports.sql import quoted

_BOOKKEEPING = ("id", "revision", "created_at", "changed_at")


def take_back(what: Import, batch: ImportBatch) -> int:
    """Restore and remove the batch's rows; returns how many. Raises UserFault when any of them has changed since."""
    table = quoted(what.table)
    events = quoted(f"{what.table}event")
    columns = [str(field.column) for field in what.model._meta.concrete_fields]
    names = [name for name in columns if name not in _BOOKKEEPING]
    _refuse_later_changes(what, batch, table, events, names)
    place = 2 if what.edited_by_people else 1
    before = f"""
        SELECT * FROM (
            SELECT e.*, row_number() OVER (PARTITION BY e.pgh_obj_id ORDER BY e.pgh_id DESC) AS place
            FROM {events} e JOIN {table} t ON t.id = e.pgh_obj_id
            WHERE t.batch_id = %(batch)s AND e.pgh_created_at <= %(end)s
        ) AS states WHERE place = {place}
    """  # noqa: S608 - names of own tables
    sets = [f"{quoted(name)} = b.{quoted(name)}" for name in names]
    if what.edited_by_people:
        sets += ["revision = t.revision + 1", "changed_at = statement_timestamp()"]
    values: dict[str, Any] = {"batch": batch.pk, "end": batch.imported_at}
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {', '.join(sets)} FROM ({before}) AS b WHERE t.id = b.pgh_obj_id",  # noqa: S608
            values,
        )
        restored = cursor.rowcount
        cursor.execute(f"DELETE FROM {table} WHERE batch_id = %(batch)s", values)  # noqa: S608
        return int(restored + cursor.rowcount)


def _refuse_later_changes(
    what: Import, batch: ImportBatch, table: str, events: str, names: list[str]
) -> None:
    """Say who must be undone first, or how many rows people have changed."""
    values: dict[str, Any] = {"batch": batch.pk, "end": batch.imported_at}
    touched = [name for name in names if name != "registered_at"]
    now = ", ".join(f"t.{quoted(name)}" for name in touched)
    then = ", ".join(f"e.{quoted(name)}" for name in touched)
    order = "DESC" if what.edited_by_people else "ASC"
    when = "<=" if what.edited_by_people else ">"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.batch_id, count(*) FROM
                (SELECT DISTINCT pgh_obj_id FROM {events} WHERE batch_id = %(batch)s) AS once
                LEFT JOIN {table} t ON t.id = once.pgh_obj_id
                WHERE t.batch_id IS DISTINCT FROM %(batch)s GROUP BY 1 ORDER BY 1 NULLS LAST""",  # noqa: S608
            values,
        )
        elsewhere = cursor.fetchall()
        cursor.execute(
            f"""SELECT count(*) FROM {table} t CROSS JOIN LATERAL (
                    SELECT * FROM {events} e WHERE e.pgh_obj_id = t.id AND e.pgh_created_at {when} %(end)s
                    ORDER BY e.pgh_id {order} LIMIT 1
                ) AS e WHERE t.batch_id = %(batch)s AND ({now}) IS DISTINCT FROM ({then})""",  # noqa: S608
            values,
        )
        found = cursor.fetchone()
    edited = int(found[0]) if found else 0
    later = [(other, count) for other, count in elsewhere if other is not None and other > batch.pk]
    gone = sum(count for other, count in elsewhere if other is None)
    if later:
        listed = ", ".join(f"inläsning {other} ({count} rader)" for other, count in later)
        raise UserFault(f"inläsningen kan inte ångras: rader har ersatts av {listed}. Ångra den först.")
    if edited or gone:
        raise UserFault(
            f"inläsningen kan inte ångras: {edited + gone} av raderna har ändrats eller tagits bort efter inläsningen. "
            "Läs in en rättad fil i stället."
        )
