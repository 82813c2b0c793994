"""A municipality with a sibling unit, and a row in every place: unit, sibling, whole committee, elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from roder.organisation.models import Unit, UnitPlacement
from roder.steering.models import Activity, Goal
from tests.web.world import SINCE_2020, World, build_world


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@dataclass
class Rows:
    """Activities by where they belong. The unit stands under a department under the administration."""

    own: Activity
    department: Activity
    sibling: Activity
    whole: Activity
    elsewhere: Activity
    sibling_unit: Unit


@pytest.fixture
def rows(world: World) -> Rows:
    department = Unit.objects.get(code="11")
    sibling = Unit.objects.create(
        committee=world.committee, code="112", name="Lindens äldreboende", kind="unit"
    )
    UnitPlacement.objects.create(unit=sibling, parent=department, valid=SINCE_2020)
    foreign = Goal.objects.create(
        municipality=world.other.municipality, committee=world.other, level="committee", code="m", title="M",
        from_year=2022, to_year=2022,
    )  # fmt: skip
    goal = Goal.objects.get(code="mal-1")

    def activity(goal: Goal, unit: Unit | None, what: str) -> Activity:
        assert goal.committee is not None
        return Activity.objects.create(committee=goal.committee, goal=goal, unit=unit, what=what, year=2022)

    return Rows(
        own=activity(goal, world.unit, "own"),
        department=activity(goal, department, "department"),
        sibling=activity(goal, sibling, "sibling"),
        whole=activity(goal, None, "whole"),
        elsewhere=activity(foreign, None, "elsewhere"),
        sibling_unit=sibling,
    )
