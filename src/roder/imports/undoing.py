"""Taking a read-in file back, from the history that the database keeps of every row.

Two kinds of history: rows that people edit keep every state (the last but one before the import is what the import
replaced); mass rows keep the states that were replaced (the last one before the import's end is that state).
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection, models

from roder.core.faults import UserFault
from roder.core.models import ImportBatch
from roder.imports.declaration import Above, Below, Import
from roder.imports.sql import quoted

_BOOKKEEPING = ("id", "revision", "created_at", "changed_at")


def _kept(model: type[models.Model]) -> list[str]:
    """The columns of a table that its history keeps too."""
    history = apps.get_model(model._meta.app_label, f"{model.__name__}Event")
    kept = {field.column for field in history._meta.concrete_fields}
    return [
        str(field.column)
        for field in model._meta.concrete_fields
        if field.column in kept and not field.generated
    ]


def take_back(what: Import, batch: ImportBatch) -> int:
    """Restore and remove the batch's rows; returns how many. Raises UserFault when any of them has changed since."""
    table = quoted(what.table)
    events = quoted(f"{what.table}event")
    names = [name for name in _kept(what.model) if name not in _BOOKKEEPING]
    _refuse_later_changes(what, batch, table, events, names)
    for below in what.below:
        _refuse_changes_below(what, below, batch)
    _refuse_work(what, batch, events)
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
    if what.undone is not None:
        what.undone(batch)
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


def _refuse_changes_below(what: Import, below: Below, batch: ImportBatch) -> None:
    """Rows below that were changed or removed after the import are somebody's work, unless a later file did it and has
    been taken back."""
    events, parent = quoted(f"{below.table}event"), quoted(below.parent)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT count(DISTINCT e.{parent}) FROM {events} e JOIN {quoted(what.table)} t ON t.id = e.{parent}
            WHERE t.batch_id = %s AND e.pgh_created_at > %s AND NOT EXISTS (
                SELECT 1 FROM core_importbatch b JOIN {quoted(what.table + "event")} m ON m.batch_id = b.id
                WHERE b.id > t.batch_id AND m.pgh_obj_id = t.id
                AND e.pgh_created_at BETWEEN m.pgh_created_at AND b.undone_at)""",  # noqa: S608 - names of own tables
            [batch.pk, batch.imported_at],
        )
        found = cursor.fetchone()
    if found and found[0]:
        raise UserFault(
            f"inläsningen kan inte ångras: {found[0]} av raderna har ändrats efter inläsningen. "
            "Läs in en rättad fil i stället."
        )


def _refuse_work(what: Import, batch: ImportBatch, events: str) -> None:
    """Rows that came new with the file and that other rows have been added to since cannot go."""
    if not what.edited_by_people:
        return
    known = {below.table for below in what.below} | {what.table}
    with connection.cursor() as cursor:
        for relation in what.model._meta.related_objects:
            field, table = relation.field, relation.related_model._meta.db_table
            if table in known or table == f"{what.table}event" or not field.concrete or field.many_to_many:
                continue
            if not getattr(field, "db_constraint", False):
                continue
            column = quoted(str(field.column))
            cursor.execute(
                f"SELECT count(DISTINCT r.{column}) FROM {quoted(table)} r JOIN {quoted(what.table)} t "  # noqa: S608
                f"ON t.id = r.{column} WHERE t.batch_id = %s AND NOT EXISTS (SELECT 1 FROM {events} e "
                "WHERE e.pgh_obj_id = t.id AND e.batch_id IS DISTINCT FROM t.batch_id AND e.pgh_created_at <= %s)",
                [batch.pk, batch.imported_at],
            )
            found = cursor.fetchone()
            if found and found[0]:
                raise UserFault(
                    f"inläsningen kan inte ångras: någon har arbetat vidare med {found[0]} av raderna "
                    f"({relation.related_model._meta.verbose_name}). Läs in en rättad fil i stället."
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
