"""Make the folders, the database and the keeper of an embedded server, and wait until it answers."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

from roder.core.postgres import errors, keeper
from roder.core.postgres.account import Account, choose, closed_parent
from roder.core.postgres.errors import user_name
from roder.core.postgres.layout import (
    DATABASE,
    PORT,
    ROLE,
    SUPERUSER,
    Layout,
    exclusive,
    is_held,
    log_size,
    log_tail,
    open_lock,
    take,
)
from roder.core.postgres.probe import NO_ANSWER, NO_DATABASE, NO_ROLE, READY, STARTING, probe
from roder.core.postgres.program import Programs, bundled, reachable

ANSWER_WITHIN = 90.0  # seconds for a server that has a keeper to answer at all
RECOVER_WITHIN = 600.0  # seconds for it to replay its log after a crash
STOP_WITHIN = keeper.SHUTDOWN_MAY_TAKE + 30  # seconds for an unused server to stop before it is started anew
NOT_STARTING = "Databasservern startar inte"
NOT_CREATED = "Databasen kan inte skapas"
ROOM_NEEDED = 100_000_000  # bytes for a new, empty database and its first log

# For a small server on a laptop or a small virtual machine. They are written to postgresql.conf when the
# database is made, so an administrator can change them there.
SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "fsync": "on",
    "synchronous_commit": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The log must not hold what people typed: neither failing statements nor values of failing rows.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}


def answer(layout: Layout) -> str:
    """What the server of `layout` says when Roder's role asks for Roder's database (see `probe`)."""
    return probe(layout.socket, ROLE, DATABASE)


def join(layout: Layout) -> int | None:
    """The quick way: share a server that answers. Returns the held lock, None when there is more to do."""
    if not is_held(layout.keeper_lock):
        return None
    users = open_lock(layout.users_lock)
    if take(users, False, 0) and is_held(layout.keeper_lock) and answer(layout) == READY:
        return users
    os.close(users)
    return None


def start(layout: Layout, account: Account) -> int:
    """The whole way: take a share, then make the server answer. Returns the held lock.

    While a keeper stops an unused server it holds the lock of the users alone, so this waits for it.
    Raises PostgresError, OSError.
    """
    users = open_lock(layout.users_lock, account.owner)
    try:
        if not take(users, False, STOP_WITHIN):
            raise errors.not_answering(layout.root, STOP_WITHIN, log_tail(layout))
        _bring_up(layout, account)
    except BaseException:
        os.close(users)
        raise
    return users


def prepare(layout: Layout) -> Account:
    """Make and check the folders; return the account the server runs as. Raises PostgresError, OSError."""
    root = layout.root
    account = choose(*(path for path in (layout.cluster, root) if path.exists()))
    if account.switch and (parent := closed_parent(root.parent, account)) is not None:
        raise errors.not_enterable(root, parent, account.name)
    root.mkdir(mode=0o700, exist_ok=True)  # two that start at once both come here
    _own(root, account)
    if account.switch and closed_parent(root, account) is not None:
        raise errors.wrong_owner(root, user_name(root.stat().st_uid), account.name)
    if not account.switch and not os.access(root, os.R_OK | os.W_OK | os.X_OK):
        raise errors.not_writable(root, account.name)
    if layout.cluster.exists():
        _own_cluster(layout, account)
    _make_socket_dir(layout, account)
    for path in (layout.keeper_lock, layout.server_lock):
        os.close(open_lock(path, account.owner))
    return account


def _own(folder: Path, account: Account) -> None:
    """Give root's new folder to the server's user, and close it to others."""
    info = folder.lstat()
    if account.switch and info.st_uid == 0:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    elif not account.switch and info.st_uid != account.uid:
        raise errors.wrong_owner(folder, user_name(info.st_uid), account.name)
    if stat.S_IMODE(info.st_mode) & 0o077:
        folder.chmod(0o700)


def _own_cluster(layout: Layout, account: Account) -> None:
    """The database must belong to the server's user; what root has copied back (a restore) is given to it."""
    owner = layout.cluster.stat().st_uid
    if owner == account.uid:
        return
    if not account.switch or owner != 0:
        raise errors.wrong_owner(layout.cluster, user_name(owner), account.name)
    for folder, folders, files in os.walk(layout.root, topdown=False):
        for name in folders + files:
            os.chown(Path(folder, name), account.uid, account.gid, follow_symlinks=False)


def _make_socket_dir(layout: Layout, account: Account) -> None:
    """Make the socket's folder. A short one under /tmp must be a private folder of the server's user."""
    folder = layout.socket_dir
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if layout.socket_dir_is_short:
        _check_short(folder, account)
    _own(folder, account)


def _check_short(folder: Path, account: Account) -> None:
    """Anybody may have made a folder under /tmp. Root's may be used: another who starts at once has just made it."""
    info = folder.lstat()
    if not stat.S_ISDIR(info.st_mode):
        raise errors.unsafe_socket_dir(folder, "den är ingen katalog")
    if info.st_uid not in ({account.uid, 0} if account.switch else {account.uid}):
        raise errors.unsafe_socket_dir(folder, f"den ägs av {user_name(info.st_uid)}, inte av {account.name}")
    if stat.S_IMODE(info.st_mode) & 0o077:
        raise errors.unsafe_socket_dir(folder, "den är öppen för andra användare")


def _bring_up(layout: Layout, account: Account) -> None:
    """Make the server answer: wait for the keeper if there is one, else start one, once."""
    with exclusive(layout.start_lock, account.owner, RECOVER_WITHIN) as alone:
        if alone is None:
            raise errors.not_answering(layout.root, RECOVER_WITHIN, log_tail(layout))
        log_from = log_size(layout)
        begin = time.monotonic()
        started = False
        while (state := answer(layout) if is_held(layout.keeper_lock) else NO_ANSWER) != READY:
            waited = time.monotonic() - begin
            if not is_held(layout.keeper_lock):
                if started:
                    raise errors.start_failed(layout.root, NOT_STARTING, log_tail(layout, log_from))
                _start_keeper(layout, account)
                started = True
            elif state in (NO_DATABASE, NO_ROLE):
                _create_database(layout)
            elif waited > (RECOVER_WITHIN if state == STARTING else ANSWER_WITHIN):
                raise errors.not_answering(layout.root, waited, log_tail(layout, log_from))
            else:
                time.sleep(0.005)


def _start_keeper(layout: Layout, account: Account) -> None:
    """Start a keeper, which starts the server. The caller holds start.lock and there is no keeper."""
    _check_version(layout)
    programs = reachable(layout.root, account)
    if not layout.cluster.exists():
        _initialise(layout, account, programs)
    config = {
        "postgres": str(programs.bin / "postgres"),
        "cluster": str(layout.cluster),
        "socket_dir": str(layout.socket_dir),
        "port": PORT,
        "log": str(layout.log),
        "users_lock": str(layout.users_lock),
        "keeper_lock": str(layout.keeper_lock),
        "server_lock": str(layout.server_lock),
        "uid": account.uid if account.switch else None,
        "gid": account.gid,
        "groups": list(account.groups),
        "environment": _environment(),
    }
    done = subprocess.run(  # noqa: S603  (this Python, our own file)
        [sys.executable, "-I", "-S", keeper.__file__, str(layout.root)], input=json.dumps(config).encode(),
        capture_output=True, start_new_session=True, cwd="/", check=False,
    )  # fmt: skip
    if done.returncode == keeper.FOREIGN:
        raise errors.foreign_server(layout.cluster, int(done.stdout))
    if done.returncode not in (0, keeper.ALREADY_KEPT):
        detail = f"{log_tail(layout)}\n{done.stderr.decode('utf-8', 'replace')}"
        raise errors.start_failed(layout.root, NOT_STARTING, detail)


def _check_version(layout: Layout) -> None:
    """The data must be of the same major version as the programs (or not made yet)."""
    if not layout.cluster.exists():
        return
    try:
        found = (layout.cluster / "PG_VERSION").read_text("ascii", "replace").strip()
    except FileNotFoundError:
        raise errors.not_a_cluster(layout.cluster) from None
    if found != str(bundled().major):
        raise errors.other_version(layout.cluster, found, bundled().major)


def _environment() -> dict[str, str]:
    """A clean environment for the server: English messages, no PG* variables."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", **kept}


def _initialise(layout: Layout, account: Account, programs: Programs) -> None:
    """Make a new, empty database cluster: whole or not at all (made beside, then renamed).

    The builtin C.UTF-8 locale gives upper and lower case of all letters on every system, whatever locales it
    has; sorting is by code point, so Swedish order is made in Python.
    """
    if shutil.disk_usage(layout.root).free < ROOM_NEEDED:
        raise errors.disk_full(layout.root)
    # A killed Roder may have left its initdb running: it inherited this lock, and leaves soon.
    with exclusive(layout.server_lock, account.owner, ANSWER_WITHIN) as alone:
        if alone is None:
            raise errors.not_answering(layout.root, ANSWER_WITHIN, log_tail(layout))
        for old in layout.root.glob("cluster.new-*"):
            shutil.rmtree(old)
        work = layout.root / f"cluster.new-{secrets.token_hex(4)}"
        output = _run_initdb(work, account, programs, alone)
        if not (work / "PG_VERSION").exists() or output is not None:
            shutil.rmtree(work, ignore_errors=True)
            raise errors.start_failed(layout.root, NOT_CREATED, output or "")
        work.rename(layout.cluster)


def _run_initdb(work: Path, account: Account, programs: Programs, lock: int) -> str | None:
    """Run initdb into `work`, which inherits the descriptor `lock`; None if it went well, else its output."""
    command = [
        str(programs.bin / "initdb"), "--pgdata", str(work), "--username", SUPERUSER, "--encoding", "UTF8",
        "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8",
        "--auth-local", "trust", "--auth-host", "reject", "--no-instructions",
    ]  # fmt: skip
    for name, value in SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    try:
        done = subprocess.run(  # noqa: S603  (a program of the installed wheel)
            command, cwd="/", env=_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, umask=0o077, check=False, pass_fds=(lock,), **account.popen_arguments,
        )  # fmt: skip
    except (PermissionError, subprocess.SubprocessError) as error:
        raise errors.cannot_switch_user(account.name, str(error)) from error
    return None if done.returncode == 0 else done.stdout.decode("utf-8", "replace")


def _create_database(layout: Layout) -> None:
    """Create Roder's role (no superuser) and database, whichever is missing."""
    import psycopg  # noqa: PLC0415  (slow to load, and not needed to join a server)
    from psycopg import sql  # noqa: PLC0415

    role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
    try:
        with psycopg.connect(
            host=str(layout.socket_dir), port=PORT, user=SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(role))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
    except psycopg.Error as error:
        raise errors.start_failed(layout.root, NOT_CREATED, str(error)) from error
