"""The committees of the examples, filled with their real figures."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.economy.real import Town


@pytest.fixture
def alingsas(db: None) -> Town:
    """With the forecasts that the sources print as tables: March's and May's."""
    return Town("alingsas").fill(("2022-03", "2022-05"))


@pytest.fixture
def oxelosund(db: None) -> Town:
    return Town("oxelosund").fill()


@pytest.fixture
def kungsor(db: None) -> Town:
    return Town("kungsor").fill()


def login(town: Town, role: str) -> Client:
    """A client logged in as somebody of the town."""
    client = Client()
    client.force_login(town.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client
