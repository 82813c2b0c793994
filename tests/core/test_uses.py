"""What points at a row, and what is said of it, is asked in one place: by those who undo files and by the rules."""

from __future__ import annotations

from django.db.models import Q

from roder.core.models import Link
from roder.core.uses import concerning, pointing_at, used
from roder.organisation.models import Mandate, Unit, UnitPlacement
from roder.steering.models import Activity, Goal
from roder.tasks.models import Task
from tests.web.conftest import world
from tests.web.world import World

__all__ = ["world"]


def test_a_link_at_either_end_is_use_unless_it_is_the_rows_own(world: World) -> None:
    goal = Goal.objects.filter(committee=world.committee).order_by("pk")[0]
    spare = Goal.objects.get(pk=goal.pk)
    spare.pk, spare.code, spare.number = None, "reserv", "99"
    spare.save(force_insert=True)
    assert used(Goal, [spare.pk]) == set()
    kind = Goal.record_kind()
    ends = {"source_kind": kind, "source_id": goal.pk, "target_kind": kind, "target_id": spare.pk}
    Link.objects.create(**ends, kind=Link.Kind.CONCERNS)

    assert used(Goal, [spare.pk]) == {spare.pk}
    assert used(Goal, [spare.pk], but={Link}) == set()
    assert set(concerning(Goal, [spare.pk])) == {spare.pk}
    assert concerning(Goal, [spare.pk], own=Q(target_id=spare.pk)) == {}


def test_a_foreign_key_is_use_and_the_history_is_none(world: World) -> None:
    tables = {table for table, _ in pointing_at(Unit)}
    assert {Mandate, UnitPlacement, Activity, Task} <= tables
    assert not any(hasattr(table, "pgh_obj") for table in tables)
    assert used(Unit, [world.unit.pk]) == {world.unit.pk}
