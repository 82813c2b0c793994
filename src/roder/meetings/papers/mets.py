"""METS: the list of what an archive export holds, with checksums and structure, and the check that it is true.

The package is prepared for RA-FGS (FGS-förberedd): the elements follow METS 1.12 and the common specification as far as
they are known; Roder claims no conformance to a published FGS schema (docs/decisions/0019).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

METS = "http://www.loc.gov/METS/"
XLINK = "http://www.w3.org/1999/xlink"
CHUNK = 1024 * 1024
ET.register_namespace("mets", METS)
ET.register_namespace("xlink", XLINK)

MIMES = {
    "pdf": "application/pdf",
    "xml": "application/xml",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "txt": "text/plain",
}


class ArchiveFault(Exception):  # noqa: N818 - said to a person
    """A package that is not what it says. The message is Swedish and names the file."""


@dataclass(frozen=True)
class Entry:
    """A file of the package: where it lies, what it is for, its title, and whether it is secret."""

    path: str
    use: str
    title: str
    group: str = ""
    secret: bool = False


@dataclass(frozen=True)
class Head:
    """Whose package it is, of what, and when it was made."""

    identifier: str
    label: str
    organisation: str
    creator: str
    version: str
    made_at: datetime


def sha256_of(path: Path) -> tuple[str, int]:
    """The hash and the size of a file, read in pieces."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def _tag(name: str) -> str:
    return f"{{{METS}}}{name}"


def write(folder: Path, head: Head, entries: Iterable[Entry], *, record: str) -> Path:
    """Write ``mets.xml`` for the files of a folder. ``record`` is the path of the XML that describes the case."""
    made = head.made_at.isoformat(timespec="seconds")
    root = ET.Element(
        _tag("mets"),
        {"OBJID": head.identifier, "TYPE": "ERMS", "LABEL": head.label, "PROFILE": "FGS-förberedd"},
    )
    header = ET.SubElement(root, _tag("metsHdr"), {"CREATEDATE": made, "RECORDSTATUS": "NEW"})
    for role, kind, name, other in (
        ("ARCHIVIST", "ORGANIZATION", head.organisation, ""),
        ("CREATOR", "ORGANIZATION", head.creator, ""),
        ("ARCHIVIST", "OTHER", "Roder", head.version),
    ):
        values = {"ROLE": role, "TYPE": kind} | ({"OTHERTYPE": "SOFTWARE"} if kind == "OTHER" else {})
        agent = ET.SubElement(header, _tag("agent"), values)
        ET.SubElement(agent, _tag("name")).text = name
        if other:
            ET.SubElement(agent, _tag("note")).text = other
    descriptive = ET.SubElement(root, _tag("dmdSec"), {"ID": "arende-xml", "CREATED": made})
    ET.SubElement(
        descriptive,
        _tag("mdRef"),
        {"LOCTYPE": "URL", "MDTYPE": "OTHER", "OTHERMDTYPE": "RODER-ARENDE", f"{{{XLINK}}}href": f"file:///{record}",
         "MIMETYPE": "application/xml"},
    )  # fmt: skip
    files = ET.SubElement(root, _tag("fileSec"))
    structure = ET.SubElement(root, _tag("structMap"), {"TYPE": "logical", "LABEL": "Ärende"})
    top = ET.SubElement(structure, _tag("div"), {"LABEL": head.label, "DMDID": "arende-xml"})
    groups: dict[str, ET.Element] = {}
    divisions: dict[str, ET.Element] = {}
    for number, entry in enumerate(entries, start=1):
        path = folder / entry.path
        digest, size = sha256_of(path)
        identity = f"fil-{number}"
        group = groups.get(entry.use)
        if group is None:
            group = groups[entry.use] = ET.SubElement(files, _tag("fileGrp"), {"USE": entry.use})
        ending = PurePosixPath(entry.path).suffix.lstrip(".").lower()
        one = ET.SubElement(
            group,
            _tag("file"),
            {"ID": identity, "SIZE": str(size), "CHECKSUM": digest, "CHECKSUMTYPE": "SHA-256", "CREATED": made,
             "MIMETYPE": MIMES.get(ending, "application/octet-stream"),
             "USE": "sekretess" if entry.secret else "öppen"},
        )  # fmt: skip
        ET.SubElement(
            one, _tag("FLocat"),
            {"LOCTYPE": "URL", f"{{{XLINK}}}type": "simple", f"{{{XLINK}}}href": f"file:///{entry.path}"},
        )  # fmt: skip
        name = entry.group or entry.title
        division = divisions.get(name)
        if division is None:
            division = divisions[name] = ET.SubElement(top, _tag("div"), {"LABEL": name})
        ET.SubElement(division, _tag("fptr"), {"FILEID": identity})
    target = folder / "mets.xml"
    write_xml(target, root)
    return target


def write_xml(path: Path, root: ET.Element) -> None:
    """An element as an XML file: UTF-8, indented, without the signs that XML cannot hold."""
    for one in root.iter():
        one.text = _clean(one.text)
        for key, value in one.attrib.items():
            one.attrib[key] = _clean(value) or ""
    ET.indent(root)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _clean(text: str | None) -> str | None:
    if not text:
        return text
    return "".join(
        sign
        for sign in text
        if sign in "\t\n\r"
        or (ord(sign) >= 32 and not 0xD800 <= ord(sign) <= 0xDFFF and ord(sign) & 0xFFFE != 0xFFFE)
    )


def verify(folder: Path) -> int:
    """Check a package against its own METS: well-formed, every file there and as it was, and nothing besides. Gives how
    many files. Raises ArchiveFault with the name of the first that is wrong."""
    target = folder / "mets.xml"
    try:
        root = ET.parse(target).getroot()  # noqa: S314 - a file that we have written, without entities
    except (OSError, ET.ParseError) as error:
        raise ArchiveFault(f"mets.xml kan inte läsas: {error}") from error
    listed: set[str] = {"mets.xml", "manifest-sha256.txt"}
    for one in root.iter(_tag("file")):
        place = one.find(_tag("FLocat"))
        path = (place.get(f"{{{XLINK}}}href", "") if place is not None else "").removeprefix("file:///")
        inside = (folder / path).resolve()
        if not path or not inside.is_relative_to(folder.resolve()):
            raise ArchiveFault(f"”{path}” ligger inte i paketet.")
        if not inside.is_file():
            raise ArchiveFault(f"{path} saknas i paketet.")
        digest, size = sha256_of(inside)
        if digest != one.get("CHECKSUM") or str(size) != one.get("SIZE"):
            raise ArchiveFault(f"{path} är inte den fil som står i mets.xml: kontrollsumman stämmer inte.")
        listed.add(path)
    found = {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}
    if extra := sorted(found - listed):
        raise ArchiveFault(f"{extra[0]} ligger i paketet men står inte i mets.xml.")
    return len(listed) - 2
