"""The staged rows into the database: new rows by COPY, changed rows by one UPDATE. Called inside a transaction."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection, models

from roder.core.models import ImportBatch
from roder.imports.comparing import written
from roder.imports.declaration import Above, Below
from roder.imports.sql import copy, literal, quoted
from roder.imports.staging import Staging

CHUNK = 1 << 20
MANY = 20_000  # rows that are worth counting
PART = 61_440  # rows that are written at a time


def write(staging: Staging, batch: ImportBatch) -> None:
    """Write what ``compare`` has marked as new or changed, with the rows of other tables that come with it. The
    database's constraints are the last check."""
    what = staging.what
    if what.below:
        _reserve(staging, "new_ids", what.table, "v.id IS NULL")
    for above in what.above:
        _make_above(staging, above, batch)
    _insert(staging, batch)
    if what.below and batch.new_rows >= MANY:
        _count(what.table)
    _update(staging, batch)
    for below in what.below:
        _replace_below(staging, below, batch)


def _provenance(staging: Staging, batch: ImportBatch) -> dict[str, Any]:
    """Columns that say with which file and by whom a row came, where the table has them."""
    known = {item.attname for item in staging.what.model._meta.concrete_fields}
    return {
        name: value
        for name, value in (("batch_id", batch.pk), ("registered_by_id", batch.imported_by_id))
        if name in known
    }


def _bookkeeping(model: type[models.Model], batch: ImportBatch) -> dict[str, str]:
    """The SQL of what a row that people edit carries from the start."""
    if not any(item.name == "revision" for item in model._meta.fields):
        return {}
    now = f"TIMESTAMPTZ '{batch.imported_at.isoformat()}'"
    return {"revision": "1", "created_at": now, "changed_at": now}


def _defaults(model: type[models.Model]) -> dict[str, str]:
    """The SQL of what a new row has in columns that no import speaks of: the model's defaults, else empty text."""
    found: dict[str, str] = {}
    for field in model._meta.concrete_fields:
        if field.primary_key or field.generated or field.null or field.has_db_default():
            continue
        if field.has_default():
            value = field.get_default()
            found[str(field.column)] = literal(
                json.dumps(value) if isinstance(value, (dict, list)) else value
            )
        elif field.empty_strings_allowed and field.blank:
            found[str(field.column)] = "''"
    return found


def _reserve(staging: Staging, name: str, table: str, condition: str) -> None:
    """The table ``name`` (n, made): an id of ``table`` for each row with a verdict that ``condition`` holds for.

    The ids come from the table's own sequence, so nobody else gets them.
    """
    chosen = f"SELECT v.n FROM verdict v JOIN parsed p ON p.n = v.n WHERE {condition}"  # noqa: S608
    found = staging.sql.execute(f"SELECT count(*) FROM ({chosen})").fetchone()  # noqa: S608
    count = int(found[0]) if found else 0
    path = staging.folder / "ids.csv"
    query = "COPY (SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)) TO STDOUT"
    with (
        connection.cursor() as cursor,
        path.open("wb") as file,
        copy(cursor, query, [table, count]) as blocks,
    ):
        for block in blocks:
            file.write(block)
    ids = f"read_csv({literal(path)}, header=false, auto_detect=false, delim=';', columns={{'id': 'BIGINT'}})"
    ids = ids if count else "(SELECT NULL::BIGINT AS id WHERE FALSE)"
    staging.sql.execute(
        f"CREATE OR REPLACE TABLE {name} AS SELECT a.n, b.id AS made FROM "  # noqa: S608
        f"(SELECT n, row_number() OVER (ORDER BY n) AS place FROM ({chosen})) a JOIN "
        f"(SELECT id, row_number() OVER (ORDER BY id) AS place FROM {ids}) b USING (place)"
    )
    path.unlink()


def _make_above(staging: Staging, above: Above, batch: ImportBatch) -> None:
    """The rows that new and changed rows are to point at; which is which stays in a table named after the pointer."""
    made, held = quoted(f"made_{above.pointer}"), quoted(above.held)
    changed = _changed(staging, above.held)
    _reserve(staging, made, above.table, f"p.{held} IS NOT NULL AND (v.id IS NULL OR {changed})")
    selects = {**_defaults(above.model), "id": "m.made"}
    selects |= {name: sql.replace("item", f"p.{held}") for name, sql in above.columns.items()}
    selects |= {name: literal(value) for name, value in above.constants(staging.context).items()}
    selects |= _bookkeeping(above.model, batch)
    listed = ", ".join(f"{select} AS {quoted(name)}" for name, select in selects.items())
    query = f"SELECT {listed} FROM {made} m JOIN parsed p ON p.n = m.n ORDER BY m.n"  # noqa: S608
    _copy(staging, query, above.table, list(selects))


def _changed(staging: Staging, held: str) -> str:
    """The condition on a verdict that a held text differs from what stands."""
    said = any(one.name == held for one in written(staging))
    return f"v.{quoted('changed_' + held)}" if said else "FALSE"


def _insert(staging: Staging, batch: ImportBatch) -> None:
    what = staging.what
    selects = {
        name: f"p.{quoted(name)}" for column in what.columns if not column.held for name in column.into
    }
    selects |= {one.name: f"p.{quoted(one.name)}" for one in what.derived}
    constants = what.constants(staging.context) | _provenance(staging, batch)
    selects |= {name: literal(value) for name, value in constants.items()}
    selects |= what.on_insert
    selects |= _bookkeeping(what.model, batch)
    selects = {**_defaults(what.model), **selects}
    joins = ""
    if what.below:
        selects["id"] = "ids.made"
        joins = " JOIN new_ids ids ON ids.n = v.n"
    for number, above in enumerate(what.above):
        selects[above.pointer] = f"a{number}.made"
        joins += f" LEFT JOIN {quoted('made_' + above.pointer)} a{number} ON a{number}.n = v.n"
    listed = ", ".join(f"{select} AS {quoted(name)}" for name, select in selects.items())
    for part in _parts(staging):
        query = (
            f"SELECT {listed} FROM verdict v JOIN parsed p ON p.n = v.n{joins} "  # noqa: S608 - own names
            f"WHERE v.id IS NULL AND v.n {part} AND p.n {part} ORDER BY v.n"
        )
        _copy(staging, query, what.table, list(selects))


def _parts(staging: Staging) -> list[str]:
    """Conditions on a row's number that part the file: what is put in order and written is held in memory."""
    first, last = staging.sql.execute("SELECT min(n), max(n) FROM verdict").fetchone()
    if first is None:
        return []
    return [f"BETWEEN {start} AND {start + PART - 1}" for start in range(first, last + 1, PART)]


def _update(staging: Staging, batch: ImportBatch) -> None:
    """One statement for all changed rows, from a table that goes with the transaction."""
    what = staging.what
    selects = {one.name: f"p.{quoted(one.name)}" for one in written(staging) if one.own}
    joins = ""
    for number, above in enumerate(what.above):
        made = f"CASE WHEN {_changed(staging, above.held)} THEN a{number}.made ELSE e.{quoted(above.pointer)} END"
        selects[above.pointer] = made
        joins += f" LEFT JOIN {quoted('made_' + above.pointer)} a{number} ON a{number}.n = v.n"
    names = list(selects)
    table = quoted(what.table)
    count = staging.sql.execute("SELECT count(*) FROM verdict WHERE changed").fetchone()
    if not (names or what.below) or not count or not count[0]:
        return
    listed = "".join(f", {quoted(name)}" for name in names)
    with connection.cursor() as cursor:
        like = f"SELECT id{listed} FROM {table} LIMIT 0"  # noqa: S608 - own names
        cursor.execute(f"CREATE TEMP TABLE import_changed ON COMMIT DROP AS {like}")
    values = "".join(f", {select} AS {quoted(name)}" for name, select in selects.items())
    _copy(
        staging,
        f"SELECT v.id{values} FROM verdict v JOIN parsed p ON p.n = v.n JOIN existing e ON e.id = v.id{joins} "  # noqa: S608
        "WHERE v.changed ORDER BY v.id",
        "import_changed",
        ["id", *names],
    )
    sets = [f"{quoted(name)} = s.{quoted(name)}" for name in names]
    provenance = _provenance(staging, batch)
    sets += [f"{quoted(name)} = %s" for name in provenance]
    if "batch_id" in provenance and any(one.name == "registered_at" for one in what.model._meta.fields):
        sets.append("registered_at = statement_timestamp()")
    if what.edited_by_people:
        sets += ["revision = t.revision + 1", "changed_at = statement_timestamp()"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {', '.join(sets)} FROM import_changed s WHERE t.id = s.id",  # noqa: S608
            list(provenance.values()),
        )
        cursor.execute("DROP TABLE import_changed")


def _count(table: str) -> None:
    """Let the database count the new rows before others point at them.

    Its own upkeep, should it pass meanwhile, sees none of them before they are committed, and notes the table as empty;
    then any index looks as good as another, and each row below is checked by reading one from end to end. Counting
    here also keeps the upkeep off until the end of the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {quoted(table)}")


def _replace_below(staging: Staging, below: Below, batch: ImportBatch) -> None:
    """The rows below the new rows, and below those whose text differs in place of what stood there."""
    held, changed = quoted(below.held), _changed(staging, below.held)
    table, parent = quoted(below.table), quoted(below.parent)
    count = staging.sql.execute(f"SELECT count(*) FROM verdict v WHERE {changed}").fetchone()  # noqa: S608
    if count and count[0]:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE import_below (id bigint) ON COMMIT DROP")
        _copy(staging, f"SELECT v.id FROM verdict v WHERE {changed}", "import_below", ["id"])  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table} c USING import_below i WHERE c.{parent} = i.id AND {below.mine}"  # noqa: S608
            )
            cursor.execute("DROP TABLE import_below")
    selects = {
        **_defaults(below.model),
        below.parent: "p.parent",
        **below.columns,
        **_bookkeeping(below.model, batch),
    }
    listed = ", ".join(f"{select} AS {quoted(name)}" for name, select in selects.items())
    for part in _parts(staging):
        _copy(
            staging,
            f"SELECT {listed} FROM (SELECT p.*, coalesce(v.id, ids.made) AS parent, "  # noqa: S608
            f"unnest(string_split(p.{held}, '|')) AS item FROM verdict v JOIN parsed p ON p.n = v.n "
            f"LEFT JOIN new_ids ids ON ids.n = v.n WHERE p.{held} <> '' AND (v.id IS NULL OR {changed}) "
            f"AND v.n {part} AND p.n {part}) AS p ORDER BY 1",
            below.table,
            list(selects),
        )


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
        copy(cursor, f"COPY {quoted(table)} ({listed}) FROM STDIN (FORMAT csv)") as rows,
    ):
        while block := file.read(CHUNK):
            rows.write(block)
    path.unlink()
