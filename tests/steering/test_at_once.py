"""Two who assess the same goal in the same moment: the second is told, and sees what the first wrote."""

from __future__ import annotations

from datetime import date

import pytest

from roder.core.models import StaleRecordError
from roder.steering.models import Assessment, Goal, Occasion
from roder.steering.services import Judgement, assess
from tests.at_once import meanwhile
from tests.web.world import World, build_world


@pytest.fixture
def town(committed: None) -> World:
    return build_world()


def test_a_goal_assessed_by_two_at_once_keeps_the_first_and_tells_the_second(town: World) -> None:
    occasion = Occasion.objects.filter(committee=town.committee).first() or Occasion.objects.create(
        committee=town.committee, year=2022, code="T", name="T", kind="interim", cut_off=date(2022, 8, 31)
    )
    goal = Goal.objects.filter(committee=town.committee).first()
    assert goal is not None
    late = meanwhile(
        lambda: assess(occasion, goal, town.people["controller"], Judgement(analysis="Först")),
        lambda: assess(occasion, goal, town.people["quality_strategist"], Judgement(analysis="Samtidigt")),
    )
    with pytest.raises(StaleRecordError):
        late.result()
    assert Assessment.objects.get().analysis == "Först"
