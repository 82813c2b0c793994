"""The pages of forecasts: sums, a unit's own, recovery plans, good economic management."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from roder.economy.models import RecoveryPlan
from roder.economy.services import recovery
from tests.economy.conftest import login
from tests.economy.forecast.conftest import AS_CENTRAL, World

MAY = "2022-05"
SUM, PLANS = "ekonomi/prognoser/2022-05/", "ekonomi/handlingsprogram/"
PLAN = f"{PLANS}2022-05/"


def get(client: Client, world: World, path: str, status: int = 200) -> str:
    answer = client.get(world.url(path))
    assert answer.status_code == status, path
    return answer.content.decode().replace("\u00a0", " ")


@pytest.fixture
def deficit(world: World) -> World:
    world.forecast("2022-04", world.unit, intakter=1000, personal=-8000, ovriga=-2000)
    world.forecast(
        MAY, world.unit, "Vikarier, 1,2 mkr högre kostnader.", intakter=1000, personal=-9200, ovriga=-2000
    )
    world.forecast(MAY, None, **AS_CENTRAL)
    return world


def test_the_sum_says_who_has_not_reported_and_what_is_missing(deficit: World) -> None:
    page = get(login(deficit, "controller"), deficit, SUM)
    assert "1 enhet har inte lämnat hela sin: Södra enheten" in page
    assert "Prognosen för årets resultat är" not in page  # of what is reported so far there is a surplus
    row = next(part for part in page.split("<tr") if ">Norra enheten<" in part)
    assert "Något saknas" in row
    assert "−1 200" in row
    assert "Kommunbidrag" in page
    assert "Inte lämnad" in next(part for part in page.split("<tr") if ">Södra enheten<" in part)


def test_a_manager_sees_the_own_unit_and_the_committees_sum(deficit: World) -> None:
    client = login(deficit, "unit_manager")
    page = get(client, deficit, "ekonomi/prognoser/")
    assert "Du ser de enheter som dina mandat omfattar" in page
    assert ">Norra enheten<" in page
    assert ">Södra enheten<" not in page
    get(client, deficit, f"{SUM}u1/")
    get(client, deficit, f"{SUM}u2/", 404)
    get(client, deficit, f"{PLAN}?enhet=u2", 404)
    assert "Lägg till" not in get(client, deficit, PLAN)


def test_a_units_page_lists_what_is_missing_and_what_the_cause_says_wrong(deficit: World) -> None:
    page = get(login(deficit, "unit_manager"), deficit, f"{SUM}u1/")
    assert "Enhetens prognos är 1 200 tkr sämre än budgeten. Lägg till minst en åtgärd." in page
    assert "Ändrad sedan april" in page
    assert "går åt fel håll" not in page  # costs grow by what the cause says
    assert page.count("1,2 mkr stämmer inte med någon siffra") == 2  # on the rows that are as budgeted


def test_a_plan_is_written_and_decided_on_its_page(deficit: World) -> None:
    client, url = login(deficit, "unit_manager"), deficit.url(f"{PLAN}?enhet=u1")

    def post(deed: str, status: int = 302, **fields: Any) -> str:
        answer = client.post(url, {"deed": deed, **fields})
        assert answer.status_code == status, answer.content.decode()[:3000]
        return answer.content.decode()

    post("oppna")
    plan = RecoveryPlan.objects.get()
    post("orsak", cause="Vikarier kostar mer", revision=plan.revision)
    typed = {"what": "Mindre övertid", "role": "unit_manager", "due": "2022-10-31"}
    page = post("atgard", 400, **typed, amount="mycket")
    assert "Skriv beloppet i tkr" in page
    assert "Mindre övertid" in page  # nothing typed is lost
    page = post("atgard", 400, **typed, amount="-5")
    assert "utan minus" in page
    post("atgard", **typed, amount="1 200")
    plan.refresh_from_db()
    page = post("besluta", 409, decided_on="2022-05-20", decision="", revision=plan.revision - 1)
    assert "Någon annan sparade" in page
    post("besluta", decided_on="2022-05-20", decision="", revision=plan.revision)
    page = get(client, deficit, f"{PLAN}?enhet=u1")
    assert "Beslutat" in page
    assert re.search(r"Återstår att täcka</dt><dd>\s*ingenting", page)
    row = recovery.measures_of(plan).get()
    answer = client.post(
        deficit.url(f"{PLANS}atgard/{row.pk}/"),
        {"deed": "spara", "amount": "1 200", "effect_so_far": "300", "revision": row.revision},
    )
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.effect_so_far == 300_000
    assert "Mindre övertid" in get(client, deficit, f"{SUM}u1/")
    assert "Prognosen är hel" in get(client, deficit, f"{SUM}u1/")


@pytest.mark.parametrize("role", ["member", "auditor", "secretary"])
def test_readers_see_plans_but_write_none(deficit: World, role: str) -> None:
    client = login(deficit, role)
    page = get(client, deficit, PLAN)
    assert "<textarea" not in page
    assert client.post(deficit.url(PLAN), {"deed": "oppna"}).status_code == 409
    assert not RecoveryPlan.objects.exists()
    get(client, deficit, PLANS)
    get(client, deficit, SUM)


def test_good_economic_management_says_what_it_judges(world: World) -> None:
    page = get(login(world, "member"), world, "ekonomi/god-hushallning/")
    assert "Finansiella mål" in page
    assert "0 av 5 mål är uppfyllda; minst 3 av 5 ska vara uppfyllda" in page
    assert "Kan inte bedömas" in page
    assert "över riksgenomsnitt" in page


def test_pages_of_a_year_without_anything_say_what_will_come(world: World) -> None:
    client = login(world, "controller")
    for path in ("ekonomi/prognoser/", PLANS, "ekonomi/god-hushallning/"):
        answer = client.get(world.url(path, 2030))
        assert answer.status_code == 200, path
