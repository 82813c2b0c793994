"""A small committee whose steering model says how the bookkeeping is coded."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from roder.imports.cells import Context
from roder.organisation.models import Body, Municipality, Unit, UnitPlacement
from roder.steering.loading import load_model
from tests.imports.conftest import MODEL, World

ACCOUNTS = {"intakter": '"3000-3999"', "personal": '"5000-5999"', "ovriga": '"6000-7999", "4010"'}
LEDGER = """  ledger:
    unit_dimension: "1"
    service_dimension: "2"
    counterpart_dimension: "3"
    internal_counterparts: ["800-899"]
    outside: ["8000-8999"]
"""


def coded() -> str:
    """The model with accounts on its rows."""
    lines = []
    for line in MODEL.splitlines():
        code = line.partition("{code: ")[2].partition(",")[0]
        named = code in ACCOUNTS and line.endswith("}")
        lines.append(f"{line[:-1]}, accounts: [{ACCOUNTS[code]}]}}" if named else line)
    return "\n".join(lines).replace("services:\n", LEDGER + "services:\n")


@pytest.fixture
def town(db: None, tmp_path: Path) -> World:
    place = Municipality.objects.create(code="9999", name="Provby kommun", slug="provby")
    committee = Body.objects.create(
        municipality=place, kind=Body.Kind.COMMITTEE, name="Omsorgsnämnden", short_name="ON", slug="provby-on"
    )
    years = DateRange(date(2021, 1, 1), None)
    office = Unit.objects.create(
        committee=committee, code="kontoret", name="Kontoret", kind=Unit.Kind.ADMINISTRATION
    )
    UnitPlacement.objects.create(unit=office, valid=years)
    for code, name in (("81132", "Brunnsgården"), ("81141", "Lönnen")):
        unit = Unit.objects.create(committee=committee, code=code, name=name, kind=Unit.Kind.UNIT)
        UnitPlacement.objects.create(unit=unit, parent=office, valid=years)
    load_model(committee, coded())
    return World(committee, Context(committee, 2022), tmp_path)
