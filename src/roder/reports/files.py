"""The files of a locked report: rendered, written whole or not at all, read back with their hash.

A folder of files is written under a temporary name and renamed when every byte is on disk; the row that makes it
count is committed after that. What an interrupted attempt leaves is a folder that no row names; it is swept at the
next one, and at night.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from roder.core.faults import UserFault
from roder.core.paths import private_dir
from roder.reports.document import Document
from roder.reports.models import ReportFile
from roder.reports.render import MEDIA_TYPES, draw

UNFINISHED = ".rapport-"
OLD_ENOUGH = 3600  # seconds: nobody is an hour about writing four files
Format = ReportFile.Format


class ReportFileFault(UserFault):
    """A file of a locked report is not there, or is not the one that was written."""


@dataclass(frozen=True)
class Rendered:
    """A finished file in memory."""

    format: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash that is kept with it."""
        return hashlib.sha256(self.content).hexdigest()


def render_all(document: Document) -> tuple[Rendered, ...]:
    """The document in its four formats."""
    return tuple(Rendered(Format(one), draw(document, one)) for one in MEDIA_TYPES)


def reports_dir() -> Path:
    """The folder that holds the files of every locked report."""
    return private_dir("reports")


def write_folder(name: str, stem: str, files: tuple[Rendered, ...]) -> Path:
    """Write the files to a new folder ``<name>-<random>`` below `reports_dir`. All of it is on disk on return."""
    root = reports_dir()
    sweep()
    final = root / f"{name}-{secrets.token_hex(4)}"
    unfinished = root / f"{UNFINISHED}{final.name}"
    try:
        unfinished.mkdir(mode=0o700)
        for one in files:
            with (unfinished / f"{stem}.{one.format}").open("xb") as file:
                file.write(one.content)
                file.flush()
                os.fsync(file.fileno())
        _fsync(unfinished)
        unfinished.rename(final)
        _fsync(root)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return final


def remove_folder(folder: Path) -> None:
    """Take away a folder whose report was not locked after all."""
    shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Take away what interrupted attempts left: folders that no report names and that nobody is still writing."""
    root = reports_dir()
    named = {Path(path).parts[0] for path in ReportFile.objects.values_list("path", flat=True)}
    for folder in root.iterdir():
        if folder.is_dir() and folder.name not in named and folder.stat().st_mtime < time.time() - OLD_ENOUGH:
            shutil.rmtree(folder, ignore_errors=True)


def _fsync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(file: ReportFile) -> bytes:
    """The content of a stored file. Raises ReportFileFault when it is missing or altered."""
    path = reports_dir() / file.path
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ReportFileFault(f"Filen {file.path} saknas. Återställ den från säkerhetskopian.") from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise ReportFileFault(f"Filen {file.path} är inte den som skrevs när rapporten låstes.")
    return content


def write_beside(target: Path, content: bytes) -> None:
    """Write a file through a temporary name in the same folder, so that a reader never sees half of it."""
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def write_each(folder: Path, stem: str, formats: Iterable[str], make: Callable[[str], bytes]) -> list[Path]:
    """Write ``<stem>.<format>`` to a folder, made if it is missing, for each format. Gives where."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for one in formats:
        target = folder / f"{stem}.{one}"
        write_beside(target, make(one))
        made.append(target)
    return made
