"""Fixtures for the tests of the embedded PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from roder.core.postgres import ensure_running
from tests.core.postgres.tools import copy_cluster, reachable_tmp, stopped


class Template(NamedTuple):
    """A data folder with a database that nothing uses, and how long its first start took (seconds)."""

    data: Path
    first_start: float


@pytest.fixture(scope="session")
def template() -> Iterator[Template]:
    """A new database, made once."""
    with reachable_tmp() as folder:
        begin = time.monotonic()
        server = ensure_running(folder / "data")
        taken = time.monotonic() - begin
        server.release()
        assert stopped(folder / "data")
        yield Template(folder / "data", taken)


@pytest.fixture
def data(template: Template) -> Iterator[Path]:
    """A data folder of the test's own with a stopped, empty database."""
    with reachable_tmp() as folder:
        copy_cluster(template.data, folder / "data")
        yield folder / "data"
        assert stopped(folder / "data"), "the server outlived its users"


@pytest.fixture
def new() -> Iterator[Path]:
    """A data folder that does not exist yet."""
    with reachable_tmp() as folder:
        yield folder / "data"
        assert stopped(folder / "data"), "the server outlived its users"
