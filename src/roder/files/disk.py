"""Content on disk, under ``<data>/files/<aa>/<sha256>``: written whole or not at all, never whole in memory."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from roder.core.faults import UserFault
from roder.core.paths import private_dir

UNFINISHED = ".ofardig-"
OLD_ENOUGH = 24 * 3600  # seconds: nobody is a day about sending a file
CHUNK = 256 * 1024
THUMBNAIL = ".png"


class DiskFullError(UserFault):
    """There is no room for the file."""


@dataclass(frozen=True)
class Received:
    """A file that has been received to a temporary place: all of it is on disk."""

    path: Path
    sha256: str
    size: int


def root() -> Path:
    """The folder of all content."""
    return private_dir("files")


def path_of(sha256: str) -> Path:
    """Where content with this hash lies."""
    return root() / sha256[:2] / sha256


def thumbnail_of(sha256: str) -> Path:
    """Where the small picture of the content lies, when there is one."""
    return path_of(sha256).with_suffix(THUMBNAIL)


@contextmanager
def received(chunks: Iterable[bytes], most: int, too_large: Callable[[], UserFault]) -> Iterator[Received]:
    """Write a stream to a temporary file while its hash is taken; the file goes when the block ends, if it is left.

    Raises the fault of ``too_large`` as soon as more than ``most`` bytes have come, DiskFullError
    when the disk is full.
    """
    path = root() / f"{UNFINISHED}{secrets.token_hex(8)}"
    digest, size = hashlib.sha256(), 0
    try:
        with _full_disk_is_said(), path.open("xb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > most:
                    raise too_large()
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        yield Received(path, digest.hexdigest(), size)
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _full_disk_is_said() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(
                "Filen kunde inte sparas: disken på servern är full. Säg till systemförvaltaren och försök igen."
            ) from error
        raise


def place(one: Received) -> None:
    """Give received content its place. The caller holds the lock of the hash, so nobody sweeps it meanwhile."""
    final = path_of(one.sha256)
    if final.is_file() and final.stat().st_size == one.size:
        return
    with _full_disk_is_said():
        final.parent.mkdir(mode=0o700, exist_ok=True)
        one.path.replace(final)
        _fsync(final.parent)


def write_beside(target: Path, content: bytes) -> None:
    """Write small content through a temporary name, so that a reader never sees half of it."""
    unfinished = root() / f"{UNFINISHED}{secrets.token_hex(8)}"
    try:
        with _full_disk_is_said():
            unfinished.write_bytes(content)
            unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def take_away(sha256: str) -> None:
    """Remove content and its small picture."""
    path_of(sha256).unlink(missing_ok=True)
    thumbnail_of(sha256).unlink(missing_ok=True)


def lying() -> Iterator[str]:
    """The hash of everything that lies on disk."""
    for folder in sorted(root().iterdir()):
        if folder.is_dir() and len(folder.name) == 2:
            for path in sorted(folder.iterdir()):
                if len(path.name) == 64:
                    yield path.name


def remove_unfinished(now: float | None = None) -> int:
    """Take away what interrupted uploads left. How many there were."""
    count, before = 0, (now or time.time()) - OLD_ENOUGH
    for path in root().glob(f"{UNFINISHED}*"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            count += 1
    return count


def _fsync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
