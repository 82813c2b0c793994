# ruff: noqa: S311 - figures for tests need no secrets
"""Prepaid income, state grants, resource allocation, the result fund and staff moves, with numbers counted by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import pytest

from roder.economy.models import Allocation, FundEntry, PrepaidIncome, StaffValue, UnitCost
from roder.figures import At, LiveSource, SnapshotSource, catalogue, compute, rows_behind, take_snapshot
from roder.registers.models import StateGrant
from roder.steering.models import Support
from tests.figures import world as worlds
from tests.figures.means_world import generated_means, move


@pytest.fixture
def world(db: None) -> worlds.World:
    return worlds.empty_world("medel", "9998")


def read(world: worlds.World, name: str, code: str = "2022-08") -> dict[str, Decimal | None]:
    """A figure's values by its key."""
    with LiveSource(world.committee) as live:
        rows = compute(name, live, At.of(world.occasions[code])).rows
    return {"/".join(row.key.values()): row.value for row in rows}


def test_prepaid_income_with_development_apart(world: worlds.World) -> None:
    occasion = world.occasions["2022-08"]
    for place, (project, development, budget, forecast, outcome, last) in enumerate(
        [("Gata", False, 1000, 1200, 500, 400), ("Torg", True, 300, 300, None, 0)]
    ):
        PrepaidIncome.objects.create(
            occasion=occasion, project=project, development=development, position=place, budget=budget,
            forecast=forecast, outcome=outcome, outcome_last_year=last,
        )  # fmt: skip
    name = "ekonomi.forutbetalda."
    assert read(world, f"{name}budget") == {"Gata": 1000, "Torg": 300, "exploatering": 300, "totalt": 1300}
    assert read(world, f"{name}avvikelse") == {"Gata": 200, "Torg": 0, "exploatering": 0, "totalt": 200}
    assert read(world, f"{name}utfall") == {"Gata": 500, "Torg": None, "exploatering": None, "totalt": None}
    assert read(world, f"{name}forandring")["Gata"] == 100
    assert read(world, f"{name}bokslutsavvikelse")["Gata"] == -500
    assert read(world, f"{name}budget", "2022-05") == {}


def grant(world: worlds.World, name: str, sought: int, applied: date, **more: object) -> StateGrant:
    return StateGrant.objects.create(
        committee=world.committee, year=2022, name=name, authority="Socialstyrelsen", sought=sought,
        applied_on=applied, **{"state": "applied", **more},
    )  # fmt: skip


def test_state_grants_as_they_stood_at_each_cut_off(world: worlds.World) -> None:
    """What was withdrawn between two occasions counts at the first and not at the second."""
    grant(world, "God och nära vård", 40, date(2022, 2, 1), state="granted", decided_on=date(2022, 6, 1), granted=30,
          used=10, returned=5)  # fmt: skip
    grant(world, "Äldreomsorgslyftet", 11, date(2022, 3, 1))
    grant(world, "Återhämtning", 3, date(2022, 5, 2), state="refused", decided_on=date(2022, 7, 1))
    grant(world, "Planerat", 99, date(2022, 1, 1), state="planned")
    name = "ekonomi.statsbidrag."
    assert read(world, f"{name}sokt", "2022-05")["totalt"] == 54
    assert read(world, f"{name}sokt")["totalt"] == 51
    assert "Återhämtning" not in read(world, f"{name}sokt")
    assert read(world, f"{name}beviljat", "2022-05") == {}
    assert read(world, f"{name}beviljat") == {"God och nära vård": 30, "totalt": 30}
    assert read(world, f"{name}anvant")["totalt"] == 10
    assert read(world, f"{name}kvar")["totalt"] == 15
    StateGrant.objects.filter(name="God och nära vård").update(
        reported_on=date(2022, 12, 1), state="reported"
    )
    assert read(world, f"{name}anvant")["totalt"] is None  # reported later: not known at the cut-off
    with LiveSource(world.committee) as live:
        found = rows_behind(f"{name}sokt", live, At.of(world.occasions["2022-08"]), {"rad": "totalt"})
    assert found.total == 2


def test_resource_allocation_is_change_times_cost(world: worlds.World) -> None:
    support = Support.objects.create(committee=world.committee, code="plats", label="Platser")
    for run, cost, before, planned in (("egen", 900_000, 100, 104), ("extern", 800_000, 50, 47)):
        price = UnitCost.objects.create(
            committee=world.committee, year=2022, support=support, run=run, amount=cost
        )
        Allocation.objects.create(
            committee=world.committee, year=2022, cost=price, volume_before=before, volume_planned=planned
        )
    name = "ekonomi.resursfordelning."
    assert read(world, f"{name}belopp") == {
        "plats/egen": 3_600_000, "plats/extern": -2_400_000, "totalt": 1_200_000,
    }  # fmt: skip
    assert read(world, f"{name}volymforandring") == {"plats/egen": 4, "plats/extern": -3}
    assert read(world, f"{name}apris")["plats/egen"] == 900_000


def test_the_result_fund_moves_by_decisions(world: worlds.World) -> None:
    def entry(kind: str, amount: int, day: date, year: int = 2022) -> None:
        FundEntry.objects.create(
            committee=world.committee, year=year, kind=kind, amount=amount, decided_on=day, decision="§ 9"
        )

    entry("carried", 8, date(2021, 4, 1), 2020)
    entry("carried", 5, date(2022, 4, 1), 2021)
    entry("used", -2, date(2022, 6, 1))
    entry("used", -1, date(2022, 11, 1))
    assert read(world, "ekonomi.resultatfond") == {
        "ingaende": 8, "carried": 5, "used": -2, "written_off": 0, "saldo": 11,
    }  # fmt: skip


def test_people_are_counted_once_and_by_reason(world: worlds.World) -> None:
    spring, year = (date(2022, 1, 1), date(2022, 4, 1)), (date(2022, 1, 1), date(2022, 9, 1))
    unit = world.units["vof"]
    move(world, "left", "pension", 4, *year)
    move(world, "left", "pension", 3, *year, unit=unit)  # within the committee's own number
    move(world, "left", "egen_begaran", 6, *year)
    move(world, "left", "pension", 2, *spring)  # within the longer period
    move(world, "hired", "utokning", 7, *year, unit=unit)  # only the unit has told
    move(world, "left", "pension", 9, date(2022, 9, 1), date(2022, 10, 1))  # after the cut-off
    move(world, "left", "pension", 5, date(2021, 1, 1), date(2021, 9, 1))
    assert read(world, "personal.rorelser") == {
        "hired/utokning": 7, "hired/totalt": 7, "left/pension": 4, "left/egen_begaran": 6, "left/totalt": 10,
    }  # fmt: skip
    assert read(world, "personal.rorelser_foregaende_ar") == {"left/pension": 5, "left/totalt": 5}
    for code, value in (("anstallda", 200), ("chefer", 8)):
        StaffValue.objects.create(
            committee=world.committee, period_start=date(2022, 8, 31), period_end=date(2022, 9, 1), measure=code,
            value=value,
        )  # fmt: skip
    assert read(world, "personal.omsattning") == {"": 5}
    assert read(world, "personal.per_chef") == {"": 25}


def test_measures_are_worded_by_the_steering_model(world: worlds.World) -> None:
    for code, value, form in (
        ("heltid", "72.5", "alla"),
        ("anstallda", "40", "alla"),
        ("arsarbetare", "30", "visstid_tim"),
    ):
        StaffValue.objects.create(
            committee=world.committee, period_start=date(2022, 8, 31), period_end=date(2022, 9, 1), measure=code,
            value=value, employment=form,
        )  # fmt: skip
    with LiveSource(world.committee) as live:
        found = compute("personal.matt", live, At.of(world.occasions["2022-08"]))
    assert [(row.key["matt"], row.key["anstallningsform"], row.text()) for row in found.rows] == [
        ("arsarbetare", "visstid_tim", "30,0"), ("heltid", "alla", "72,5"), ("anstallda", "alla", "40"),
    ]  # fmt: skip
    assert found.labels["matt"]["heltid"] == "Andel heltid"


@pytest.mark.parametrize("seed", range(2))
def test_means_are_the_same_live_and_from_a_snapshot(world: worlds.World, seed: int) -> None:
    generated_means(world, Random(seed))
    occasion = world.occasions["2022-08"]
    mine = ("ekonomi.forut", "ekonomi.statsbidrag", "ekonomi.resurs", "ekonomi.resultatfond", "personal.")
    names = [name for name in catalogue() if name.startswith(mine)]
    with LiveSource(world.committee) as live, SnapshotSource.open(take_snapshot(occasion)) as frozen:
        for name in names:
            at = At.of(occasion)
            one, other = compute(name, live, at), compute(name, frozen, at)
            assert (one.rows, one.labels) == (other.rows, other.labels), name
            assert len({tuple(row.key.values()) for row in one.rows}) == len(one.rows), name
            for row in one.rows[:1]:
                assert rows_behind(name, live, at, row.key) == rows_behind(name, frozen, at, row.key), name
