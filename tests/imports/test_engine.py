"""The engine that files are staged in: little memory for most, more for the statement that must have it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from roder.imports import engine
from roder.imports.engine import Engine

#: A statement whose one value must be held whole: nothing of it can wait on disk.
HUNGRY = "SELECT len(list(repeat('x', 1000) || i)) AS n FROM range(200000) AS r(i)"


def limit(one: Engine) -> str:
    """The limit that the engine has now."""
    return str(one.execute("SELECT current_setting('memory_limit')").fetchone()[0])


def test_a_statement_that_needs_more_gets_it(tmp_path: Path) -> None:
    one = Engine(tmp_path, 1000)
    before = limit(one)
    one.execute(f"CREATE TABLE found AS {HUNGRY}")
    assert one.execute("SELECT * FROM found").fetchone() == (200000,)
    assert before != limit(one)
    one.close()


def test_what_cannot_be_run_again_is_run_once_and_the_most_is_the_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MOST", engine.SMALL)
    one = Engine(tmp_path, 1000)
    for run in (one.execute, one.once, one.read):
        with pytest.raises(duckdb.OutOfMemoryException):
            run(f"CREATE TABLE found AS {HUNGRY}")
    assert one.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)
    one.close()


def test_a_large_file_has_more_from_the_start(tmp_path: Path) -> None:
    small, large = Engine(tmp_path, 1000), Engine(tmp_path, engine.LARGE_FILE + 1)
    assert limit(small) != limit(large)
    small.close()
    large.close()
