"""Answers kept on disk, so that the same question is not asked again the same day, and later only "has it changed?"."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HOUR = 3600
FRESH, FORGOTTEN = 12 * HOUR, 30 * 24 * HOUR


@dataclass(frozen=True)
class Kept:
    """An answer as it came, with its mark (ETag) and when it was last known to hold (seconds since 1970)."""

    body: bytes
    etag: str
    held_at: float


class Cache:
    """A folder of answers: one file each, a line of JSON and then the body. Written whole or not at all."""

    def __init__(
        self, folder: Path, *, fresh: float | None = None, now: Callable[[], float] = time.time
    ) -> None:
        self._folder, self._now = folder, now
        self._fresh = FRESH if fresh is None else fresh
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def find(self, url: str) -> Kept | None:
        """The kept answer of an address, or None. A file that cannot be read is as none."""
        try:
            head, _, body = self._path(url).read_bytes().partition(b"\n")
            told = json.loads(head)
            return Kept(body, str(told["etag"]), float(told["held_at"])) if told["url"] == url else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def is_fresh(self, kept: Kept) -> bool:
        """Whether the answer may be used without asking."""
        return 0 <= self._now() - kept.held_at < self._fresh

    def keep(self, url: str, body: bytes, etag: str) -> None:
        """Keep an answer; it holds from now."""
        head = json.dumps({"url": url, "etag": etag, "held_at": self._now()}).encode()
        handle, name = tempfile.mkstemp(dir=self._folder, suffix=".ny")
        with os.fdopen(handle, "wb") as file:
            file.write(head + b"\n" + body)
        Path(name).replace(self._path(url))

    def forget_old(self) -> int:
        """Take away what has not been used for a month. Gives how many."""
        gone = 0
        for path in self._folder.iterdir():
            if self._now() - path.stat().st_mtime > FORGOTTEN:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _path(self, url: str) -> Path:
        return self._folder / f"{hashlib.sha256(url.encode()).hexdigest()}.svar"
