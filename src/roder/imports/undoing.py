"""Taking a read-in file back, from the history that the database keeps of every row.

Two kinds of history: rows that people edit keep every state (the last but one before the import is what the import
replaced); mass rows keep the states that were replaced (the last one before the import's end is that state).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

from roder.core.models import ImportBatch
from roder.imports.declaration import Above, Below, Import
from roder.imports.refusals import events_of, refuse_changes_below, refuse_later_changes, refuse_work
from roder.imports.sql import quoted

_NOT_SAID = {"core_importbatch", "access_auditrecord"}
_BOOKKEEPING = ("id", "revision", "created_at", "changed_at")


def _kept(model: type[models.Model]) -> list[str]:
    """The columns of a table that its history keeps too."""
    kept = {field.column for field in events_of(model)._meta.concrete_fields}
    return [
        str(field.column)
        for field in model._meta.concrete_fields
        if field.column in kept and not field.generated
    ]


@dataclass(frozen=True)
class Effect:
    """What happens to a table's rows: ``removed`` go, ``restored`` get back what they were, ``returned`` had been
    removed and stand again."""

    title: str
    removed: int
    restored: int
    returned: int

    @property
    def words(self) -> str:
        """How many rows what happens to."""
        said = (
            (self.removed, "tas bort"),
            (self.restored, "får tillbaka det som stod"),
            (self.returned, "kommer tillbaka"),
        )
        return ", ".join(
            f"{count} {'rad' if count == 1 else 'rader'} {deed}" for count, deed in said if count
        )


def tally() -> dict[str, tuple[int, int, int]]:
    """How many rows this session has removed, changed and added in each table so far, by the database's own count.

    What others do is not in it. The difference between two is what was done between them, whoever asked for it: also
    triggers and what follows from a row.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_del, n_tup_upd, n_tup_ins FROM pg_stat_xact_user_tables")
        return {name: (removed, changed, added) for name, removed, changed, added in cursor.fetchall()}


def effects(before: dict[str, tuple[int, int, int]], after: dict[str, tuple[int, int, int]]) -> list[Effect]:
    """What was done between two counts, by the names that people know the tables under."""
    found = []
    for model in apps.get_models():
        table = model._meta.db_table
        if not model.__module__.startswith("roder.") or hasattr(model, "pgh_obj") or table in _NOT_SAID:
            continue  # history is no data
        then, now = before.get(table, (0, 0, 0)), after.get(table, (0, 0, 0))
        removed, restored, returned = (late - early for early, late in zip(then, now, strict=True))
        if removed or restored or returned:
            found.append(Effect(str(model._meta.verbose_name_plural), removed, restored, returned))
    return found


def take_back(what: Import, batch: ImportBatch) -> int:
    """Restore and remove the batch's rows; returns how many. Raises UndoFault when any of them has changed since."""
    table = quoted(what.table)
    events = quoted(f"{what.table}event")
    names = [name for name in _kept(what.model) if name not in _BOOKKEEPING]
    refuse_later_changes(what, batch, names)
    for below in what.below:
        refuse_changes_below(what, below, batch)
    refuse_work(what, batch)
    values: dict[str, Any] = {"batch": batch.pk, "end": batch.imported_at}
    with connection.cursor() as cursor:
        for below in what.below:
            _take_back_below(cursor, what, below, values)
        pointed = [_pointed_at(cursor, what, above, values) for above in what.above]
    place = 2 if what.edited_by_people else 1
    before = f"""
        SELECT * FROM (
            SELECT e.*, row_number() OVER (PARTITION BY e.pgh_obj_id ORDER BY e.pgh_id DESC) AS nth_state
            FROM {events} e JOIN {table} t ON t.id = e.pgh_obj_id
            WHERE t.batch_id = %(batch)s AND e.pgh_created_at <= %(end)s
        ) AS states WHERE nth_state = {place}
    """  # noqa: S608 - names of own tables
    sets = [f"{quoted(name)} = b.{quoted(name)}" for name in names]
    if what.edited_by_people:
        sets += ["revision = t.revision + 1", "changed_at = statement_timestamp()"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {', '.join(sets)} FROM ({before}) AS b WHERE t.id = b.pgh_obj_id",  # noqa: S608
            values,
        )
        restored = cursor.rowcount
        cursor.execute(f"DELETE FROM {table} WHERE batch_id = %(batch)s", values)  # noqa: S608
        rows = int(restored + cursor.rowcount)
        for above, ids in zip(what.above, pointed, strict=True):
            cursor.execute(
                f"DELETE FROM {quoted(above.table)} a WHERE a.id = ANY(%s) AND NOT EXISTS "  # noqa: S608
                f"(SELECT 1 FROM {table} t WHERE t.{quoted(above.pointer)} = a.id)",
                [ids],
            )
    return rows


def _pointed_at(cursor: Any, what: Import, above: Above, values: dict[str, Any]) -> list[int]:
    """The rows above that the batch's rows point at."""
    pointer = quoted(above.pointer)
    cursor.execute(
        f"SELECT DISTINCT {pointer} FROM {quoted(what.table)} "  # noqa: S608
        f"WHERE batch_id = %(batch)s AND {pointer} IS NOT NULL",
        values,
    )
    return [row[0] for row in cursor.fetchall()]


def _imported(what: Import) -> str:
    """When the import wrote each of its rows, by the history: until the batch's end, changes after it are its own."""
    events = quoted(f"{what.table}event")
    return (
        f"(SELECT pgh_obj_id AS id, min(pgh_created_at) AS start FROM {events} "  # noqa: S608
        "WHERE batch_id = %(batch)s AND pgh_created_at <= %(end)s GROUP BY 1)"
    )


def _take_back_below(cursor: Any, what: Import, below: Below, values: dict[str, Any]) -> None:
    """Remove the rows below the batch's rows; those that the import removed come back."""
    table, events, parent = quoted(below.table), quoted(f"{below.table}event"), quoted(below.parent)
    columns = ", ".join(quoted(name) for name in _kept(below.model) if name != "id")
    cursor.execute(
        f"CREATE TEMP TABLE import_restored ON COMMIT DROP AS SELECT DISTINCT ON (e.pgh_obj_id) e.* FROM {events} e "  # noqa: S608
        f"JOIN {_imported(what)} i ON i.id = e.{parent} JOIN {quoted(what.table)} t ON t.id = i.id "
        "WHERE t.batch_id = %(batch)s AND e.pgh_label IN ('removed', 'delete') AND e.pgh_created_at >= i.start "
        "AND e.pgh_created_at <= %(end)s ORDER BY e.pgh_obj_id, e.pgh_id DESC",
        values,
    )
    cursor.execute(
        f"DELETE FROM {table} c USING {quoted(what.table)} t, {_imported(what)} i WHERE t.id = c.{parent} "  # noqa: S608
        f"AND i.id = t.id AND t.batch_id = %(batch)s AND {below.mine} "
        f"AND (EXISTS (SELECT 1 FROM import_restored r WHERE r.{parent} = t.id) "
        f"OR EXISTS (SELECT 1 FROM {events} n WHERE n.pgh_obj_id = c.id AND n.pgh_label = 'insert' "
        "AND n.pgh_created_at >= i.start AND n.pgh_created_at <= %(end)s) OR NOT EXISTS "
        f"(SELECT 1 FROM {quoted(what.table + 'event')} e WHERE e.pgh_obj_id = t.id "
        "AND e.pgh_created_at < i.start))",
        values,
    )
    cursor.execute(
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM import_restored"  # noqa: S608
    )
    cursor.execute("DROP TABLE import_restored")
