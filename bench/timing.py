"""Taking time: compared things take turns, so that a busy machine is unfair to both alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any


def timed(call: Callable[[], Any]) -> float:
    """Seconds that one call takes, with the garbage of earlier calls out of the way."""
    gc.collect()
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def alternate(
    calls: Mapping[str, Callable[[], Any]],
    runs: int,
    *,
    warm: bool = True,
    before: Callable[[], Any] | None = None,
) -> dict[str, float]:
    """The median seconds of each call over ``runs`` rounds in which they take turns.

    ``warm``: a first round that does not count. ``before`` is called before each and does not count either.
    """
    found: dict[str, list[float]] = {name: [] for name in calls}
    for round_ in range(runs + warm):
        for name, call in calls.items():
            if before:
                before()
            took = timed(call)
            if round_ >= warm:
                found[name].append(took)
    return {name: statistics.median(times) for name, times in found.items()}
