"""What units have left to write, asked of the database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from roder import tasks
from roder.economy.services import forecasts
from roder.organisation.models import Unit
from tests.economy.forecast.conftest import World

MAY = "2022-05"


def test_a_unit_without_forecast_is_told_where_to_make_it(world: World) -> None:
    found = forecasts.missing_for(world.unit, world.occasion(MAY))
    assert found == ["Prognosen är inte lämnad. Lämna den under Ekonomi, Prognos per enhet."]


def test_a_whole_forecast_in_balance_lacks_nothing(world: World) -> None:
    world.forecast(MAY, world.unit, intakter=1000, personal=-8000, ovriga=-2000)
    assert forecasts.missing_for(world.unit, world.occasion(MAY)) == []


def test_a_row_without_forecast_is_named(world: World) -> None:
    world.forecast(MAY, world.unit, intakter=1000)
    found = forecasts.missing_for(world.unit, world.occasion(MAY))
    assert found == [
        "Prognos saknas för Personalkostnader och Övriga kostnader. Skriv ett belopp, 0 om ingenting väntas."
    ]


def test_a_deficit_asks_for_cause_and_action(world: World) -> None:
    lines = world.forecast(MAY, world.unit, intakter=1000, personal=-9200, ovriga=-2000)
    occasion = world.occasion(MAY)
    found = [text.replace("\u00a0", " ") for text in forecasts.missing_for(world.unit, occasion)]
    assert found == [
        "Personalkostnader: prognosen är 1 200 tkr sämre än budgeten. Skriv orsaken.",
        "Enhetens prognos är 1 200 tkr sämre än budgeten. Lägg till minst en åtgärd.",
    ]
    staff = lines[1]
    staff.cause = "Fler vikarier än väntat"
    staff.save()
    assert len(forecasts.missing_for(world.unit, occasion)) == 1
    action = tasks.add_action(
        staff, None, finding="Underskott", what="Se över schemat",
        owner=tasks.Owner("unit_manager", unit=world.unit), due=None,
    )  # fmt: skip
    assert forecasts.missing_for(world.unit, occasion) == []
    tasks.drop_action(action, None, "Gick inte")
    assert len(forecasts.missing_for(world.unit, occasion)) == 1


def test_sums_and_change_since_the_forecast_before(world: World) -> None:
    world.forecast("2022-03", world.unit, intakter=1000, personal=-8000, ovriga=-2000)
    world.forecast(MAY, world.unit, cause="Priser", intakter=1100, personal=-8000, ovriga=-2300)
    world.forecast(MAY, world.other_unit, intakter=1000)
    occasion = world.occasion(MAY)
    before = forecasts.forecast_before(occasion)
    assert before == world.occasion("2022-03")
    one, other = forecasts.unit_forecasts(occasion, before=before)
    assert (one.budget, one.forecast) == (Decimal(-9_000_000), Decimal(-9_200_000))
    assert (one.variance, one.change) == (Decimal(-200_000), Decimal(-200_000))
    assert one.reported
    assert one.expected
    assert (other.forecast, other.variance, other.change) == (None, None, None)


@pytest.mark.parametrize("count", [1, 40])
def test_queries_do_not_grow_with_the_units(
    world: World, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    units = [
        Unit.objects.create(committee=world.committee, code=f"x{n:03}", name=f"Enhet {n}", kind="unit")
        for n in range(count)
    ]
    for unit in units[:10]:
        world.forecast(MAY, unit, personal=-1)
    occasion = world.occasion(MAY)
    with django_assert_max_num_queries(8):
        found = forecasts.missing_for_units(occasion, units)
    assert len(found) == count
