"""What is done with the documents of a case: add, add a version, change the marking, make the PDF that a pack takes.

Refusals of files are ``files.FileFault`` and ``RefusedFileError``, of fields ``ValidationError``; all in Swedish.
Källa: 7-meetings 7.1–7.3.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from roder import access, files
from roder.access.matrix import Action, Resource
from roder.core.jobs import defer
from roder.files import disk, extract, work
from roder.files.models import Blob, FileVersion, StoredFile
from roder.files.services import Upload
from roder.meetings import convert
from roder.meetings.models import Case, Document, DocumentVersion
from roder.meetings.rules import differences, numbers
from roder.organisation.models import Person

State = DocumentVersion.PdfState
#: What may be changed on a document besides its versions.
FIELDS = ("kind", "title", "dated_on", "received_on", "sender", "secret", "secrecy_section")
LOCKED = (
    "PDF:en har lösenord och kan inte läggas i ett utskick. Öppna den, spara en kopia utan lösenord och lägg in "
    "kopian som en ny version."
)
BROKEN = (
    "PDF:en är skadad och kan inte läggas i ett utskick. Be avsändaren om en ny, eller skriv ut den till PDF på nytt, "
    "och lägg in den som en ny version."
)
GONE = "Filen är borttagen."


# --- add and change ---------------------------------------------------------------------------------------------------


def add_document(
    case: Case,
    kind: str,
    title: str,
    by: Person,
    *,
    upload: Upload | None = None,
    letter: dict[str, Any] | None = None,
    dated_on: date,
    received_on: date | None = None,
    sender: str = "",
    secret: bool = False,
    secrecy_section: str = "",
    name: str = "",
) -> Document:
    """Add a document to a case, with its first version: a file (``upload``, called ``name``) or a ``letter``.

    Raises NotAllowedError; ValidationError at the field; FileFault and RefusedFileError for the file. Nothing is kept
    then.
    """
    access.require(by, Action.EDIT, case)
    if secret or case.secret:
        access.require(by, Action.EDIT, Resource.SECRETS, case.committee)
    with transaction.atomic():
        held = Case.objects.select_for_update().get(pk=case.pk)
        if held.phase == Case.Phase.CLOSED:
            raise ValidationError(
                "Ärendet är avslutat och tar inte emot fler handlingar. Öppna det igen först."
            )
        last = held.documents.aggregate(last=Max("number"))["last"] or 0
        document = Document(
            committee=held.committee, case=held, number=last + 1, kind=kind, title=" ".join(title.split()),
            dated_on=dated_on, received_on=received_on, sender=" ".join(sender.split()), secret=secret,
            secrecy_section=secrecy_section.strip(),
        )  # fmt: skip
        _check(document)
        document.full_clean()
        document.save(force_insert=True)
        access.record(by, "document.added", document, kind=kind, number=document.number)
        _new_version(document, by, upload, letter, dated_on, "", name)
    return document


def _check(document: Document) -> None:
    if document.secret and not document.secrecy_section:
        raise ValidationError({"secrecy_section": "Ange lagrummet för sekretessen, till exempel OSL 26:1."})
    if document.received_on and document.received_on < document.dated_on:
        raise ValidationError({"received_on": "Handlingen kan inte ha kommit in före dagen den är daterad."})


def add_document_version(
    document: Document,
    by: Person,
    *,
    upload: Upload | None = None,
    letter: dict[str, Any] | None = None,
    dated_on: date,
    note: str = "",
    name: str = "",
) -> DocumentVersion:
    """Add a version, which becomes the current one; the earlier ones stay. ``note`` says what is new.

    Raises as ``add_document``, and FileFault when the file is the one that stands already.
    """
    access.require(by, Action.EDIT, document)
    with transaction.atomic():
        Document.objects.select_for_update().get(pk=document.pk)
        return _new_version(document, by, upload, letter, dated_on, note, name)


def _new_version(
    document: Document,
    by: Person,
    upload: Upload | None,
    letter: dict[str, Any] | None,
    dated_on: date,
    note: str,
    name: str,
) -> DocumentVersion:
    if (upload is None) == (letter is None):
        raise ValidationError({"upload": "Välj en fil."})
    last = document.versions.order_by("-number").first()
    if last is not None and last.letter is not None and last.letter == letter:
        raise ValidationError({"letter": "Texten är densamma som i den gällande versionen."})
    stored = _store(document, by, upload, name) if upload is not None else None
    document.versions.filter(current=True).update(current=False)
    version = DocumentVersion(
        document=document, number=(last.number if last else 0) + 1, dated_on=dated_on, note=" ".join(note.split()),
        file_version=stored, letter=letter, made_by=by,
    )  # fmt: skip
    version.full_clean(exclude=["document"])
    version.save(force_insert=True)
    access.record(by, "document.version_added", document, version=version.number)
    copy_text(version)
    if stored is not None:
        _pdf_at_once(version)
    make_pdf_later(version)
    return version


def _store(document: Document, by: Person, upload: Upload, name: str) -> FileVersion:
    """The file, as a version of the document's file."""
    file = files.of(document).first()
    if file is not None:
        return files.add_version(file, upload, by, name=name)
    stored = files.store(upload, document, by, title=document.title[:200], name=name)
    if stored.current is None:  # pragma: no cover - a stored file has a current version
        raise ValidationError({"upload": GONE})
    return stored.current


def update_document(document: Document, by: Person, expected_revision: int, **values: Any) -> Document:
    """Change what stands on a document (``FIELDS``). Raises StaleRecordError, ValidationError, NotAllowedError."""
    access.require(by, Action.EDIT, document)
    if unknown := set(values) - set(FIELDS):
        raise TypeError(f"en handling har inget {', '.join(sorted(unknown))}")
    if values.get("secret", document.secret) != document.secret:
        access.require(by, Action.EDIT, Resource.SECRETS, document.committee)
    draft = Document.objects.get(pk=document.pk)
    for name, value in values.items():
        setattr(draft, name, value)
    _check(draft)
    with transaction.atomic():
        document.save_over(expected_revision, **values)
        access.record(by, "document.changed", document, fields=sorted(values))
    return document


def current(document: Document) -> DocumentVersion:
    """The version that holds now. Raises DocumentVersion.DoesNotExist for a document without versions."""
    return document.versions.select_related("file_version__blob", "pdf").get(current=True)


def freeze(version: DocumentVersion) -> DocumentVersion:
    """The version stands in a pack or in minutes from now on: its content never changes. Twice is as once."""
    if version.frozen_at is None:
        now = timezone.now()
        DocumentVersion.objects.filter(pk=version.pk, frozen_at=None).update(frozen_at=now)
        version.refresh_from_db(fields=["frozen_at"])
    return version


def letter_changed(version: DocumentVersion) -> None:
    """The text of a letter was changed in place (before it was frozen): its words and its PDF are made anew. To be
    called in the transaction that changed it."""
    version.pdf, version.pages, version.pdf_state, version.pdf_fault = None, None, State.WAITING, ""
    version.save(update_fields=["pdf", "pages", "pdf_state", "pdf_fault", "changed_at"])
    copy_text(version)
    make_pdf_later(version)


def number_of(document: Document) -> str:
    """The document's number as it is written under its case: ``2022.210 VON-010``."""
    return numbers.write_sub(document.case.number, document.number)


# --- text and differences ---------------------------------------------------------------------------------------------


def paragraphs_of(version: DocumentVersion) -> list[str]:
    """The paragraphs of a version: of a letter in the order it is printed, of a file as they are in it. Empty when the
    text cannot be read."""
    if version.letter is not None:
        return letter_paragraphs(version.letter)
    found = _file_of(version)
    if found is None:
        return []
    path, kind = found
    try:
        lines = extract.lines_of(path, kind)
    except extract.UnreadableError:
        return []
    return differences.from_lines(lines) if kind == "pdf" else [line for line in lines if line.strip()]


def text_of(version: DocumentVersion) -> str:
    """The text of a version, its paragraphs on lines of their own."""
    return "\n".join(paragraphs_of(version))


def difference(old: DocumentVersion, new: DocumentVersion) -> list[differences.Change]:
    """What differs between two versions: paragraphs as (op, old text, new text); see ``rules.differences``."""
    return differences.difference(paragraphs_of(old), paragraphs_of(new))


def letter_paragraphs(letter: dict[str, Any]) -> list[str]:
    """The texts of a letter in the order that it is read."""
    found = [str(letter.get("heading", ""))]
    found += [f"{place}. {text}" for place, text in enumerate(letter.get("proposal") or (), start=1)]
    parts = [letter.get("summary"), letter.get("background"), letter.get("assessment")]
    parts += list((letter.get("assessments") or {}).values())
    for text in parts:
        found += str(text or "").splitlines()
    found += [str(one) for one in letter.get("documents") or ()]
    found += [f"{one.get('name', '')} ({one.get('purpose', '')})" for one in letter.get("recipients") or ()]
    found += [
        ", ".join(filter(None, (one.get("name"), one.get("title"))))
        for one in letter.get("signatories") or ()
    ]
    return [one for one in found if one.strip()]


def read(version: DocumentVersion) -> None:
    """Read the words of a version's file, if nobody has yet, and let the document be found by them."""
    blob = version.file_version.blob if version.file_version else None
    if blob is not None and blob.text_state == Blob.TextState.WAITING:
        work.read(blob.pk)
        blob.refresh_from_db(fields=["text", "text_state"])
    copy_text(version)


def copy_text(version: DocumentVersion) -> None:
    """Let the document be found by the words of its current version, as far as they have been read."""
    if not version.current:
        return
    if version.letter is not None:
        text = " ".join(letter_paragraphs(version.letter))
    else:
        blob = version.file_version.blob if version.file_version else None
        text = blob.text if blob is not None else ""
    Document.objects.filter(pk=version.document_id).exclude(text=text).update(text=text[: extract.MOST_TEXT])


# --- the PDF that a pack takes ----------------------------------------------------------------------------------------


def _file_of(version: DocumentVersion) -> tuple[Path, str] | None:
    """Where the file of a version lies, and its kind; None when it is removed or missing."""
    stored = version.file_version
    if stored is None or stored.blob is None:
        return None
    path = disk.path_of(stored.sha256)
    return (path, stored.blob.type) if path.is_file() else None


def make_pdf_later(version: DocumentVersion) -> None:
    """See to it that the version is read and gets its PDF, by the job queue when the transaction is over."""
    from roder.meetings.jobs import make_pdf as job  # noqa: PLC0415 - the job needs these services

    defer(job, version_id=version.pk)


def _pdf_at_once(version: DocumentVersion) -> None:
    """A PDF is its own PDF, checked here; what cannot be converted is said here. The rest waits for the job."""
    found = _file_of(version)
    if found is None:
        return
    path, kind = found
    if kind == "pdf":
        _take_pdf(version, path, version.file_version.blob if version.file_version else None)
    elif kind not in convert.CONVERTIBLE:
        _fail(version, convert.cannot(kind))


def _take_pdf(version: DocumentVersion, path: Path, blob: Blob | None) -> None:
    try:
        pages = extract.pages_of(path)
    except extract.LockedPdfError:
        _fail(version, LOCKED)
    except extract.UnreadableError:
        _fail(version, BROKEN)
    else:
        _done(version, blob, pages)


def _done(version: DocumentVersion, blob: Blob | None, pages: int) -> None:
    version.pdf, version.pages, version.pdf_state, version.pdf_fault = blob, pages, State.DONE, ""
    version.save(update_fields=["pdf", "pages", "pdf_state", "pdf_fault", "changed_at"])


def _fail(version: DocumentVersion, why: str) -> None:
    version.pdf, version.pages, version.pdf_state, version.pdf_fault = None, None, State.FAILED, why[:500]
    version.save(update_fields=["pdf", "pages", "pdf_state", "pdf_fault", "changed_at"])


def make_pdf(
    version: DocumentVersion, print_letter: Callable[[DocumentVersion], bytes] | None = None
) -> DocumentVersion:
    """Give a version its PDF now: the file itself, its conversion, or the letter as ``print_letter`` draws it (the job
    ``roder.meetings.jobs.make_pdf`` gives that). A version that has its PDF is left as it is. What went wrong is
    written on the version in Swedish, with what to do."""
    now = DocumentVersion.objects.select_related("file_version__blob").get(pk=version.pk)
    if now.pdf_state == State.DONE:
        return now
    if now.letter is not None:
        if print_letter is None:
            make_pdf_later(now)
            return now
        content, stood = print_letter(now), now.letter
    else:
        found = _file_of(now)
        if found is None:
            _fail(now, GONE)
            return now
        path, kind = found
        if kind == "pdf" or kind not in convert.CONVERTIBLE:
            _pdf_at_once(now)
            return now
        try:
            content, stood = convert.to_pdf(path, kind), None
        except convert.ConversionFault as fault:
            _fail(now, str(fault))
            return now
    with transaction.atomic():
        latest = DocumentVersion.objects.select_for_update().get(pk=now.pk)
        if latest.letter != stood:  # changed meanwhile: its own job is on its way
            return latest
        blob = files.keep_bytes(content, "pdf")
        _take_pdf(latest, disk.path_of(blob.sha256), blob)
    return latest


def try_pdf_again(version: DocumentVersion, by: Person) -> DocumentVersion:
    """Put a version whose PDF could not be made in the queue once more (LibreOffice has been installed, say)."""
    access.require(by, Action.EDIT, version.document)
    with transaction.atomic():
        if version.pdf_state == State.FAILED:
            version.pdf_state, version.pdf_fault = State.WAITING, ""
            version.save(update_fields=["pdf_state", "pdf_fault", "changed_at"])
            access.record(by, "document.pdf_tried_again", version.document, version=version.number)
            make_pdf_later(version)
    return version


# --- removal of files -------------------------------------------------------------------------------------------------


def let_go_of(file: StoredFile) -> None:
    """A file is about to be removed for good: the documents made of it lose their PDF. Raises FileFault when a version
    has stood in a pack or in minutes, which must be kept as they were."""
    rows = DocumentVersion.objects.filter(file_version__file=file)
    if rows.filter(frozen_at__isnull=False).exists():
        raise files.FileFault(
            "Filen har skickats ut eller beslutats om och hör till handlingarna i ett sammanträde. Den kan inte tas "
            "bort. Sätt sekretess på handlingen om den inte ska synas."
        )
    rows.update(pdf=None, pages=None, pdf_state=State.FAILED, pdf_fault=GONE)
    Document.objects.filter(versions__in=rows).update(text="")
