"""Figures of what events led to: actions by what they followed of, and inspections, at the period's end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from roder.control.models import Inspection
from roder.figures import At, LiveSource, SnapshotSource, compute, rows_behind, take_snapshot
from roder.tasks.models import Action
from tests.figures.quality_world import complaint, deviation, moment, words
from tests.figures.world import World, empty_world


@pytest.fixture
def town(db: None) -> World:
    world = empty_world("lara-von", "9903")
    words(world)
    return world


def action(world: World, after: Any, added: date, **more: Any) -> Action:
    """An action that followed of a record, added on a day; moments are given as days."""
    days = {name: moment(value) if name.endswith("_at") else value for name, value in more.items()}
    if days.get("effect"):
        days.setdefault("effect_text", "Så här blev det.")
    if days.get("dropped_at"):
        days.setdefault("dropped_reason", "Behövs inte.")
    made = Action(
        committee=world.committee,
        unit=world.units["vof"],
        role="unit_manager",
        finding="Brist",
        what="Gör",
        **days,
    )
    made.subject = after
    made.save()
    Action.objects.filter(pk=made.pk).update(created_at=moment(added))
    return made


def values(world: World, name: str) -> dict[str, Any]:
    """A figure's values by its key, live; a snapshot gives the same."""
    at, snapshot = At.of(world.occasions["2022-08"]), take_snapshot(world.occasions["2022-08"])
    with LiveSource(world.committee) as live, SnapshotSource.open(snapshot) as frozen:
        rows = compute(name, live, at).rows
        assert rows == compute(name, frozen, at).rows
    return {next(iter(row.key.values())): row.value for row in rows}


def test_actions_are_counted_by_what_they_followed_of_as_they_stood_when_the_period_ended(
    town: World,
) -> None:
    event, grievance = deviation(town, date(2022, 2, 1), "fall"), complaint(town, date(2022, 3, 1))
    may, late = date(2022, 5, 2), date(2022, 9, 15)  # the period ends with August
    action(town, event, may, due_on=may, done_at=may, effect="yes", effect_at=may)
    action(town, event, may, due_on=may, done_at=late, effect="partly", effect_at=late)  # late
    action(town, event, may, due_on=may, done_at=may, effect="no", effect_at=may)
    action(town, event, may, due_on=may, effect="not_done", effect_at=may)  # given up, so not late
    action(town, event, may, dropped_at=may)
    action(town, event, late)
    action(town, event, date(2021, 12, 31))
    action(town, grievance, may)
    assert values(town, "quality.atgarder.beslutade") == {"avvikelse": 4, "klagomal": 1, "totalt": 5}
    assert values(town, "quality.atgarder.genomforda") == {"avvikelse": 2, "klagomal": 0, "totalt": 2}
    assert values(town, "quality.atgarder.sena") == {"avvikelse": 1, "klagomal": 0, "totalt": 1}
    effect = values(town, "quality.atgarder.med_effekt")
    assert set(effect) == {"avvikelse", "totalt"}
    assert round(effect["avvikelse"]) == 33
    at = At.of(town.occasions["2022-08"])
    with LiveSource(town.committee) as live:
        assert len(rows_behind("quality.atgarder.sena", live, at, {"handelse": "avvikelse"}).rows) == 1


def test_inspections_of_the_year_and_those_that_wait_for_an_answer(town: World) -> None:
    made = Inspection.objects.create
    for more in (
        {"held_on": date(2022, 3, 1)},
        {"held_on": date(2021, 11, 1), "decided_on": date(2022, 2, 1), "answer_by": date(2022, 5, 1),
         "answered_on": date(2022, 4, 1), "state": "answered"},
        {"authority": "work", "decided_on": date(2022, 5, 1), "answer_by": date(2022, 6, 1), "state": "answer"},
        {"held_on": date(2022, 9, 1)}, {"held_on": date(2021, 3, 1)}, {},
    ):  # fmt: skip
        made(committee=town.committee, title="Tillsyn", **more)
    assert values(town, "revision.tillsyner") == {"ivo": 2, "work": 1, "totalt": 3}
    assert values(town, "revision.tillsyner_obesvarade") == {"work": 1, "totalt": 1}


def test_without_actions_and_inspections_there_are_no_numbers(town: World) -> None:
    for name in ("beslutade", "genomforda", "sena", "med_effekt"):
        assert values(town, f"quality.atgarder.{name}") == {}
    assert values(town, "revision.tillsyner") == {}
