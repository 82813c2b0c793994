"""The pages of rounds: what each person sees, that nothing typed is lost, and who may do what."""

from __future__ import annotations

import json
import re

import pytest

from tests.followup.pages_world import Opened, build_opened


@pytest.fixture
def opened(db: None) -> Opened:
    return build_opened()


def test_every_page_opens(opened: Opened) -> None:
    client = opened.town.client("u111")
    for rest in (
        "mina/",
        "omgangar/",
        "omgangar/2022-08/",
        f"blad/{opened.sheet('111').pk}/",
        "omgangar/2022-08/goals/",
        f"blad/{opened.sheet('111', 'factors').pk}/",
        "omgangar/2022-08/dialoger/",
    ):
        answer = client.get(opened.url(rest))
        assert answer.status_code == 200, rest
    leader = opened.town.client("strateg")
    for rest in ("delningar/", "omgangar/2022-08/", "omgangar/2022-08/factors/", "omgangar/2022-04/"):
        assert leader.get(opened.url(rest)).status_code == 200, rest
