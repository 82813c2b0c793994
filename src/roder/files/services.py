"""What people do with files: store, add a version, restore one, rename, remove. One transaction each."""

from __future__ import annotations

import io
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from roder import access
from roder.access.matrix import Action
from roder.access.rights import NotAllowedError, User
from roder.core import persons
from roder.core.faults import UserFault
from roder.core.locks import Lock
from roder.core.models import Record
from roder.files import disk, held, secrecy
from roder.files.models import Blob, FileVersion, StoredFile
from roder.files.recognise import ending_of, recognise
from roder.files.work import read_later
from roder.organisation.models import Person

may_add = secrecy.may_add
LONGEST_NAME = 200
_HIDDEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


class FileFault(UserFault):
    """What was asked for cannot be done with the file. The message is Swedish."""


@runtime_checkable
class Chunked(Protocol):
    """An uploaded file, read in pieces."""

    def chunks(self) -> Iterator[bytes]:
        """The content in pieces."""


Upload = Chunked | BinaryIO


def limit_words(most: int) -> str:
    """A size as people say it: ``50 MB``."""
    return f"{most // (1024 * 1024)}\u00a0MB" if most >= 1024 * 1024 else f"{most // 1024}\u00a0kB"


def clean_name(name: str) -> str:
    """The file's name without folders and signs that cannot be seen, at most 200 characters with its ending."""
    last = (
        _HIDDEN.sub("", unicodedata.normalize("NFC", name)).replace("\\", "/").rsplit("/", 1)[-1].strip(" .")
    )
    if not last:
        last = "fil"
    if len(last) > LONGEST_NAME:
        ending = ending_of(last)
        last = f"{last[: LONGEST_NAME - len(ending) - 1]}.{ending}" if ending else last[:LONGEST_NAME]
    return last


def clean_title(title: str) -> str:
    """A title that can be shown in lists. Raises FileFault when it holds a personal identity number or is too long."""
    cleaned = " ".join(_HIDDEN.sub(" ", unicodedata.normalize("NFC", title)).split())
    if persons.find(cleaned):
        raise FileFault(
            "Filens namn eller titel innehåller ett personnummer. Byt namn på filen, till exempel till ärendets "
            "referens, och försök igen. Inne i filen får personnummer finnas."
        )
    if len(cleaned) > LONGEST_NAME:
        raise FileFault(f"Titeln är {len(cleaned)} tecken; högst {LONGEST_NAME} ryms. Korta den.")
    return cleaned


def _pieces(upload: Upload) -> Iterator[bytes]:
    if isinstance(upload, Chunked):
        yield from upload.chunks()
        return
    while piece := upload.read(disk.CHUNK):
        yield piece


def _require(by: User | None, allowed: bool, what: str) -> None:
    if by is not None and not allowed:
        raise NotAllowedError(f"Dina mandat ger inte rätt att {what}.")


def _person(by: User | None) -> Person | None:
    return by if isinstance(by, Person) and by.pk else None


def lock_content(sha256: str) -> None:
    """Hold the content's lock to the end of the transaction: nobody sweeps or stores the same content meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [Lock.FILE_CONTENT, int(sha256[:7], 16)])


def _keep(one: disk.Received, kind: str) -> Blob:
    """The content's row; the content is in its place when this returns, and counts when the transaction commits."""
    lock_content(one.sha256)
    disk.place(one)
    blob, _ = Blob.objects.get_or_create(sha256=one.sha256, defaults={"size": one.size, "type": kind})
    return blob


def keep_bytes(content: bytes, kind: str) -> Blob:
    """Keep small made content. As ``keep_made``."""
    return keep_made([content], kind)


def keep_made(chunks: Iterable[bytes], kind: str) -> Blob:
    """Keep made content (a PDF, say) that is not a file of its own: another room's row points at it. It is kept as
    long as some row does. Its text is not read for search: what it was made from is what people look for."""

    def never() -> FileFault:
        return FileFault("Innehållet är större än det kan vara.")  # pragma: no cover - no disk is that large

    with disk.received(chunks, sys.maxsize, never) as one, transaction.atomic():
        lock_content(one.sha256)
        disk.place(one)
        done = {"size": one.size, "type": kind, "text_state": Blob.TextState.DONE}
        return Blob.objects.get_or_create(sha256=one.sha256, defaults=done)[0]


def _take_in(upload: Upload, name: str, most: int) -> _Incoming:
    return _Incoming(upload, clean_name(name), most)


class _Incoming:
    """An upload on its way in: received outside the transaction, kept inside it."""

    def __init__(self, upload: Upload, name: str, most: int) -> None:
        self.name = name
        self._received = disk.received(_pieces(upload), most, lambda: self._too_large(most))

    def _too_large(self, most: int) -> FileFault:
        return FileFault(
            f"”{self.name}” är för stor: högst {limit_words(most)} ryms. Minska den (för bilder: lägre upplösning) "
            "eller dela upp den."
        )

    def __enter__(self) -> _Incoming:
        self._one = self._received.__enter__()
        try:
            self.kind = recognise(self._one.path, self.name)
        except BaseException as error:
            self._received.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(self, *raised: object) -> None:
        self._received.__exit__(None, None, None)

    def keep(self) -> Blob:
        """Put it in its place, as new content or as content that was there already."""
        return _keep(self._one, self.kind)


def store(
    upload: Upload,
    subject: Record,
    by: User | None,
    *,
    title: str = "",
    name: str = "",
    most: int | None = None,
) -> StoredFile:
    """Store an uploaded (or generated) file with a record, as its first version.

    ``upload`` is read in pieces; ``by`` None is the system itself. ``most`` is the largest size in bytes (the setting
    FILE_MAX_BYTES when not given). Equal content is kept once. Raises NotAllowedError, FileFault (size, name), and
    RefusedFileError (type) with Swedish messages; nothing is kept then. Källa: 11-tasks-questionnaires-files 11.3.
    """
    _require(by, by is None or may_add(by, subject), "bifoga filer här")
    called = clean_name(name or getattr(upload, "name", "") or "fil")
    shown = clean_title(title) or clean_title(called)
    clean_title(called)
    with _take_in(upload, called, most or settings.FILE_MAX_BYTES) as incoming, transaction.atomic():
        committee, municipality = secrecy.home_of(subject)
        file = StoredFile.objects.create(
            subject_kind=subject.record_kind(), subject_id=subject.pk, title=shown[:LONGEST_NAME],
            committee_id=committee, municipality_id=municipality,
        )  # fmt: skip
        _add(file, 1, incoming.keep(), called, by)
        access.record(by, "file.stored", file, owner=subject.gid, sha256=_sha(file))
        return file


def store_bytes(
    content: bytes, name: str, subject: Record, by: User | None, *, title: str = ""
) -> StoredFile:
    """Store a small generated file. As ``store``."""
    return store(io.BytesIO(content), subject, by, title=title, name=name)


def _sha(file: StoredFile) -> str:
    return file.current.sha256 if file.current else ""


def _add(
    file: StoredFile, number: int, blob: Blob, name: str, by: User | None, restored_from: int | None = None
) -> FileVersion:
    if not blob.versions.exists():  # not read before, or made content that nobody looked for until now
        read_later(blob)
    version = FileVersion.objects.create(
        file=file, number=number, blob=blob, name=name, sha256=blob.sha256, size=blob.size,
        stored_by=_person(by), restored_from=restored_from,
    )  # fmt: skip
    file.current = version
    file.revision += 1
    file.save(update_fields=["current", "revision", "changed_at"])
    index(StoredFile.objects.filter(pk=file.pk))
    return version


def _locked(file: StoredFile) -> StoredFile:
    """The file as it is now, held until the transaction ends. Raises FileFault when somebody has removed it."""
    now = StoredFile.objects.select_for_update(of=("self",)).select_related("current").get(pk=file.pk)
    if now.removed_at:
        raise FileFault("Filen har tagits bort.")
    return now


def add_version(file: StoredFile, upload: Upload, by: User | None, *, name: str = "") -> FileVersion:
    """Store a new version of a file; the earlier ones stay. Raises as ``store``, and FileFault when nothing differs."""
    _require(by, by is None or may_change(by, file), "ändra filen")
    called = clean_name(name or getattr(upload, "name", "") or "fil")
    clean_title(called)
    with _take_in(upload, called, settings.FILE_MAX_BYTES) as incoming, transaction.atomic():
        now = _locked(file)
        blob = incoming.keep()
        if now.current and now.current.blob_id == blob.pk:
            raise FileFault(
                f"”{called}” har samma innehåll som den gällande versionen. Ingen ny version sparades."
            )
        version = _add(now, _next(now), blob, called, by)
        access.record(by, "file.version_added", now, version=version.number, sha256=version.sha256)
        return version


def _next(file: StoredFile) -> int:
    return (file.versions.aggregate(last=models.Max("number"))["last"] or 0) + 1


def restore(file: StoredFile, number: int, by: User) -> FileVersion:
    """Make an earlier version the current one again, as a new version. Raises FileFault, NotAllowedError."""
    _require(by, may_change(by, file), "ändra filen")
    with transaction.atomic():
        now = _locked(file)
        old = now.versions.select_related("blob").filter(number=number, blob__isnull=False).first()
        if old is None or old.blob is None:
            raise FileFault(f"Version {number} finns inte.")
        if now.current_id == old.pk:
            raise FileFault(f"Version {number} gäller redan.")
        version = _add(now, _next(now), old.blob, old.name, by, restored_from=number)
        access.record(by, "file.version_restored", now, version=version.number, restored=number)
        return version


def rename(file: StoredFile, title: str, expected_revision: int, by: User) -> StoredFile:
    """Give the file another title. Raises FileFault, NotAllowedError, StaleRecordError."""
    _require(by, may_change(by, file), "ändra filen")
    shown = clean_title(title)
    if not shown:
        raise FileFault("Skriv en titel.")
    with transaction.atomic():
        now = _locked(file)
        now.save_over(expected_revision, title=shown)
        index(StoredFile.objects.filter(pk=now.pk))
        access.record(by, "file.renamed", now)
        return now


def let_go(hashes: list[str]) -> None:
    """Take away, when the transaction is over, those of these contents that no row of any room points at any more."""
    for sha256 in sorted(hashes):  # in one order: two at once never wait for each other
        lock_content(sha256)
    gone = held.unheld(hashes)
    Blob.objects.filter(sha256__in=gone).delete()
    transaction.on_commit(lambda: sweep(gone))


def remove(file: StoredFile, why: str, by: User | None) -> None:
    """Take the file away for good, all its versions. What remains is the tombstone and the hashes in the trail.

    Content that no other file and no other room holds is removed from the disk. Raises FileFault, NotAllowedError.
    """
    _require(by, by is None or may_remove(by, file), "ta bort filen")
    reason = clean_title(why)
    if not reason:
        raise FileFault("Skriv varför filen tas bort.")
    with transaction.atomic():
        now = _locked(file)
        held.tell(now)
        versions = list(now.versions.exclude(blob=None).order_by("sha256"))
        hashes = sorted({one.sha256 for one in versions})
        StoredFile.objects.filter(pk=now.pk).update(
            title="", current=None, words=None, removed_at=timezone.now(), removed_by=_person(by), removed_why=reason,
            revision=now.revision + 1,
        )  # fmt: skip
        FileVersion.objects.filter(file=now).update(blob=None, name="")
        let_go(hashes)
        access.record(by, "file.removed", now, versions=len(versions), sha256=hashes)


def forget(subject: Record, why: str, by: User | None) -> int:
    """Remove every file of a record, as retention does. How many there were."""
    files = list(
        StoredFile.objects.filter(subject_kind=subject.record_kind(), subject_id=subject.pk, removed_at=None)
    )
    with transaction.atomic():
        for file in files:
            remove(file, why, by)
    return len(files)


def sweep(hashes: list[str] | None = None) -> int:
    """Take away content that no row holds (all of the disk, or these), and what interrupted uploads left.

    What somebody is storing right now is waited for, never taken. How many were taken away.
    """
    count = 0
    for sha256 in list(disk.lying()) if hashes is None else hashes:
        if Blob.objects.filter(sha256=sha256).exists():
            continue
        with transaction.atomic():
            lock_content(sha256)
            if not Blob.objects.filter(sha256=sha256).exists():
                disk.take_away(sha256)
                count += 1
    return count + (disk.remove_unfinished() if hashes is None else 0)


def of(subject: models.Model) -> QuerySet[StoredFile]:
    """The files of a record that are not removed, in the order they came. Whoever may see the record may see them."""
    return StoredFile.objects.filter(
        subject_kind=subject._meta.label_lower, subject_id=subject.pk, removed_at=None
    ).select_related("current__blob", "current__stored_by")


def may_see(user: User, file: StoredFile) -> bool:
    """Whether the user may see the file: may see the record that it belongs to."""
    subject = secrecy.subject_of(file)
    return subject is not None and access.may(user, Action.VIEW, subject)


def may_change(user: User, file: StoredFile) -> bool:
    """Whether the user may add versions to the file and rename it: may attach files to the record."""
    subject = secrecy.subject_of(file)
    return subject is not None and may_add(user, subject)


def may_remove(user: User, file: StoredFile) -> bool:
    """Whoever may edit the record may remove its files; others only what they have stored themselves."""
    subject = secrecy.subject_of(file)
    if subject is None or not access.may(user, Action.VIEW, subject):
        return False
    if access.may(user, Action.EDIT, subject):
        return True
    own = not file.versions.exclude(stored_by=_person(user)).exists() and _person(user) is not None
    return own and may_add(user, subject)


def open_version(version: FileVersion) -> Path:
    """Where the content of a version lies. Raises FileFault when it is removed, missing or not whole."""
    if version.blob is None:
        raise FileFault("Filen har tagits bort.")
    path = disk.path_of(version.sha256)
    if not path.is_file() or path.stat().st_size != version.size:
        raise FileFault(
            "Filens innehåll saknas på servern. Säg till systemförvaltaren: den finns i säkerhetskopian."
        )
    return path


_INDEX = """
    UPDATE files_storedfile SET words = to_tsvector('swedish', body) || to_tsvector('simple', body)
    FROM (SELECT file.id, concat_ws(' ', file.title, version.name, blob.text) AS body
          FROM files_storedfile file JOIN files_fileversion version ON version.id = file.current_id
          JOIN files_blob blob ON blob.id = version.blob_id WHERE file.id = ANY(%s)) AS found
    WHERE files_storedfile.id = found.id
"""


def index(files: QuerySet[StoredFile]) -> None:
    """Make the files findable by what they hold: title, name and text, by stem and as written."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEX, [list(files.values_list("pk", flat=True))])
