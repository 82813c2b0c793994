"""Deviations that a rule made, and that are taken back when what they were made of was wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.apps import apps
from django.db import models, transaction

from roder import access
from roder.core.models import Link
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
    found = _changed(Deviation, rows) | {steps[pk] for pk in _changed(Step, steps)}
    kind = Deviation.record_kind()
    for end in ("source", "target"):
        ends = Link.objects.filter(**{f"{end}_kind": kind, f"{end}_id__in": rows})
        found |= set(ends.values_list(f"{end}_id", flat=True))
    for model in apps.get_models():
        if model not in _OWN and model._meta.managed and not hasattr(model, "pgh_obj"):  # history is no work
            found |= _spoken_of(model, rows)
    return found


def _changed(model: type[models.Model], rows: Iterable[int]) -> set[int]:
    log = apps.get_model(model._meta.app_label, f"{model.__name__}Event")._base_manager
    changes = log.filter(pgh_obj_id__in=list(rows), pgh_label="update")
    return set(changes.values_list("pgh_obj_id", flat=True))


def _spoken_of(model: type[models.Model], rows: list[int]) -> set[int]:
    """Those of the deviations that a table has rows about: that point at them, or have them as their subject."""
    fields = model._meta.concrete_fields
    found: set[int] = set()
    if {"subject_kind", "subject_id"} <= {field.name for field in fields}:
        about = model._base_manager.filter(subject_kind=Deviation.record_kind(), subject_id__in=rows)
        found |= set(about.values_list("subject_id", flat=True))
    for field in fields:
        if field.remote_field is not None and field.remote_field.model is Deviation:
            pointing = model._base_manager.filter(**{f"{field.name}__in": rows})
            found |= set(pointing.values_list(field.attname, flat=True))
    return found
