"""Deputies: rights and tasks between two dates, for what may be lent, by those who may lend it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from roder import access, tasks
from roder.access import Action
from roder.access.models import AuditRecord
from roder.access.rights import NotAllowedError
from roder.organisation.models import Body, Deputy, Mandate, Person
from roder.tasks import deputies
from tests.tasks.conftest import FOREVER, Town

WEEK = timedelta(days=7)


def again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def lend(town: Town, **more: object) -> Deputy:
    today = timezone.localdate()
    values = {"first": today, "last": today + WEEK, "person": town.people["ewa"], **more}
    return deputies.appoint(town.people["ewa"], town.people["erik"], **values)  # type: ignore[arg-type]


def test_a_deputy_has_rights_and_tasks_for_the_time_only(town: Town) -> None:
    erik = town.people["erik"]
    task = tasks.open_task("prov.hand", town.home, owner=tasks.Owner("unit_manager", unit=town.home))
    own = tasks.open_task(
        "prov.hand", town.home, key="x", owner=tasks.Owner("", person=town.people["ewa"], unit=town.home)
    )
    assert not access.may(again(erik), Action.EDIT, task)
    deputy = lend(town)
    assert access.may(again(erik), Action.EDIT, task)
    assert set(tasks.open_for(again(erik))) == {task, own}
    assert set(tasks.open_for(town.people["ewa"])) == {task, own}
    deputies.end(deputy, town.people["ewa"])
    assert not access.may(again(erik), Action.EDIT, task) and not tasks.open_for(again(erik)).exists()
    assert list(
        AuditRecord.objects.filter(deed__startswith="deputy.").order_by("pk").values_list("deed", flat=True)
    ) == ["deputy.appointed", "deputy.ended"]


def test_one_mandate_only(town: Town) -> None:
    ewa = town.people["ewa"]
    Mandate.objects.create(person=ewa, role="licensed", unit=town.home, valid=FOREVER)
    task = tasks.open_task("prov.klocka", town.home, owner=tasks.Owner("licensed", unit=town.home))
    lend(town, person=None, mandate=ewa.mandates.get(role="unit_manager"))
    assert task not in tasks.open_for(again(town.people["erik"]))


def test_a_deputys_deputy_gets_nothing_and_yesterday_is_over(town: Town) -> None:
    today = timezone.localdate()
    lend(town)
    Deputy.objects.create(
        person=town.people["erik"], stand_in=town.people["nora"], valid=DateRange(today, today + WEEK)
    )
    Deputy.objects.create(
        person=town.people["dag"], stand_in=town.people["nora"], valid=DateRange(today - WEEK, today)
    )
    places = {(grant.role, grant.unit_id) for grant in access.grants(again(town.people["nora"]))}
    assert places == {("licensed", town.home.pk), ("unit_manager", town.other_home.pk)}


@pytest.mark.parametrize("role", ["member", "chair", "auditor", "administrator"])
def test_elected_and_independent_posts_are_never_lent(town: Town, role: str) -> None:
    ewa = town.people["ewa"]
    held = Mandate.objects.create(person=ewa, role=role, body=town.committee, valid=FOREVER)
    with pytest.raises(ValidationError, match="Ingen kan utse"):
        lend(town, person=None, mandate=held)
    lend(town)
    assert role not in access.roles(again(town.people["erik"]))


def test_what_is_refused(town: Town) -> None:
    today = timezone.localdate()
    with pytest.raises(NotAllowedError):
        lend(town, person=town.people["dag"])
    for wrong, said in (
        ({"last": today - WEEK, "first": today - 2 * WEEK}, "redan förbi"),
        ({"last": today - timedelta(days=1)}, "före första dagen"),
        ({"last": today + timedelta(days=400)}, "högst ett år"),
    ):
        with pytest.raises(ValidationError, match=said):
            lend(town, **wrong)
    with pytest.raises(ValidationError, match="samma nämnd"):
        deputies.appoint(
            town.people["ewa"], town.people["ingen"], first=today, last=today, person=town.people["ewa"]
        )
    lend(town)
    with pytest.raises(ValidationError, match="redan utsedd"):
        lend(town)


def test_the_database_refuses_what_must_not_be(town: Town) -> None:
    today = timezone.localdate()
    both = {"person": town.people["ewa"], "mandate": town.people["ewa"].mandates.get()}
    for wrong in ({}, both, {"person": town.people["erik"]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Deputy.objects.create(stand_in=town.people["erik"], valid=DateRange(today, today + WEEK), **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deputy.objects.create(
            stand_in=town.people["erik"], person=town.people["ewa"], valid=DateRange(today, None)
        )


def test_an_administrator_appoints_for_others(town: Town) -> None:
    chief = town.person("sysse", "administrator", whole=True)
    today = timezone.localdate()
    deputy = deputies.appoint(
        chief, town.people["erik"], first=today + WEEK, last=today + WEEK, person=town.people["ewa"]
    )
    deputies.end(deputy, chief)
    assert not Deputy.objects.exists()  # it had not begun


def test_an_administrator_appoints_on_the_page_of_somebody_else(
    town: Town, as_person: Callable[[str], Client]
) -> None:
    town.person("sysse", "administrator", whole=True)
    ewa, erik = town.people["ewa"], town.people["erik"]
    today = timezone.localdate()
    sysse, address = as_person("sysse"), f"/ersattare/?vem={ewa.pk}"
    shown = sysse.get(address).content.decode()
    assert "Utse en ersättare för Ewa" in shown and "Alla uppdrag som Ewa har" in shown
    said = {
        "stand_in": erik.pk,
        "mandate": "",
        "first": today.isoformat(),
        "last": (today + WEEK).isoformat(),
    }
    answer = sysse.post(address, said, follow=True).content.decode()
    assert "Erik är ersättare för Ewa." in answer
    deputy = Deputy.objects.get()
    assert (deputy.person, deputy.stand_in, deputy.given_by) == (ewa, erik, town.people["sysse"])
    assert f"/ersattare/{deputy.pk}/avsluta/" in answer
    sysse.post(f"/ersattare/{deputy.pk}/avsluta/")
    assert not Deputy.objects.exists()
    for other in ("erik", "dag"):
        assert as_person(other).get(address).status_code == 404
    for odd in ("0", "999999", "x", ""):
        assert sysse.get(f"/ersattare/?vem={odd}").status_code == 404


def test_an_administrator_of_one_committee_lends_nothing_in_another(town: Town) -> None:
    """All of somebody's mandates are lent only by who administers all of them; else mandate by mandate."""
    chief, today = town.person("sysse", "administrator", whole=True), timezone.localdate()
    ewa, erik = town.people["ewa"], town.people["erik"]
    elsewhere = Body.objects.create(
        municipality=town.committee.municipality,
        name="Socialnämnden",
        short_name="SON",
        slug="son",
        kind="committee",
    )
    far = Mandate.objects.create(person=ewa, role="unit_manager", body=elsewhere, valid=FOREVER)
    near = ewa.mandates.exclude(pk=far.pk).filter(role="unit_manager").first()
    assert list(deputies.mandates_to_lend(ewa, chief)) == [near]
    for refused in ({"person": ewa}, {"mandate": far}):
        with pytest.raises(NotAllowedError):
            deputies.appoint(chief, erik, first=today, last=today, **refused)  # type: ignore[arg-type]
    lent = deputies.appoint(chief, erik, first=today, last=today, mandate=near)
    own = deputies.appoint(ewa, erik, first=today + WEEK, last=today + WEEK, person=ewa)
    assert deputies.endable(deputies.seen(chief), chief) == {lent.pk}
    with pytest.raises(NotAllowedError):
        deputies.end(own, chief)


def test_a_deputy_for_oneself_twice_or_in_a_ring(town: Town) -> None:
    """Each is refused with what to do; the day after the end is free."""
    today = timezone.localdate()
    ewa, erik, dag = (town.people[name] for name in ("ewa", "erik", "dag"))
    with pytest.raises(ValidationError, match="ingen är sin egen ersättare"):
        deputies.appoint(ewa, ewa, first=today, last=today, person=ewa)
    lend(town)
    mandate = ewa.mandates.get(role="unit_manager")
    for values in (
        {},
        {"person": None, "mandate": mandate},
        {"first": today + WEEK, "last": today + 2 * WEEK},
    ):
        with pytest.raises(ValidationError, match="redan utsedd till ersättare"):
            lend(town, **values)
    with pytest.raises(ValidationError, match="Erik som ersättare under en del av tiden") as refused:
        deputies.appoint(erik, ewa, first=today + WEEK, last=today + 2 * WEEK, person=erik)
    assert "Ewa har själv Erik" in refused.value.messages[0]
    deputies.appoint(erik, dag, first=today, last=today + WEEK, person=erik)
    with pytest.raises(ValidationError, match="Ewa har själv, genom Erik, Dag som ersättare"):
        deputies.appoint(dag, ewa, first=today, last=today, person=dag)
    # When Ewa's absence is over, she may stand in for whoever stood in for her.
    after = today + WEEK + timedelta(days=1)
    deputies.appoint(erik, ewa, first=after, last=after + WEEK, person=erik)


def test_a_deputys_tasks_stand_apart_with_from_whom(town: Town, as_person: Callable[[str], Client]) -> None:
    for unit in (town.home, town.other_home):
        tasks.open_task(
            "prov.hand", unit, owner=tasks.Owner("unit_manager", unit=unit), what=f"Gå igenom {unit}"
        )
    tasks.open_task(
        "prov.hand",
        town.home,
        key="x",
        owner=tasks.Owner("", person=town.people["ewa"], unit=town.home),
        what="Ewas egen",
    )
    lend(town)
    page = as_person("erik").get("/uppgifter/").content.decode()
    own, _, others = page.partition("Som ersättare för Ewa (2)")
    assert "Gå igenom Cedern" in own and "Gå igenom Björken" not in own
    assert "Gå igenom Björken" in others and "Ewas egen" in others
    assert "Som ersättare" not in as_person("ewa").get("/uppgifter/").content.decode()
