"""DuckDB in memory, held to as little as most files need, and given more when a statement says that it must have it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

#: Megabytes at the start for files up to a size and above it (long texts need more at a time than many rows do), and
#: the most that a statement is given.
SMALL, LARGE, MOST = 96, 400, 1600
LARGE_FILE = 128 << 20
THREADS = 2


class Engine:
    """A connection whose statements are run again with twice the memory when they ran out of it.

    A statement is all or nothing, so running it again is safe; one that reads a stream is not, and is run ``once``.
    """

    def __init__(self, folder: Path, size: int) -> None:
        import duckdb  # noqa: PLC0415

        self._full = duckdb.OutOfMemoryException
        self._megabytes = LARGE if size > LARGE_FILE else SMALL
        # In memory, and above the limit in the folder: a database file would cost twice the time.
        self._connection = duckdb.connect(":memory:")
        self._connection.execute(
            f"SET memory_limit='{self._megabytes}MB'; SET threads={THREADS}; "
            f"SET temp_directory='{folder}'; SET TimeZone='UTC'; "
            # What a statement has let go of goes back at once: else the engine keeps up to 128 MB beyond its limit.
            "SET allocator_flush_threshold='8MB'; SET allocator_bulk_deallocation_flush_threshold='16MB'"
        )

    def execute(self, query: str, parameters: list[Any] | None = None) -> Any:
        """Run a statement. Raises what DuckDB raises, and out of memory only when it had the most."""
        return self._tried(lambda: self.once(query, parameters))

    def read(self, query: str) -> Any:
        """Run a question whose answer is read while other statements write to other tables."""
        return self._tried(lambda: self._connection.cursor().execute(query))

    def _tried(self, run: Callable[[], Any]) -> Any:
        while True:
            try:
                return run()
            except self._full:
                if self._megabytes >= MOST:
                    raise
                self._megabytes *= 2
                self._connection.execute(f"SET memory_limit='{self._megabytes}MB'")

    def once(self, query: str, parameters: list[Any] | None = None) -> Any:
        """Run a statement that cannot be run again."""
        return (
            self._connection.execute(query)
            if parameters is None
            else self._connection.execute(query, parameters)
        )

    def register(self, name: str, rows: Any) -> None:
        """Let statements read an Arrow table or stream by a name."""
        self._connection.register(name, rows)

    def unregister(self, name: str) -> None:
        """Let go of a registered name."""
        self._connection.unregister(name)

    def close(self) -> None:
        """Let go of everything."""
        self._connection.close()
