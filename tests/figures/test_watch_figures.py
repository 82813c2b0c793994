"""Figures of the balance list: what was on it at the end of the period, late, dependent, done, and in time."""

from __future__ import annotations

from datetime import date

import pytest

from roder.figures import At, LiveSource, SnapshotSource, compute, rows_behind, take_snapshot
from tests.figures.watch_world import time, waits, watch
from tests.figures.world import World, empty_world

AUGUST = "2022-08"


@pytest.fixture
def listed(db: None) -> World:
    """A list with something of everything, seen at the end of August 2022."""
    world = empty_world("lista-von", "9911")
    oral = watch(world, date(2022, 1, 10))
    time(oral, date(2022, 2, 23), date(2022, 2, 23))
    time(oral, date(2022, 3, 30), date(2022, 4, 12))  # reported late
    time(oral, date(2022, 8, 31))  # late at the end of its day
    both = watch(world, date(2022, 1, 10), "B MI")
    time(both, date(2022, 6, 1), date(2022, 9, 20))  # not reported in the period
    time(watch(world, date(2022, 1, 10), "B"), date(2022, 9, 1))  # not due yet
    resting = time(watch(world, date(2022, 1, 10), ""), date(2022, 5, 1))
    resting.paused_at = resting.opened_at
    resting.save()
    waits(watch(world, date(2022, 3, 1), "B"))
    watch(world, date(2022, 9, 1))  # came after
    watch(world, date(2022, 2, 1), closed=date(2022, 3, 3), decided_on=[date(2022, 2, 1), date(2022, 2, 20)])
    watch(world, date(2022, 2, 1), "B", closed=date(2022, 6, 1), decided_on=[date(2022, 4, 2)])
    watch(world, date(2022, 2, 1), closed=date(2022, 6, 1), state="dropped")
    watch(world, date(2022, 2, 1), closed=date(2022, 9, 6))  # done after: still on the list
    return world


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("pa_listan", {"B": 2, "B-MI": 1, "MI": 2, "inget": 1, "totalt": 6}),
        ("forsenade", {"B-MI": 1, "MI": 1, "totalt": 2}),
        ("villkor", {"B": 1, "totalt": 1}),
        ("klara", {"B": 1, "MI": 1, "totalt": 2}),
        ("dagar_till_klart", {"B": 120, "MI": 30, "totalt": 75}),
        ("i_tid", {"B-MI": 0, "MI": 100 / 3, "inget": 0, "totalt": 20}),
    ],
)
def test_the_list_in_numbers(listed: World, name: str, values: dict[str, float]) -> None:
    at = At.of(listed.occasions[AUGUST])
    snapshot = take_snapshot(listed.occasions[AUGUST])
    with LiveSource(listed.committee) as live, SnapshotSource.open(snapshot) as frozen:
        rows = compute(f"moten.uppdrag.{name}", live, at).rows
        assert rows == compute(f"moten.uppdrag.{name}", frozen, at).rows
        behind = rows_behind(f"moten.uppdrag.{name}", live, at, rows[0].key)
    found = {row.key["redovisas"]: float(row.value or 0) for row in rows}
    assert found == pytest.approx(values, abs=0.001)
    assert behind.gids[0].startswith("meetings.watch:")


def test_an_empty_list_has_no_numbers(db: None) -> None:
    world = empty_world("tomlista-von", "9912")
    with LiveSource(world.committee) as live:
        assert not compute("moten.uppdrag.pa_listan", live, At.of(world.occasions[AUGUST])).rows
