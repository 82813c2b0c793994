"""The committee's forecast as the sum of its units' and central adjustments."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from roder.economy.models import ForecastLine
from roder.economy.services.committee_forecast import committee_sum
from roder.organisation.models import Unit
from tests.economy.forecast.conftest import AS_CENTRAL, World

MAY = "2022-05"


def tkr(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount / 1000)


def test_units_and_central_adjustments_add_up(world: World) -> None:
    world.forecast(MAY, world.unit, intakter=1000, personal=-8300, ovriga=-2000)
    world.forecast(MAY, world.other_unit, intakter=1200, personal=-8000, ovriga=-2100)
    world.forecast(MAY, None, "Buffert", **AS_CENTRAL)
    ForecastLine.objects.filter(unit=None, group__code="kop_tjanster").update(amount=-50_000)
    found = committee_sum(world.occasion(MAY))
    assert tkr(found.by_unit[world.unit.pk]["resultat"]) == -9300
    assert tkr(found.by_unit[world.other_unit.pk]["kostnader"]) == -10100
    assert tkr(found.units_sum["resultat"]) == -18200
    assert tkr(found.central["resultat"]) == 17950
    assert tkr(found.forecast["resultat"]) == tkr(found.whole["resultat"]) == -250
    assert tkr(found.budget["resultat"]) == 0
    assert tkr(found.variance) == tkr(found.variance_of("resultat")) == -250
    assert found.is_deficit
    assert found.causes["kop_tjanster"] == "Buffert"
    assert not found.not_reported


def test_a_unit_that_has_not_reported_leaves_its_rows_missing(world: World) -> None:
    world.forecast(MAY, world.unit, intakter=1000, personal=-8300, ovriga=-2000)
    world.forecast(MAY, None, **AS_CENTRAL)
    found = committee_sum(world.occasion(MAY))
    assert found.not_reported == [world.other_unit]
    assert found.incomplete == [world.unit]  # staff is worse than budget, without cause and action
    assert found.whole["personal"] is None
    assert found.whole["resultat"] is None
    assert tkr(found.whole["kommunbidrag"]) == 18000
    assert tkr(found.forecast["personal"]) == -8300
    assert found.variance_of("resultat") is None
    assert all(amount is None for amount in found.by_unit[world.other_unit.pk].values())


def test_the_change_is_counted_from_the_forecast_before(world: World) -> None:
    for unit in (world.unit, world.other_unit):
        world.forecast("2022-03", unit, intakter=1000, personal=-8000, ovriga=-2000)
        world.forecast(MAY, unit, intakter=1000, personal=-7900, ovriga=-2300)
    world.forecast("2022-03", None, **AS_CENTRAL)
    world.forecast(MAY, None, **AS_CENTRAL)
    found = committee_sum(world.occasion(MAY))
    assert found.before == world.occasion("2022-03")
    assert [tkr(found.change_of(code)) for code in ("intakter", "personal", "ovriga", "resultat")] == [
        0,
        200,
        -600,
        -400,
    ]


def test_a_unit_that_is_new_in_the_sum_is_no_change(world: World) -> None:
    world.forecast("2022-03", world.unit, intakter=1000, personal=-8000, ovriga=-2000)
    for unit in (world.unit, world.other_unit):
        world.forecast(MAY, unit, intakter=1000, personal=-7900)
    found = committee_sum(world.occasion(MAY))
    assert found.change_of("personal") is None
    assert found.not_whole == [world.unit, world.other_unit]
    assert found.not_reported == []


def test_the_real_forecast_of_may_without_units(alingsas: World) -> None:
    """Månadsuppföljning maj 2022: ten million better than the budget, all of it the committee's own lines."""
    found = committee_sum(alingsas.occasion(MAY))
    assert not found.has_units
    assert tkr(found.variance) == 10_000
    assert tkr(found.variance_of("personal")) == 3_323
    assert not found.is_deficit


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow_with_the_units(
    world: World, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(count):
        unit = Unit.objects.create(committee=world.committee, code=f"x{n:03}", name=f"Enhet {n}", kind="unit")
        world.forecast(MAY, unit, personal=-1)
    occasion = world.occasion(MAY)
    with django_assert_max_num_queries(14):
        assert len(committee_sum(occasion).units) == count + 2
