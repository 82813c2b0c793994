"""The archive export of a case: what is in it, that it is true, and that nothing secret slips out."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone

from roder.access.rights import NotAllowedError
from roder.core.models import Record
from roder.files import disk
from roder.meetings.papers import archive, mets
from tests.meetings.minutes_world import attested
from tests.meetings.world import Chain

M = f"{{{mets.METS}}}"
A = f"{{{archive.NAMESPACE}}}"


def _read(path: Path) -> ET.Element:
    return ET.parse(path).getroot()  # noqa: S314 - written by the test


def test_a_case_with_letter_file_and_decision(chain: Chain, tmp_path: Path) -> None:
    attested(chain)
    chain.new_document(chain.case, "Hemligt", secret=True)
    target = archive.export_case(chain.case, tmp_path)
    folder = target.with_suffix("")
    names = sorted(one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file())
    assert names == [
        "arende.xml", "beslut/2022-09-27-par-3.pdf", "handlingar/001/version-1.pdf",
        "handlingar/002/version-1-original.pdf", "handlingar/003/version-1-original.pdf", "manifest-sha256.txt",
        "mets.xml",
    ]  # fmt: skip
    assert mets.verify(folder) == 5
    root = _read(folder / "arende.xml")
    assert root.findtext(f"{A}diarienummer") == "2022.001 VON"
    secret = [one.get("sekretess") for one in root.iter(f"{A}handling")]
    assert secret == ["nej", "nej", "ja"]
    assert [one.text for one in root.iter(f"{A}punkt")][1] == "Ordningen gäller från 1 oktober 2022."
    assert next(root.iter(f"{A}omrostning")).get("ja") == "4"
    files = list(_read(folder / "mets.xml").iter(f"{M}file"))
    assert {one.get("CHECKSUMTYPE") for one in files} == {"SHA-256"}
    assert [one.get("USE") for one in files].count("sekretess") == 1
    with zipfile.ZipFile(target) as packed:
        assert packed.testzip() is None
        assert len(packed.namelist()) == len(names)
    manifest = (folder / "manifest-sha256.txt").read_text().splitlines()
    assert len(manifest) == len(names) - 1


def test_the_same_case_gives_the_same_package(chain: Chain, tmp_path: Path) -> None:
    attested(chain)
    now = timezone.now()
    made = [archive.export_case(chain.case, tmp_path / one, now=now).read_bytes() for one in ("a", "b")]
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("change", "kontrollsumman stämmer inte"),
        ("remove", "saknas i paketet"),
        ("add", "står inte i mets"),
        ("break", "kan inte läsas"),
        ("escape", "ligger inte i paketet"),
    ],
)
def test_a_package_that_has_been_altered(chain: Chain, tmp_path: Path, damage: str, said: str) -> None:
    folder = archive.export_case(chain.case, tmp_path).with_suffix("")
    letter, listing = folder / "handlingar/001/version-1.pdf", folder / "mets.xml"
    if damage == "change":
        letter.write_bytes(letter.read_bytes()[:-1] + b"x")
    elif damage == "remove":
        letter.unlink()
    elif damage == "add":
        (folder / "extra.txt").write_text("x")
    elif damage == "break":
        listing.write_text(listing.read_text()[:-20])
    else:
        listing.write_text(listing.read_text().replace("handlingar/001", "../../etc", 1))
    with pytest.raises(mets.ArchiveFault, match=said):
        mets.verify(folder)


def test_only_who_decides_in_cases_exports(chain: Chain, tmp_path: Path) -> None:
    for role in ("member", "chair", "head_administration", "quality_strategist", "auditor"):
        with pytest.raises(NotAllowedError):
            archive.export_case(chain.case, tmp_path, chain.by(role))
    archive.export_case(chain.case, tmp_path, chain.by("secretary"))
    with pytest.raises(archive.ExportFault, match="finns redan"):
        archive.export_case(chain.case, tmp_path, chain.by("secretary"))


def test_a_file_that_is_gone_or_damaged_stops_the_export(chain: Chain, tmp_path: Path) -> None:
    stored = chain.paper.file_version
    assert stored is not None
    path = disk.path_of(stored.sha256)
    path.write_bytes(b"annat")
    with pytest.raises(archive.ExportFault, match="skadad"):
        archive.export_case(chain.case, tmp_path)
    path.unlink()
    with pytest.raises(archive.ExportFault, match="säkerhetskopian"):
        archive.export_case(chain.case, tmp_path)
    assert list(tmp_path.glob("*arende*")) == []


def test_names_cannot_leave_the_folder(chain: Chain, tmp_path: Path) -> None:
    case = chain.new_case("Sökväg", "../../etc/2022.9 VON")
    made = archive.export_case(case, tmp_path)
    assert made.parent == tmp_path
    assert isinstance(case, Record)


def test_a_text_with_signs_that_xml_cannot_hold(chain: Chain, tmp_path: Path) -> None:
    case = chain.new_case("Vertikal tabb \x0b och ￾ slut & <b>")
    folder = archive.export_case(case, tmp_path).with_suffix("")
    root = _read(folder / "arende.xml")
    assert root.findtext(f"{A}arendemening") == "Vertikal tabb  och  slut & <b>"
