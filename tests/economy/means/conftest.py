"""Alingsås with its steering model and people, and nothing of its economy but what a test puts in."""

from __future__ import annotations

import pytest

from tests.economy.real import Town


@pytest.fixture
def town(db: None) -> Town:
    return Town("alingsas")
