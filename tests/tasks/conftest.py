"""A small municipality with units in a tree, people with mandates, and a kind of task to open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from roder import tasks
from roder.organisation.models import Body, Mandate, Municipality, Person, Unit, UnitPlacement
from roder.tasks import kinds

FOREVER = DateRange(date(2020, 1, 1), None)


@dataclass
class Town:
    """The committee, its units (a department with two homes), and people by role."""

    committee: Body
    department: Unit
    home: Unit
    other_home: Unit
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str, role: str = "", *, unit: Unit | None = None, whole: bool = False) -> Person:
        """Somebody with a mandate in a unit, or in the whole committee."""
        person = Person.objects.create(email=f"{name}@prov.se", name=name.capitalize())
        self.people[name] = person
        if role:
            Mandate.objects.create(
                person=person, role=role, unit=None if whole else unit, body=self.committee if whole else None,
                valid=FOREVER,
            )  # fmt: skip
        return person


def build() -> Town:
    """Make it."""
    municipality = Municipality.objects.create(code="9999", name="Provkommunen", slug="prov")
    committee = Body.objects.create(
        municipality=municipality, kind="committee", name="Nämnden", short_name="VON", slug="prov-von"
    )
    department, home, other = (
        Unit.objects.create(committee=committee, code=code, name=name, kind=kind)
        for code, name, kind in (
            ("A", "Avdelningen", "department"),
            ("B", "Björken", "unit"),
            ("C", "Cedern", "unit"),
        )
    )
    for unit, parent in ((department, None), (home, department), (other, department)):
        UnitPlacement.objects.create(unit=unit, parent=parent, valid=FOREVER)
    town = Town(committee, department, home, other)
    town.person("nora", "licensed", unit=home)
    town.person("ewa", "unit_manager", unit=home)
    town.person("erik", "unit_manager", unit=other)
    town.person("dag", "head_department", unit=department)
    town.person("maja", "mas", whole=True)
    town.person("ingen")
    return town


@pytest.fixture
def town(db: None) -> Town:
    return build()


@pytest.fixture
def as_person(town: Town) -> Callable[[str], Client]:
    def login(name: str) -> Client:
        client = Client()
        client.force_login(town.people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return login


@pytest.fixture(autouse=True)
def declared() -> Iterator[None]:
    """Kinds of task that only these tests have."""
    before = dict(kinds._KINDS)
    tasks.kind("prov.klocka", label="Bedöm", remind=(timedelta(minutes=30),), clock=True)
    tasks.kind("prov.hand", label="Gå igenom", by_hand=True)
    tasks.kind("prov.attest", label="Lämna underlag", attest="head_department")
    yield
    kinds._KINDS.clear()
    kinds._KINDS.update(before)
