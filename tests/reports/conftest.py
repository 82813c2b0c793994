"""Fixtures of the reports' tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from roder.reports.models import Report
from roder.reports.services import open_draft
from tests.reports import committee as committees


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("RODER_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def alingsas(db: None, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> committees.Committee:
    """Alingsås' real tables, and people in every role."""
    return committees.alingsas(monkeypatch)


@pytest.fixture
def draft(alingsas: committees.Committee) -> Report:
    """The draft of May's follow-up, opened by the controller."""
    return open_draft(alingsas.occasion("2022-05"), "manadsuppfoljning", alingsas.people["controller"])
