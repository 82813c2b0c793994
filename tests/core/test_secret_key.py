"""The secret key is made once, whole, however many start at once and whatever stood there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from roder.core.settings import _secret_key


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RODER_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("RODER_SECRET_KEY", raising=False)
    return tmp_path


def test_many_that_start_at_once_get_the_same_key(home: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        for _ in range(40):
            gate = Barrier(8)

            def key(gate: Barrier = gate) -> str:
                gate.wait()
                return _secret_key()

            keys = {one.result() for one in [threads.submit(key) for _ in range(8)]}
            assert len(keys) == 1
            assert len(keys.pop()) > 40
            (home / "secret-key").unlink()
    assert list(home.iterdir()) == []


def test_an_empty_file_that_a_full_disk_left_is_no_key(home: Path) -> None:
    file = home / "secret-key"
    file.touch(0o600)
    assert _secret_key() == _secret_key() == file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
