"""A figure over many measure values in a snapshot, against DuckDB written by hand and against pandas.

The Parquet files have the snapshot's own schema and are written as a snapshot writes them, but not from a database.
Every reading runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bench.home import free_directory, peak_memory
from bench.results import Row, limit_row, ratio_row
from bench.timing import alternate

NAME = "figure"
VALUES, VALUES_QUICK = 10_000_000, 60_000
QUARTERS = 36  # from 2014
SEXES = ("alla", "kvinnor", "man")
MEASURES, MEASURES_QUICK = 250, 25
MB_LIMIT = 1000
RUNS = 5

#: What somebody who knows DuckDB would write for the figure ``matt.medel``.
BY_HAND = """
    SELECT m.code AS matt, year(v.period_start) AS ar, sum(v.value) AS numerator, count(v.value) AS denominator
    FROM read_parquet('{folder}/measure_values.parquet') v
    JOIN read_parquet('{folder}/measures.parquet') m USING (measure_id)
    WHERE v.comparison = 'kommun' AND v.sex = 'alla' AND v.part = '' AND v.period_start <= DATE '{cut_off}'
      AND v.unit_code IS NOT NULL AND v.value IS NOT NULL
    GROUP BY ALL ORDER BY ALL
"""
CUT_OFF = date(2022, 8, 31)


# --- the files -----------------------------------------------------------------------------------------------------


def write_snapshot(folder: Path, values: int, measures: int) -> int:
    """Write every table of the schema; ``measure_values`` has about ``values`` rows. Gives how many."""
    units = max(1, values // (measures * QUARTERS * len(SEXES)))
    rows = measures * units * QUARTERS * 3
    made = {
        "measures": [_measure(n) for n in range(1, measures + 1)],
        "measure_values": VALUES_SQL.format(rows=rows, units=units),
    }
    return write_tables(folder, made)["measure_values"]


def write_tables(folder: Path, made: dict[str, str | list[dict[str, Any]]]) -> dict[str, int]:
    """Write every table of the schema as a snapshot does: from a list of rows, or from SQL that DuckDB runs; the others
    are empty. Gives the number of rows of those that are not."""
    import duckdb
    import pyarrow as pa

    from roder.figures.parquet import BATCH, arrow_schema, open_writer
    from roder.figures.schema import TABLES

    folder.mkdir()
    counts: dict[str, int] = {}
    for name, spec in TABLES.items():
        schema = arrow_schema(spec)
        with (folder / f"{name}.parquet").open("xb") as file, open_writer(file, spec) as writer:
            content = made.get(name)
            if isinstance(content, list):
                writer.write_table(pa.Table.from_pylist(content, schema))
                counts[name] = len(content)
            elif content is not None:
                found = duckdb.connect(config={"threads": 1}).execute(content)
                counts[name] = 0
                for batch in found.to_arrow_reader(BATCH):
                    table = pa.Table.from_batches([batch])
                    lacking = [field for field in schema if field.name not in table.column_names]
                    for field in lacking:
                        table = table.append_column(field, pa.nulls(table.num_rows, field.type))
                    writer.write_table(table.select(schema.names).cast(schema), row_group_size=BATCH)
                    counts[name] += table.num_rows
    return counts


def _measure(number: int) -> dict[str, Any]:
    return {
        "gid": f"measures.measure:{number}",
        "registered_at": datetime(2014, 1, 1),
        "measure_id": number,
        "code": f"m{number:04}",
        "title": f"Nyckeltal {number}",
        "unit": "%",
        "decimals": 1,
        "direction": "higher",
        "position": number,
    }


#: One measure after the other: every unit, quarter and sex. One in fifty is missing, as in life.
VALUES_SQL = f"""
    WITH placed AS (
        SELECT i, i // ({{units}} * {QUARTERS * len(SEXES)}) + 1 AS measure_id,
               (i // {QUARTERS * len(SEXES)}) % {{units}} AS unit, (i // {len(SEXES)}) % {QUARTERS} AS quarter,
               hash(i) AS random
        FROM range({{rows}}) AS numbers(i)
    ), dated AS (
        SELECT *, CAST(DATE '2014-01-01' + to_months(CAST(3 * quarter AS INTEGER)) AS DATE) AS period_start,
               CAST(DATE '2014-01-01' + to_months(CAST(3 * quarter + 3 AS INTEGER)) AS DATE) AS period_end,
               random % 50 = 0 AS missing
        FROM placed
    )
    SELECT 'measures.measurevalue:' || i AS gid, CAST(period_end AS TIMESTAMP) AS registered_at, measure_id,
           period_start, period_end, printf('e%04d', unit) AS unit_code, 'unit' AS unit_kind,
           {list(SEXES)}[i % {len(SEXES)} + 1] AS sex, '' AS part, 'kommun' AS comparison,
           CASE WHEN NOT missing THEN CAST((random % 1000000) / 10000 AS DECIMAL(18, 4)) END AS value,
           CAST(NULL AS DECIMAL(18, 4)) AS numerator, CAST(NULL AS DECIMAL(18, 4)) AS denominator,
           CASE WHEN missing THEN 'missing' ELSE 'final' END AS status
    FROM dated
"""


# --- the readings, each in a process of its own --------------------------------------------------------------------


def by_roder(folder: Path) -> Any:
    """A call that computes the figure through the catalogue on a freshly opened snapshot."""
    from roder.figures import At, SnapshotSource, compute

    at = At(1, "x", 1, "2022-08", "interim", 2022, CUT_OFF, date(2022, 1, 1))

    def call() -> list[tuple[str, int, float]]:
        with SnapshotSource(folder) as source:
            rows = compute("matt.medel", source, at).rows
            return [(row.key["matt"], int(row.key["ar"]), float(row.value or 0)) for row in rows]

    return call


def by_hand(folder: Path) -> Any:
    """A call that runs the hand-written SQL on a fresh connection."""
    import duckdb

    def call() -> list[tuple[str, int, float]]:
        with duckdb.connect() as connection:
            found = connection.execute(BY_HAND.format(folder=folder, cut_off=CUT_OFF)).fetchall()
            return [(matt, ar, float(above / below)) for matt, ar, above, below in found]

    return call


def by_pandas(folder: Path) -> Any:
    """A call that computes the same with pandas in the quickest way found: few columns, filtered while reading."""
    import pandas as pd

    columns = ["measure_id", "period_start", "unit_code", "value"]
    wanted = [
        ("comparison", "==", "kommun"),
        ("sex", "==", "alla"),
        ("part", "==", ""),
        ("period_start", "<=", CUT_OFF),
    ]

    def call() -> list[tuple[str, int, float]]:
        values = pd.read_parquet(folder / "measure_values.parquet", columns=columns, filters=wanted)
        names = pd.read_parquet(folder / "measures.parquet", columns=["measure_id", "code"])
        kept = values[values["unit_code"].notna() & values["value"].notna()]
        years = pd.to_datetime(kept["period_start"]).dt.year
        parts = pd.DataFrame(
            {"measure_id": kept["measure_id"], "ar": years, "value": kept["value"].astype("float64")}
        )
        means = (
            parts.groupby(["measure_id", "ar"])["value"].mean().reset_index().merge(names, on="measure_id")
        )
        return [
            (str(code), int(ar), float(value))
            for code, ar, value in means[["code", "ar", "value"]].to_numpy()
        ]

    return call


READINGS = {"roder": by_roder, "hand": by_hand, "pandas": by_pandas}


def serve_readings(readings: dict[str, Callable[[Path], Any]]) -> None:
    """Do one reading again and again for whoever asks on standard input; say at last the peak of memory.

    A reading gives a list of rows whose last value is a number.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("reading", choices=readings)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    call = readings[given.reading](given.folder)
    for line in sys.stdin:
        if line.strip() != "once":
            break
        start = time.perf_counter()
        found = call()
        took = time.perf_counter() - start
        digest = [len(found), round(sum(value for *_, value in found), 6)]
        peak = peak_memory()
        print(json.dumps({"seconds": took, "result": digest, "peak_mb": peak}), flush=True)


class Reader:
    """A process that does one reading of a bench module when asked."""

    def __init__(self, reading: str, folder: Path, module: str = "bench.figure") -> None:
        self.answers: list[dict[str, Any]] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, reading, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "roder.core.settings"},
        )

    def once(self) -> None:
        """Ask for one reading and wait for it."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write("once\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the reading failed; see above")
        self.answers.append(json.loads(line))

    def close(self) -> None:
        """Let the process end."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


def run(*, quick: bool = False) -> tuple[list[Row], list[str]]:
    """Write the files, take the times, compare the results."""
    with free_directory() as home:
        folder = home / "uttag"
        rows = write_snapshot(folder, *((VALUES_QUICK, MEASURES_QUICK) if quick else (VALUES, MEASURES)))
        size = (folder / "measure_values.parquet").stat().st_size / 2**20
        readers = {name: Reader(name, folder) for name in READINGS}
        try:
            took = alternate({name: reader.once for name, reader in readers.items()}, 1 if quick else RUNS)
        finally:
            for reader in readers.values():
                reader.close()
    answers = {name: reader.answers[-1] for name, reader in readers.items()}
    counts = {answer["result"][0] for answer in answers.values()}
    sums = [answer["result"][1] for answer in answers.values()]
    if len(counts) != 1 or max(sums) - min(sums) > 1e-3:
        raise AssertionError(f"the three ways give different results: {answers}")
    what = f"figure matt.medel over {rows:,} values"
    note = (
        f"figure: {rows:,} values of {size:.0f} MB Parquet in the snapshot's schema, {counts.pop():,} numbers out; all "
        f"three gave the same. pandas reads only the columns and rows needed; its peak was "
        f"{answers['pandas']['peak_mb']:,.0f} MB, DuckDB's by hand {answers['hand']['peak_mb']:,.0f} MB."
    )
    return [
        ratio_row(NAME, what, took["roder"], "DuckDB by hand", took["hand"], "at most", 1.5),
        ratio_row(NAME, what, took["roder"], "pandas", took["pandas"], "at least", 5),
        limit_row(NAME, "its peak memory", answers["roder"]["peak_mb"], "MB", "at most", MB_LIMIT),
    ], [note]


if __name__ == "__main__":
    serve_readings(READINGS)
