"""A committee that meets, with a data folder of its own for its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.meetings.world import Chain, build_chain


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("RODER_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def chain(db: None, data_dir: Path) -> Chain:
    """The committee with its seats, a meeting, and a case with a letter and a PDF (``tests.meetings.world``)."""
    return build_chain()
