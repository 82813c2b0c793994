"""By the clock: rounds of self-checks are opened as tasks when their time has come."""

from __future__ import annotations

from django.utils import timezone

from roder.core.jobs import periodic
from roder.quality.selfchecks.services import open_due


@periodic("20 4 * * *")
def open_rounds() -> None:
    """Open what is due to begin. Every night: one that is open is left alone, one that was missed is opened late."""
    open_due(timezone.localdate())
