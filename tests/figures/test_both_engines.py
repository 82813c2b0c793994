"""Every figure of the catalogue gives the same rows on the live database and on a snapshot."""

from __future__ import annotations

import pytest

from roder.figures import (
    At,
    LiveSource,
    Result,
    SnapshotSource,
    catalogue,
    compute,
    rows_behind,
    take_snapshot,
)
from tests.figures import world as worlds
from tests.figures.chance import generated

NAMES = list(catalogue())
OF_QUALITY = ("quality.", "handlaggning.")


def _same(world: worlds.World) -> dict[str, Result]:
    """Compute everything at every occasion on both engines, compare, and give the last occasion's results."""
    last: dict[str, Result] = {}
    last_code = "2022-08"
    for code in ("2022-plan", "2022-05", last_code):
        occasion = world.occasions[code]
        snapshot, at = take_snapshot(occasion), At.of(occasion)
        with LiveSource(world.committee) as live, SnapshotSource.open(snapshot) as frozen:
            for name in NAMES:
                if code != last_code and name.startswith(OF_QUALITY):
                    continue  # their periods are tested in test_quality.py
                one, other = compute(name, live, at), compute(name, frozen, at)
                assert one.rows == other.rows, f"{name} vid {occasion.code}"
                assert one.labels == other.labels, f"{name} vid {occasion.code}"
                assert len({tuple(row.key.values()) for row in one.rows}) == len(one.rows), (
                    f"{name}: dubbla rader"
                )
                for row in one.rows[:1]:
                    assert rows_behind(name, live, at, row.key) == rows_behind(name, frozen, at, row.key), (
                        name
                    )
                last[name] = one
    return last


def test_alingsas_is_the_same_on_both(alingsas: worlds.World) -> None:
    results = _same(alingsas)
    empty = {
        name for name, result in results.items() if not any(row.value is not None for row in result.rows)
    }
    assert not {
        name for name in empty if name.startswith(("volymer", "personal.sjuk", "ekonomi.investeringar"))
    }


@pytest.mark.parametrize("seed", range(3))
def test_generated_rows_are_the_same_on_both(db: None, seed: int) -> None:
    _same(generated(seed))


def test_generated_rows_reach_every_figure(db: None) -> None:
    found: set[str] = set()
    for seed in (5, 7, 9, 11):
        world = generated(seed)
        at = At.of(world.occasions["2022-08"])
        with LiveSource(world.committee) as live:
            found |= {
                name for name in NAMES if any(row.value is not None for row in compute(name, live, at).rows)
            }
    assert found == set(NAMES)


def test_a_committee_sees_only_its_own_rows(db: None) -> None:
    one, other = generated(1), worlds.empty_world("annan-von", "9999")
    assert one.committee != other.committee
    at = At.of(other.occasions["2022-08"])
    with LiveSource(other.committee) as live:
        for name in NAMES:
            if name != "quality.avvikelser.mal":  # its own steering model's
                assert all(row.value is None for row in compute(name, live, at).rows), name
