"""LibreOffice: missing, slow, failing, and (where it is installed) really making a PDF."""

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from roder.files import extract
from roder.meetings import convert
from tests.files import samples

REAL = convert.program()


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "sparad"
    path.write_bytes(samples.docx("Hej nämnden"))
    return path


def fake(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program in LibreOffice's place. ``$OUT`` is the folder for what it makes."""
    path = folder / "soffice"
    path.write_text('#!/bin/sh\nwhile [ $# -gt 1 ]; do [ "$1" = --outdir ] && OUT=$2; shift; done\n' + script)
    path.chmod(0o755)
    monkeypatch.setenv("RODER_SOFFICE", str(path))


def test_it_says_how_to_install_what_is_missing(document: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RODER_SOFFICE", "/finns/inte")
    with pytest.raises(convert.MissingProgramFault, match="apt install libreoffice"):
        convert.to_pdf(document, "docx")
    with pytest.raises(convert.ConversionFault, match="Spara filen som PDF"):
        convert.to_pdf(document, "heic")


def test_what_it_makes_is_taken_and_its_folder_is_cleared(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    fake(
        tmp_path,
        f'mkdir -p "$OUT"; printf %%PDF-prov > "$OUT/handling.pdf"; echo "$HOME" > {seen}; ls profil/user >> {seen}\n'
        f'[ -z "$DATABASE_URL" ] && [ -z "$RODER_SECRET_KEY" ] && echo clean >> {seen}\n',
        monkeypatch,
    )
    monkeypatch.setenv("DATABASE_URL", "postgresql://hemligt")
    assert convert.to_pdf(document, "docx") == b"%PDF-prov"
    home, *rest = seen.read_text().splitlines()
    assert rest == ["registrymodifications.xcu", "clean"]
    assert not Path(home).exists()


def test_a_failure_is_said(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, "exit 1\n", monkeypatch)
    with pytest.raises(convert.ConversionFault, match="kunde inte läsa dokumentet"):
        convert.to_pdf(document, "docx")


def test_what_takes_too_long_is_killed_with_all_that_it_started(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child"
    fake(tmp_path, f"sleep 60 &\necho $! > {child}\nwait\n", monkeypatch)
    begun = time.monotonic()
    with pytest.raises(convert.ConversionFault, match="avbröts"):
        convert.to_pdf(document, "docx", seconds=1.0)
    assert time.monotonic() - begun < 20
    pid = int(child.read_text())
    for _ in range(50):
        if not _lives(pid):
            break
        time.sleep(0.1)
    assert not _lives(pid)


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z" and os.path.exists(f"/proc/{pid}")  # noqa: PTH110 - a process, not a file of ours


def word(path: Path) -> None:
    """A real Word document."""
    import docx

    made = docx.Document()
    made.add_paragraph("Hej nämnden")
    made.save(str(path))


def open_document(path: Path) -> None:
    """The least that is a whole OpenDocument."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    kind = "application/vnd.oasis.opendocument.text"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{space}:manifest:1.0"><manifest:file-entry manifest:full-path="/" '
            f'manifest:media-type="{kind}"/><manifest:file-entry manifest:full-path="content.xml" '
            'manifest:media-type="text/xml"/></manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:text="{space}:text:1.0" '
            'office:version="1.2"><office:body><office:text><text:p>Hej nämnden</text:p></office:text></office:body>'
            "</office:document-content>",
        )


@pytest.mark.skipif(REAL is None, reason="LibreOffice är inte installerat här")
@pytest.mark.parametrize(("kind", "make"), [("docx", word), ("odt", open_document)])
def test_the_real_program_makes_a_pdf(tmp_path: Path, kind: str, make: Callable[[Path], None]) -> None:
    path, out = tmp_path / "sparad", tmp_path / "ut.pdf"
    make(path)
    out.write_bytes(convert.to_pdf(path, kind))
    assert extract.pages_of(out) == 1
    assert "Hej nämnden" in extract.text_of(out, "pdf")
