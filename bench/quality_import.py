"""Deviations from a CSV file with every check, against COPY of the same rows into the same tables.

The tables have their constraints, foreign keys, indexes and triggers both times, and are empty before each.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.home import free_directory, own_data, peak_memory
from bench.parts import be, child
from bench.results import Row, limit_row, ratio_row
from bench.timing import alternate

NAME = "quality-import"
MODULE = "bench.quality_import"
ROWS, ROWS_QUICK = 1_000_000, 5_000
UNITS = 200
RUNS = 1
DEVIATIONS, MATTERS = "quality_deviation", "quality_deviationmatter"


def run(*, quick: bool = False) -> tuple[list[Row], list[str]]:
    """Load the example, read the file in once, copy what became of it out, then take turns."""
    rows = ROWS_QUICK if quick else ROWS
    with free_directory() as home, own_data(home):
        from roder.core.cli import setup_django

        setup_django()
        from bench import quality_world, world
        from roder.steering.models import DeviationType

        committee = world.example()
        person = world.somebody(committee, "quality_strategist")
        units = world.add_units(committee, UNITS)
        kinds = [*DeviationType.objects.filter(committee=committee).values_list("code", flat=True)]
        path = home / "avvikelser.csv"
        quality_world.write_import_file(path, units, kinds, rows)

        peaks: list[float] = []

        def imported() -> None:
            told = {"committee": committee.slug, "person": person.email}
            peaks.append(child(MODULE, "import", str(path), home, quick=quick, told=told)["peak"])

        _without_upkeep()
        _empty()
        imported()
        first = _seen()
        columns = {table: _copy_out(table, home / f"{table}.copy") for table in (DEVIATIONS, MATTERS)}

        def copied() -> None:
            _copy_in(columns, home)

        _empty()
        copied()
        if _seen() != first or first[0] != rows:
            raise AssertionError(f"the two ways gave different rows: {first} and {_seen()}")
        took = alternate({"import": imported, "copy": copied}, RUNS, warm=False, before=_empty)
    what = f"import of {rows:,} deviations from CSV, all checks"
    return [
        ratio_row(
            NAME, what, rows / took["import"], "COPY", rows / took["copy"], "at least", 1 / 3, of="rate"
        ),
        limit_row(NAME, "its peak memory", max(peaks), "MB", "at most", 500),
    ], [
        f"{NAME}: a file of {rows:,} deviations ({first[1]:,} types), checked and written with one record in the trail, "
        "against COPY of the same finished rows into both tables in one transaction, with the same constraints, foreign "
        "keys, indexes and triggers, history included; both gave equal rows. The import is a process of its own, its start"
        " counted with it."
    ]


def read_in(path: Path, told: dict[str, str]) -> dict[str, float]:
    """Be the process that reads the file in, as ``roder import`` is. Gives its peak memory in MB."""
    from roder.core.cli import setup_django

    setup_django()
    from roder.imports.cells import Context
    from roder.imports.kinds import kind_of
    from roder.imports.services import commit
    from roder.organisation.models import Body, Person

    context = Context(Body.objects.select_related("municipality").get(slug=told["committee"]), None)
    commit(kind_of("avvikelser"), context, path, path.name, Person.objects.get(email=told["person"]))
    return {"peak": peak_memory()}


def _without_upkeep() -> None:
    """Keep the database's own upkeep off the tables, which would come in the middle of one way or the other."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table in (DEVIATIONS, MATTERS):
            cursor.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"TRUNCATE {DEVIATIONS}, {MATTERS}, quality_deviationevent, quality_deviationmatterevent CASCADE"
        )


def _seen() -> tuple[Any, ...]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT count(*) FROM {DEVIATIONS}), (SELECT count(*) FROM {MATTERS}), sum(severity), min(reported_at), "
            f"max(closed_at), count(classified_at), count(DISTINCT unit_id) FROM {DEVIATIONS}"
        )
        found: tuple[Any, ...] = cursor.fetchone()
        return found


def _copy_out(table: str, path: Path) -> str:
    """Write what the import made to a file; gives its columns."""
    from django.db import connection

    with connection.cursor() as cursor, path.open("wb") as file:
        cursor.execute(
            "SELECT string_agg(column_name, ', ' ORDER BY ordinal_position) FROM information_schema.columns "
            "WHERE table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        columns: str = cursor.fetchone()[0]
        with cursor.copy(f"COPY {table} ({columns}) TO STDOUT (FORMAT csv)") as copy:
            for block in copy:
                file.write(block)
    return columns


def _copy_in(columns: dict[str, str], home: Path) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        # As the import does: left to the end of the transaction, the checks of foreign keys are gone through again for
        # every row that a trigger writes, and COPY would look far slower than it need be.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, names in columns.items():
            with (
                (home / f"{table}.copy").open("rb") as file,
                cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as copy,
            ):
                while block := file.read(1 << 20):
                    copy.write(block)


if __name__ == "__main__":
    be({"import": lambda where, told, quick: read_in(Path(where), told)})
