"""Roder as it is run: ``roder`` commands as processes of their own, and a small client that keeps its connections."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

LOGIN = "/konto/login/"
PATIENCE = 120  # seconds before a server that does not answer is given up


def environment(home: Path) -> dict[str, str]:
    """The environment of a production process that keeps its data under ``home`` on the embedded database.

    Python keeps what it has compiled, as it does unless somebody says otherwise.
    """
    left_out = ("RODER_", "DATABASE_URL", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return {**kept, "RODER_DATA_DIR": str(home)}


def roder(home: Path, *arguments: str) -> None:
    """Run a ``roder`` command to its end. Raises CalledProcessError."""
    subprocess.run(
        [sys.executable, "-m", "roder.core.cli", *arguments],
        env=environment(home),
        check=True,
        stdout=subprocess.DEVNULL,
    )


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@dataclass
class Serving:
    """A running ``roder serve``."""

    port: int
    process: subprocess.Popen[bytes]
    started: float

    def wait_for_page(self, path: str = LOGIN) -> float:
        """Seconds from the start of the process until the page has been answered."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                connection.close()
                if answer.status == http.client.OK:
                    return time.perf_counter() - self.started
                raise RuntimeError(f"{path} answered {answer.status}")
            if self.process.poll() is not None:
                raise RuntimeError(f"roder serve ended with {self.process.returncode}")
            time.sleep(0.01)
        raise RuntimeError("roder serve does not answer")

    def workers(self) -> list[int]:
        """The processes that answer requests: the server's children that run what it runs."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(
            encoding="ascii"
        )
        own = _command(self.process.pid)
        return [pid for pid in map(int, children.split()) if _command(pid) == own]

    def memory(self) -> list[float]:
        """The resident memory of each web worker in MB, shared pages included."""
        found = []
        for pid in self.workers():
            lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
            found += [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")]
        return found


def _command(pid: int) -> bytes:
    """How a process was started; a forked one looks like its parent."""
    return Path(f"/proc/{pid}/cmdline").read_bytes()


@contextmanager
def serving(home: Path, workers: int = 2) -> Iterator[Serving]:
    """``roder serve`` until the end of the block."""
    port = free_port()
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "roder.core.cli", "serve", "--port", str(port), "--workers", str(workers)],
        env=environment(home),
        stdout=subprocess.DEVNULL,
    )
    try:
        yield Serving(port, process, started)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass
class Answers:
    """What came back: how long each answer took, and how long all of them."""

    took: list[float] = field(default_factory=list)
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.took) / self.seconds


def ask(
    port: int, paths: Sequence[str], cookie: str, *, clients: int, requests: int, patience: float = PATIENCE
) -> Answers:
    """Let ``clients`` ask for the paths in turn, one request after the other, until ``requests`` are answered.

    After ``patience`` seconds no more are asked for. Each client keeps its connection, as a browser does. Anything but
    a whole page is noted in ``wrong``.
    """
    answers, lock = Answers(), threading.Lock()
    left = iter(range(requests))
    until = time.monotonic() + patience

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        while True:
            with lock:
                number = next(left, None) if time.monotonic() < until else None
            if number is None:
                connection.close()
                return
            path = paths[number % len(paths)]
            start = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": cookie, "Accept": "text/html"})
            answer = connection.getresponse()
            body = answer.read()
            took = time.perf_counter() - start
            with lock:
                answers.took.append(took)
                if answer.status != http.client.OK or b"</html>" not in body:
                    answers.wrong.append(f"{path}: {answer.status}")

    threads = [threading.Thread(target=client) for _ in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.seconds = time.perf_counter() - start
    return answers
