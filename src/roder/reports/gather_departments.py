"""Reads what departments have told in a round of follow-up: the summaries that are ready, and who is late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roder.followup.models import Sheet
from roder.organisation.models import Unit
from roder.reports.facts import DepartmentFact
from roder.tasks.models import Task

if TYPE_CHECKING:
    from roder.steering.models import Occasion

#: States of a task whose sheet is handed in.
HANDED_IN = (Task.State.READY, Task.State.DONE)


def gather_departments(occasion: Occasion) -> tuple[tuple[DepartmentFact, ...], tuple[str, ...]]:
    """The departments with what they tell of each part, and the names of those that have not handed everything in.

    Only what is handed in is told: a draft is nobody else's. A constant number of queries.
    """
    sheets = list(
        Sheet.objects.filter(round__occasion=occasion, unit__kind=Unit.Kind.DEPARTMENT)
        .select_related("unit")
        .order_by("unit__code", "part")
    )
    if not sheets:
        return (), ()
    handed = set(
        Task.objects.filter(
            subject_kind=Sheet._meta.label_lower,
            subject_id__in=[sheet.pk for sheet in sheets],
            state__in=HANDED_IN,
        ).values_list("subject_id", flat=True)
    )
    told: dict[str, list[tuple[str, str]]] = {}
    missing: dict[str, None] = {}
    for sheet in sheets:
        if sheet.pk not in handed and sheet.included_at is None:
            missing[sheet.unit.name] = None
        elif sheet.summary.strip():
            told.setdefault(sheet.unit.name, []).append((sheet.get_part_display(), sheet.summary.strip()))
    return tuple(DepartmentFact(name, tuple(parts)) for name, parts in told.items()), tuple(missing)
