"""Where a figure reads its rows: the live database, or a snapshot. Same tables, same expression, same result.

A figure's expression is compiled by Ibis to the engine's SQL and run there. The live database is read on Django's
own connection (so a figure sees what the running transaction sees), a snapshot by DuckDB over its Parquet files.
Only the figure's own rows, already summed, come into Python.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from roder.figures.schema import TABLES, unbound

if TYPE_CHECKING:
    import duckdb
    from ibis.expr.types import Table

    from roder.figures.models import Snapshot
    from roder.organisation.models import Body

Rows = list[tuple[Any, ...]]

#: What DuckDB may use; beyond it, it works on disk instead.
MEMORY_LIMIT = "768MB"


class Source:
    """The tables of the snapshot schema as Ibis expressions: ``source.economy_budget``, ``source.measures``, …"""

    def __getattr__(self, name: str) -> Table:
        """A table by its name. Raises AttributeError when the schema has none."""
        if name not in TABLES:
            raise AttributeError(name)
        return unbound(name)


class Engine(Source, AbstractContextManager["Engine"]):
    """A source that can run SQL. Results are kept for the life of the engine: open a new one after a change."""

    dialect: str

    def __init__(self) -> None:
        self.kept: dict[Any, Any] = {}

    def run(self, sql: str, tables: Iterable[str]) -> Rows:
        """The rows of a query over ``tables`` of the schema."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of what the engine holds."""
        self.kept.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


class LiveSource(Engine):
    """A committee's rows as they stand in the database now."""

    dialect = "postgres"

    def __init__(self, committee: Body | int) -> None:
        super().__init__()
        self.committee_id = committee if isinstance(committee, int) else int(committee.pk)

    def run(self, sql: str, tables: Iterable[str]) -> Rows:
        """Run the query with the schema's SELECTs standing in as its tables."""
        from django.db import connection  # noqa: PLC0415

        named = ",\n".join(TABLES[name].live(self.committee_id) for name in sorted(tables))
        with connection.cursor() as cursor:
            statement = f"WITH {named}\nSELECT * FROM (\n{sql}\n) AS figure"
            # In a request the history's context goes along as parameters, and then a % of the statement must be two.
            cursor.execute(statement.replace("%", "%%"), [])
            rows: Rows = cursor.fetchall()
            return rows


class SnapshotSource(Engine):
    """The rows of a snapshot, read from its Parquet files by DuckDB."""

    dialect = "duckdb"

    def __init__(self, folder: Path) -> None:
        super().__init__()
        import duckdb  # noqa: PLC0415

        self.folder = folder
        self._connection: duckdb.DuckDBPyConnection = duckdb.connect(
            config={"memory_limit": MEMORY_LIMIT, "autoinstall_known_extensions": "false"}
        )
        self._open: set[str] = set()

    @classmethod
    def open(cls, snapshot: Snapshot) -> Self:
        """Open a snapshot. Raises SnapshotFault when its folder, manifest or a file is missing or of another schema."""
        from roder.figures.manifest import check_readable  # noqa: PLC0415

        return cls(check_readable(snapshot))

    def _view(self, name: str) -> None:
        """Make a table of the schema readable, the first time it is asked for."""
        if name not in self._open:
            if not (self.folder / f"{name}.parquet").is_file():
                from roder.figures.manifest import SnapshotFault  # noqa: PLC0415

                title = TABLES[name].title
                raise SnapshotFault(
                    f"Uttaget togs innan Roder hade {title}, så siffran kan inte räknas ur det."
                )
            path = str(self.folder / f"{name}.parquet").replace("'", "''")
            self._connection.execute(f"CREATE VIEW \"{name}\" AS SELECT * FROM read_parquet('{path}')")  # noqa: S608
            self._open.add(name)

    def run(self, sql: str, tables: Iterable[str]) -> Rows:
        """Run the query over the snapshot's files."""
        for name in tables:
            self._view(name)
        return self._connection.execute(sql).fetchall()

    def close(self) -> None:
        """Close DuckDB."""
        super().close()
        self._connection.close()
