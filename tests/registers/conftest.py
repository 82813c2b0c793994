"""The small world of the web tests, with a call and two associations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from roder.organisation.models import Person
from roder.registers.models import Association, GrantApplication, GrantCall
from tests.web.conftest import as_role, world
from tests.web.world import World

__all__ = ["as_role", "world"]


@dataclass
class Grants:
    """A year's call with one application, and those who handle it."""

    call: GrantCall
    association: Association
    application: GrantApplication
    strategist: Person


@pytest.fixture
def grants(world: World) -> Grants:
    """A call for 2022 with one application, received and not yet assessed."""
    call = GrantCall.objects.create(
        committee=world.committee,
        year=2022,
        title="Föreningsbidrag",
        opens_on=date(2021, 9, 1),
        closes_on=date(2021, 10, 31),
        frame=100_000,
    )
    association = Association.objects.create(committee=world.committee, name="Provföreningen", position=1)
    application = GrantApplication.objects.create(
        call=call, association=association, received_on=date(2021, 10, 1), sought=50_000
    )
    return Grants(call, association, application, world.people["quality_strategist"])
