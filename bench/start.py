"""From nothing: an empty data directory to a migrated database, and ``roder serve`` to its first page."""

from __future__ import annotations

import shutil
import statistics
import time

from bench.home import free_directory
from bench.results import Row, limit_row
from bench.serving import roder, serving

NAME = "start"
RUNS = 3


def run(*, quick: bool = False) -> tuple[list[Row], list[str]]:
    """Time both, several times over, each with a data directory of its own."""
    migrated, served = [], []
    for _ in range(1 if quick else RUNS):
        with free_directory() as home:
            start = time.perf_counter()
            roder(home, "migrate")
            migrated.append(time.perf_counter() - start)
            shutil.rmtree(home / "static", ignore_errors=True)
            with serving(home) as server:
                served.append(server.wait_for_page())
    return [
        limit_row(
            NAME, "empty directory to migrated database", statistics.median(migrated), "s", "at most", 20, 1
        ),
        limit_row(NAME, "`roder serve` to first page", statistics.median(served), "s", "at most", 5, 1),
    ], [
        "start: `roder migrate` in an empty directory, the database's own creation included; then `roder serve` with two "
        "workers, from the start of the process to the answered login page, with the database and the static files' "
        "collection included."
    ]
