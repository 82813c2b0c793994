"""Figures: the catalogue of every computed number, and the snapshots they are computed from.

``from roder.figures import compute, LiveSource, SnapshotSource, At, take_snapshot`` and so on. Loaded on first use:
Django imports this package before its models may be imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from roder.figures.calculate import BehindTable as BehindTable
    from roder.figures.calculate import FigureRow as FigureRow
    from roder.figures.calculate import Result as Result
    from roder.figures.calculate import compute as compute
    from roder.figures.calculate import query as query
    from roder.figures.calculate import rows_behind as rows_behind
    from roder.figures.catalogue.drift import compared_with as compared_with
    from roder.figures.late import late_since as late_since
    from roder.figures.manifest import SnapshotFault as SnapshotFault
    from roder.figures.manifest import verify_snapshot as verify_snapshot
    from roder.figures.registry import At as At
    from roder.figures.registry import Figure as Figure
    from roder.figures.registry import UnknownFigureError as UnknownFigureError
    from roder.figures.registry import catalogue as catalogue
    from roder.figures.registry import find as find
    from roder.figures.snapshot import sweep as sweep
    from roder.figures.snapshot import take_snapshot as take_snapshot
    from roder.figures.source import Engine as Engine
    from roder.figures.source import LiveSource as LiveSource
    from roder.figures.source import SnapshotSource as SnapshotSource

_HOMES = {
    "At": "registry", "Figure": "registry", "UnknownFigureError": "registry", "catalogue": "registry",
    "find": "registry", "BehindTable": "calculate", "FigureRow": "calculate", "Result": "calculate",
    "compute": "calculate",
    "query": "calculate", "rows_behind": "calculate", "Engine": "source", "LiveSource": "source",
    "SnapshotSource": "source", "SnapshotFault": "manifest", "verify_snapshot": "manifest", "sweep": "snapshot",
    "take_snapshot": "snapshot", "late_since": "late", "compared_with": "catalogue.drift",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load the parts on first use."""
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(f"roder.figures.{_HOMES[name]}"), name)
