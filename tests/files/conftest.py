"""A world with a data folder of its own, and a deviation that files may belong to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from roder.quality.models import Deviation
from tests.web.world import World, build_world


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("RODER_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def deviation(world: World) -> Deviation:
    return make_deviation(world)


def make_deviation(world: World, number: str = "2022-0001") -> Deviation:
    """A fall at the unit, reported by care staff."""
    at = datetime(2022, 5, 3, 21, 40, tzinfo=ZoneInfo("Europe/Stockholm"))
    return Deviation.objects.create(
        committee=world.committee, municipality=world.municipality, number=number, reporter=world.people["care_staff"],
        occurred_at=at, discovered_at=at, reported_at=at, unit=world.unit, law="sol", what="Föll i badrummet.",
    )  # fmt: skip


@pytest.fixture
def as_role(world: World) -> Callable[[str], Client]:
    """A client logged in as a role."""

    def login(role: str) -> Client:
        client = Client()
        client.force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return login
