"""Whether rows that an import made have been used since, and dates as they are kept with the batch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from roder.core.faults import UserFault
from roder.core.uses import pointing_at


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
