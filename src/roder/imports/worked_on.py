"""Whether rows that an import made have been used since, and dates as they are kept with the batch."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from roder.core.faults import UserFault
from roder.core.models import Link


def refuse_work(model: type[models.Model], ids: Iterable[int], own: set[type[models.Model]]) -> None:
    """Raise UserFault when rows of other tables than ``own`` point at any of these: somebody has worked on."""
    wanted = list(ids)
    for table, field in pointing_at(model):
        if table in own:
            continue
        rows = table._default_manager.filter(**{f"{field}__in": wanted})
        if table is model:
            rows = rows.exclude(pk__in=wanted)  # that they point at each other is no work
        count = rows.values(field).distinct().count()
        if count:
            raise UserFault(
                f"inläsningen kan inte ångras: någon har arbetat vidare med {count} av raderna "
                f"({table._meta.verbose_name}). Läs in en rättad fil i stället."
            )


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
    model: type[models.Model], ids: Iterable[int], own: Q, own_tables: Collection[type[models.Model]] = ()
) -> dict[int, set[str]]:
    """Which of these rows something is said of by their kind and number (tasks, assessments, documents, links), and
    what that is called. ``own``: links that are part of the rows themselves; ``own_tables``: tables that are."""
    found: dict[int, set[str]] = {}
    wanted = list(ids)
    for table in apps.get_models():
        if not table.__module__.startswith("roder.") or hasattr(table, "pgh_obj") or not table._meta.managed:
            continue
        if table in own_tables:
            continue
        names = {field.name for field in table._meta.concrete_fields}
        for kind in (name for name in names if name.endswith("_kind")):
            number = f"{kind.removesuffix('_kind')}_id"
            if number not in names:
                continue
            rows = table._default_manager.filter(**{kind: model._meta.label_lower, f"{number}__in": wanted})
            if table is Link:
                rows = rows.exclude(own)
            for pk in rows.values_list(number, flat=True):
                found.setdefault(pk, set()).add(str(table._meta.verbose_name))
    return found


def touched_since(model: type[models.Model], done: dict[str, Any]) -> set[int]:
    """Rows that the file made (``made``) or changed (``changed``), and that have another revision now, or are gone."""
    wanted = dict.fromkeys(done["made"], 1) | {
        int(pk): one["revision"] for pk, one in done["changed"].items()
    }
    now = dict(model._default_manager.filter(pk__in=wanted).values_list("pk", "revision"))
    return {pk for pk, revision in wanted.items() if now.get(pk) != revision}


def stored(day: date | None) -> str | None:
    """A day as it is kept; nothing for none."""
    return day.isoformat() if day else None


def time_of(start: str, end: str | None) -> DateRange:
    """The time between two kept days."""
    return DateRange(date.fromisoformat(start), date.fromisoformat(end) if end else None)
