"""By the clock: the rule of late assignments is run every night, also when no file has come."""

from __future__ import annotations

from roder.casework.models import CaseworkEvent
from roder.core.jobs import periodic
from roder.imports.late_cases import create_deviations
from roder.organisation.models import Body


@periodic("40 3 * * *")
def look_for_late_assignments() -> None:
    """Make deviations for applications that became too old since yesterday, in every committee that has events."""
    with_events = CaseworkEvent.objects.values("committee").distinct()
    for committee in Body.objects.filter(pk__in=with_events).order_by("pk"):
        create_deviations(committee)
