"""One process that draws charts for all web processes: the JavaScript engine takes 70 MB wherever it is loaded.

``roder serve`` starts it; commands and jobs, which are processes of their own, load the engine themselves. It listens
on a socket in a directory that only its owner enters, and ends with the server. If it does not answer, whoever asked
draws for itself: slower and with more memory, but the same.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

ADDRESS, KEY = "roder_drawer", "roder_drawer_key"  # set by ``start`` for the processes that come of this one
_started: list[subprocess.Popen[bytes]] = []  # kept: its standard input is closed with the last of us
DEEDS = ("vegalite_to_svg", "svg_to_png")


class DrawingError(ValueError):
    """What is to be drawn cannot be drawn. The message is the engine's."""


class Drawer:
    """The drawing engine, asked in the other process."""

    def vegalite_to_svg(self, spec: dict[str, Any], **options: Any) -> str:
        """A Vega-Lite specification as SVG. Raises DrawingError."""
        return str(_ask("vegalite_to_svg", spec, options))

    def svg_to_png(self, svg: str, **options: Any) -> bytes:
        """An SVG as PNG. Raises DrawingError."""
        return bytes(_ask("svg_to_png", svg, options))


def start() -> None:
    """Start the drawing process for this process and those it forks. Where a socket cannot be had, nothing is started
    and each draws for itself."""
    try:
        folder = tempfile.mkdtemp(prefix="roder-")
    except OSError:
        return
    os.environ[ADDRESS], os.environ[KEY] = str(Path(folder) / "drawer"), secrets.token_hex(16)
    # Its standard input ends when the last process that came of this one has ended: then it ends as well.
    _started.append(
        subprocess.Popen([sys.executable, "-m", "roder.reports.render.drawer"], stdin=subprocess.PIPE)
    )


def found() -> bool:
    """Whether a drawing process has been started for this one."""
    return ADDRESS in os.environ


def _ask(deed: str, what: Any, options: dict[str, Any]) -> Any:
    try:
        with Client(os.environ[ADDRESS], family="AF_UNIX", authkey=os.environ[KEY].encode()) as line:
            line.send((deed, what, options))
            done, answer = line.recv()
    except (OSError, EOFError, AuthenticationError):
        done, answer = _drawn(deed, what, options)
    if not done:
        raise DrawingError(answer)
    return answer


def _drawn(deed: str, what: Any, options: dict[str, Any]) -> tuple[bool, Any]:
    from roder.reports.render.engine import engine  # noqa: PLC0415 - 70 MB, only where it is drawn

    try:
        return True, getattr(engine(), deed)(what, **options)
    except (ValueError, RuntimeError) as error:  # what the engine raises
        return False, str(error)


def _serve(line: Connection) -> None:
    with line, suppress(OSError, EOFError):
        deed, what, options = line.recv()
        line.send(_drawn(deed, what, options) if deed in DEEDS else (False, f"{deed}: okänt"))


def main() -> None:
    """Draw for whoever knows the key, until the standard input ends."""
    address = Path(os.environ[ADDRESS])

    def end() -> None:
        sys.stdin.buffer.read()
        with suppress(OSError):
            address.unlink()
            address.parent.rmdir()
        os._exit(0)

    threading.Thread(target=end, daemon=True).start()
    with Listener(str(address), family="AF_UNIX", authkey=os.environ[KEY].encode()) as listener:
        while True:
            with suppress(
                OSError, EOFError, AuthenticationError
            ):  # somebody who does not know the key, or hung up
                line = listener.accept()
                threading.Thread(target=_serve, args=(line,), daemon=True).start()


if __name__ == "__main__":
    main()
