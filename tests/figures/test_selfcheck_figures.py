"""Figures of self-checks: what counts in the period, in time, with the method, and with effect."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from roder.figures import At, LiveSource, compute, rows_behind
from tests.figures.selfcheck_world import action, made_round, self_check
from tests.figures.world import World, empty_world


@pytest.fixture
def checked(db: None) -> World:
    """One unit with four rounds due until the end of August, and one after."""
    world = empty_world("kolla-von", "9901")
    check = self_check(world, world.units["vof"], 2022)
    in_time = made_round(check, date(2022, 2, 28), date(2022, 2, 20), sampled=4, found=1)
    made_round(check, date(2022, 4, 30), date(2022, 5, 10), "partly", sampled=6, found=2)
    made_round(check, date(2022, 6, 30))
    made_round(check, date(2022, 8, 31), date(2022, 9, 5), sampled=5, found=5)  # done after the period
    made_round(check, date(2022, 10, 31))
    action(in_time, date(2022, 3, 1), "yes", date(2022, 5, 1))
    action(in_time, date(2022, 3, 2), "no", date(2022, 5, 1))
    action(in_time, date(2022, 3, 3), "yes", date(2022, 9, 15))  # stated after the period
    return world


@pytest.mark.parametrize(
    ("name", "numerator", "denominator", "value"),
    [
        ("planerade", None, None, 4),
        ("gjorda", None, None, 2),
        ("i_tid", 1, 4, 25),
        ("enligt_metod", 1, 2, 50),
        ("med_brist", 3, 10, 30),
        ("atgarder", None, None, 3),
        ("atgarder_med_effekt", 1, 2, 50),
    ],
)
def test_a_period_of_self_checks(
    checked: World, name: str, numerator: Any, denominator: Any, value: int
) -> None:
    at = At.of(checked.occasions["2022-08"])
    with LiveSource(checked.committee) as live:
        rows = compute(f"quality.egenkontroll.{name}", live, at).rows
        behind = rows_behind(f"quality.egenkontroll.{name}", live, at, {"enhet": checked.units["vof"].code})
    assert [row.key["enhet"] for row in rows] == [checked.units["vof"].code, "totalt"]
    for row in rows:
        assert (row.numerator, row.denominator, row.value) == (numerator, denominator, value)
    assert behind.rows


def test_without_self_checks_there_are_no_numbers(db: None) -> None:
    world = empty_world("tom-von", "9902")
    at = At.of(world.occasions["2022-08"])
    with LiveSource(world.committee) as live:
        assert not compute("quality.egenkontroll.i_tid", live, at).rows
