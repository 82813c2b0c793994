"""The pages of the bookkeeping: from a group to its accounts, months, rows and vouchers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from roder.economy.models import LedgerFile
from roder.economy.services.ledger_rows import rows_of_account, rows_of_voucher
from roder.imports import uploads
from roder.organisation.models import Mandate, Person, Role, Unit
from tests.economy.sie.parts import VOUCHER
from tests.economy.sie.test_import import BODY, LISTS, whole
from tests.imports.conftest import World

BASE = "/provby-on/2022/ekonomi/bokforing/"


def logged_in(town: World, role: Role, unit: Unit | None = None) -> Client:
    person = Person.objects.create_user(f"{role.value}@provby.example", "Lång och hemlig 1", name=role.value)
    Mandate.objects.create(
        person=person,
        role=role,
        body=None if unit else town.committee,
        unit=unit,
        valid=DateRange(date(2021, 1, 1), None),
    )
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def read(town: World) -> World:
    secret = BODY.replace('"Avgifter"', '"Avgift 19121212-1212"')
    town.commit("sie", town.file(whole(secret), "bok.se"))
    return town


def test_from_group_to_voucher(read: World) -> None:
    client = logged_in(read, Role.CONTROLLER)
    page = client.get(BASE).content.decode()
    assert "Personalkostnader" in page and "99999" in page and "Konton utanför tabellen" in page
    page = client.get(f"{BASE}grupp/ovriga/").content.decode()
    assert "6010 Lokalhyra" in page and "?manad=2022-02" in page
    page = client.get(f"{BASE}konto/6010/?manad=2022-02").content.decode()
    assert "2 transaktioner" in page and "−300,00" in page and "internt" in page
    assert "[personnummer]" in page and "1212-1212" not in page
    page = client.get(f"{BASE}konto/6010/?interna=nej").content.decode()
    assert "1 transaktion," in page and "−300,00" not in page
    page = client.get(f"{BASE}verifikation/1/").content.decode()
    assert "A 2" in page and "1930 Bank" in page and "200,25" in page


def test_a_file_that_books_otherwise_within_a_group_counts(
    read: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(uploads, "private_dir", lambda name: tmp_path)
    client = logged_in(read, Role.CONTROLLER)
    rebooked = whole(
        BODY.replace('6010 {1 "99999"} 50', '6020 {1 "99999"} 50'), LISTS + '#KONTO 6020 "Städ"\n'
    )
    answer = client.post("/provby-on/2022/inlasning/sie/", {"fil": SimpleUploadedFile("bok2.se", rebooked)})
    review = answer["Location"]
    page = client.get(review).content.decode()
    assert "ändras inte. Filens konton, summor och verifikationer sparas" in page and "Läs in filen" in page
    assert "bok2.se är inläst" in client.post(review, follow=True).content.decode()
    assert "6020 Städ" in client.get(f"{BASE}grupp/ovriga/").content.decode()


@pytest.mark.parametrize("role", [Role.MEMBER, Role.AUDITOR])
def test_who_only_reads_the_economy_sees_amounts_without_texts(read: World, role: Role) -> None:
    client = logged_in(read, role)
    for address in ("konto/6010/?manad=2022-02", "verifikation/1/"):
        page = client.get(BASE + address).content.decode()
        assert "[personnummer]" not in page
        assert "för den som arbetar med ekonomin" in page
    assert "−300,00" in client.get(f"{BASE}konto/6010/?manad=2022-02").content.decode()


def test_a_choice_of_unit_and_what_is_not_there(read: World) -> None:
    client = logged_in(read, Role.CONTROLLER)
    page = client.get(f"{BASE}grupp/ovriga/?enhet=81141").content.decode()
    assert "Lönnen" in page
    assert "Inga transaktioner" in client.get(f"{BASE}konto/5010/?manad=2022-11").content.decode()
    assert "Inga transaktioner" in client.get(f"{BASE}konto/5010/?sida=99").content.decode()
    for missing in ("grupp/finns-inte/", "konto/1234/", "verifikation/99/"):
        assert client.get(BASE + missing).status_code == 404
    assert client.get(f"{BASE}konto/5010/?manad=x&sida=-1").status_code == 200


def test_without_a_file_the_page_says_how_to_begin(town: World) -> None:
    page = logged_in(town, Role.CONTROLLER).get(BASE).content.decode()
    assert "Ta ut en SIE-fil" in page


def test_a_unit_manager_sees_the_own_unit(read: World) -> None:
    unit = Unit.objects.get(code="81132")
    client = logged_in(read, Role.UNIT_MANAGER, unit)
    answer = client.get(f"{BASE}konto/6010/")
    if answer.status_code == 200:
        assert "−300,00" not in answer.content.decode()
    page = client.get(f"{BASE}verifikation/1/")
    if page.status_code == 200:
        assert "−300,00" not in page.content.decode()


def test_rows_are_found_by_account_month_and_unit(read: World) -> None:
    file = LedgerFile.objects.select_related("batch").get()
    assert [one.text for one in rows_of_account(file, "1930")] == ["utbetalning", ""]
    assert [one.unit for one in rows_of_account(file, "6010")] == ["81141", "99999"]
    assert [one.unit for one in rows_of_account(file, "6010", units=["99999"])] == ["99999"]
    assert [one.unit for one in rows_of_account(file, "6010", internal=False)] == ["99999"]
    assert rows_of_account(file, "6010", month=date(2022, 1, 1)) == []
    assert sum(one.amount for one in rows_of_voucher(file, 0)) == 0
    assert VOUCHER.count("#TRANS") == len(rows_of_voucher(file, 0))
