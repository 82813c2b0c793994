"""Whose a task is to somebody: one's own by a mandate, or somebody's that one stands in for."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from roder.access.mandates import committee_of
from roder.organisation.models import Deputy, Mandate, Person, UnitPath
from roder.tasks.models import Task


def standing_in(user: Person, tasks: Iterable[Task]) -> dict[int, Person]:
    """Task -> whom the person does it for, for the tasks that are theirs only as a deputy. Five queries at most."""
    rows, today = list(tasks), timezone.localdate()
    deputies = list(Deputy.objects.filter(stand_in=user.pk, valid__contains=today).select_related("person"))
    if not deputies or not rows:
        return {}
    whole = {one.person_id: one.person for one in deputies if one.person is not None}
    lent = Q(pk__in=[one.mandate_id for one in deputies if one.mandate_id]) | Q(person__in=list(whole))
    mandates = Mandate.objects.filter(valid__contains=today).select_related("body__parent", "unit__committee")
    held = list(mandates.filter(lent).exclude(person=user.pk).select_related("person").order_by("pk"))
    own = list(mandates.filter(person=user.pk))
    below: dict[int, set[int]] = {}
    paths = UnitPath.objects.filter(
        ancestor__in={one.unit_id for one in [*held, *own] if one.unit_id},
        descendant__in={one.unit_id for one in rows if one.unit_id},
    )
    for ancestor, descendant in paths.values_list("ancestor_id", "descendant_id"):
        below.setdefault(ancestor, set()).add(descendant)

    def covers(mandate: Mandate, task: Task) -> bool:
        role = task.role if task.state != Task.State.READY else task.attest_role
        if mandate.role != role or (task.person_id and task.state != Task.State.READY):
            return False
        if mandate.unit_id and task.unit_id:
            return task.unit_id in below.get(mandate.unit_id, ())
        return committee_of(mandate).pk == task.committee_id

    found: dict[int, Person] = {}
    for task in rows:
        if task.person_id == user.pk or any(covers(one, task) for one in own):
            continue
        named = whole.get(task.person_id) if task.person_id else None
        away = named or next((one.person for one in held if covers(one, task)), None)
        if away is not None:
            found[task.pk] = away
    return found
