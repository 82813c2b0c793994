"""What hinders a forecast from being decided, and whose forecast is missing, as facts of a report."""

from __future__ import annotations

from roder.economy.services import recovery
from roder.economy.services.committee_forecast import committee_sum
from roder.steering.models import Occasion

#: Kinds of occasion whose reports tell a forecast of the year.
FORECASTS = frozenset({Occasion.Kind.MONTHLY, Occasion.Kind.IN_DEPTH, Occasion.Kind.INTERIM})


def gather_forecast(occasion: Occasion) -> tuple[str, tuple[str, ...]]:
    """Why the occasion's forecast cannot be decided ('' when it can), and the units that have made none."""
    if occasion.kind not in FORECASTS:
        return "", ()
    found = committee_sum(occasion)
    return recovery.hindrance(occasion, found), tuple(unit.name for unit in found.not_reported)
