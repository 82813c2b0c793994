"""The reports' jobs: what interrupted snapshots and locks have left is put right at night."""

from __future__ import annotations

from roder import figures
from roder.core.jobs import periodic
from roder.reports import files


@periodic("55 3 * * *")
def sweep_folders() -> None:
    """Finish the snapshots that have a row, and take away the folders that nothing names."""
    figures.sweep()
    files.sweep()
