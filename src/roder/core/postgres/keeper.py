"""The keeper: a small detached process that is the parent of the server, one per data folder.

It starts the server, starts it again if it is killed, and stops it when the last user has left. It knows the
users by a lock (flock, shared by all of them), so a user that dies in any way is gone. If the keeper itself
is killed the kernel tells the server to stop (parent-death signal), and the next user starts a new keeper.

Runs as a plain file with `python -I -S`, with the standard library only: about 10 MB and 20 ms. No user, no
import of Roder. Its settings come as JSON on standard input. Exit codes of the starting process: 0 the keeper
runs, 3 another one does, 4 somebody else's server has the data (its pid is printed), 5 ours would not go.
"""

# Paths are strings here: what the keeper does not import it does not hold in memory.
# ruff: noqa: PTH105, PTH108, PTH115, PTH118, PTH123, PTH208

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import sys
import time
from types import FrameType
from typing import Any, NoReturn

ORPHANS_MAY_TAKE = 2.0  # seconds for processes without their postmaster to leave by themselves
SHUTDOWN_MAY_TAKE = 120.0  # seconds for the last checkpoint; then stopped hard (the WAL keeps what is saved)
QUICK_DEATH = 10.0  # seconds; a server that dies younger than this several times over is given up
QUICK_DEATHS_ALLOWED = 5
LOG_MAX_BYTES = 5_000_000
PR_SET_PDEATHSIG = 1
ALREADY_KEPT = 3
FOREIGN = 4
STUCK = 5
GAVE_UP = 6
STUCK_PID = -1
NOT_RUN = 127
CANNOT_RUN = "the server's program cannot be run, or its log cannot be opened, by the server's user"


class WakeupError(Exception):
    """A signal came while the keeper waited."""


class Signals:
    """What the signal handler knows: whether the keeper waits, and whether it has been asked to stop."""

    armed = False
    stop_requested = False


def on_signal(number: int, _frame: FrameType | None) -> None:
    """Remember a request to stop, and end the wait if there is one."""
    if number in (signal.SIGTERM, signal.SIGINT):
        Signals.stop_requested = True
    if Signals.armed:
        raise WakeupError


def try_exclusive(fd: int) -> bool:
    """Lock the open file alone if nobody else has it locked; return whether it was got."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def server_processes(cluster: str) -> list[int]:
    """Pids of living processes named postgres that have `cluster` as working directory.

    Zombies have no working directory, and a pid used again by another program has another one.
    """
    try:
        pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []  # not Linux: server.lock alone decides
    return [pid for pid in pids if is_server_process(pid, cluster)]


def is_server_process(pid: int, cluster: str) -> bool:
    """Whether process `pid` is a PostgreSQL process of the data directory `cluster`."""
    try:
        if os.readlink(f"/proc/{pid}/cwd") != cluster:
            return False
        with open(f"/proc/{pid}/comm") as file:
            return file.read().strip() == "postgres"
    except OSError:
        return False


def postmaster_pid(cluster: str) -> int | None:
    """The pid in `postmaster.pid` if that process really is a server of this directory, else None."""
    try:
        with open(os.path.join(cluster, "postmaster.pid")) as file:
            pid = int(file.readline())
    except (OSError, ValueError):
        return None
    return pid if is_server_process(pid, cluster) else None


def send(pid: int, number: int, cluster: str) -> None:
    """Send a signal to `pid` if it still is a server process of `cluster`; a handle guards against reuse."""
    with contextlib.suppress(OSError):
        handle = os.pidfd_open(pid)
        try:
            if is_server_process(pid, cluster):
                signal.pidfd_send_signal(handle, number)
        finally:
            os.close(handle)


def wait_for_silence(fd: int, cluster: str, seconds: float = 60.0) -> int:
    """Wait until no process of an earlier server of `cluster` is left, and hold `fd` (server.lock) alone.

    A postmaster left by a dead keeper is asked to stop; backends left by a dead postmaster leave by
    themselves, and are told to when they do not. Returns 0 when it is silent, else the pid of a server that
    was started by somebody else (never touched), or STUCK_PID when our own would not go.
    """
    start = time.monotonic()
    asked: set[int] = set()
    while True:
        locked = try_exclusive(fd)
        running = server_processes(cluster)
        if locked and not running:
            return 0
        if locked:  # nobody who inherited our lock is left, so these are not ours
            fcntl.flock(fd, fcntl.LOCK_UN)
            if (foreign := postmaster_pid(cluster)) is not None:
                return foreign
        waited = time.monotonic() - start
        master = postmaster_pid(cluster)
        if not locked and master is not None and master not in asked:
            asked.add(master)
            send(master, signal.SIGINT, cluster)
        elif not locked and (waited > seconds / 2 or (master is None and waited > ORPHANS_MAY_TAKE)):
            harder = signal.SIGKILL if waited > seconds * 3 / 4 else signal.SIGQUIT
            for pid in running:
                send(pid, harder, cluster)
        if waited > seconds:
            return running[0] if locked and running else STUCK_PID
        time.sleep(0.01)


def make_way(config: dict[str, Any]) -> tuple[int, int]:
    """Hold server.lock alone, with nothing left of an earlier server. Returns (descriptor, 0), or the refusal
    of `wait_for_silence` instead of 0.

    Root looks as the server's user: in a container it may not see the working directories of other users.
    The lock that the child takes belongs to the open file, which both share.
    """
    fd = os.open(config["server_lock"], os.O_RDWR | os.O_NOFOLLOW)
    if config["uid"] is None:
        return fd, wait_for_silence(fd, config["cluster"])
    read_end, write_end = os.pipe()
    child = os.fork()
    if not child:
        try:
            become(config)
            os.write(write_end, str(wait_for_silence(fd, config["cluster"])).encode())
        finally:
            os._exit(0)
    os.close(write_end)
    with open(read_end) as file:
        answer = file.read()
    os.waitpid(child, 0)
    return fd, int(answer or STUCK_PID)


def become(config: dict[str, Any]) -> None:
    """Change from root to the user the server runs as, if there is one to change to."""
    if config["uid"] is not None:
        os.setgroups(config["groups"])
        os.setgid(config["gid"])
        os.setuid(config["uid"])


def remove_stale(config: dict[str, Any]) -> None:
    """Remove what a killed server left; only called when `wait_for_silence` has said that none is left.

    PostgreSQL itself would refuse to start if the pid in these files is used again by any other program.
    """
    socket = os.path.join(config["socket_dir"], f".s.PGSQL.{config['port']}")
    for path in (os.path.join(config["cluster"], "postmaster.pid"), socket, f"{socket}.lock"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def spawn(config: dict[str, Any], server_fd: int) -> int:
    """Start the server and return its pid. The server inherits the lock `server_fd`."""
    arguments = [
        config["postgres"], "-D", config["cluster"], "-k", config["socket_dir"], "-p", str(config["port"]),
        "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", "-c", "logging_collector=off",
    ]  # fmt: skip
    libc = ctypes.CDLL(None)
    keeper = os.getpid()
    os.set_inheritable(server_fd, True)
    pid = os.fork()
    if pid:
        os.set_inheritable(server_fd, False)
        return pid
    try:
        for number in (signal.SIGPIPE, signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        become(config)
        if hasattr(libc, "prctl"):
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != keeper:
            os._exit(1)
        log = os.open(config["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.execve(config["postgres"], arguments, config["environment"])  # noqa: S606
    except OSError:
        pass  # the keeper writes what it can; this process may not even open the log
    os._exit(NOT_RUN)


def wait_for_event(users_fd: int, server: int) -> tuple[str, int]:
    """Wait, without polling, for "unused" (no users left), "stop" (asked to) or "died" (and its status)."""
    while True:
        try:
            Signals.armed = True
            if Signals.stop_requested:
                return "stop", 0
            pid, status = os.waitpid(server, os.WNOHANG)
            if pid:
                return "died", status
            fcntl.flock(users_fd, fcntl.LOCK_EX)
            Signals.armed = False
            return "unused", 0
        except WakeupError:
            # The signal may have come just after the lock was got; users must not wait for it.
            Signals.armed = False
            fcntl.flock(users_fd, fcntl.LOCK_UN)
        finally:
            Signals.armed = False


def stop(server: int) -> None:
    """Stop the server cleanly (connections closed, a checkpoint written); by force if that takes too long."""
    ways = ((signal.SIGINT, SHUTDOWN_MAY_TAKE), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
    for number, seconds in ways:
        os.kill(server, number)  # our own unreaped child: the pid cannot have been used again
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if os.waitpid(server, os.WNOHANG)[0]:
                return
            time.sleep(0.005)


def rotate_log(path: str) -> None:
    """Begin a new log when the old one is large; one old log is kept."""
    with contextlib.suppress(OSError):
        if os.lstat(path).st_size > LOG_MAX_BYTES:
            os.replace(path, f"{path}.1")


def note(config: dict[str, Any], text: str) -> None:
    """Write a line to the server's log."""
    with contextlib.suppress(OSError):
        fd = os.open(config["log"], os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
        os.write(fd, f"keeper: {text}\n".encode())
        os.close(fd)


def keep(config: dict[str, Any], server_fd: int) -> int:
    """Run the server until nobody uses it; return the keeper's exit code (0 when it was stopped in order)."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, on_signal)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    users_fd = os.open(config["users_lock"], os.O_RDWR | os.O_NOFOLLOW)
    quick_deaths = 0
    while True:
        rotate_log(config["log"])
        remove_stale(config)
        server = spawn(config, server_fd)
        os.close(server_fd)
        started = time.monotonic()
        event, status = wait_for_event(users_fd, server)
        if event != "died":
            stop(server)
            return 0
        quick = time.monotonic() - started < QUICK_DEATH
        quick_deaths = quick_deaths + 1 if quick else 0
        code = os.waitstatus_to_exitcode(status)
        note(config, CANNOT_RUN if code == NOT_RUN else f"the server ended ({code})")
        if quick and (code > 0 or quick_deaths > QUICK_DEATHS_ALLOWED):
            return GAVE_UP
        server_fd, remaining = make_way(config)
        if remaining:
            note(config, f"processes of another server are left ({remaining}), giving up")
            return GAVE_UP


def main() -> NoReturn:
    """Become the keeper of the server described on standard input; the starting process returns."""
    config = json.load(sys.stdin)
    os.umask(0o077)
    os.chdir("/")
    keeper_fd = os.open(config["keeper_lock"], os.O_RDWR | os.O_NOFOLLOW)
    end = time.monotonic() + 2.0  # somebody looking whether it is held has it for a moment
    while not try_exclusive(keeper_fd):
        if time.monotonic() > end:
            os._exit(ALREADY_KEPT)
        time.sleep(0.005)
    server_fd, remaining = make_way(config)
    if remaining:
        os.write(1, str(remaining).encode())
        os._exit(FOREIGN if remaining > 0 else STUCK)
    if os.fork():
        os._exit(0)  # the child has the locks: they belong to the open files, which both share
    quiet = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(quiet, number)
    os._exit(keep(config, server_fd))


if __name__ == "__main__":
    main()
