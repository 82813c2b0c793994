"""What the tests of the embedded PostgreSQL share: folders its user can enter, and other processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from roder.core.postgres import ensure_running, wait_until_stopped
from roder.core.postgres.account import Account, closed_parent

ROOT = os.geteuid() == 0
CAN_MOUNT = ROOT and subprocess.run(["unshare", "--mount", "true"], check=False, stderr=-3).returncode == 0
SOURCES = Path(__file__).resolve().parents[3] / "src"
NOBODY = 65534

HOLD = """
import pathlib, sys
from roder.core.postgres import ensure_running
server = ensure_running(pathlib.Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.read()
"""


@contextmanager
def reachable_tmp(owner: int | None = None) -> Iterator[Path]:
    """A new folder under /tmp that every user can pass through, taken away afterwards.

    pytest's own tmp_path lies under a folder that only root can enter, so root's server could not.
    """
    folder = Path(tempfile.mkdtemp(prefix="roder-test-", dir="/tmp"))
    folder.chmod(0o711)
    if owner is not None and ROOT:
        os.chown(folder, owner, owner)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def copy_cluster(source: Path, target: Path) -> None:
    """Copy a stopped data folder with owners: quicker than making a new database."""
    subprocess.run(["cp", "-a", source, target], check=True)


def ordinary(command: list[str]) -> list[str]:
    """Make `command` run as somebody who is not root.

    Where Python lies under a folder closed to others (/root), the process gets the one right to read anyway,
    which neither lets it write nor makes it root.
    """
    if not ROOT:
        return command
    nobody = Account(NOBODY, NOBODY, (NOBODY,), "nobody", True)
    needed = [Path(sys.executable).resolve().parent, Path(psycopg.__file__).parent, SOURCES]
    rights = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    closed = any(closed_parent(path, nobody) for path in needed)
    who = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *(rights if closed else [])]
    return [*who, *command]


class Client:
    """Another process that uses the server of `data` until `leave()` or `kill()`."""

    def __init__(
        self, data: Path, code: str = HOLD, *, as_ordinary: bool = False, ready: bool = True
    ) -> None:
        command = [sys.executable, "-c", code, str(data)]
        self.process = subprocess.Popen(
            ordinary(command) if as_ordinary else command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            env={**os.environ, "PYTHONPATH": str(SOURCES)},
        )
        if ready:
            self.expect("ready")

    def expect(self, line: str) -> None:
        """Read one line of the process's output and compare it."""
        assert self.process.stdout is not None
        found = self.process.stdout.readline().strip()
        if found != line:
            _, trouble = self.process.communicate()
            raise AssertionError(f"{found!r} instead of {line!r}: {trouble}")

    def say(self, line: str) -> None:
        """Write one line to the process."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def leave(self) -> None:
        """Let the process end in order."""
        _, trouble = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, trouble

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.communicate()


def outcome(data: Path, *, as_ordinary: bool = False) -> str:
    """What ensure_running says in another process: "ready" or the message of its PostgresError."""
    code = """
import pathlib, sys
from roder.core.postgres import PostgresError, ensure_running
try:
    ensure_running(pathlib.Path(sys.argv[1]))
except PostgresError as error:
    print(error)
else:
    print("ready")
"""
    client = Client(data, code, as_ordinary=as_ordinary, ready=False)
    output, trouble = client.process.communicate(timeout=60)
    assert client.process.returncode == 0, trouble
    return output.strip()


def eventually(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Whether `condition` comes true within `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def postmaster(data: Path) -> int:
    """Pid of the running server of `data`."""
    return int((data / "postgres" / "cluster" / "postmaster.pid").read_text().splitlines()[0])


def keeper(data: Path) -> int:
    """Pid of the keeper of `data`: the parent of the server."""
    status = Path(f"/proc/{postmaster(data)}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("PPid:")).split()[1])


def kill(pid: int, number: int = signal.SIGKILL) -> None:
    """Send a signal to a process that the test has started, unless it has just ended by itself."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def query(data: Path, statement: str) -> list[tuple[object, ...]]:
    """Run one statement on the server of `data`, started if need be, and return its rows."""
    with ensure_running(data) as server, psycopg.connect(server.dsn, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def stopped(data: Path) -> bool:
    """Whether the server of `data` goes away within some seconds."""
    return wait_until_stopped(data, 30)
