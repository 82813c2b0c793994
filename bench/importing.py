"""Measure values from a CSV file with every check, against COPY of the same rows into the same table.

The table has its constraints, foreign keys, indexes and triggers both times, and is empty before each.
"""

from __future__ import annotations

from typing import Any

from bench.home import free_directory, own_data, peak_memory
from bench.results import Row, limit_row, ratio_row
from bench.timing import alternate
from bench.world import (
    QUARTERS,
    SEXES,
    add_measures,
    add_units,
    copy_in,
    example,
    somebody,
    values,
    write_copy_file,
    write_import_file,
)

NAME = "import"
ROWS, ROWS_QUICK = 1_000_000, 5_000
RUNS = 3
MEASURES = 100


def run(*, quick: bool = False) -> tuple[list[Row], list[str]]:
    """Load the example, write both files, take turns, and see that both gave the same rows."""
    rows = ROWS_QUICK if quick else ROWS
    with free_directory() as home, own_data(home):
        from roder.core.cli import setup_django

        setup_django()
        from django.db import connection

        from roder.core.models import ImportBatch
        from roder.imports.cells import Context
        from roder.imports.kinds import kind_of
        from roder.imports.services import commit

        committee = example()
        person = somebody(committee)
        measures = add_measures(committee, MEASURES)
        units = add_units(committee, rows // (MEASURES * QUARTERS * len(SEXES)) + 1)
        batch = ImportBatch.objects.create(
            committee=committee, kind="mattvarden", file_name="copy", sha256="", rows=rows, imported_by=person
        )
        csv_file, copy_file = home / "varden.csv", home / "varden.copy"
        write_import_file(csv_file, values(measures, units, rows))
        write_copy_file(copy_file, values(measures, units, rows), batch.pk, person.pk)
        digests: dict[str, Any] = {}

        def empty() -> None:
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE measures_measurevalue, measures_measurevalueevent")

        def seen(name: str) -> None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*), sum(value), sum(numerator), sum(denominator), count(DISTINCT measure_id), "
                    "count(DISTINCT unit_id), min(period_start), max(period_end), count(batch_id), "
                    "count(registered_by_id), min(source), max(status) FROM measures_measurevalue"
                )
                digests[name] = cursor.fetchone()

        def imported() -> None:
            commit(kind_of("mattvarden"), Context(committee, None), csv_file, csv_file.name, person)

        for name, call in (("import", imported), ("copy", lambda: copy_in(copy_file))):
            empty()
            call()
            seen(name)
        if digests["import"] != digests["copy"] or digests["copy"][0] != rows:
            raise AssertionError(f"the two ways gave different rows: {digests}")
        calls = {"import": imported, "copy": lambda: copy_in(copy_file)}
        took = alternate(calls, 1 if quick else RUNS, warm=False, before=empty)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM access_auditrecord WHERE deed = 'import.committed'")
            records, batches = cursor.fetchone()[0], ImportBatch.objects.count()
    peak = peak_memory()
    what = f"import of {rows:,} measure values from CSV, all checks"
    return [
        ratio_row(NAME, what, rows / took["import"], "COPY", rows / took["copy"], "at least", 0.5, of="rate"),
        limit_row(NAME, "its peak memory", peak, "MB", "at most", 1000),
    ], [
        f"import: a file of {rows:,} rows with names and decimal commas, checked, compared with the table and written "
        f"with one record in the trail ({records} records for {batches - 1} imports), against COPY in one transaction of "
        "the same rows with ids looked up. Same constraints, foreign keys, indexes and triggers; both gave equal rows."
    ]
