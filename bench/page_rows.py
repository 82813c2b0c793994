"""What measurements of a room's pages have in common: prepared in one process, served by a second, asked by a third."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from bench.pages import ONE, WORKERS, ask_right
from bench.parts import child
from bench.results import Row, limit_row
from bench.serving import serving


def served(module: str, home: Path, *, quick: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the module's ``prepare`` told, and what its ``measure`` found with ``roder serve`` on that."""
    told = child(module, "prepare", str(home), home, quick=quick)
    with serving(home, WORKERS) as server:
        server.wait_for_page()
        return told, child(module, "measure", str(server.port), home, quick=quick, told=told)


def measure_pages(port: int, told: dict[str, Any], *, quick: bool) -> dict[str, float]:
    """The median of each page with one client, in seconds."""
    pages, cookie = told["pages"], told["cookie"]
    ask_right(port, list(pages.values()), cookie, clients=4, requests=20 * WORKERS)  # warm
    return {
        name: statistics.median(
            ask_right(port, [path], cookie, clients=1, requests=10 if quick else ONE).took
        )
        for name, path in pages.items()
    }


def page_rows(
    name: str,
    what: str,
    told: dict[str, Any],
    found: dict[str, float],
    latency: float,
    than: str = "many than with few",
) -> list[Row]:
    """For each page: how many more queries it has with many rows, and its median against ``latency`` in milliseconds."""
    rows = []
    for page in told["pages"]:
        more = told["many"][page] - told["few"][page]
        rows.append(limit_row(name, f"{what}, {page}: queries more with {than}", more, "", "at most", 0))
        rows.append(limit_row(name, f"{what}, {page}: median", found[page] * 1000, "ms", "at most", latency))
    return rows
