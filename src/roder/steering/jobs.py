"""The steering room's job: phases that begin today become tasks."""

from __future__ import annotations

from roder.core.jobs import periodic
from roder.steering import phases


@periodic("15 4 * * *")
def open_phases() -> None:
    """Every night."""
    phases.open_all()
