"""The catalogue and the page of a figure."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from roder.economy.models import ForecastLine
from roder.figures import catalogue, take_snapshot
from roder.figures.manifest import folder_of
from roder.figures.models import Snapshot
from roder.organisation.models import Mandate, Person, Unit, UnitPlacement
from tests.figures.test_snapshot import person
from tests.figures.world import World

ROOT = "/alingsas-von/2022/siffror/"
VARIANCE = f"{ROOT}ekonomi.drift.prognosavvikelse/"


def client_of(somebody: Person) -> Client:
    """A browser where somebody is logged in."""
    client = Client()
    client.force_login(somebody, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def controller(alingsas: World) -> Client:
    """A controller's browser."""
    return client_of(person(alingsas, "controller"))


def text_of(client: Client, address: str, status: int = 200, **headers: str) -> str:
    """The page's text with tags taken away and spaces made one."""
    response = client.get(address, headers=headers)
    assert response.status_code == status, response.status_code
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_catalogue_lists_every_figure_and_the_snapshots(alingsas: World, controller: Client) -> None:
    snapshot = take_snapshot(alingsas.occasions["2022-05"])
    page = text_of(controller, ROOT)
    for figure in catalogue().values():
        assert figure.label in page
        assert (f"{figure.name}[{','.join(figure.per)}]" if figure.per else figure.name) in page
    assert snapshot.code in page


def test_a_number_leads_to_the_lines_behind_it(alingsas: World, controller: Client) -> None:
    ForecastLine.objects.filter(group__code="ovriga").update(
        source="Månadsuppföljning maj 2022, tabell Drift"
    )
    snapshot = take_snapshot(alingsas.occasions["2022-05"])
    page = text_of(controller, f"{VARIANCE}?uttag={snapshot.code}&rad=ovriga")
    assert "−10 802 tkr" in page
    assert "Prognos minus budget per rad i drifttabellen; plus är bättre än budget." in page
    assert "Budget: −77 411 000 kr" in page
    assert "Prognos: −88 213 000 kr" in page
    assert "Månadsuppföljning maj 2022, tabell Drift" in page
    assert snapshot.code in page
    assert "SELECT" in page
    lines = ForecastLine.objects.filter(occasion__code="2022-05", group__code="ovriga")
    record = f"/alingsas-von/2022/prognosrader/{lines.get().pk}/"
    assert record in controller.get(f"{VARIANCE}?uttag={snapshot.code}&rad=ovriga").content.decode()
    assert controller.get(record).status_code == 200


def test_the_number_as_it_is_now_and_in_a_snapshot(alingsas: World, controller: Client) -> None:
    snapshot = take_snapshot(alingsas.occasions["2022-05"])
    ForecastLine.objects.filter(occasion__code="2022-05", group__code="ovriga").update(amount=-77_411_000)
    assert "registren är just nu" in text_of(controller, f"{VARIANCE}?tillfalle=2022-05&rad=ovriga")
    assert "−10 802" not in text_of(controller, f"{VARIANCE}?tillfalle=2022-05&rad=ovriga")
    assert "−10 802" in text_of(controller, f"{VARIANCE}?uttag={snapshot.code}&rad=ovriga")
    history = f"{VARIANCE}historik/?rad=ovriga"
    assert "−10 802" in text_of(controller, history)
    assert "<html" not in controller.get(history, headers={"HX-Request": "true"}).content.decode()


def test_in_the_side_panel_the_page_has_no_frame(alingsas: World, controller: Client) -> None:
    address = f"{VARIANCE}?tillfalle=2022-05&rad=ovriga"
    whole = controller.get(address).content.decode()
    panel = controller.get(
        address, headers={"HX-Request": "true", "HX-Target": "panel-content"}
    ).content.decode()
    assert "<html" in whole
    assert "<html" not in panel
    assert "figure-number" in panel


def test_without_a_key_all_rows_are_shown(alingsas: World, controller: Client) -> None:
    page = text_of(controller, f"{VARIANCE}?tillfalle=2022-05")
    assert "Verksamhetens kostnader −16 956 kostnader" in page
    assert "iu." in text_of(controller, f"{VARIANCE}?tillfalle=2022-04")


@pytest.mark.parametrize("name", list(catalogue()))
def test_every_figure_has_its_page(alingsas: World, controller: Client, name: str) -> None:
    whole = controller.get(f"{ROOT}{name}/?tillfalle=2022-08")
    if catalogue()[name].guarded:
        assert whole.status_code == 403, "bara den som får se ärendena"
        return
    assert whole.status_code == 200
    links = re.findall(r'class="figure" href="([^"]+)"', whole.content.decode())
    for link in links[:1]:
        assert link.startswith(
            f"{ROOT}{name}/?"
        )  # whole: in the side panel the page below has another address
        assert "figure-number" in controller.get(link.replace("&amp;", "&")).content.decode()


def test_without_occasion_the_latest_snapshot_or_occasion_is_shown(
    alingsas: World, controller: Client
) -> None:
    assert "2022-08, brytdatum 31 augusti 2022, som registren är" in text_of(controller, VARIANCE)
    snapshot = take_snapshot(alingsas.occasions["2022-05"])
    assert f"uttag {snapshot.code}" in text_of(controller, VARIANCE)


def test_missing_is_said_and_never_zero(controller: Client) -> None:
    page = text_of(controller, f"{VARIANCE}?tillfalle=2022-04&rad=ovriga")
    assert "Värdet saknas (iu.)" in page
    page = text_of(controller, f"{VARIANCE}?tillfalle=2022-04&rad=finns-inte")
    assert "Inga rader bakom siffran" in page


@pytest.mark.parametrize(
    "address",
    [
        f"{ROOT}ekonomi.finns.inte/",
        f"{VARIANCE}?uttag=finns-inte",
        f"{VARIANCE}?tillfalle=1999-01",
        "/annan-namnd/2022/siffror/",
    ],
)
def test_what_does_not_exist_is_not_found(controller: Client, address: str) -> None:
    assert controller.get(address).status_code == 404


def test_the_change_says_what_it_compares_with(controller: Client) -> None:
    change = f"{ROOT}ekonomi.drift.prognosforandring/"
    assert "Jämförs med prognosen vid 2022-03." in text_of(
        controller, f"{change}?tillfalle=2022-05&rad=ovriga"
    )
    assert "ingen tidigare prognos" in text_of(controller, f"{change}?tillfalle=2022-03&rad=ovriga")


def test_a_damaged_snapshot_is_said_plainly(alingsas: World, controller: Client) -> None:
    snapshot = take_snapshot(alingsas.occasions["2022-05"])
    (folder_of(snapshot) / "economy_forecast.parquet").unlink()
    assert "saknas eller är avkortad" in text_of(
        controller, f"{VARIANCE}?uttag={snapshot.code}&rad=ovriga", 409
    )
    assert "saknas eller är avkortad" in text_of(controller, f"{VARIANCE}historik/?rad=ovriga")


def test_a_unit_manager_sees_the_number_but_not_other_units_lines(alingsas: World) -> None:
    unit = Unit.objects.create(committee=alingsas.committee, code="81360", name="Tuvegården", kind="unit")
    UnitPlacement.objects.create(unit=unit, parent=alingsas.units["vof"], valid=(date(2020, 1, 1), None))
    manager = Person.objects.create_user("chef@example.org", name="Någon")
    Mandate.objects.create(person=manager, role="unit_manager", unit=unit, valid=(date(2020, 1, 1), None))
    page = text_of(client_of(manager), f"{VARIANCE}?tillfalle=2022-05&rad=ovriga")
    assert "−10 802 tkr" in page
    assert "2 rader hör till enheter som dina mandat inte omfattar" in page
    assert "88 213" not in page


def test_those_without_the_right_see_no_figures(alingsas: World) -> None:
    assert client_of(person(alingsas, "care_staff")).get(ROOT).status_code == 403
    stranger = Person.objects.create_user("ingen@example.org", name="Ingen")
    assert client_of(stranger).get(ROOT).status_code == 404
    assert Client().get(ROOT).status_code == 302


def test_a_snapshot_is_taken_from_the_page_by_those_who_may(alingsas: World, controller: Client) -> None:
    assert "Ta ett uttag" in text_of(controller, ROOT)
    response = controller.post(f"{ROOT}uttag/", {"tillfalle": "2022-05"})
    assert response.status_code == 302
    assert Snapshot.objects.get().occasion.code == "2022-05"
    member = client_of(person(alingsas, "member"))
    assert "Ta ett uttag" not in text_of(member, ROOT)
    assert member.post(f"{ROOT}uttag/", {"tillfalle": "2022-05"}).status_code == 403
    assert controller.post(f"{ROOT}uttag/", {"tillfalle": "nej"}).status_code == 404
    assert controller.get(f"{ROOT}uttag/").status_code == 405
