"""Whose a sheet is: one's own by a mandate, or somebody's that one stands in for."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from roder.organisation.models import Deputy, Mandate, Person, UnitPath
from roder.tasks.models import Task


def standing_in(user: Person, tasks: Iterable[Task]) -> dict[int, Person]:
    """Task -> whom the person does it for, for the tasks that are theirs only as a deputy. Four queries at most."""
    rows, today = list(tasks), timezone.localdate()
    deputies = Deputy.objects.filter(stand_in=user.pk, valid__contains=today)
    deputised = Q(deputies__in=deputies) | Q(person__deputies__in=deputies)
    held = list(
        Mandate.objects.filter(deputised, valid__contains=today)
        .exclude(person=user.pk).select_related("person").order_by("pk").distinct()
    )  # fmt: skip
    if not held:
        return {}
    own = list(Mandate.objects.filter(person=user.pk, valid__contains=today))
    units = {one.unit_id for one in [*held, *own] if one.unit_id}
    below: dict[int, set[int]] = {}
    paths = UnitPath.objects.filter(
        ancestor__in=units, descendant__in={one.unit_id for one in rows if one.unit_id}
    )
    for ancestor, descendant in paths.values_list("ancestor_id", "descendant_id"):
        below.setdefault(ancestor, set()).add(descendant)

    def covers(mandate: Mandate, task: Task) -> bool:
        role = task.role if task.state != Task.State.READY else task.attest_role
        if mandate.role != role:
            return False
        return not mandate.unit_id or task.unit_id in below.get(mandate.unit_id, ())

    found = {}
    for task in rows:
        if task.person_id == user.pk or any(covers(one, task) for one in own):
            continue
        if away := next((one for one in held if covers(one, task)), None):
            found[task.pk] = away.person
    return found
