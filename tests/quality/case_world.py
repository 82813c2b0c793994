"""A municipality with what lex Sarah, lex Maria, complaints and providers need: units, words, a deviation, people."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from roder.organisation.models import Mandate, Person, Unit, UnitPlacement
from roder.quality.models import Deviation, DeviationMatter
from roder.quality.models.numbers import next_number
from roder.steering.models import ComplaintSubject, DeviationType, ServiceArea
from tests.web.world import SINCE_2020, World, build_world

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def world(db: None) -> World:
    return build_cases()


def build_cases() -> World:
    """The usual small municipality with a provider's unit, service area, types of deviation and complaint subjects."""
    world = build_world()
    body = world.committee
    provider = Unit.objects.create(
        committee=body, code="901", name="Omsorgsbolaget", kind="unit", external=True
    )
    other = Unit.objects.create(committee=body, code="902", name="Ginsthemmet", kind="unit", external=True)
    for unit in (provider, other):
        UnitPlacement.objects.create(unit=unit, parent=world.administration, valid=SINCE_2020)
    Mandate.objects.filter(person=world.people["provider"]).delete()
    Mandate.objects.create(person=world.people["provider"], role="provider", unit=provider, valid=SINCE_2020)
    ServiceArea.objects.create(committee=body, code="sabo", label="Särskilt boende", position=1)
    DeviationType.objects.create(committee=body, code="fall", label="Fall", clinical=True, position=1)
    DeviationType.objects.create(committee=body, code="bemotande", label="Bemötande", position=2)
    for position, (code, label) in enumerate((("mat", "Mat"), ("bemotande", "Bemötande")), start=1):
        ComplaintSubject.objects.create(committee=body, code=code, label=label, position=position)
    return world


def moment(text: str) -> datetime:
    """``2022-03-01 10:00`` in universal time."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def deviation(world: World, when: str = "2022-03-01 10:00", **more: Any) -> Deviation:
    """A fall in Björken, reported."""
    at = moment(when)
    values = {
        "committee": world.committee, "municipality": world.municipality, "unit": world.unit, "law": "hsl",
        "occurred_at": at, "discovered_at": at, "reported_at": at, "what": "Föll i badrummet.", "reference": "B-17",
        "reporter": world.people["care_staff"],
        "number": next_number(world.municipality.pk, "deviation", at.year), **more,
    }  # fmt: skip
    made = Deviation.objects.create(**values)
    DeviationMatter.objects.create(
        deviation=made, type=DeviationType.objects.get(committee=world.committee, code="fall")
    )
    return made


def person(email: str, role: str, **place: Any) -> Person:
    """Somebody with one mandate."""
    made = Person.objects.create_user(email, name=email)
    Mandate.objects.create(person=made, role=role, valid=DateRange(date(2020, 1, 1), None), **place)
    return made


def client_of(someone: Person) -> Client:
    """A browser logged in as somebody."""
    client = Client()
    client.force_login(someone, BACKEND)
    return client
