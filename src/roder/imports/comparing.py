"""What a file would change: its staged rows beside the rows that stand in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, models

from roder.core.numbers import format_number
from roder.imports.cells import Number
from roder.imports.declaration import Above, Below
from roder.imports.sql import copy, literal, quoted
from roder.imports.staging import Staging

CHUNK = 1 << 20
SHOWN_CHANGES = 50
PART = 5_000  # changes that are held at a time


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


@dataclass(frozen=True)
class Written:
    """A staged value that this file says something of: of which file column, and how it is read from the database.

    ``standing`` is PostgreSQL on the row ``t``; ``own``: it is a column of the table itself. ``says``: DuckDB on the
    row ``p`` for when it says anything. ``shown``: people are told what changes; a list of ids tells them nothing.
    """

    column: str
    name: str
    kind: str
    standing: str
    own: bool
    is_number: bool = False
    says: str = "TRUE"
    shown: bool = True


def written(staging: Staging) -> list[Written]:
    """What the file says of a row, beside its key."""
    what = staging.what
    found = [
        Written(
            column.name,
            name,
            kind,
            column.standing or f"t.{quoted(name)}",
            not column.held,
            isinstance(column.cell, Number),
            column.says,
        )
        for column in what.columns
        if not column.key
        and (column.standing or not column.held)
        and (column.always or any(name in staging.present for name in column.sources))
        for name, kind in zip(column.into, column.cell.types, strict=True)
    ]
    found += [
        Written(one.of[0], one.name, one.kind, f"t.{quoted(one.name)}", True)
        for one in what.derived
        if any(name in staging.present for name in one.of)
    ]
    holders = {name: column for column in what.columns if column.held for name in column.into}
    others: list[Below | Above] = [*what.below, *what.above]
    for other in others:
        holder = holders[other.held]
        if any(name in staging.present for name in holder.sources):
            found.append(Written(holder.name, other.held, "VARCHAR", other.standing, own=False, shown=False))
    return found


def keys(staging: Staging) -> list[tuple[str, str]]:
    """The database columns of the key with their staging types."""
    return [
        (name, kind)
        for column in staging.what.columns
        if column.key
        for name, kind in zip(column.into, column.cell.types, strict=True)
    ]


def compare(staging: Staging) -> Counts:
    """Fetch the rows that the file may concern, and mark each staged row as new, changed or unchanged.

    Leaves the table ``verdict`` (n, id, changed, and for each other table's held text whether it changed) in the
    staging; rows with faults have no verdict.
    """
    _fetch_existing(staging)
    said = written(staging)

    def differs(one: Written) -> str:
        return f"(({one.says}) AND p.{quoted(one.name)} IS DISTINCT FROM e.{quoted(one.name)})"

    differing = " OR ".join(map(differs, said)) or "FALSE"
    others = "".join(
        f", e.id IS NOT NULL AND {differs(one)} AS {quoted('changed_' + one.name)}"
        for one in said
        if not one.own
    )
    staging.sql.execute(
        f"""CREATE OR REPLACE TABLE verdict AS
        SELECT p.n, e.id, e.id IS NOT NULL AND ({differing}) AS changed{others}
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
    typed = [(name, kind, f"t.{quoted(name)}") for name, kind in keys(staging)]
    typed += [(one.name, one.kind, one.standing) for one in written(staging)]
    typed += [(other.pointer, "BIGINT", f"t.{quoted(other.pointer)}") for other in what.above]
    listed = "".join(f", {quoted(name)} {kind}" for name, kind, _ in typed)
    staging.sql.execute(f"CREATE OR REPLACE TABLE existing (id BIGINT{listed})")
    where, parameters = _extent(staging)
    values = ", ".join(value for _, _, value in typed)
    path = staging.folder / "existing.csv"
    rows = f"SELECT t.id, {values} FROM {quoted(what.table)} t WHERE {where}"  # noqa: S608 - own names
    query = f"COPY ({rows}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)"
    with connection.cursor() as cursor, path.open("wb") as file, copy(cursor, query, parameters) as blocks:
        for block in blocks:
            file.write(block)
    if path.stat().st_size:
        # Quoted is text, also the empty text; not quoted is nothing. The pattern keeps the two apart.
        staging.sql.execute(
            f"INSERT INTO existing SELECT * FROM read_csv({literal(path)}, header=false, delim=',', quote='\"', "  # noqa: S608
            "escape='\"', allow_quoted_nulls=false, nullstr='', auto_detect=false, max_line_size=10000000, "
            "buffer_size=10000000, columns={"
            f"'id': 'BIGINT'{''.join(f', {literal(name)}: {literal(kind)}' for name, kind, _ in typed)}}})"
        )
    path.unlink()


def _extent(staging: Staging) -> tuple[str, list[Any]]:
    """A condition that holds for every row the file may meet: same committee, same measures, within its dates."""
    conditions = ["TRUE"]
    parameters: list[Any] = []
    for name, value in staging.what.constants(staging.context).items():
        conditions.append(f"t.{quoted(name)} = %s")
        parameters.append(value)
    for column in staging.what.columns:
        if not column.key:
            continue
        for name, kind in zip(column.into, column.cell.types, strict=True):
            if kind in ("DATE", "TIMESTAMPTZ") or (kind == "VARCHAR" and column.required):
                # Moments and texts in the order of their letters, which is the same in both engines.
                query = f"SELECT min({quoted(name)})::VARCHAR, max({quoted(name)})::VARCHAR FROM parsed"  # noqa: S608
                letters = ' COLLATE "C"' if kind == "VARCHAR" else ""
                conditions.append(f"t.{quoted(name)}{letters} BETWEEN %s AND %s")
                parameters += list(staging.sql.execute(query).fetchone() or (None, None))
            elif column.required and kind in ("BIGINT", "SMALLINT"):
                query = f"SELECT DISTINCT {quoted(name)} FROM parsed"  # noqa: S608
                conditions.append(f"t.{quoted(name)} = ANY(%s)")
                parameters.append(
                    [one for (one,) in staging.sql.execute(query).fetchall() if one is not None]
                )
    return " AND ".join(conditions), parameters


def every_change(staging: Staging, limit: int | None = None) -> Iterator[Change]:
    """Every cell that would change (or the first ``limit``), in the order of the file, a part at a time."""
    said = [one for one in written(staging) if one.shown]
    if not said:
        return
    parts = []
    for place, one in enumerate(said):
        name = quoted(one.name)
        parts.append(
            f"SELECT v.n AS n, {place} AS place, e.{name}::VARCHAR AS old, p.{name}::VARCHAR AS new "  # noqa: S608
            "FROM verdict v JOIN existing e ON e.id = v.id JOIN parsed p ON p.n = v.n "
            f"WHERE v.changed AND ({one.says}) AND p.{name} IS DISTINCT FROM e.{name}"
        )
    first = f" LIMIT {limit}" if limit is not None else ""
    rows = staging.sql.read(f"{' UNION ALL '.join(parts)} ORDER BY n, place{first}")
    show = [_shower(staging, one) for one in said]
    while part := rows.fetchmany(PART):
        for row, place, old, new in part:
            column = staging.called(said[place].column)
            yield Change(row, column, show[place](old), show[place](new))


def _shower(staging: Staging, one: Written) -> Callable[[str | None], str]:
    """How a value of a column is shown to people: what it points at by its name, choices and yes or no in words."""
    field = next((item for item in staging.what.model._meta.concrete_fields if item.column == one.name), None)
    words = {"true": "ja", "false": "nej"} if one.kind == "BOOLEAN" else {}
    if field is not None and field.choices:
        words |= {str(code): str(label) for code, label in field.flatchoices}
    names: dict[str, str] = {}

    def shown(value: str | None) -> str:
        if value is None or value == "":
            return "tomt"
        if one.is_number:
            number = Decimal(value).normalize()
            exponent = number.as_tuple().exponent
            return format_number(number, max(0, -exponent) if isinstance(exponent, int) else 0)
        if field is not None and isinstance(field.remote_field, models.ManyToOneRel):
            if value not in names:
                found = field.remote_field.model._base_manager.filter(pk=value).first()
                names[value] = str(found) if found is not None else value
            return names[value]
        return words.get(value, value)

    return shown
