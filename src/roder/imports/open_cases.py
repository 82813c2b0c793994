"""What follows from a file of deviations: open ones have tasks, as those that are reported in Roder.

Here, and not in the quality room: it is the file that says what has come and gone.
"""

from __future__ import annotations

from collections import Counter

from roder import access, tasks
from roder.core.models import ImportBatch
from roder.core.numbers import format_number
from roder.imports.refusals import events_of
from roder.organisation.models import Person, Unit
from roder.quality.models import Deviation
from roder.quality.services.taken_in import settle_tasks


def after_import(batch: ImportBatch, by: Person | None) -> list[str]:
    """Open the tasks of the steps that the file's open deviations stand in, and tell each unit's manager once."""
    got = settle_tasks(Deviation.objects.filter(batch=batch), by)
    if not got:
        return []
    access.record(by, "deviation.tasks_opened", batch, cases=got.total())
    _tell(got, batch)
    word = "öppen avvikelse" if got.total() == 1 else "öppna avvikelser"
    return [
        f"{format_number(got.total())} {word} har fått uppgifter för de steg de står i. Enheternas chefer har fått var "
        "sin avisering. Tid som redan har gått ut påminns ingen om."
    ]


def after_undo(batch: ImportBatch) -> list[str]:
    """Remove the tasks of what is gone, and make those of what stands again agree with what it was."""
    touched = events_of(Deviation)._base_manager.filter(batch_id=batch.pk).values("pgh_obj_id")
    about = tasks.Task.objects.filter(subject_kind=Deviation.record_kind(), subject_id__in=touched)
    about.exclude(subject_id__in=Deviation.objects.values("pk")).delete()
    settle_tasks(Deviation.objects.filter(pk__in=touched), None)
    return []


def _tell(got: Counter[Unit], batch: ImportBatch) -> None:
    """One notice for each unit, however many its cases are."""
    for unit, count in sorted(got.items(), key=lambda one: one[0].pk):
        what = "en öppen avvikelse" if count == 1 else f"{format_number(count)} öppna avvikelser"
        owner = tasks.Owner("unit_manager", unit=unit)
        title = f"{unit}: {what} har lästs in"
        tasks.notify(owner, title, "Stegen som väntar står i Att göra.", key=f"import:{batch.pk}:{unit.pk}")
