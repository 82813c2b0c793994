"""The staged rows into the database: new rows by COPY, changed rows by one UPDATE. Called inside a transaction."""

from __future__ import annotations

from typing import Any

from django.db import connection

from roder.core.models import ImportBatch
from roder.imports.comparing import written_columns
from roder.imports.sql import literal, quoted
from roder.imports.staging import Staging

CHUNK = 1 << 20


def write(staging: Staging, batch: ImportBatch) -> None:
    """Write what ``compare`` has marked as new or changed. The database's constraints are the last check."""
    _insert(staging, batch)
    _update(staging, batch)


def _provenance(staging: Staging, batch: ImportBatch) -> dict[str, Any]:
    """Columns that say with which file and by whom a row came, where the table has them."""
    known = {item.attname for item in staging.what.model._meta.concrete_fields}
    return {
        name: value
        for name, value in (("batch_id", batch.pk), ("registered_by_id", batch.imported_by_id))
        if name in known
    }


def _insert(staging: Staging, batch: ImportBatch) -> None:
    what = staging.what
    selects = {name: f"p.{quoted(name)}" for column in what.columns for name in column.into}
    constants = what.constants(staging.context) | _provenance(staging, batch)
    selects |= {name: literal(value) for name, value in constants.items()}
    selects |= what.on_insert
    if what.edited_by_people:
        now = "TIMESTAMPTZ '" + batch.imported_at.isoformat() + "'"
        selects |= {"revision": "1", "created_at": now, "changed_at": now}
    listed = ", ".join(f"{select} AS {quoted(name)}" for name, select in selects.items())
    query = f"SELECT {listed} FROM verdict v JOIN parsed p ON p.n = v.n WHERE v.id IS NULL ORDER BY v.n"  # noqa: S608
    _copy(staging, query, what.table, list(selects))


def _update(staging: Staging, batch: ImportBatch) -> None:
    """One statement for all changed rows, from a table that goes with the transaction."""
    names = [name for column in written_columns(staging) for name in column.into]
    table = quoted(staging.what.table)
    count = staging.sql.execute("SELECT count(*) FROM verdict WHERE changed").fetchone()
    if not names or not count or not count[0]:
        return
    listed = ", ".join(quoted(name) for name in names)
    with connection.cursor() as cursor:
        like = f"SELECT id, {listed} FROM {table} LIMIT 0"  # noqa: S608 - own names
        cursor.execute(f"CREATE TEMP TABLE import_changed ON COMMIT DROP AS {like}")
    selects = "".join(f", p.{quoted(name)}" for name in names)
    _copy(
        staging,
        f"SELECT v.id{selects} FROM verdict v JOIN parsed p ON p.n = v.n WHERE v.changed ORDER BY v.id",  # noqa: S608
        "import_changed",
        ["id", *names],
    )
    sets = [f"{quoted(name)} = s.{quoted(name)}" for name in names]
    provenance = _provenance(staging, batch)
    sets += [f"{quoted(name)} = %s" for name in provenance]
    if "batch_id" in provenance:
        sets.append("registered_at = statement_timestamp()")
    if staging.what.edited_by_people:
        sets += ["revision = t.revision + 1", "changed_at = statement_timestamp()"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {', '.join(sets)} FROM import_changed s WHERE t.id = s.id",  # noqa: S608
            list(provenance.values()),
        )
        cursor.execute("DROP TABLE import_changed")


def _copy(staging: Staging, query: str, table: str, columns: list[str]) -> None:
    """Stream a staged query into a table by COPY, through a file so that memory stays bounded."""
    path = staging.folder / "rows.csv"
    staging.sql.execute(
        f"COPY ({query}) TO {literal(path)} (FORMAT csv, HEADER false, FORCE_QUOTE *, NULLSTR '')"
    )
    if not path.stat().st_size:
        path.unlink()
        return
    listed = ", ".join(quoted(name) for name in columns)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        path.open("rb") as file,
        cursor.copy(f"COPY {quoted(table)} ({listed}) FROM STDIN (FORMAT csv)") as copy,
    ):
        while block := file.read(CHUNK):
            copy.write(block)
    path.unlink()
