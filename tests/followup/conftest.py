"""The town that the tests of follow-up are made in."""

from __future__ import annotations

import pytest

from tests.followup.world import Town, build_town


@pytest.fixture
def town(db: None) -> Town:
    return build_town()
