"""The demonstration's sets, answers and plan; run twice they are the same."""

from __future__ import annotations

from roder.core.demo import examples_dir
from roder.organisation.models import Unit, UnitPlacement
from roder.quality.models import SelfCheckRound
from roder.questionnaires.demo import load
from roder.questionnaires.models import Answer, QuestionSet
from roder.tasks.models import Action
from tests.web.world import SINCE_2020, World


def test_the_demonstration_is_loaded_once(world: World) -> None:
    unit = Unit.objects.create(committee=world.committee, code="81132", name="Brunnsgården 6:2", kind="unit")
    UnitPlacement.objects.create(unit=unit, parent=world.administration, valid=SINCE_2020)
    by = world.people["quality_strategist"]
    load(examples_dir(), world.committee, by, by)

    def counted() -> tuple[int, ...]:
        return tuple(model.objects.count() for model in (QuestionSet, Answer, SelfCheckRound, Action))

    first = counted()
    sets = len(list((examples_dir() / "formular").glob("*.yaml")))
    assert first == (sets, 11, 6, 1)
    assert SelfCheckRound.objects.filter(found=2, sampled=5).count() == 1
    load(examples_dir(), world.committee, by, by)
    assert counted() == first
