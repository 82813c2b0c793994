"""A committee with a risk analysis and a plan, and those who work with them (``tests.control.world``)."""

from __future__ import annotations

from pathlib import Path

import pytest

from roder.control.models import ControlPlan, RiskAnalysis
from roder.organisation.models import Body, Person
from tests.control.world import Room, build_room


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("RODER_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def room(db: None) -> Room:
    """Everything of ``tests.control.world``."""
    return build_room()


@pytest.fixture
def committee(room: Room) -> Body:
    """The committee."""
    return room.committee


@pytest.fixture
def analysis(room: Room) -> RiskAnalysis:
    """The analysis of 2022 with seventeen risks, scored and handled as printed."""
    return room.analysis


@pytest.fixture
def plan(room: Room) -> ControlPlan:
    """The adopted plan of 2022 with two points and three controls."""
    return room.plan


@pytest.fixture
def strategist(room: Room) -> Person:
    """The quality strategist: plans and decides about risks and controls."""
    return room.by("quality_strategist")


@pytest.fixture
def secretary(room: Room) -> Person:
    """The secretary."""
    return room.by("secretary")


@pytest.fixture
def member(room: Room) -> Person:
    """A member: takes part in workshops, reads the rest."""
    return room.by("member")


@pytest.fixture
def manager(room: Room) -> Person:
    """A unit manager: makes controls in the unit."""
    return room.by("unit_manager")
