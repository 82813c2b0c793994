"""Whether anything is said of a row: what points at it by a foreign key, and what names it by its kind and number.

The tables are found in the models, so that a new one counts the day it is there. History and views are no use.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.apps import apps
from django.db import models
from django.db.models import Q

from roder.core.models import Link

Tables = Collection[type[models.Model]]


def pointing_at(model: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    """The tables with a foreign key to the model, and its name; those of the history and views are left out."""
    found = []
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel):
            continue
        field = relation.field
        if not relation.related_model._meta.managed:
            continue
        if field.concrete and not field.many_to_many and getattr(field, "db_constraint", False):
            found.append((relation.related_model, str(field.attname)))
    return found


def concerning(
    model: type[models.Model], ids: Iterable[int], own: Q | None = None, but: Tables = ()
) -> dict[int, set[str]]:
    """Which of these rows something is said of by their kind and number (tasks, assessments, documents, links), and
    what that is called. ``own``: links that are part of the rows themselves; ``but``: tables that are not asked."""
    found: dict[int, set[str]] = {}
    wanted = list(ids)
    for table in apps.get_models():
        ours = table.__module__.startswith("roder.") and table._meta.managed and not hasattr(table, "pgh_obj")
        if not ours or table in but:
            continue
        names = {field.name for field in table._meta.concrete_fields}
        for kind in (name for name in names if name.endswith("_kind")):
            number = f"{kind.removesuffix('_kind')}_id"
            if number not in names:
                continue
            rows = table._base_manager.filter(**{kind: model._meta.label_lower, f"{number}__in": wanted})
            if table is Link and own is not None:
                rows = rows.exclude(own)
            for pk in rows.values_list(number, flat=True):
                found.setdefault(pk, set()).add(str(table._meta.verbose_name))
    return found


def used(model: type[models.Model], ids: Iterable[int], but: Tables = ()) -> set[int]:
    """Those of these rows that another row points at or says something of, in any table but these. The number of
    queries does not grow with the rows."""
    wanted = list(ids)
    found = set(concerning(model, wanted, but=but))
    for table, field in pointing_at(model):
        if table not in but:
            rows = table._base_manager.filter(**{f"{field}__in": wanted})
            found |= set(rows.values_list(field, flat=True))
    return found
