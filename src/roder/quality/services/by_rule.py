"""Deviations that a rule made, and that are taken back when what they were made of was wrong."""

from __future__ import annotations

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q

from roder import access
from roder.core.models import Link
from roder.quality.models import Deviation, DeviationMatter, Step
from roder.tasks.models import Notice, Task

#: What a rule makes with the deviation, and what the program says of it by itself.
_OWN = {DeviationMatter, Step}
_SAID = {Task, Notice}


@transaction.atomic
def take_back(deviation: Deviation) -> bool:
    """Remove a deviation that a rule made, with its steps, tasks and notices, unless somebody has done something with
    it; whether it is gone. Its number is not given again."""
    found = Deviation.objects.select_for_update(of=("self",)).get(pk=deviation.pk)
    if not found.rule or _is_touched(found):
        return False
    about = {"subject_kind": Deviation._meta.label_lower, "subject_id": found.pk}
    Notice.objects.filter(**about).delete()
    Task.objects.filter(**about).delete()
    access.record(None, "deviation.removed", found, number=found.number, rule=found.rule)
    found.steps.all().delete()
    DeviationMatter.objects.filter(deviation=found).delete()
    found.delete()
    return True


def _is_touched(deviation: Deviation) -> bool:
    """Whether the deviation or any of its steps has another state than it was made with, or anything is about it that
    the rule did not make."""
    steps = list(deviation.steps.values_list("pk", flat=True))
    if _has_changed(Deviation, [deviation.pk]) or _has_changed(Step, steps):
        return True
    kind = Deviation.record_kind()
    if Link.objects.filter(
        Q(source_kind=kind, source_id=deviation.pk) | Q(target_kind=kind, target_id=deviation.pk)
    ).exists():
        return True
    return any(_speaks_of(model, deviation) for model in apps.get_models() if model not in _OWN | _SAID)


def _has_changed(model: type[models.Model], rows: list[int]) -> bool:
    log = apps.get_model(model._meta.app_label, f"{model.__name__}Event")
    return bool(log._base_manager.filter(pgh_obj_id__in=rows, pgh_label="update").exists())


def _speaks_of(model: type[models.Model], deviation: Deviation) -> bool:
    """Whether a table has a row about the deviation: one that points at it, or has it as its subject."""
    if hasattr(model, "pgh_obj") or not model._meta.managed:
        return False  # history is no work
    names = {field.name for field in model._meta.concrete_fields}
    if {"subject_kind", "subject_id"} <= names:
        about = {"subject_kind": Deviation._meta.label_lower, "subject_id": deviation.pk}
        if model._base_manager.filter(**about).exists():
            return True
    return any(
        model._base_manager.filter(**{field.attname: deviation.pk}).exists()
        for field in model._meta.concrete_fields
        if field.remote_field is not None and field.remote_field.model is Deviation
    )
