"""A municipality with an identity provider of OpenID Connect that runs while the tests do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.access.identity.world import CODE, RunningProvider, oidc_file, provider_runs, trust
from tests.web.world import World, build_world


@pytest.fixture(scope="session")
def running() -> Iterator[RunningProvider]:
    with provider_runs() as provider:
        provider.registers(f"http://testserver/konto/oidc/{CODE}/login/callback/")
        yield provider


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def provider(running: RunningProvider, world: World, settings: Any, tmp_path: Path) -> RunningProvider:
    """The provider, trusted by the municipality of ``world``."""
    (tmp_path / "hemlighet").write_text(running.secret)
    trust(settings, tmp_path, oidc_file(running))
    return running
