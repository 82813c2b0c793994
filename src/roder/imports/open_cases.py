"""What follows from a file of deviations: open ones have tasks, as those that are reported in Roder.

Here, and not in the quality room: it is the file that says what has come and gone.
"""

from __future__ import annotations

from collections import Counter

from roder import access, tasks
from roder.core.jobs import defer
from roder.core.models import ImportBatch
from roder.core.numbers import format_number
from roder.imports.refusals import events_of
from roder.organisation.models import Person, Unit
from roder.quality.models import Deviation
from roder.quality.rules.deviations import SHUT
from roder.quality.services.taken_in import settle_tasks

#: More open cases than this get their tasks from the job queue: reading the file in does not wait for them.
AT_ONCE = 1000


def after_import(batch: ImportBatch, by: Person | None) -> list[str]:
    """Open the tasks of the steps that the file's open deviations stand in, and tell each unit's manager once. Of many,
    a moment later."""
    from roder.imports.jobs import give_open_cases_tasks  # noqa: PLC0415 - the job calls this module

    several = Deviation.objects.filter(batch=batch).exclude(state__in=SHUT).count()
    if several > AT_ONCE:
        defer(give_open_cases_tasks, batch_id=batch.pk, by_id=by.pk if by else None)
        return [
            f"{format_number(several)} öppna avvikelser får uppgifter för de steg de står i. Det görs i bakgrunden "
            "och kan ta en stund. Enheternas chefer får var sin avisering."
        ]
    count = give_tasks(batch, by)
    if not count:
        return []
    word = "öppen avvikelse" if count == 1 else "öppna avvikelser"
    return [
        f"{format_number(count)} {word} har fått uppgifter för de steg de står i. Enheternas chefer har fått var "
        "sin avisering. Tid som redan har gått ut påminns ingen om."
    ]


def give_tasks(batch: ImportBatch, by: Person | None) -> int:
    """Make the tasks of a file's deviations agree with how far they have come; gives how many cases got some. Bears to
    be done twice."""
    got = settle_tasks(Deviation.objects.filter(batch=batch), by)
    if got:
        access.record(by, "deviation.tasks_opened", batch, cases=got.total())
        _tell(got, batch)
    return got.total()


def after_undo(batch: ImportBatch) -> list[str]:
    """Remove the tasks of what is gone and the file's notices; tasks of what stands again agree with what it was."""
    touched = events_of(Deviation)._base_manager.filter(batch_id=batch.pk).values("pgh_obj_id")
    about = tasks.Task.objects.filter(subject_kind=Deviation.record_kind(), subject_id__in=touched)
    about.exclude(subject_id__in=Deviation.objects.values("pk")).delete()
    settle_tasks(Deviation.objects.filter(pk__in=touched), None)
    tasks.untell(f"import:{batch.pk}:")
    return []


def _tell(got: Counter[Unit], batch: ImportBatch) -> None:
    """One notice for each unit, however many its cases are."""
    for unit, count in sorted(got.items(), key=lambda one: one[0].pk):
        what = "en öppen avvikelse" if count == 1 else f"{format_number(count)} öppna avvikelser"
        owner = tasks.Owner("unit_manager", unit=unit)
        title = f"{unit}: {what} har lästs in"
        tasks.notify(owner, title, "Stegen som väntar står i Att göra.", key=f"import:{batch.pk}:{unit.pk}")
