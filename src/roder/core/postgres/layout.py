"""The files of one embedded server, the locks beside them, and the last lines of its log.

    <data>/postgres/            0700, owned by the user the server runs as
        cluster/                PostgreSQL's own data directory
        run/                    the socket (or a short folder under /tmp when the path is too long)
        users.lock              shared flock of every process that uses the server
        keeper.lock             held by the keeper, the small process that is the server's parent
        server.lock             inherited by the server's processes: free only when all of them are gone
        start.lock              held while somebody starts the server
        server.log

All locks are flock: the kernel lets go of them when a process dies, however it dies.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PORT = 5432
DATABASE = "roder"
ROLE = "roder"
SUPERUSER = "postgres"
MAX_SOCKET_PATH = 107  # bytes; sockaddr_un.sun_path has 108 with the final NUL
SHORT_DIRS = Path("/tmp")  # noqa: S108  (the folder in it is made 0700 and its owner checked)
LOG_TAIL_BYTES = 4000
LOG_TAIL_LINES = 15


@dataclass(frozen=True)
class Layout:
    """Paths of one embedded server. `root` is `<data>/postgres`, absolute and without links."""

    root: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data directory."""
        return self.root / "cluster"

    @property
    def log(self) -> Path:
        """What the server and the keeper write."""
        return self.root / "server.log"

    @property
    def users_lock(self) -> Path:
        """Shared by all users of the server."""
        return self.root / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held as long as the keeper lives."""
        return self.root / "keeper.lock"

    @property
    def server_lock(self) -> Path:
        """Held as long as any process of the server lives."""
        return self.root / "server.lock"

    @property
    def start_lock(self) -> Path:
        """Held by the one who starts the server."""
        return self.root / "start.lock"

    @property
    def socket_dir_is_short(self) -> bool:
        """True when the socket had to move to a short folder."""
        return len(os.fsencode(self.root / "run" / f".s.PGSQL.{PORT}")) > MAX_SOCKET_PATH

    @property
    def socket_dir(self) -> Path:
        """The folder of the socket: `run/`, or one under /tmp named by a hash when the path is too long."""
        if self.socket_dir_is_short:
            return SHORT_DIRS / f"roder-{hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]}"
        return self.root / "run"

    @property
    def socket(self) -> Path:
        """The server's socket."""
        return self.socket_dir / f".s.PGSQL.{PORT}"


def open_lock(path: Path, owner: tuple[int, int] | None = None) -> int:
    """Open the lock file `path`, made (0600, owned by `owner` = uid, gid) if missing; return the descriptor.

    Never follows a link: root opens files in a folder that belongs to somebody else.
    """
    flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        return os.open(path, flags)
    except FileNotFoundError:
        pass
    try:
        fd = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return os.open(path, flags)
    if owner is not None:
        os.fchown(fd, *owner)
    return fd


def take(fd: int, exclusive: bool, seconds: float) -> bool:
    """Lock the open file `fd`, waiting at most `seconds`; return whether it was got."""
    kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(fd, kind | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(0.005)


@contextmanager
def exclusive(path: Path, owner: tuple[int, int] | None, seconds: float) -> Iterator[int | None]:
    """Hold the lock file `path` alone in the block; gives its descriptor, None if not got in `seconds`."""
    fd = open_lock(path, owner)
    try:
        yield fd if take(fd, True, seconds) else None
    finally:
        os.close(fd)


def is_held(path: Path) -> bool:
    """Whether some process holds the lock file `path` exclusively. A missing file is not held."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        return not take(fd, False, 0)
    finally:
        os.close(fd)


def log_size(layout: Layout) -> int:
    """Size of the log in bytes now, so that only what comes later is shown."""
    try:
        return layout.log.lstat().st_size
    except OSError:
        return 0


def log_tail(layout: Layout, since: int = 0) -> str:
    """The last lines of the server's log written after position `since`; '' if there is none."""
    try:
        fd = os.open(layout.log, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return ""
    with os.fdopen(fd, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        start = since if since <= size else 0  # the log was rotated in between
        file.seek(max(start, size - LOG_TAIL_BYTES))
        text = file.read().decode("utf-8", "replace")
    return "\n".join(text.splitlines()[-LOG_TAIL_LINES:])
