"""The statistics' main query over a nation's deviations in a snapshot, against DuckDB by hand and against pandas.

Unit group x type x severity x half-year, against the same half-year before: 290 municipalities, ten years. The Parquet
files have the snapshot's own schema. Every reading runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from bench.figure import Reader, serve_readings, write_tables
from bench.home import free_directory
from bench.results import Row, limit_row, ratio_row
from bench.timing import alternate

NAME = "quality-statistics"
FIGURE = "quality.avvikelser.per_allvarlighet"
ROWS, ROWS_QUICK = 20_000_000, 100_000
MUNICIPALITIES, AREAS, TYPES = 290, 25, 7
MB_LIMIT = 1500
RUNS = 3
CUT_OFF, START = date(2022, 6, 30), date(2022, 1, 1)

#: Rows in the order they were reported in, as in life. One in seven is not classified, one in a hundred not internal.
MATTERS_SQL = f"""
    SELECT 'quality.deviationmatter:' || i AS gid, CAST(day AS TIMESTAMP) AS registered_at,
           'quality.deviation:' || i AS deviation_gid, printf('%d-%06d', year(day), i) AS number,
           't' || (r // 3 % {TYPES}) AS type, CAST(NULL AS VARCHAR) AS cause, 'social' AS category, true AS counted,
           day AS reported_on, printf('%03d-e%02d', r // 5 % {MUNICIPALITIES}, r // 1451 % 40) AS unit_code, CAST(NULL AS VARCHAR) AS department_code,
           printf('o%02d', r // 13 % {AREAS}) AS service_area, 'sol' AS law,
           CASE WHEN r % 100 = 0 THEN 'till_region' ELSE 'intern' END AS direction, '' AS counterpart,
           CASE WHEN r % 7 > 0 THEN CAST(r // 17 % 4 + 1 AS INTEGER) END AS severity, r // 17 % 4 >= 2 AS serious,
           CASE WHEN r % 7 > 0 THEN day END AS classified_on, CASE WHEN r % 2 = 0 THEN day END AS closed_on
    FROM (SELECT i, hash(i) AS r, CAST(DATE '2013-01-01' + CAST(i * 3650 // {{rows}} AS INTEGER) AS DATE) AS day
          FROM range({{rows}}) AS numbers(i))
"""
AREAS_SQL = f"""
    SELECT 'steering.servicearea:' || i AS gid, TIMESTAMP '2013-01-01' AS registered_at, printf('o%02d', i) AS code,
           'Område ' || i AS label, CAST(i AS INTEGER) AS position
    FROM range({AREAS}) AS numbers(i)
"""
TYPES_SQL = f"""
    SELECT 'steering.deviationtype:' || i AS gid, TIMESTAMP '2013-01-01' AS registered_at, 't' || i AS code,
           'Typ ' || i AS label, CAST(i AS INTEGER) AS position
    FROM range({TYPES}) AS numbers(i)
"""

#: What somebody who knows DuckDB would write.
BY_HAND = """
    SELECT m.service_area, m.type, m.severity, CASE WHEN m.reported_on >= DATE '2022-01-01' THEN 2022 ELSE 2021 END AS ar,
           count(*), any_value(a.label), any_value(t.label)
    FROM read_parquet('{folder}/deviation_matters.parquet') m
    LEFT JOIN read_parquet('{folder}/service_areas.parquet') a ON a.code = m.service_area
    LEFT JOIN read_parquet('{folder}/deviation_types.parquet') t ON t.code = m.type
    WHERE m.direction = 'intern' AND m.counted AND m.reported_on BETWEEN DATE '2021-01-01' AND DATE '2022-06-30'
      AND (m.reported_on BETWEEN DATE '2022-01-01' AND DATE '2022-06-30'
           OR m.reported_on BETWEEN DATE '2021-01-01' AND DATE '2021-06-30')
    GROUP BY m.service_area, m.type, m.severity, ar ORDER BY ALL
"""


def by_roder(folder: Path) -> Any:
    """A call that computes the figure through the catalogue on a freshly opened snapshot."""
    from roder.figures import At, SnapshotSource, compute

    at = At(1, "x", 1, "2022-h1", "half_year", 2022, CUT_OFF, START)

    def call() -> list[tuple[str, str, float]]:
        with SnapshotSource(folder) as source:
            return [
                (row.key["omrade"], row.key["typ"], float(row.value or 0))
                for row in compute(FIGURE, source, at).rows
            ]

    return call


def by_hand(folder: Path) -> Any:
    """A call that runs the hand-written SQL on a fresh connection."""
    import duckdb

    def call() -> list[tuple[str, str, float]]:
        with duckdb.connect() as connection:
            found = connection.execute(BY_HAND.format(folder=folder)).fetchall()
            return [(area, kind, float(count)) for area, kind, _, _, count, *_ in found]

    return call


def by_pandas(folder: Path) -> Any:
    """A call that computes the same with pandas: only the columns needed are read, the rows are chosen by pandas."""
    return _with_pandas(folder, chosen_by_arrow=False)


def by_arrow(folder: Path) -> Any:
    """The same, with the rows chosen by Arrow's C++ while the file is read, before pandas sees any of them."""
    return _with_pandas(folder, chosen_by_arrow=True)


def _with_pandas(folder: Path, *, chosen_by_arrow: bool) -> Any:
    import pandas as pd

    columns = ["service_area", "type", "severity", "reported_on", "direction", "counted"]
    spans = ((START, CUT_OFF), (date(2021, 1, 1), date(2021, 6, 30)))
    wanted = [
        [("reported_on", ">=", first), ("reported_on", "<=", last), ("direction", "==", "intern")]
        for first, last in spans
    ]

    def call() -> list[tuple[str, str, float]]:
        filters = wanted if chosen_by_arrow else None
        rows = pd.read_parquet(folder / "deviation_matters.parquet", columns=columns, filters=filters)
        if not chosen_by_arrow:
            inside = [rows["reported_on"].between(first, last) for first, last in spans]
            rows = rows[(inside[0] | inside[1]) & (rows["direction"] == "intern")]
        areas = pd.read_parquet(folder / "service_areas.parquet", columns=["code", "label"])
        kinds = pd.read_parquet(folder / "deviation_types.parquet", columns=["code", "label"])
        rows = rows[rows["counted"]]
        rows = rows.assign(ar=pd.to_datetime(rows["reported_on"]).dt.year)
        counts = (
            rows.groupby(["service_area", "type", "severity", "ar"], dropna=False)
            .size()
            .reset_index(name="value")
        )
        named = counts.merge(areas, left_on="service_area", right_on="code", how="left")
        named = named.merge(kinds, left_on="type", right_on="code", how="left")
        return [
            (str(area), str(kind), float(value))
            for area, kind, value in named[["service_area", "type", "value"]].to_numpy()
        ]

    return call


READINGS = {"roder": by_roder, "hand": by_hand, "pandas": by_pandas, "arrow": by_arrow}


def run(*, quick: bool = False) -> tuple[list[Row], list[str]]:
    """Write the files, take the times, compare the results."""
    rows = ROWS_QUICK if quick else ROWS
    with free_directory() as home:
        folder = home / "uttag"
        written = write_tables(
            folder,
            {
                "deviation_matters": MATTERS_SQL.format(rows=rows),
                "service_areas": AREAS_SQL,
                "deviation_types": TYPES_SQL,
            },
        )
        size = (folder / "deviation_matters.parquet").stat().st_size / 2**20
        readers = {name: Reader(name, folder, "bench.quality_statistics") for name in READINGS}
        try:
            took = alternate({name: reader.once for name, reader in readers.items()}, 1 if quick else RUNS)
        finally:
            for reader in readers.values():
                reader.close()
    answers = {name: reader.answers[-1] for name, reader in readers.items()}
    if len({tuple(answer["result"]) for answer in answers.values()}) != 1:
        raise AssertionError(f"the three ways give different results: {answers}")
    what = f"statistics' main query over {written['deviation_matters']:,} deviations"
    note = (
        f"{NAME}: {rows:,} deviations of {MUNICIPALITIES} municipalities in {AREAS} unit groups and ten years, {size:.0f} MB Parquet in the "
        f"snapshot's schema; {answers['roder']['result'][0]:,} numbers out (unit group, type, severity, half-year and the "
        f"same half-year before); all four gave the same. pandas' peak was {answers['pandas']['peak_mb']:,.0f} MB, "
        f"DuckDB's by hand {answers['hand']['peak_mb']:,.0f} MB. Where Arrow chooses the rows while the file is read and pandas only "
        f"counts them, pandas needs {took['arrow'] / took['roder']:.1f} times Roder's time."
    )
    return [
        ratio_row(NAME, what, took["roder"], "DuckDB by hand", took["hand"], "at most", 1.5),
        ratio_row(NAME, what, took["roder"], "pandas", took["pandas"], "at least", 10),
        limit_row(NAME, "its peak memory", answers["roder"]["peak_mb"], "MB", "at most", MB_LIMIT),
    ], [note]


if __name__ == "__main__":
    serve_readings(READINGS)
