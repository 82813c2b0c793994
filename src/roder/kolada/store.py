"""All fetched values as one Parquet table, sorted by key figure, place, year and sex: a page reads only its own part.

The file is replaced whole: a reader has the old one or the new one, never a half. New values take the place of old
ones with the same key; those that Kolada has withdrawn go. Memory is bounded: some key figures are sorted at a time.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roder.core.paths import private_dir

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MEGABYTES, THREADS = 400, 2
#: Few rows in a group: a page reads the groups of its key figures, and no more.
GROUP_ROWS = 40_960
#: Rows that are sorted at a time: key figures are taken in order, some at a time, so that memory does not grow.
SORTED_ROWS = 1_000_000
KEY = "kpi, place, year, sex"


@dataclass(frozen=True)
class Value:
    """A value of a key figure for a place, a year and a sex (T, K, M). ``members``: how many a group's mean is of."""

    kpi: str
    place: str
    year: int
    sex: str
    value: Decimal | None
    members: int | None
    status: str
    example: bool = False
    withdrawn: bool = False


def schema() -> pa.Schema:
    """The columns of what is written to the table; ``withdrawn`` is not kept."""
    import pyarrow as pa  # noqa: PLC0415

    return pa.schema(
        [
            ("kpi", pa.string()),
            ("place", pa.string()),
            ("year", pa.int16()),
            ("sex", pa.string()),
            ("value", pa.decimal128(18, 4)),
            ("members", pa.int32()),
            ("status", pa.string()),
            ("example", pa.bool_()),
            ("withdrawn", pa.bool_()),
        ]
    )


def table_schema() -> pa.Schema:
    """The columns of the table."""
    whole = schema()
    return whole.remove(whole.get_field_index("withdrawn"))


@cache
def _engine(process: int) -> duckdb.DuckDBPyConnection:
    """What a process reads the table with, made once: making it costs more than a page's reading."""
    import duckdb  # noqa: PLC0415

    return duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "200MB"})


class Staged:
    """Values on their way into the table: written to a file of their own as they come."""

    def __init__(self, folder: Path) -> None:
        import pyarrow.parquet as pq  # noqa: PLC0415

        self.path, self.rows, self._schema = folder / "nya.parquet", 0, schema()
        self._writer = pq.ParquetWriter(self.path, self._schema, compression="lz4")

    def add(self, values: Iterable[Value]) -> None:
        """Add some values (a page's)."""
        import pyarrow as pa  # noqa: PLC0415

        rows = list(values)
        columns = [[getattr(row, name) for row in rows] for name in self._schema.names]
        self.add_batch(pa.RecordBatch.from_arrays(
            [pa.array(column, kind) for column, kind in zip(columns, self._schema.types, strict=True)],
            schema=self._schema,
        ))  # fmt: skip

    def add_batch(self, batch: pa.RecordBatch) -> None:
        """Add many values at once, in the columns of ``schema``."""
        if batch.num_rows:
            self._writer.write_batch(batch)
            self.rows += batch.num_rows

    def close(self) -> None:
        """Nothing more is added."""
        self._writer.close()


@dataclass(frozen=True)
class Merged:
    """A new table beside the old one: how many values it has, and what puts it in its place."""

    rows: int
    put: Callable[[], object]


class Store:
    """The table in a folder (``kolada`` of the data directory)."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or private_dir("kolada")
        self.path = self.folder / "varden.parquet"

    @contextmanager
    def staging(self) -> Iterator[Staged]:
        """A place for new values; it is gone at the end of the block, whether they were merged or not."""
        home = Path(tempfile.mkdtemp(prefix="hamtning-", dir=self.folder))
        staged = Staged(home)
        try:
            yield staged
        finally:
            staged.close()
            shutil.rmtree(home, ignore_errors=True)

    def merge(self, staged: Staged) -> int:
        """Put the staged values into the table. Gives how many values it has then. All or nothing; one at a time."""
        with self.merged(staged) as merged:
            merged.put()
        return merged.rows

    @contextmanager
    def merged(self, staged: Staged) -> Iterator[Merged]:
        """The table as it will be, made beside the one that stands; ``put`` takes a moment, so that it can be the last
        thing of a transaction that others wait for. Nobody else changes the table meanwhile."""
        import duckdb  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        staged.close()
        home = staged.path.parent
        made, rows = home / self.path.name, 0
        kept = table_schema()
        with self._alone(), duckdb.connect(":memory:") as engine:
            engine.execute(
                f"SET memory_limit='{MEGABYTES}MB'; SET threads={THREADS}; SET temp_directory='{home}'; "
                "SET preserve_insertion_order=false"
            )
            with (
                made.open("xb") as file,
                pq.ParquetWriter(file, kept, compression="lz4", store_decimal_as_integer=True) as writer,
            ):
                for first, last in self._ranges(engine, staged.path):
                    found = engine.execute(
                        self._merged(staged.path), [first, last] * (1 + self.path.exists())
                    )
                    for batch in found.to_arrow_reader(GROUP_ROWS):
                        writer.write_batch(batch.cast(kept), row_group_size=GROUP_ROWS)
                        rows += batch.num_rows
                file.flush()
                os.fsync(file.fileno())
            yield Merged(rows, lambda: made.replace(self.path))

    def _ranges(self, engine: Any, staged: Path) -> list[tuple[str, str]]:
        """Key figures from and to, so that each range has few enough rows to be sorted in memory."""
        tables = [staged, *([self.path] if self.path.exists() else [])]
        counted = " UNION ALL ".join(f"SELECT kpi FROM read_parquet('{table}')" for table in tables)  # noqa: S608
        query = f"SELECT kpi, count(*) FROM ({counted}) GROUP BY kpi ORDER BY kpi"  # noqa: S608 - our own paths
        ranges: list[tuple[str, str]] = []
        inside = SORTED_ROWS
        for kpi, rows in engine.execute(query).fetchall():
            if inside + rows > SORTED_ROWS:
                ranges.append((kpi, kpi))
                inside = 0
            ranges[-1] = (ranges[-1][0], kpi)
            inside += rows
        return ranges

    def _merged(self, staged: Path) -> str:
        """A range of the table with the staged values in the place of the old ones, in order."""
        new = f"SELECT * FROM read_parquet('{staged}') WHERE kpi BETWEEN ? AND ?"  # noqa: S608 - our own paths
        rows = "SELECT * EXCLUDE (withdrawn) FROM new WHERE NOT withdrawn"
        if self.path.exists():
            old = f"SELECT * FROM read_parquet('{self.path}') WHERE kpi BETWEEN ? AND ?"  # noqa: S608 - our own paths
            rows += f" UNION ALL SELECT * FROM ({old}) AS old ANTI JOIN new USING ({KEY})"  # noqa: S608
        return f"WITH new AS MATERIALIZED ({new}) SELECT * FROM ({rows}) ORDER BY {KEY}"  # noqa: S608

    def read(
        self, kpis: Sequence[str], places: Sequence[str] = (), years: Sequence[int] = (), sexes: str = "T"
    ) -> list[Value]:
        """The values of key figures for places (all when none is given) and years, in the order of the table."""
        conditions: list[tuple[str, Sequence[Any]]] = [("kpi", list(kpis)), ("sex", list(sexes))]
        conditions += [("place", list(places))] if places else []
        conditions += [("year", list(years))] if years else []
        return [Value(*row) for row in self._rows("*", conditions, KEY)] if kpis else []

    def spread_of(self, kpi: str, year: int, sex: str = "T") -> list[Decimal]:
        """The values of every municipality that a key figure was fetched for in a year (no groups, not the country)."""
        where: list[tuple[str, Sequence[Any]]] = [("kpi", [kpi]), ("year", [year]), ("sex", [sex])]
        municipal = "regexp_matches(place, '^[0-9]{4}$') AND place <> '0000' AND NOT starts_with(place, '00')"
        rows = self._rows("value", where, "value", f"value IS NOT NULL AND {municipal}")
        return [value for (value,) in rows]

    def has_examples(self, kpis: Sequence[str]) -> bool:
        """Whether any of the key figures' values are examples."""
        return bool(kpis) and bool(self._rows("1", [("kpi", list(kpis))], "1", "example", limit=1))

    def _rows(
        self,
        what: str,
        conditions: Sequence[tuple[str, Sequence[Any]]],
        order: str,
        more: str = "TRUE",
        limit: int | None = None,
    ) -> list[tuple[Any, ...]]:
        if not self.path.exists():
            return []
        where = " AND ".join(f"{name} IN ({', '.join('?' * len(items))})" for name, items in conditions)
        query = f"SELECT {what} FROM read_parquet(?) WHERE {where} AND {more} ORDER BY {order}"  # noqa: S608
        given = [str(self.path), *(item for _, items in conditions for item in items)]
        with _engine(os.getpid()).cursor() as engine:
            return engine.execute(f"{query} LIMIT {limit}" if limit else query, given).fetchall()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One merge at a time, whichever process makes it."""
        with (self.folder / "las").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
