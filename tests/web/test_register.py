"""The register mechanism, seen through the units and the goals' activities: list, files, history, two savers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext

from roder.access.models import AuditRecord
from roder.core.register import history, views
from roder.core.register.export import csv_value, guarded
from roder.organisation.models import Mandate, Person, Unit
from roder.tasks.models import Task
from tests.web.world import World

Login = Callable[[str], Client]


def names(text: str) -> list[str]:
    """The linked names of a list, in order."""
    body = text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [cell.partition("</a>")[0].rpartition(">")[2] for cell in body.split('<a href="')[1:]]


@pytest.fixture
def units(world: World) -> str:
    """The address of the list of units, with names that Swedes order in their own way."""
    for code, name in enumerate(("Ängen", "Åsen", "Örten", "zenit", "Alen"), start=500):
        Unit.objects.create(committee=world.committee, code=str(code), name=name, kind="unit")
    return f"{world.root}enheter/"


def test_text_is_ordered_as_swedes_order(world: World, units: str, as_role: Login) -> None:
    text = as_role("controller").get(units, {"sortera": "name", "kind": "unit"}).content.decode()
    assert names(text) == ["Alen", "Björkens äldreboende", "zenit", "Åsen", "Ängen", "Örten"]
    text = as_role("controller").get(units, {"sortera": "-name", "kind": "unit"}).content.decode()
    assert names(text)[0] == "Örten"


def test_the_usual_order_is_swedish_too(world: World, units: str, as_role: Login) -> None:
    world.people["member"].name = "Åke"
    world.people["member"].save()
    world.people["chair"].name = "ärla"
    world.people["chair"].save()
    text = as_role("controller").get(f"{world.root}personer/").content.decode()
    assert names(text)[-2:] == ["Åke", "ärla"]


def test_the_filters_narrow_and_say_how_many(world: World, units: str, as_role: Login) -> None:
    text = as_role("controller").get(units, {"q": "ÄNG"}).content.decode()
    assert names(text) == ["Ängen"]
    assert "1 rad i urvalet" in text


def test_nothing_in_the_choice_offers_a_way_back(world: World, units: str, as_role: Login) -> None:
    assert "Rensa filtren" in as_role("controller").get(units, {"q": "finns inte"}).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "sortera=hemlig",
        "sortera=--name",
        "sida=0",
        "sida=abc",
        "sida=99",
        "kolumn=finnsinte",
        "kind=x",
        "q=%00",
        "format=pdf",
    ],
)
def test_odd_addresses_give_a_page(world: World, units: str, as_role: Login, query: str) -> None:
    assert as_role("controller").get(f"{units}?{query}").status_code == 200


def test_chosen_columns_are_those_shown_and_exported(world: World, units: str, as_role: Login) -> None:
    client = as_role("controller")
    text = client.get(units, {"kolumn": "name"}).content.decode()
    assert ">Namn<" in text
    assert "<th" in text
    assert "Slag</a>" not in text
    lines = b"".join(client.get(units, {"kolumn": "name", "format": "csv"})).decode("utf-8-sig").splitlines()
    assert lines[0] == "Namn"


def test_the_csv_holds_what_the_page_shows_in_its_order(world: World, units: str, as_role: Login) -> None:
    answer = as_role("controller").get(units, {"q": "en", "sortera": "-name", "format": "csv"})
    raw = b"".join(answer)
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Kod", "Namn", "Slag"]
    assert [row[1] for row in rows[1:]] == ["Örten", "Ängen", "Åsen", "zenit", "Björkens äldreboende", "Alen"]


def test_the_workbook_holds_the_rows_and_what_they_are(world: World, units: str, as_role: Login) -> None:
    answer = as_role("controller").get(units, {"q": "en", "format": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    assert [cell.value for cell in book["Enheter"][1]] == ["Kod", "Namn", "Slag"]
    about = {row[0].value: row[1].value for row in book["Om uttaget"]}
    assert about["Filtrera"] == "en"
    assert about["Antal rader"] == "6"
    assert about["Av"] == "Person controller"


def test_an_export_leaves_a_trace(world: World, units: str, as_role: Login) -> None:
    b"".join(as_role("controller").get(units, {"format": "csv"}))
    assert AuditRecord.objects.get(deed="exported").subject == "prov-von/enheter"


@pytest.mark.parametrize("text", ["=1+1", "+46", "-2", "@a", "\tx", "\rx"])
def test_no_cell_is_run_as_a_formula(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert csv_value(text) == f"'{text}"


def test_a_negative_number_stays_a_number() -> None:
    from decimal import Decimal

    assert csv_value(Decimal("-1065656.50")) == "-1065656,50"


def test_the_number_of_queries_does_not_grow_with_the_rows(world: World, units: str, as_role: Login) -> None:
    client = as_role("controller")
    client.get(units)
    with CaptureQueriesContext(connection) as few:
        client.get(units)
    Unit.objects.bulk_create(
        Unit(committee=world.committee, code=f"m{place}", name=f"Enhet {place}", kind="unit")
        for place in range(300)
    )
    with CaptureQueriesContext(connection) as many:
        client.get(units)
    assert len(few) == len(many) <= 15


def test_more_rows_than_are_counted_are_said_to_be_more(
    world: World, units: str, as_role: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "COUNTED", 5)
    text = as_role("controller").get(units).content.decode()
    assert "Fler än 5 rader" in text


def test_the_page_for_print_holds_every_row(world: World, units: str, as_role: Login) -> None:
    Unit.objects.bulk_create(
        Unit(committee=world.committee, code=f"m{place}", name=f"Enhet {place}", kind="unit")
        for place in range(80)
    )
    text = as_role("controller").get(units, {"utskrift": "1"}).content.decode()
    assert text.count("<tr") == 1 + 80 + 8


def test_what_somebody_changed_stands_in_the_history(world: World, as_role: Login) -> None:
    client = as_role("administrator")
    url = f"{world.root}enheter/{world.unit.pk}/"
    answer = client.post(f"{url}andra/", {"revision": 1, "code": "111", "name": "Björken", "kind": "unit"})
    assert answer.status_code == 302
    text = client.get(url).content.decode()
    assert "Person administrator ändrade" in text
    assert "<del>Björkens äldreboende</del> <ins>Björken</ins>" in text


def test_the_history_names_people_and_units(world: World) -> None:
    other = Unit.objects.create(committee=world.committee, code="500", name="Åsen", kind="unit")
    mandate = Mandate.objects.create(
        person=world.people["member"],
        role="unit_manager",
        unit=world.unit,
        valid=DateRange(date(2020, 1, 1), None),
    )
    Mandate.objects.filter(pk=mandate.pk).update(unit=other, person=world.people["chair"])
    mandate.refresh_from_db()
    changes = {(one.title, one.before, one.after) for one in history.of(mandate)[0].changes}
    assert changes == {
        ("Person", "Person member", "Person chair"),
        ("Enhet", "Björkens äldreboende", "Åsen"),
    }


def test_the_history_does_not_print_what_a_program_keeps(world: World) -> None:
    kept = Task._meta.get_field("rule")
    assert history._word(kept, {"days": [False]}, {}) == "(innehåll)"
    assert history._word(kept, ["Socialchefen", "Revisionen"], {}) == "Socialchefen, Revisionen"
    assert history._word(kept, {}, {}) == history._word(kept, [], {}) == "(tomt)"


def test_the_second_of_two_savers_sees_both_texts(world: World, as_role: Login) -> None:
    client = as_role("administrator")
    url = f"{world.root}enheter/{world.unit.pk}/andra/"
    form = {"revision": 1, "code": "111", "kind": "unit"}
    assert client.post(url, {**form, "name": "Den enas"}).status_code == 302
    answer = client.post(url, {**form, "name": "Den andras"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Någon annan hann spara före dig" in text
    assert "Den enas" in text
    assert 'value="Den andras"' in text
    world.unit.refresh_from_db()
    assert world.unit.name == "Den enas"
    assert client.post(url, {**form, "revision": 2, "name": "Den andras"}).status_code == 302


@pytest.mark.parametrize("revision", ["", "abc", "-1"])
def test_a_form_without_its_revision_saves_nothing(world: World, as_role: Login, revision: str) -> None:
    url = f"{world.root}enheter/{world.unit.pk}/andra/"
    answer = as_role("administrator").post(
        url, {"revision": revision, "code": "111", "name": "Ny", "kind": "unit"}
    )
    assert answer.status_code in (200, 409)
    world.unit.refresh_from_db()
    assert world.unit.name == "Björkens äldreboende"


def test_a_form_with_faults_says_them_at_the_field_and_keeps_the_text(world: World, as_role: Login) -> None:
    url = f"{world.root}enheter/{world.unit.pk}/andra/"
    answer = as_role("administrator").post(url, {"revision": 1, "code": "11", "name": "Kvar", "kind": "unit"})
    text = answer.content.decode()
    assert "errorlist" in text
    assert 'value="Kvar"' in text


def test_a_record_of_another_committee_does_not_exist(world: World, as_role: Login) -> None:
    foreign = Unit.objects.create(committee=world.other, code="1", name="Annan", kind="unit")
    assert as_role("administrator").get(f"{world.root}enheter/{foreign.pk}/").status_code == 404


def test_a_new_unit_gets_the_committee_of_the_page(world: World, as_role: Login) -> None:
    answer = as_role("administrator").post(
        f"{world.root}enheter/ny/", {"code": "9", "name": "Ny", "kind": "unit"}
    )
    assert answer.status_code == 302
    assert Unit.objects.get(code="9").committee == world.committee


def test_giving_a_mandate_to_somebody_new_adds_the_person(world: World, as_role: Login) -> None:
    form = {"email": "ny@prov.se", "name": "Ny Person", "role": "member", "start": "2026-01-01"}
    answer = as_role("administrator").post(f"{world.root}mandat/ge/", form)
    assert answer.status_code == 302
    assert Person.objects.get(email="ny@prov.se").mandates.get().role == "member"


def test_a_mandate_that_ends_before_it_begins_is_refused_at_the_field(world: World, as_role: Login) -> None:
    form = {"email": "member@prov.se", "role": "member", "start": "2026-02-01", "last": "2026-01-01"}
    text = as_role("administrator").post(f"{world.root}mandat/ge/", form).content.decode()
    assert "Sista dagen är före första dagen" in text


def test_an_ended_mandate_gives_no_access_the_day_after(world: World, as_role: Login) -> None:
    mandate = world.people["controller"].mandates.get()
    as_role("administrator").post(f"{world.root}mandat/{mandate.pk}/avsluta/", {"last": "2026-01-31"})
    assert as_role("controller").get(world.root).status_code == 404
