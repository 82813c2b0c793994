"""Archive export of a case: METS, one XML with the case, letters and extracts as PDF/A, and the original files.

FGS-förberedd: the mapping, and what is not claimed, is in docs/decisions/0019.
"""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from django.db.models import QuerySet
from django.utils import timezone

import roder
from roder import access
from roder.access import Action
from roder.core.faults import UserFault
from roder.files import disk
from roder.meetings.models import Case, Document, DocumentVersion, MinuteItem
from roder.meetings.papers import extract, letter, mets
from roder.meetings.services.dispatch import is_attested, is_secret
from roder.organisation.models import Person

NAMESPACE = "urn:roder:arende:1"
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)


class ExportFault(UserFault):
    """The case cannot be exported. The message is Swedish."""


@dataclass
class _Package:
    """The package while it is put together."""

    folder: Path
    by: Person | None
    entries: list[mets.Entry] = field(default_factory=list)

    def put(self, path: str, content: bytes, use: str, title: str, group: str, secret: bool) -> str:
        """Write a file that is made here."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        self.entries.append(mets.Entry(path, use, title, group, secret))
        return path

    def copy(self, path: str, sha256: str, use: str, title: str, group: str, secret: bool) -> str:
        """Copy kept content, checked against its hash. Raises ExportFault."""
        source, target = disk.path_of(sha256), self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not source.is_file():
            raise ExportFault(f"Filen till ”{title}” saknas på servern. Återställ den från säkerhetskopian.")
        shutil.copyfile(source, target)
        if mets.sha256_of(target)[0] != sha256:
            raise ExportFault(f"Filen till ”{title}” är skadad. Återställ den från säkerhetskopian.")
        self.entries.append(mets.Entry(path, use, title, group, secret))
        return path


def export_case(case: Case, out: Path, by: Person | None = None, *, now: datetime | None = None) -> Path:
    """Write the package of a case below ``out``, as a folder and as a zip beside it; gives the zip.

    ``by`` None is the system (the command line); otherwise only what the person may see comes along. The package is
    checked before it is given its name. Raises NotAllowedError; ExportFault: it is there already, a file is missing.
    """
    if by is not None:
        access.require(by, Action.DECIDE, case)
    name = folder_name(case)
    final, unfinished = out / name, out / f".ofardig-{name}"
    if final.exists() or final.with_suffix(".zip").exists():
        raise ExportFault(f"{final} finns redan. Ta bort den eller välj en annan mapp.")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        package = _Package(unfinished, by)
        moment = now or timezone.now()
        _describe(package, case, moment)
        _mets(package, case, moment)
        _manifest(unfinished)
        mets.verify(unfinished)
        zipped = _zip(unfinished, name)
        unfinished.rename(final)
        zipped.rename(out / f"{name}.zip")
    except mets.ArchiveFault as fault:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise ExportFault(str(fault)) from fault
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    access.record(by, "case.exported", case, files=len(package.entries))
    return out / f"{name}.zip"


def folder_name(case: Case) -> str:
    """The package's name: the registration number without what cannot stand in a file name."""
    kept = "".join(
        sign if sign.isascii() and (sign.isalnum() or sign == "-") else "-" for sign in case.number
    )
    return f"arende-{kept.strip('-').lower()}-{case.pk}"


# --- what is in it --------------------------------------------------------------------------------------------------


def documents_of(case: Case, by: Person | None) -> QuerySet[Document]:
    """The case's documents that the person may see."""
    rows = case.documents.order_by("number")
    return rows if by is None else access.visible(by, rows)


def paragraphs_of(case: Case, by: Person | None) -> QuerySet[MinuteItem]:
    """The paragraphs where the case was dealt with that the person may see, oldest first."""
    rows = MinuteItem.objects.filter(item__case=case).select_related(
        "item__meeting__body", "item__case", "item__parent__case", "body"
    )
    return (rows if by is None else access.visible(by, rows)).order_by("item__meeting__date", "number", "pk")


def _el(parent: ET.Element, name: str, text: object = None, **attributes: object) -> ET.Element:
    made = ET.SubElement(
        parent, name, {key: _text(value) for key, value in attributes.items() if value is not None}
    )
    if text not in (None, ""):
        made.text = _text(text)
    return made


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def _describe(package: _Package, case: Case, now: datetime) -> None:
    """``arende.xml``: the case, its documents and its decisions, and the files that belong to each."""
    body = case.committee
    root = ET.Element(
        "arende",
        {
            "xmlns": NAMESPACE,
            "skapad": now.isoformat(timespec="seconds"),
            "program": f"Roder {roder.__version__}",
        },
    )
    _el(root, "kommun", body.municipality.name, kod=body.municipality.code)
    _el(root, "organ", body.name, kortnamn=body.short_name)
    _el(root, "diarienummer", case.number)
    _el(root, "arendemening", case.title)
    _el(root, "slag", case.get_kind_display(), kod=case.kind)
    _el(root, "status", case.get_phase_display(), gang=case.get_course_display())
    _el(root, "registrerat", case.opened_on)
    _el(root, "avslutat", case.closed_on)
    _el(root, "avsandare", case.origin)
    _el(root, "handlaggare", case.responsible)
    _el(root, "sammanfattning", case.summary)
    _el(root, "sekretess", case.secrecy_section, galler=case.secret)
    if case.continues and (package.by is None or access.may(package.by, Action.VIEW, case.continues)):
        _el(root, "fortsatter", case.continues.number)
    steps = _el(root, "handelser")
    for step in case.steps.select_related("body"):
        what = step.get_course_display() or step.get_phase_display()
        _el(
            steps, "handelse", step.note, datum=step.on, vad=what, organ=step.body.name if step.body else None
        )
    documents = _el(root, "handlingar")
    for document in documents_of(case, package.by):
        _document(package, documents, document, case)
    decisions = _el(root, "beslut")
    for row in paragraphs_of(case, package.by):
        _decision(package, decisions, row)
    target = package.folder / "arende.xml"
    mets.write_xml(target, root)
    package.entries.insert(0, mets.Entry("arende.xml", "metadata", "Ärendet", "Ärendet", case.secret))


def _document(package: _Package, parent: ET.Element, document: Document, case: Case) -> None:
    secret = document.secret or case.secret
    one = _el(
        parent, "handling", nummer=document.number, slag=document.get_kind_display(), sekretess=secret,
        lagrum=document.secrecy_section or (case.secrecy_section if case.secret else None) or None,
    )  # fmt: skip
    _el(one, "rubrik", document.title)
    _el(one, "daterad", document.dated_on)
    _el(one, "inkommen", document.received_on)
    _el(one, "avsandare", document.sender)
    group = f"Handling {document.number}: {document.title}"
    for version in document.versions.select_related("file_version", "pdf").order_by("number"):
        made = _el(
            one, "version", nummer=version.number, daterad=version.dated_on, gallande=version.current,
            anmarkning=version.note or None,
        )  # fmt: skip
        for path, use, name in _files(package, document, version, group, secret):
            _el(made, "fil", path, anvandning=use, namn=name or None)


def _files(
    package: _Package, document: Document, version: DocumentVersion, group: str, secret: bool
) -> list[tuple[str, str, str]]:
    """The files of a version: the original, and a PDF where that is something else."""
    base = f"handlingar/{document.number:03d}/version-{version.number}"
    title = f"{document.title}, version {version.number}"
    found: list[tuple[str, str, str]] = []
    original = version.file_version
    if version.letter is not None:
        content = letter.pdf_of(version)
        found.append((package.put(f"{base}.pdf", content, "arkiv", title, group, secret), "arkiv", ""))
    elif original is not None and original.blob is not None:
        path = f"{base}-original.{original.blob.type}"
        found.append(
            (package.copy(path, original.sha256, "original", title, group, secret), "original", original.name)
        )
        if version.pdf and version.pdf_id != original.blob_id:
            path = f"{base}-konverterad.pdf"
            found.append(
                (
                    package.copy(path, version.pdf.sha256, "konverterad", title, group, secret),
                    "konverterad",
                    "",
                )
            )
    return found


def _decision(package: _Package, parent: ET.Element, row: MinuteItem) -> None:
    secret = is_secret(row)
    meeting = row.item.meeting
    one = _el(
        parent, "paragraf", nummer=row.number, organ=meeting.body.name, datum=meeting.date, sekretess=secret,
        utfall=row.get_outcome_display() or None,
    )  # fmt: skip
    _el(one, "rubrik", row.heading)
    for point in row.points.all():
        _el(one, "punkt", point.text, nummer=point.position)
    for vote in row.item.votes.filter(ended_at__isnull=False):
        _el(
            one,
            "omrostning",
            ja=vote.yes,
            nej=vote.no,
            avstar=vote.abstained,
            utfall=vote.get_outcome_display(),
        )
    if not is_attested(row):
        return
    for sent in row.dispatches.all():
        _el(
            one, "mottagare", sent.recipient, syfte=sent.purpose, skickat=sent.sent_at,
            satt=sent.get_way_display() or None,
        )  # fmt: skip
    path = f"beslut/{meeting.date.isoformat()}-par-{row.number}.pdf"
    title = f"§ {row.number} {meeting.date.isoformat()}"
    package.put(path, extract.extract_of(row), "arkiv", title, f"Beslut {title}", secret)
    _el(one, "fil", path, anvandning="arkiv")


def _mets(package: _Package, case: Case, now: datetime) -> None:
    body = case.committee
    head = mets.Head(
        identifier=f"urn:roder:{body.slug}:{case.number.replace(' ', '-')}",
        label=f"{case.number} {case.title}",
        organisation=body.municipality.name,
        creator=body.name,
        version=f"Roder {roder.__version__}",
        made_at=now,
    )
    mets.write(package.folder, head, package.entries, record="arende.xml")


def _manifest(folder: Path) -> None:
    """A line for every file, as ``sha256sum -c`` reads it."""
    lines = [
        f"{mets.sha256_of(one)[0]}  {one.relative_to(folder).as_posix()}"
        for one in sorted(folder.rglob("*"))
        if one.is_file()
    ]
    (folder / "manifest-sha256.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _zip(folder: Path, name: str) -> Path:
    target = folder.parent / f".ofardig-{name}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sorted(folder.rglob("*")):
            if one.is_file():
                info = zipfile.ZipInfo(f"{name}/{one.relative_to(folder).as_posix()}", _ZIP_DAY)
                info.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(info, "w") as put, one.open("rb") as source:
                    shutil.copyfileobj(source, put, mets.CHUNK)
    return target
