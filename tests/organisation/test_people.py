"""People and mandates: a mandate is for a body or a unit, in a known role, between two dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from roder.access import NotAllowedError, grants, mandates
from roder.access.models import AuditRecord
from roder.organisation.models import Body, Mandate, Person, Role
from tests.web.world import SINCE_2020, World, build_world


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def person(world: World) -> Person:
    return world.people["nobody"]


@pytest.mark.parametrize("places", [(), ("body", "unit")])
def test_a_mandate_is_for_a_body_or_a_unit(world: World, person: Person, places: tuple[str, ...]) -> None:
    where = {"body": world.committee, "unit": world.unit}
    mandate = Mandate(person=person, role=Role.MAS, valid=SINCE_2020, **{key: where[key] for key in places})
    with pytest.raises(ValidationError, match="antingen ett organ eller en enhet"):
        mandate.full_clean()
    with pytest.raises(IntegrityError, match="body_or_unit"):
        mandate.save()


def test_an_unknown_role_is_refused_by_the_database(world: World, person: Person) -> None:
    with pytest.raises(IntegrityError, match="known_role"):
        Mandate.objects.create(person=person, role="king", body=world.committee, valid=SINCE_2020)


def test_a_mandate_lasts_at_least_a_day(world: World, person: Person) -> None:
    never = DateRange(date(2024, 1, 1), date(2024, 1, 1))
    with pytest.raises(IntegrityError, match="mandate_has_time"):
        Mandate.objects.create(person=person, role=Role.MAS, body=world.committee, valid=never)


def test_a_subcommittee_has_a_committee_and_nothing_else_has(world: World) -> None:
    for kind, parent in (("subcommittee", None), ("council", world.committee)):
        body = Body(
            municipality=world.municipality,
            kind=kind,
            parent=parent,
            name="X",
            short_name="X",
            slug=f"prov-{kind}",
        )
        with pytest.raises(ValidationError):
            body.full_clean()


def test_a_given_mandate_holds_to_and_with_its_last_day(world: World, person: Person) -> None:
    today = timezone.localdate()
    mandates.give(
        world.people["administrator"], world.committee, person, Role.MAS, unit=None, start=today, last=today
    )
    assert [grant.role for grant in grants(person, today)] == ["mas"]
    assert grants(person, today + timedelta(days=1)) == ()
    assert AuditRecord.objects.get().deed == "mandate given"


def test_when_somebody_changes_post_the_old_mandate_ends(world: World) -> None:
    controller = world.people["controller"]
    mandate = controller.mandates.get()
    mandates.end(world.people["administrator"], mandate, date(2023, 12, 31))
    assert grants(controller, date(2023, 12, 31)) != ()
    assert grants(controller, date(2024, 1, 1)) == ()
    with pytest.raises(ValidationError, match="kan inte sluta före"):
        mandates.end(world.people["administrator"], mandate, date(2019, 12, 31))


def test_mandates_are_given_in_the_own_committee_only(world: World, person: Person) -> None:
    elsewhere = Body.objects.get(slug="annan-sn")
    with pytest.raises(NotAllowedError):
        mandates.give(
            world.people["administrator"],
            elsewhere,
            person,
            Role.MAS,
            unit=None,
            start=date(2024, 1, 1),
            last=None,
        )
    with pytest.raises(NotAllowedError):
        mandates.give(
            world.people["controller"],
            world.committee,
            person,
            Role.MAS,
            unit=None,
            start=date(2024, 1, 1),
            last=None,
        )
    assert not person.mandates.exists()


def test_a_person_without_password_cannot_log_in(db: None) -> None:
    person = Person.objects.create_user("ny@prov.se", name="Ny person")
    assert not person.has_usable_password()
    assert not person.check_password("")


def test_pages_about_a_mandate_say_where_it_holds(world: World, client: Client) -> None:
    client.force_login(world.people["administrator"], "django.contrib.auth.backends.ModelBackend")
    place = [world.committee.slug, 2022]
    for mandate in Mandate.objects.select_related("person", "body", "unit"):
        where = (mandate.unit or mandate.body).name
        for name, pk in (("personer-detail", mandate.person_id), ("mandate-end", mandate.pk)):
            answer = client.get(reverse(f"organisation:{name}", args=[*place, pk]))
            if answer.status_code != 404:  # somebody of another committee
                assert where in answer.content.decode()
    assert Mandate.objects.exclude(unit=None).exists()
