"""Text for search and small pictures, out of files that may be made to harm."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from roder import files
from roder.core import jobs
from roder.files import disk, extract, services
from roder.files.extract import UnreadableError, text_of, thumbnail_of
from roder.files.models import Blob
from roder.quality.models import Deviation
from roder.steering.models import Goal
from roder.web.search import search
from tests.files import samples
from tests.web.world import World

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    '<w:document xmlns:w="w"><w:t>&b;</w:t></w:document>'
)


def text(tmp_path: Path, content: bytes, kind: str) -> str:
    path = tmp_path / "innehall"
    path.write_bytes(content)
    return text_of(path, kind)


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        (samples.pdf("Fallriskbedömning"), "pdf", "Fallriskbedömning"),
        (samples.docx("Fallriskbedömning"), "docx", "Fallriskbedömning"),
        (samples.xlsx("Läkemedel"), "xlsx", "Läkemedel nästa"),
        (samples.pptx("Kvalitet"), "pptx", "Kvalitet"),
        (samples.odf("Brev &amp; svar"), "odt", "Brev & svar"),
        ("Åtgärd\r\nklar\x00".encode(), "txt", "Åtgärd klar"),
        ("Åtgärd".encode("cp1252"), "csv", "Åtgärd"),
        ("Åtgärd".encode("utf-16"), "txt", "Åtgärd"),
        (samples.png(), "png", ""),
    ],
)
def test_text_is_read(tmp_path: Path, content: bytes, kind: str, expected: str) -> None:
    assert text(tmp_path, content, kind) == expected


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (samples.zipped({"word/document.xml": LAUGHS}), "docx"),
        (samples.zipped({"word/document.xml": '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'}), "docx"),
        (samples.zipped({"word/document.xml": "<w><t>avbruten"}), "docx"),
        (b"%PDF-1.7 inget mer", "pdf"),
    ],
)
def test_what_may_harm_or_is_broken_is_not_read(tmp_path: Path, content: bytes, kind: str) -> None:
    with pytest.raises(UnreadableError):
        text(tmp_path, content, kind)


def test_no_more_is_read_than_is_kept(tmp_path: Path) -> None:
    assert len(text(tmp_path, b"ord " * 200_000, "txt")) <= extract.MOST_TEXT
    assert len(text(tmp_path, samples.docx("ord " * 200_000), "docx")) <= extract.MOST_TEXT


def test_an_entry_that_lies_about_its_size_is_read_no_further_than_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extract, "MOST_XML", 1024)
    started = time.monotonic()
    content = samples.docx("<w:t>a</w:t>" * 100_000)
    assert len(text(tmp_path, content, "docx")) < 1024
    assert time.monotonic() - started < 5


def test_small_pictures(tmp_path: Path) -> None:
    path = tmp_path / "innehall"
    path.write_bytes(samples.pdf())
    picture = thumbnail_of(path, "pdf")
    assert picture is not None
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20]) == 320
    path.write_bytes(samples.png(1000, 500))
    small = thumbnail_of(path, "png")
    assert small is None or int.from_bytes(small[16:20]) == 320
    assert thumbnail_of(path, "txt") is None
    path.write_bytes(samples.png()[:40])
    with pytest.raises(UnreadableError):
        thumbnail_of(path, "png")


def test_content_is_read_by_the_queue_and_found_within_access(
    world: World, deviation: Deviation, as_role: Callable[[str], Client]
) -> None:
    goal = Goal.objects.get(number="1")
    files.store(io.BytesIO(samples.pdf("Halkskydd i badrummet")), deviation, None, name="rapport.pdf")
    files.store(io.BytesIO(b"Halkskydd, allm\xe4n plan"), goal, None, name="plan.txt")
    assert Blob.objects.filter(text_state="waiting").count() == 2
    jobs.run_pending()
    assert set(Blob.objects.values_list("text_state", "thumbnail")) == {("done", True), ("done", False)}
    for role, expected in (("unit_manager", {"rapport.pdf", "plan.txt"}), ("member", {"plan.txt"}), ("care_staff", {
        "rapport.pdf", "plan.txt"})):  # fmt: skip
        groups = search(world.people[role], "halkskydd", [world.committee])
        assert {hit.name for group in groups if group.title == "Filer" for hit in group.hits} == expected, (
            role
        )
    page = as_role("unit_manager").get("/sok/", {"q": "badrummet halkskydd"}).content.decode()
    assert "<mark>Halkskydd</mark> i <mark>badrummet</mark>" in page
    files.remove(files.of(deviation).get(), "fel", None)
    assert not [
        one
        for one in search(world.people["unit_manager"], "badrummet", [world.committee])
        if one.title == "Filer"
    ]


def test_what_cannot_be_read_is_kept_and_says_so(world: World, deviation: Deviation) -> None:
    file = files.store(io.BytesIO(b"%PDF-1.7 trasig"), deviation, None, name="trasig.pdf")
    jobs.run_pending()
    assert Blob.objects.get().text_state == "failed"
    assert services.open_version(file.versions.get()).exists()


def test_reading_content_that_is_gone_does_nothing(world: World, deviation: Deviation) -> None:
    file = files.store(io.BytesIO(b"borta"), deviation, None, name="borta.txt")
    files.remove(file, "fel", None)
    jobs.run_pending()
    assert not Blob.objects.exists()


def test_the_small_picture_goes_with_the_content(world: World, deviation: Deviation) -> None:
    file = files.store(io.BytesIO(samples.pdf()), deviation, None, name="a.pdf")
    jobs.run_pending()
    picture = disk.thumbnail_of(file.versions.get().sha256)
    assert picture.is_file()
    files.remove(file, "fel", None)
    services.sweep()
    assert not picture.exists()
