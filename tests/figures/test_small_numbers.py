"""Small numbers about events are not shown on a figure's pages to those who may not open the cases."""

from __future__ import annotations

from datetime import date

import pytest

from roder.figures import take_snapshot
from roder.figures.catalogue import avvikelser  # noqa: F401 - declares the figures
from roder.organisation.models import Mandate, Person
from roder.steering.models import Occasion
from tests.figures.quality_world import deviation, words
from tests.figures.test_pages import ROOT, client_of, text_of
from tests.figures.test_snapshot import person
from tests.figures.world import World

COUNT = f"{ROOT}quality.avvikelser.antal/"


@pytest.fixture
def town(empty: World) -> World:
    """A committee with two falls in the first half of 2022."""
    words(empty)
    empty.occasions["h1"] = Occasion.objects.create(
        committee=empty.committee, model=empty.occasions["2022-05"].model, year=2022, code="2022-h1",
        kind="half_year", name="Första halvåret", cut_off=date(2022, 6, 30),
    )  # fmt: skip
    for day in (3, 4):
        deviation(empty, date(2022, 2, day), "fall")
    return empty


def unit_manager(world: World) -> Person:
    """Somebody who may open the cases of one unit."""
    somebody = Person.objects.create_user("chef@example.org", name="Någon Chefsson")
    unit = world.committee.units.order_by("-pk").first()
    Mandate.objects.create(person=somebody, role="unit_manager", unit=unit, valid=(date(2020, 1, 1), None))
    return somebody


def test_who_may_open_every_case_sees_the_number(town: World) -> None:
    page = text_of(client_of(person(town, "quality_strategist")), f"{COUNT}?tillfalle=2022-h1&ar=2022")
    assert "visas inte" not in page
    assert "Raderna bakom" in page


def test_who_may_not_sees_neither_number_nor_rows_nor_history(town: World) -> None:
    take_snapshot(town.occasions["h1"])
    client = client_of(unit_manager(town))
    listed = text_of(client, f"{COUNT}?tillfalle=2022-h1")
    assert "visas inte" in listed
    assert "Små tal visas bara för den som får öppna alla ärenden" in listed
    alone = text_of(client, f"{COUNT}?tillfalle=2022-h1&ar=2022")
    assert "Talet är så litet att det kan peka ut någon" in alone
    assert "Raderna bakom" not in alone
    then = text_of(client, f"{COUNT}historik/?tillfalle=2022-h1&ar=2022")
    assert "visas inte" in then
