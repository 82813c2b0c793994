"""By the clock and after large files: the rule of late assignments every night, tasks of many open cases."""

from __future__ import annotations

from roder.casework.models import CaseworkEvent
from roder.core.jobs import job, periodic
from roder.core.models import ImportBatch
from roder.imports.late_cases import create_deviations
from roder.imports.open_cases import give_tasks
from roder.organisation.models import Body, Person


@periodic("40 3 * * *")
def look_for_late_assignments() -> None:
    """Make deviations for applications that became too old since yesterday, in every committee that has events."""
    with_events = CaseworkEvent.objects.values("committee").distinct()
    for committee in Body.objects.filter(pk__in=with_events).order_by("pk"):
        create_deviations(committee)


@job()
def give_open_cases_tasks(batch_id: int, by_id: int | None) -> None:
    """The open deviations of a large file get their tasks, unless the file has been taken back meanwhile."""
    batch = ImportBatch.objects.filter(pk=batch_id, undone_at=None).first()
    if batch is not None:
        give_tasks(batch, Person.objects.filter(pk=by_id).first() if by_id is not None else None)
