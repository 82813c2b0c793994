"""The pages: upload, look, decide, take back; only for those who may."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from roder.core.models import ImportBatch
from roder.economy.models import ForecastLine
from roder.imports import uploads
from roder.organisation.models import Person, Role
from tests.imports.conftest import World

HOME = "/provby-on/2022/inlasning/"
HEAD = "tillfalle;enhet;kontogrupp;belopp;orsak\n"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "uppladdat"
    folder.mkdir()
    monkeypatch.setattr(uploads, "private_dir", lambda name: folder)


@pytest.fixture
def controller(world: World, person: Callable[[Role], Person], client: Client) -> Client:
    client.force_login(person(Role.CONTROLLER), "django.contrib.auth.backends.ModelBackend")
    return client


def send(client: Client, content: str, kind: str = "prognos") -> str:
    answer = client.post(f"{HOME}{kind}/", {"fil": SimpleUploadedFile("prognos maj.csv", content.encode())})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_from_file_to_undone(controller: Client) -> None:
    assert "Här visas filer som har lästs in" in controller.get(HOME).content.decode()
    assert "Helårsprognos" in controller.get(HOME + "ny/").content.decode()
    assert "Kontogruppens kod" in controller.get(HOME + "prognos/").content.decode()
    review = send(controller, HEAD + "2022-05;;personal;-10;\n2022-05;;ovriga;-20;\n")
    page = controller.get(review).content.decode()
    assert "2 rader: 2 nya, 0 ändrade, 0 oförändrade" in page
    assert "Läs in 2 rader" in page
    assert not ForecastLine.objects.exists()
    answer = controller.post(review, follow=True)
    assert "prognos maj.csv är inläst" in answer.content.decode()
    batch = ImportBatch.objects.get()
    assert batch.imported_by is not None
    assert ForecastLine.objects.filter(batch=batch).count() == 2
    assert "prognos maj.csv" in controller.get(HOME).content.decode()
    assert "prognos maj.csv" in b"".join(controller.get(HOME + "?format=csv")).decode("utf-8-sig")
    assert "Allt i filen fanns redan" in controller.post(review, follow=True).content.decode()
    page = controller.get(f"{HOME}{batch.pk}/").content.decode()
    assert "Hämta filen som den lästes in" in page
    kept = controller.get(f"{HOME}{batch.pk}/fil/")
    assert b"2022-05;;ovriga;-20;" in b"".join(kept)  # type: ignore[arg-type]
    page = controller.get(f"{HOME}{batch.pk}/angra/").content.decode()
    assert "Prognosrader" in page and '<td class="num">2</td>' in page
    assert ForecastLine.objects.count() == 2, "nothing happens before it is asked for"
    answer = controller.post(f"{HOME}{batch.pk}/angra/", follow=True)
    assert "Inläsningen är ångrad: 2 rader" in answer.content.decode()
    assert ImportBatch.objects.get().undone_by == batch.imported_by
    assert not ForecastLine.objects.exists()


def test_faults_stand_at_their_rows(controller: Client) -> None:
    review = send(controller, HEAD + "2022-05;;personal;tolv;\n2022-06;;ovriga;-20;\n")
    page = controller.get(review).content.decode()
    assert "2 fel: filen kan inte läsas in" in page
    assert "”tolv” är inte ett tal" in page
    assert "Läs in 2 rader" not in page
    report = b"".join(controller.get(review + "granskning.csv"))  # type: ignore[arg-type]
    assert report.startswith(b"\xef\xbb\xbf")
    assert "fel;2;belopp;" in report.decode("utf-8-sig")
    book = b"".join(controller.get(review + "granskning.xlsx"))  # type: ignore[arg-type]
    assert book.startswith(b"PK")
    controller.post(review)
    assert not ForecastLine.objects.exists()


def test_what_is_no_file(controller: Client) -> None:
    assert controller.post(HOME + "prognos/").status_code == 400
    empty = controller.post(HOME + "prognos/", {"fil": SimpleUploadedFile("tom.csv", b"")})
    assert "filen är tom" in empty.content.decode()
    review = send(controller, "%PDF-1.7")
    assert "filen är inte en tabell" in controller.get(review).content.decode()


def test_a_heading_to_fill_in(controller: Client) -> None:
    answer = controller.get(HOME + "volymer/mall.csv")
    heading, example = answer.content.decode("utf-8-sig").splitlines()
    assert heading == "matdatum;enhet;insats;regi;antal;timmar;prognos;kalla"
    assert example.split(";")[2] == "hemtjanst"
    book = controller.get(HOME + "volymer/mall.xlsx")
    assert book.content.startswith(b"PK") and "volymer.xlsx" in book["Content-Disposition"]


def test_somebody_elses_file_is_not_there(
    world: World, controller: Client, person: Callable[[Role], Person]
) -> None:
    review = send(controller, HEAD + "2022-05;;personal;-10;\n")
    other = Client()
    strategist = person(Role.QUALITY_STRATEGIST)
    other.force_login(strategist, "django.contrib.auth.backends.ModelBackend")
    assert other.get(review).status_code == 403
    assert other.get(review.replace("prognos", "mattvarden")).status_code == 404
    assert controller.get(review.replace("prognos", "okand")).status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_the_pages(
    world: World, person: Callable[[Role], Person], client: Client, role: Role
) -> None:
    client.force_login(person(role), "django.contrib.auth.backends.ModelBackend")
    allowed = role in (Role.CONTROLLER, Role.QUALITY_STRATEGIST)
    # who reads in the events of casework, units and people, and cases
    some = allowed or role in (Role.CASEWORK_MANAGER, Role.ADMINISTRATOR, Role.SECRETARY)
    assert client.get(HOME).status_code == (200 if some else 403)
    assert client.get(HOME + "mattvarden/").status_code == (200 if allowed else 403)
    assert client.get(HOME + "prognos/").status_code == (200 if role is Role.CONTROLLER else 403)
    assert client.get(HOME + "arenden/").status_code == (200 if role is Role.SECRETARY else 403)


def test_old_uploads_go_and_sources_stay(controller: Client) -> None:
    import os

    kept = send(controller, HEAD + "2022-05;;personal;-10;\n")
    controller.post(kept)
    send(controller, HEAD + "2022-05;;personal;-11;\n")
    folder = uploads._folder()
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    uploads.sweep()
    assert {path.name.split(".")[0] for path in folder.iterdir()} == {ImportBatch.objects.get().sha256}
