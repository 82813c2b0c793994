"""Fixtures of the figures' tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pgtrigger
import pytest

from tests.figures import world as worlds


@pytest.fixture
def alingsas(db: None) -> worlds.World:
    """Alingsås' real tables."""
    return worlds.alingsas()


@pytest.fixture
def empty(db: None) -> worlds.World:
    """A committee without figures."""
    return worlds.empty_world()


@pytest.fixture(autouse=True)
def snapshots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the test's own snapshots."""
    folder = tmp_path / "snapshots"
    folder.mkdir()
    monkeypatch.setattr("roder.figures.manifest.snapshots_dir", lambda: folder)
    monkeypatch.setattr("roder.figures.snapshot.snapshots_dir", lambda: folder)
    return folder


@pytest.fixture
def truncatable() -> Iterator[None]:
    """Lets a test with real transactions empty the audit trail when it is over."""
    with pgtrigger.ignore("access.AuditRecord:not_emptied"):
        yield


@pytest.fixture
def committed(truncatable: None, transactional_db: None) -> None:
    """Real transactions, seen by other connections."""
