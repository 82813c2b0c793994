"""The pages: attach to a record, the file's own page, and the one way out."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.test import Client, RequestFactory

from roder import files
from roder.access.models import AuditRecord
from roder.core import jobs
from roder.files.models import StoredFile
from roder.quality.models import Deviation
from tests.files import samples
from tests.web.world import World


@pytest.fixture
def manager(as_role: Callable[[str], Client]) -> Client:
    return as_role("unit_manager")


@pytest.fixture
def stored(world: World, deviation: Deviation) -> StoredFile:
    by = world.people["unit_manager"]
    return files.store(io.BytesIO(samples.pdf()), deviation, by, name="Röntgen å.pdf", title="Röntgen")


def sent(content: bytes = b"hej", name: str = "fil.txt", **more: str) -> dict[str, Any]:
    return {"fil": SimpleUploadedFile(name, content), **more}


def test_a_file_is_attached_and_one_comes_back(manager: Client, deviation: Deviation) -> None:
    url = f"/filer/till/quality.deviation/{deviation.pk}/"
    assert "Bifoga en fil" in manager.get(url).content.decode()
    answer = manager.post(url, sent(titel="Skiss", next="/sok/?q=a"))
    assert (answer.status_code, answer["Location"]) == (302, "/sok/?q=a")
    assert manager.post(url, sent(b"annat", next="https://ond.se/"))["Location"] == url
    assert [one.title for one in files.of(deviation)] == ["Skiss", "fil.txt"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Välj en fil."),
        (sent(b"MZ\x90", "program.exe"), "ett program för Windows"),
        (sent(samples.docx("x"), "brev.pdf"), "inte vad den säger sig vara"),
        (sent(samples.docx("x", samples.DOCM), "brev.docm"), "med makron"),
        (sent(b"x" * 3000, "stor.txt"), "för stor: högst 2"),
    ],
)
def test_what_is_refused_is_said_at_the_field_and_the_title_is_kept(
    manager: Client, deviation: Deviation, monkeypatch: pytest.MonkeyPatch, form: dict[str, Any], words: str
) -> None:
    monkeypatch.setattr(settings, "FILE_MAX_BYTES", 2048)
    if "fil" in form:
        form["fil"].seek(0)
    answer = manager.post(f"/filer/till/quality.deviation/{deviation.pk}/", {**form, "titel": "Min titel"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert words in page
    assert 'value="Min titel"' in page
    assert not StoredFile.objects.exists()


def test_the_form_needs_its_token(world: World, deviation: Deviation) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["unit_manager"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/filer/till/quality.deviation/{deviation.pk}/", sent()).status_code == 403


@pytest.mark.parametrize(
    "kind", ["quality.deviation", "files.storedfile", "organisation.person", "nope", "a.b.c", "x.y"]
)
def test_there_is_nothing_to_attach_to(manager: Client, kind: str) -> None:
    for number in ("999999", "9" * 30):
        assert manager.get(f"/filer/till/{kind}/{number}/").status_code == 404


def test_a_version_is_downloaded_safely(manager: Client, stored: StoredFile) -> None:
    answer = manager.get(f"/filer/{stored.pk}/1/")
    assert b"".join(answer.streaming_content) == samples.pdf()  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''R%C3%B6ntgen%20%C3%A5.pdf"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["Cache-Control"] == "private, no-store"
    assert AuditRecord.objects.filter(deed="file.read", subject=stored.gid).count() == 1


def test_those_who_may_not_see_the_record_do_not_know_of_the_file(
    world: World, stored: StoredFile, as_role: Callable[[str], Client]
) -> None:
    jobs.run_pending()
    for role in ("controller", "member", "administrator", "nobody"):
        client = as_role(role)
        for way in ("om/", "1/", "1/bild/"):
            assert client.get(f"/filer/{stored.pk}/{way}").status_code == 404, (role, way)
        for way in ("ta-bort/", "titel/", "version/", "1/aterstall/"):
            assert client.post(f"/filer/{stored.pk}/{way}", {"varfor": "x"}).status_code == 404, (role, way)
    assert Client().get(f"/filer/{stored.pk}/1/").status_code == 302
    assert as_role("licensed").post(f"/filer/{stored.pk}/ta-bort/", {"varfor": "x"}).status_code in (403, 404)
    assert not StoredFile.objects.exclude(removed_at=None).exists()


def test_the_files_page_and_its_deeds(manager: Client, stored: StoredFile) -> None:
    jobs.run_pending()
    url = f"/filer/{stored.pk}/"
    page = manager.get(f"{url}om/").content.decode()
    assert stored.versions.get().sha256 in page
    assert manager.get(f"{url}1/bild/")["Content-Type"] == "image/png"
    assert manager.post(f"{url}version/", sent(b"ny", "ny.txt"), follow=True).status_code == 200
    assert "samma innehåll" in manager.post(f"{url}version/", sent(b"ny", "ny.txt")).content.decode()
    assert (
        "Version 1 gäller igen, som version 3."
        in manager.post(f"{url}1/aterstall/", follow=True).content.decode()
    )
    stored.refresh_from_db()
    manager.post(f"{url}titel/", {"titel": "Ny titel", "revision": stored.revision})
    stale = manager.post(f"{url}titel/", {"titel": "Annan", "revision": stored.revision})
    assert (stale.status_code, "hann ändra filen före dig" in stale.content.decode()) == (400, True)
    assert 'value="Annan"' in stale.content.decode(), "det skrivna är kvar"
    assert "Skriv varför" in manager.post(f"{url}ta-bort/", {"varfor": ""}).content.decode()
    gone = manager.post(f"{url}ta-bort/", {"varfor": "Fel ärende"}, follow=True).content.decode()
    assert "Filen togs bort" in gone
    assert "Fel ärende" in gone
    assert manager.get(f"{url}1/").status_code == 404


def test_a_missing_file_is_said_and_not_a_fault(manager: Client, stored: StoredFile) -> None:
    files.open_version(stored.versions.get()).unlink()
    assert manager.get(f"/filer/{stored.pk}/1/").status_code == 404


def test_any_page_can_show_a_records_files(
    world: World, stored: StoredFile, deviation: Deviation, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        files.store(io.BytesIO(b"%d" % number), deviation, world.people["unit_manager"], name=f"{number}.txt")
    request = RequestFactory().get("/nagonstans/")
    request.user = world.people["unit_manager"]
    template = Template('{% include "files/_attached.html" with subject=deviation %}')
    with django_assert_max_num_queries(6):
        page = template.render(Context({"request": request, "deviation": deviation}))
    assert "Röntgen" in page
    assert 'name="next" value="/nagonstans/"' in page
    assert page.count("download") == 6
