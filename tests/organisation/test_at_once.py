"""The same form of a mandate sent twice in the same moment, and two who move a unit."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from roder.access import mandates, placements
from roder.organisation.models import Mandate, Person, UnitPlacement
from tests.at_once import meanwhile, together
from tests.web.world import World, build_world

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def town(committed: None) -> World:
    return build_world()


def test_a_mandate_sent_twice_at_once_is_one_person_and_one_mandate(town: World) -> None:
    form = {
        "email": "ny@example.test", "name": "Ny", "role": "mas", "unit": "", "start": "2024-01-01", "last": "",
    }  # fmt: skip

    def send() -> int:
        client = Client()
        client.force_login(town.people["administrator"], BACKEND)
        return client.post(f"{town.root}mandat/ge/", form).status_code

    assert together(send) == [302] * 4
    assert Person.objects.filter(email="ny@example.test").count() == 1
    assert Mandate.objects.filter(person__email="ny@example.test").count() == 1


def test_a_unit_moved_by_two_at_once_is_moved_once(town: World) -> None:
    by, start = town.people["administrator"], date(2030, 1, 1)
    late = meanwhile(
        lambda: placements.move(by, town.unit, None, start),
        lambda: placements.move(by, town.unit, None, start),
    )
    with pytest.raises(ValidationError, match="redan en placering"):
        late.result()
    assert UnitPlacement.objects.filter(unit=town.unit, valid__startswith=start).count() == 1


def test_a_mandate_ended_by_two_at_once_ends(town: World) -> None:
    by = town.people["administrator"]
    mandate = Mandate.objects.filter(person=town.people["mas"]).get()
    late = meanwhile(
        lambda: mandates.end(by, mandate, date(2024, 5, 31)),
        lambda: mandates.end(by, mandate, date(2024, 6, 30)),
    )
    assert late.result().valid.upper == date(2024, 7, 1)
