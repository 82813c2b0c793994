"""Risk analyses through the services."""

from __future__ import annotations

from tests.control.world import Room


def test_the_world_holds_together(room: Room) -> None:
    assert room.risks["2"].pk and room.controls[1].point == room.points[1]
