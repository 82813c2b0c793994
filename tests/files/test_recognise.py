"""What a file really is; what is refused, and what people are told."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.files.kinds import KINDS
from roder.files.recognise import RefusedFileError, recognise
from tests.files import samples

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def kind(tmp_path: Path, content: bytes, name: str) -> str:
    path = tmp_path / "innehall"
    path.write_bytes(content)
    return recognise(path, name)


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (samples.pdf(), "protokoll.pdf", "pdf"),
        (samples.pdf(), "PROTOKOLL.PDF", "pdf"),
        (samples.pdf(), "utan ändelse", "pdf"),
        (samples.pdf(), "Protokoll nr. 5", "pdf"),
        (samples.docx("hej"), "brev.docx", "docx"),
        (samples.xlsx("hej"), "tal.xlsx", "xlsx"),
        (samples.pptx("hej"), "bilder.pptx", "pptx"),
        (samples.odf("hej"), "brev.odt", "odt"),
        (samples.odf("hej", "spreadsheet"), "tal.ods", "ods"),
        (samples.odf("hej", "presentation"), "bilder.odp", "odp"),
        (samples.png(), "bild.png", "png"),
        (JPEG, "bild.jpg", "jpeg"),
        (JPEG, "bild.jpeg", "jpeg"),
        (HEIC, "bild.heic", "heic"),
        ("åäö\n".encode(), "anteckning.txt", "txt"),
        ("åäö\n".encode("cp1252"), "anteckning.txt", "txt"),
        ("åäö".encode("utf-16"), "anteckning.txt", "txt"),
        (b"a;b\n1;2\n", "tal.csv", "csv"),
        (b"5 < 6 och 7 > 6", "olikheter.txt", "txt"),
    ],
)
def test_allowed_files_are_known_by_their_content(
    tmp_path: Path, content: bytes, name: str, expected: str
) -> None:
    assert kind(tmp_path, content, name) == expected


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "tom.pdf", "är tom"),
        (b"MZ\x90\x00", "faktura.pdf", "ett program för Windows"),
        (b"\x7fELF\x02", "bild.png", "ett program för Linux"),
        (b"#!/bin/sh\n", "skript.txt", "ett skript"),
        (b"Rar!\x1a\x07\x01\x00", "filer.pdf", "ett RAR-arkiv"),
        (b"7z\xbc\xaf\x27\x1c", "filer.7z", "ett 7-Zip-arkiv"),
        (b"\x1f\x8b\x08", "filer.gz", "ett gzip-arkiv"),
        (OLE, "gammal.doc", "ett äldre eller lösenordsskyddat Office-dokument"),
        (samples.zipped({"a.txt": "a"}), "filer.zip", "ett zip-arkiv"),
        (samples.zipped({"a.txt": "a"}), "brev.docx", "ett zip-arkiv"),
        (samples.docx("x", samples.DOCM), "brev.docm", "med makron"),
        (samples.docx("x", samples.DOCM), "brev.docx", "med makron"),
        (samples.docx("x", **{"word/vbaProject.bin": b"x"}), "brev.docx", "med makron"),
        (samples.docx("x", **{"word/embeddings/a.EXE": b"x"}), "brev.docx", "ett inbäddat program"),
        (samples.docx("x")[:-30], "brev.docx", "skadad eller avbruten"),
        (samples.bomb(), "brev.docx", "zip-bomb"),
        (b"<!DOCTYPE html><p>", "sida.txt", "en webbsida"),
        (b"\xef\xbb\xbf <!-- x --><html>", "sida.txt", "en webbsida"),
        (b'<?xml version="1.0"?><svg onload="x()"/>', "bild.png", "en SVG-bild"),
        (b"<svg/>", "bild.svg", "en SVG-bild"),
        (b"alert(1)", "skript.js", "ett skript"),
        (b"Dim x", "skript.vbs", "ett skript"),
        (b"text\x00text", "data.txt", "av ett"),
        (b"\x93NUMPY\x01\x00", "data.bin", "av ett"),
    ],
)
def test_what_is_refused_is_told_what_it_is_and_what_is_allowed(
    tmp_path: Path, content: bytes, name: str, words: str
) -> None:
    with pytest.raises(RefusedFileError) as told:
        kind(tmp_path, content, name)
    assert words in str(told.value)
    assert name in str(told.value)
    if words not in ("är tom", "skadad eller avbruten"):
        assert "Tillåtet är PDF" in str(told.value)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (samples.docx("x"), "brev.pdf", "ska enligt namnet vara PDF, men innehållet är Word-dokument (docx)"),
        (samples.pdf(), "bild.png", "ska enligt namnet vara PNG-bild, men innehållet är PDF (pdf)"),
        (b"bara text", "rapport.pdf", "ska enligt namnet vara PDF, men innehållet är textfil (txt)"),
        (b'{"a": 1}', "data.json", "ska enligt namnet vara en fil med ändelsen .json"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    tmp_path: Path, content: bytes, name: str, words: str
) -> None:
    with pytest.raises(RefusedFileError, match="inte vad den säger sig vara") as told:
        kind(tmp_path, content, name)
    assert words in str(told.value)


def test_an_encrypted_document_is_refused(tmp_path: Path) -> None:
    content = bytearray(samples.docx("x"))
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1
    with pytest.raises(RefusedFileError, match="lösenordsskyddad"):
        kind(tmp_path, bytes(content), "brev.docx")


def test_a_part_that_stands_twice_is_refused(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", "a")
        archive.writestr("word/document.xml", "b")
    with pytest.raises(RefusedFileError, match="två gånger"):
        kind(tmp_path, target.getvalue(), "brev.docx")


@given(
    content=st.binary(max_size=400), start=st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", b"<", b"\xff\xfe"])
)
def test_any_bytes_are_known_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, start: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes"
    path.write_bytes(start + content)
    try:
        assert recognise(path, "fil") in KINDS
    except RefusedFileError as told:
        assert str(told)


@pytest.mark.parametrize("start", [b"<!---->", b" ", b"<?xml ?>", b"<!-- - -- -->\n"])
def test_a_text_made_to_take_forever_is_known_at_once(tmp_path: Path, start: bytes) -> None:
    """Forty comments took a pattern that tries every way to divide them longer than anybody waits."""
    assert kind(tmp_path, start * 900 + b"x", "a.txt") == "txt"
    with pytest.raises(RefusedFileError, match="en webbsida"):
        kind(tmp_path, start * 400 + b"<HTML>", "a.txt")


def test_a_document_with_damaged_parts_is_refused(tmp_path: Path) -> None:
    whole = bytearray(samples.docx("x"))
    with zipfile.ZipFile(io.BytesIO(bytes(whole))) as archive:
        first = archive.getinfo("[Content_Types].xml")
    at = first.header_offset + 30 + len(first.filename)
    whole[at : at + first.compress_size] = b"\xff" * first.compress_size
    with pytest.raises(RefusedFileError, match="skadad"):
        kind(tmp_path, bytes(whole), "brev.docx")
    named = bytearray(samples.docx("x"))
    place = named.rindex(b"PK\x01\x02")
    named[place + 9] |= 8  # the name says that it is UTF-8
    named[place + 46] = 0xFF
    with pytest.raises(RefusedFileError, match="skadad"):
        kind(tmp_path, bytes(named), "brev.docx")
