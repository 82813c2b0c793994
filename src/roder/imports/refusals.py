"""Why a read-in file cannot be taken back: which of its rows people have gone on with, who did, and what to do."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from roder.core.faults import UserFault
from roder.core.models import ImportBatch
from roder.core.uses import pointing_at
from roder.imports.declaration import Below, Import
from roder.imports.sql import quoted
from roder.organisation.models import Person

SHOWN = 10  # rows that are named; the rest are counted

WHAT_TO_DO = (
    "Läs in en rättad fil i stället: rader med samma nyckel ersätts. "
    "Eller rätta eller ta bort raderna på deras egna sidor."
)


class UndoFault(UserFault):
    """A file that cannot be taken back. ``why`` in a sentence, ``rows`` the first rows it is about, in words, and what
    to ``do``."""

    def __init__(self, why: str, do: str, rows: list[str] | None = None, count: int = 0) -> None:
        self.why, self.do, self.rows = why, do, rows or []
        self.more = max(0, count - len(self.rows))
        listed = (
            f": {'; '.join(self.rows)}{f' med flera ({self.more} till)' if self.more else ''}"
            if self.rows
            else ""
        )
        super().__init__(f"inläsningen kan inte ångras: {why}{listed}. {do}")


def events_of(model: type[models.Model]) -> type[models.Model]:
    """The table of a model's history."""
    return apps.get_model(model._meta.app_label, f"{model.__name__}Event")


def refuse_later_changes(what: Import, batch: ImportBatch, names: list[str]) -> None:
    """Raise UndoFault when a later file has replaced rows, or people have changed or removed them. ``names``: the
    columns that history keeps."""
    table, events = quoted(what.table), quoted(f"{what.table}event")
    values: dict[str, Any] = {"batch": batch.pk, "end": batch.imported_at}
    touched = [name for name in names if name != "registered_at"]
    now = ", ".join(f"t.{quoted(name)}" for name in touched)
    then = ", ".join(f"e.{quoted(name)}" for name in touched)
    order = "DESC" if what.edited_by_people else "ASC"
    when = "<=" if what.edited_by_people else ">"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT t.batch_id, count(*), array_agg(once.pgh_obj_id ORDER BY once.pgh_obj_id) FROM
                (SELECT DISTINCT pgh_obj_id FROM {events} WHERE batch_id = %(batch)s) AS once
                LEFT JOIN {table} t ON t.id = once.pgh_obj_id
                WHERE t.batch_id IS DISTINCT FROM %(batch)s GROUP BY 1 ORDER BY 1 NULLS LAST""",  # noqa: S608
            values,
        )
        elsewhere = cursor.fetchall()
        cursor.execute(
            f"""SELECT t.id FROM {table} t CROSS JOIN LATERAL (
                    SELECT * FROM {events} e WHERE e.pgh_obj_id = t.id AND e.pgh_created_at {when} %(end)s
                    ORDER BY e.pgh_id {order} LIMIT 1
                ) AS e WHERE t.batch_id = %(batch)s AND ({now}) IS DISTINCT FROM ({then}) ORDER BY t.id""",  # noqa: S608
            values,
        )
        edited = [row[0] for row in cursor.fetchall()]
    later = [(other, count) for other, count, _ in elsewhere if other is not None and other > batch.pk]
    gone = [one for other, _, ids in elsewhere if other is None for one in ids]
    if later:
        listed = ", ".join(f"inläsning {other} ({count} rader)" for other, count in later)
        raise UndoFault(f"rader har ersatts av {listed}", "Ångra den först.")
    if edited or gone:
        found = [*edited, *gone]
        raise UndoFault(
            f"{len(found)} av raderna har ändrats eller tagits bort efter inläsningen",
            WHAT_TO_DO,
            named(what, batch, found[:SHOWN]),
            len(found),
        )


def refuse_changes_below(what: Import, below: Below, batch: ImportBatch) -> None:
    """Rows below that were changed or removed after the import are somebody's work, unless a later file did it and has
    been taken back."""
    events, parent = quoted(f"{below.table}event"), quoted(below.parent)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT DISTINCT e.{parent} FROM {events} e JOIN {quoted(what.table)} t ON t.id = e.{parent}
            WHERE t.batch_id = %s AND e.pgh_created_at > %s AND NOT EXISTS (
                SELECT 1 FROM core_importbatch b JOIN {quoted(what.table + "event")} m ON m.batch_id = b.id
                WHERE b.id > t.batch_id AND m.pgh_obj_id = t.id
                AND e.pgh_created_at BETWEEN m.pgh_created_at AND b.undone_at) ORDER BY 1""",  # noqa: S608 - own tables
            [batch.pk, batch.imported_at],
        )
        found = [row[0] for row in cursor.fetchall()]
    if found:
        raise UndoFault(
            f"{len(found)} av raderna har ändrats efter inläsningen",
            WHAT_TO_DO,
            named(what, batch, found[:SHOWN]),
            len(found),
        )


def refuse_work(what: Import, batch: ImportBatch) -> None:
    """Rows that came new with the file and that other rows have been added to since cannot go."""
    if not what.edited_by_people:
        return
    events = quoted(f"{what.table}event")
    known = {below.table for below in what.below} | {what.table}
    with connection.cursor() as cursor:
        for model, name in pointing_at(what.model):
            table, column = model._meta.db_table, quoted(name)
            if table in known:
                continue
            cursor.execute(
                f"SELECT DISTINCT r.{column} FROM {quoted(table)} r JOIN {quoted(what.table)} t "  # noqa: S608
                f"ON t.id = r.{column} WHERE t.batch_id = %s AND NOT EXISTS (SELECT 1 FROM {events} e "
                "WHERE e.pgh_obj_id = t.id AND e.batch_id IS DISTINCT FROM t.batch_id AND e.pgh_created_at <= %s) "
                "ORDER BY 1",
                [batch.pk, batch.imported_at],
            )
            found = [row[0] for row in cursor.fetchall()]
            if found:
                kind = model._meta.verbose_name
                raise UndoFault(
                    f"någon har arbetat vidare med {len(found)} av raderna ({kind})",
                    WHAT_TO_DO,
                    named(what, batch, found[:SHOWN]),
                    len(found),
                )


def named(what: Import, batch: ImportBatch, ids: list[int]) -> list[str]:
    """Rows in words, each with who last did something with it after the import, and when."""
    rows = what.model._base_manager.in_bulk(ids)
    log: Any = events_of(what.model)
    found = []
    for pk in ids:
        last = (
            log._base_manager.filter(pgh_obj_id=pk, pgh_created_at__gt=batch.imported_at)
            .select_related("pgh_context")
            .order_by("-pgh_id")
            .first()
        )
        name = str(rows[pk]) if pk in rows else f"rad {pk}"
        if last is None:
            found.append(name)
            continue
        gone = last.pgh_label in ("delete", "removed")
        moment = timezone.localtime(last.pgh_created_at)
        found.append(f"{name} ({'borttagen' if gone else 'ändrad'} {moment:%Y-%m-%d %H:%M} av {_who(last)})")
    return found


def _who(event: Any) -> str:
    """Who did it, by the history's note of whose request it was."""
    user = (event.pgh_context.metadata or {}).get("user") if event.pgh_context_id else None
    person = Person.objects.filter(pk=user).first() if user is not None else None
    return str(person) if person else "driften"
