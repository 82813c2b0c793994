"""A data directory of the measurement's own, with its own embedded database; both are gone afterwards."""

from __future__ import annotations

import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def free_directory() -> Iterator[Path]:
    """A temporary directory that a server run by another user may pass through."""
    home = Path(tempfile.mkdtemp(prefix="roder-bench-"))
    home.chmod(0o711)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def own_data(home: Path) -> Iterator[Path]:
    """Let Roder keep everything under ``home``, on the embedded database, and stop that afterwards.

    To be entered once in a process, before Django's settings are read.
    """
    os.environ["RODER_DATA_DIR"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "roder.core.settings"
    for name in ("DATABASE_URL", "RODER_DEBUG", "RODER_TESTING"):
        os.environ.pop(name, None)
    try:
        yield home
    finally:
        from django.db import connections

        from roder.core.postgres import release_shares, wait_until_stopped

        connections.close_all()
        release_shares()
        wait_until_stopped()


def peak_memory() -> float:
    """The most memory this process has had at a time, in MB.

    Linux says it of the program itself; ``getrusage`` would count what the process that started it had.
    """
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / 2**20 if sys.platform == "darwin" else peak / 2**10
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))
