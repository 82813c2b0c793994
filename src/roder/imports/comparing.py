"""What a file would change: its staged rows beside the rows that stand in the database."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from roder.core.numbers import format_number
from roder.imports.cells import Number
from roder.imports.declaration import Column
from roder.imports.sql import literal, quoted
from roder.imports.staging import Staging

CHUNK = 1 << 20
SHOWN_CHANGES = 50


@dataclass(frozen=True)
class Change:
    """A cell that would get another value than it has."""

    row: int
    column: str
    old: str
    new: str


@dataclass(frozen=True)
class Counts:
    """How many rows are new, would be changed, and stand there already."""

    new: int
    changed: int
    unchanged: int


def written_columns(staging: Staging) -> list[Column]:
    """The columns, beside the key, that this file says something of."""
    return [
        column
        for column in staging.what.columns
        if not column.key and (column.always or any(name in staging.present for name in column.sources))
    ]


def compare(staging: Staging) -> Counts:
    """Fetch the rows that the file may concern, and mark each staged row as new, changed or unchanged.

    Leaves the table ``verdict`` (n, id, changed) in the staging; rows with faults have no verdict.
    """
    _fetch_existing(staging)
    values = [name for column in written_columns(staging) for name in column.into]
    differs = " OR ".join(f"p.{quoted(name)} IS DISTINCT FROM e.{quoted(name)}" for name in values) or "FALSE"
    staging.sql.execute(
        f"""CREATE OR REPLACE TABLE verdict AS
        SELECT p.n, e.id, e.id IS NOT NULL AND ({differs}) AS changed
        FROM parsed p LEFT JOIN existing e ON {staging.same("p", "e")}
        WHERE p.n NOT IN (SELECT n FROM faults WHERE n IS NOT NULL)"""  # noqa: S608 - own names
    )
    found = staging.sql.execute(
        "SELECT count(*) FILTER (id IS NULL), count(*) FILTER (changed), "
        "count(*) FILTER (id IS NOT NULL AND NOT changed) FROM verdict"
    ).fetchone()
    return Counts(*(found or (0, 0, 0)))


def _fetch_existing(staging: Staging) -> None:
    """The table ``existing``: id, key and values of the rows in the database that share the file's keys' extent."""
    what = staging.what
    columns = [column for column in what.columns if column.key] + written_columns(staging)
    typed = [
        (name, kind) for column in columns for name, kind in zip(column.into, column.cell.types, strict=True)
    ]
    listed = "".join(f", {quoted(name)} {kind}" for name, kind in typed)
    staging.sql.execute(f"CREATE OR REPLACE TABLE existing (id BIGINT{listed})")
    where, parameters = _extent(staging)
    names = ", ".join(quoted(name) for name, _ in typed)
    path = staging.folder / "existing.csv"
    query = f"COPY (SELECT id, {names} FROM {quoted(what.table)} WHERE {where}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)"  # noqa: S608
    with connection.cursor() as cursor, path.open("wb") as file, cursor.copy(query, parameters) as copy:
        for block in copy:
            file.write(block)
    if path.stat().st_size:
        # Quoted is text, also the empty text; not quoted is nothing. The pattern keeps the two apart.
        staging.sql.execute(
            f"INSERT INTO existing SELECT * FROM read_csv({literal(path)}, header=false, delim=',', quote='\"', "  # noqa: S608
            "escape='\"', allow_quoted_nulls=false, nullstr='', auto_detect=false, max_line_size=10000000, "
            f"columns={{'id': 'BIGINT'{''.join(f', {literal(name)}: {literal(kind)}' for name, kind in typed)}}})"
        )
    path.unlink()


def _extent(staging: Staging) -> tuple[str, list[Any]]:
    """A condition that holds for every row the file may meet: same committee, same measures, within its dates."""
    conditions = ["TRUE"]
    parameters: list[Any] = []
    for name, value in staging.what.constants(staging.context).items():
        conditions.append(f"{quoted(name)} = %s")
        parameters.append(value)
    for column in staging.what.columns:
        if not column.key:
            continue
        for name, kind in zip(column.into, column.cell.types, strict=True):
            if kind == "DATE":
                query = f"SELECT min({quoted(name)}), max({quoted(name)}) FROM parsed"  # noqa: S608 - own name
                conditions.append(f"{quoted(name)} BETWEEN %s AND %s")
                parameters += list(staging.sql.execute(query).fetchone() or (None, None))
            elif column.required and kind in ("BIGINT", "SMALLINT"):
                query = f"SELECT DISTINCT {quoted(name)} FROM parsed"  # noqa: S608
                conditions.append(f"{quoted(name)} = ANY(%s)")
                parameters.append(
                    [one for (one,) in staging.sql.execute(query).fetchall() if one is not None]
                )
    return " AND ".join(conditions), parameters


def changes(staging: Staging, limit: int = SHOWN_CHANGES) -> list[Change]:
    """The first cells that would change, old and new value as text."""
    found: list[Change] = []
    for column in written_columns(staging):
        for name in column.into:
            rows = staging.sql.execute(
                f"SELECT v.n, e.{quoted(name)}::VARCHAR, p.{quoted(name)}::VARCHAR FROM verdict v "  # noqa: S608
                "JOIN existing e ON e.id = v.id JOIN parsed p ON p.n = v.n "
                f"WHERE v.changed AND p.{quoted(name)} IS DISTINCT FROM e.{quoted(name)} ORDER BY v.n LIMIT {limit}"
            ).fetchall()
            is_number = isinstance(column.cell, Number)
            found += [
                Change(row, column.name, _shown(old, is_number), _shown(new, is_number))
                for row, old, new in rows
            ]
    return sorted(found, key=lambda change: change.row)[:limit]


def _shown(value: str | None, is_number: bool) -> str:
    """A value for people: numbers as they are printed, with the decimals they have."""
    if value is None or value == "":
        return "tomt"
    if not is_number:
        return value
    number = Decimal(value).normalize()
    exponent = number.as_tuple().exponent
    return format_number(number, max(0, -exponent) if isinstance(exponent, int) else 0)
