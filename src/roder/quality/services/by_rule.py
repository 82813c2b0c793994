"""Deviations that a rule made, and that are taken back when what they were made of was wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.apps import apps
from django.db import models, transaction

from roder import access
from roder.core.uses import used
from roder.quality.models import Deviation, DeviationMatter, Step
from roder.tasks.models import Notice, Task

#: What a rule makes with the deviation, and what the program says of it by itself.
_OWN = {DeviationMatter, Step, Task, Notice}


@transaction.atomic
def take_back(deviations: Collection[Deviation]) -> list[Deviation]:
    """Remove deviations that a rule made, with their steps, tasks and notices. Those that somebody has done something
    with stay, and are given. The numbers are not given again."""
    rows = Deviation.objects.select_for_update(of=("self",)).exclude(rule="")
    asked = rows.in_bulk([one.pk for one in deviations])
    touched = _touched(list(asked))
    gone = [pk for pk in asked if pk not in touched]
    for pk in gone:
        access.record(None, "deviation.removed", asked[pk], number=asked[pk].number, rule=asked[pk].rule)
    about = {"subject_kind": Deviation.record_kind(), "subject_id__in": gone}
    Notice.objects.filter(**about).delete()
    Task.objects.filter(**about).delete()
    Step.objects.filter(deviation__in=gone).delete()
    DeviationMatter.objects.filter(deviation__in=gone).delete()
    Deviation.objects.filter(pk__in=gone).delete()
    return [one for one in deviations if one.pk not in gone]


def _touched(rows: list[int]) -> set[int]:
    """Those of the deviations that have, or have a step that has, another state than they were made with, or that
    anything is about that the rule did not make. The number of queries does not grow with the deviations."""
    steps = dict(Step.objects.filter(deviation__in=rows).values_list("pk", "deviation_id"))
    changed = _changed(Deviation, rows) | {steps[pk] for pk in _changed(Step, steps)}
    return changed | used(Deviation, rows, but=_OWN)


def _changed(model: type[models.Model], rows: Iterable[int]) -> set[int]:
    log = apps.get_model(model._meta.app_label, f"{model.__name__}Event")._base_manager
    changes = log.filter(pgh_obj_id__in=list(rows), pgh_label="update")
    return set(changes.values_list("pgh_obj_id", flat=True))
