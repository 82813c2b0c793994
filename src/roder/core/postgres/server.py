"""Start, join and recover the embedded PostgreSQL of a data folder."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from roder.core.paths import DataDirError, make_data_dir
from roder.core.paths import data_dir as default_data_dir
from roder.core.postgres import errors, startup
from roder.core.postgres.errors import user_name
from roder.core.postgres.layout import DATABASE, PORT, ROLE, Layout, is_held


class Server:
    """A running embedded server, and this process's share in it: it runs until every share is released.

    The share ends with `release()`, at the end of a `with` block, or with the process (however it ends).
    """

    def __init__(self, layout: Layout, lock: int) -> None:
        self._layout = layout
        self._lock: int | None = lock

    @property
    def dsn(self) -> str:
        """Address for libpq (psycopg, ibis), through the private socket."""
        host = quote(str(self._layout.socket_dir), safe="")
        return f"postgresql://{ROLE}@/{DATABASE}?host={host}&port={PORT}"

    @property
    def params(self) -> dict[str, str]:
        """NAME, USER, PASSWORD, HOST (folder of the socket) and PORT as Django's DATABASES has them."""
        return connection_params(self._layout)

    @property
    def data_dir(self) -> Path:
        """The data folder the server belongs to."""
        return self._layout.root.parent

    def release(self) -> None:
        """Give up this share; the server stops if it was the last. May be called again.

        A forked child keeps the share it inherited: the lock is closed here, not unlocked.
        """
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def connection_params(layout: Layout) -> dict[str, str]:
    """Connection parameters of the server of `layout`, whether it runs or not."""
    return {"NAME": DATABASE, "USER": ROLE, "PASSWORD": "", "HOST": str(layout.socket_dir), "PORT": str(PORT)}


def layout_of(data_dir: Path | None) -> Layout:
    """The files of the server below `data_dir` (default: Roder's data folder), which is made if missing.

    Raises PostgresError.
    """
    try:
        folder = default_data_dir() if data_dir is None else make_data_dir(data_dir)
    except DataDirError as error:
        raise errors.PostgresError(str(error)) from error
    return Layout(folder / "postgres")


def ensure_running(data_dir: Path | None = None) -> Server:
    """Return the running PostgreSQL of `data_dir` (default: Roder's data folder).

    Makes the database at first use, joins the server that another process has started, and starts it again
    after a crash of Roder or of the server; committed rows are kept.
    Under 3 s the first time, under 0.05 s to join.

    Raises PostgresError (Swedish, what, where and what to do): another version, not writable, a folder that
    the server's user cannot enter, full disk, server that will not start.
    """
    layout = layout_of(data_dir)
    who = user_name(os.geteuid())
    try:
        lock = startup.join(layout)
        if lock is None:
            account = startup.prepare(layout)
            who = account.name
            lock = startup.start(layout, account)
    except OSError as error:
        raise errors.from_os_error(error, layout.root, who) from error
    return Server(layout, lock)


def is_running(data_dir: Path | None = None) -> bool:
    """Whether a server of `data_dir` is up or on its way up or down. Starts nothing. Raises PostgresError."""
    layout = layout_of(data_dir)
    try:
        return is_held(layout.keeper_lock) or is_held(layout.server_lock)
    except OSError as error:
        raise errors.from_os_error(error, layout.root, user_name(os.geteuid())) from error


def wait_until_stopped(data_dir: Path | None = None, seconds: float = 60.0) -> bool:
    """Wait until no process of the server of `data_dir` is left; False if it still runs after `seconds`."""
    end = time.monotonic() + seconds
    while is_running(data_dir):
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


_shares: dict[Path, Server] = {}
_shares_guard = threading.Lock()


def recover(data_dir: Path | None = None) -> None:
    """See to it that the server answers, and that this process has a share in it until it ends.

    For long-running processes that lose their connection; called as often as wanted. Raises PostgresError.
    """
    server = ensure_running(data_dir)
    with _shares_guard:
        if _shares.setdefault(server.data_dir, server) is not server:
            server.release()


def release_shares() -> None:
    """Give up what `recover` has taken in this process, so that servers nobody else uses stop.

    For those who take the data folder away afterwards (tests); otherwise the end of the process does it.
    Close the connections first, and see `wait_until_stopped`.
    """
    with _shares_guard:
        while _shares:
            _shares.popitem()[1].release()


def has_share(data_dir: Path) -> bool:
    """Whether `recover` has been called for `data_dir` (as `Server.data_dir` gives it) in this process."""
    return data_dir in _shares
