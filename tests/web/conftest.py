"""A world and a client logged in as a role."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.web.world import World, build_world


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def as_role(world: World) -> Callable[[str], Client]:
    def login(role: str) -> Client:
        client = Client()
        client.force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return login
