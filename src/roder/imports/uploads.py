"""Uploaded files between the look and the decision: kept under their hash, so that nothing is lost or swapped."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from roder.core.models import ImportBatch
from roder.core.paths import private_dir
from roder.imports.mapping import Layout
from roder.imports.readers import MAX_BYTES, FileFault
from roder.organisation.models import Body, Person

KEEP_SECONDS = 30 * 24 * 3600
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Upload:
    """A kept file: its hash, what it was called, where it lies, and how the person has said that it is to be read."""

    sha256: str
    name: str
    path: Path
    note: Path
    layout: Layout = field(default_factory=Layout)
    proposed: bool = False  # the layout is a saved mapping that fits, which nobody has chosen

    @property
    def reading(self) -> str:
        """A mark of how the file is read, so that nobody decides on another reading than the one looked at."""
        return hashlib.sha256(json.dumps(asdict(self.layout), sort_keys=True).encode()).hexdigest()[:16]

    def read_as(self, layout: Layout, *, proposed: bool = False) -> Upload:
        """The same file, read another way; remembered."""
        changed = replace(self, layout=layout, proposed=proposed)
        changed.write_note()
        return changed

    def write_note(self) -> None:
        """Keep what is known of the file beside it, whole or not at all."""
        known = {"name": self.name, "layout": asdict(self.layout), "proposed": self.proposed}
        temporary = self.note.with_suffix(".ny")
        temporary.write_text(json.dumps(known), encoding="utf-8")
        temporary.replace(self.note)


def _folder() -> Path:
    return private_dir("imports")


def _note(sha256: str, kind: str, committee: Body, person: Person) -> Path:
    """A note beside the file says who may go on with it, for which committee and as what."""
    return _folder() / f"{sha256}.{committee.pk}.{kind}.{person.pk}.json"


def keep(file: UploadedFile, kind: str, committee: Body, person: Person) -> Upload:
    """Keep an uploaded file. Raises FileFault when it is too large or empty."""
    sweep()
    name = Path(file.name or "fil").name[-200:]
    digest = hashlib.sha256()
    size = 0
    descriptor, temporary = tempfile.mkstemp(dir=_folder(), prefix="ny-")
    try:
        with os.fdopen(descriptor, "wb") as target:
            for chunk in file.chunks():
                size += len(chunk)
                if size > MAX_BYTES:
                    raise FileFault(f"filen är större än {MAX_BYTES // 1_000_000} MB", "Dela upp den.")
                digest.update(chunk)
                target.write(chunk)
        if not size:
            raise FileFault("filen är tom", "Kontrollera att rätt fil valdes.")
        path = _folder() / digest.hexdigest()
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    kept = Upload(digest.hexdigest(), name, path, _note(digest.hexdigest(), kind, committee, person))
    kept.write_note()
    return kept


def find(sha256: str, kind: str, committee: Body, person: Person) -> Upload | None:
    """The file that this person has uploaded as this kind for this committee, if it is kept."""
    if not _HASH.fullmatch(sha256):
        return None
    note, path = _note(sha256, kind, committee, person), _folder() / sha256
    if not note.is_file() or not path.is_file():
        return None
    known = json.loads(note.read_text(encoding="utf-8"))
    layout = Layout(**known.get("layout", {}))
    return Upload(sha256, known["name"], path, note, layout, known.get("proposed", False))


def keep_original(path: Path, sha256: str) -> None:
    """Keep a file that was read in from elsewhere than an upload: it is the source of figures."""
    kept = _folder() / sha256
    if kept.is_file() or path.resolve() == kept.resolve():
        return
    descriptor, temporary = tempfile.mkstemp(dir=_folder(), prefix="ny-")
    os.close(descriptor)
    try:
        shutil.copyfile(path, temporary)
        Path(temporary).replace(kept)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def original(sha256: str) -> Path | None:
    """The kept file, if it is still there."""
    path = _folder() / sha256
    return path if _HASH.fullmatch(sha256) and path.is_file() else None


def sweep() -> None:
    """Remove files that nobody went on with for thirty days. What was read in is kept: it is the source of figures."""
    old = time.time() - KEEP_SECONDS
    stale = {path for path in _folder().iterdir() if path.is_file() and path.stat().st_mtime < old}
    hashes = {path.name.split(".")[0] for path in stale}
    used = set(ImportBatch.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    for path in stale:
        if path.name.split(".")[0] not in used:
            path.unlink(missing_ok=True)
