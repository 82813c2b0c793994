"""Two who ask for plans in the same moment, and a unit that begins its own: each plan once, each task once."""

from __future__ import annotations

from datetime import date

import pytest

from roder.followup.models import ActionPlan
from roder.followup.services import plans
from roder.tasks.models import Task
from tests.at_once import meanwhile, together
from tests.web.world import World, build_world

DAY = date(2022, 1, 10)


@pytest.fixture
def town(committed: None) -> World:
    return build_world()


def test_plans_asked_for_twice_at_once_are_begun_once(town: World) -> None:
    by = town.people["quality_strategist"]
    made = together(lambda: plans.ask(town.committee, 2022, by, today=DAY))
    assert sorted(made) == [0, 0, 0, 2]
    assert ActionPlan.objects.count() == 2
    assert Task.objects.filter(kind=plans.TASK).count() == 2


def test_a_plan_that_the_unit_begins_meanwhile_is_its_own(town: World) -> None:
    asked = meanwhile(
        lambda: plans.begin(town.unit, 2022, town.people["unit_manager"], "Vår egen", today=DAY),
        lambda: plans.ask(town.committee, 2022, town.people["quality_strategist"], today=DAY),
    )
    assert asked.result() == 1
    assert ActionPlan.objects.get(unit=town.unit).introduction == "Vår egen"
