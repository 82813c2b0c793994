"""Ask a PostgreSQL server whether a user may log in, with a few bytes on its socket.

Faster than a client library, and it gives the server's error code, which libpq hides while connecting.
"""

from __future__ import annotations

import socket
import struct
from pathlib import Path

PROTOCOL_3 = 196608
READY = "ready"
NO_ANSWER = "no answer"
NO_DATABASE = "3D000"
NO_ROLE = "28000"
STARTING = "57P03"
TOO_MANY = ("53300", "53400")


def probe(path: Path, user: str, database: str, seconds: float = 5.0) -> str:
    """Return READY, NO_ANSWER (nobody listens, or silence for `seconds`), or the server's SQLSTATE.

    A server that is full (53300) answers, and so counts as READY.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(seconds)
            connection.connect(str(path))
            parameters = b"".join(
                word.encode() + b"\0"
                for word in ("user", user, "database", database, "application_name", "roder")
            )
            body = struct.pack("!i", PROTOCOL_3) + parameters + b"\0"
            connection.sendall(struct.pack("!i", len(body) + 4) + body)
            answer = _answer(connection)
            if answer == READY:
                connection.sendall(b"X" + struct.pack("!i", 4))
    except OSError:
        return NO_ANSWER
    return READY if answer in TOO_MANY else answer


def _answer(connection: socket.socket) -> str:
    while True:
        kind = _exactly(connection, 1)
        (length,) = struct.unpack("!i", _exactly(connection, 4))
        body = _exactly(connection, length - 4)
        if kind == b"Z":
            return READY
        if kind == b"E":
            fields = {part[:1]: part[1:] for part in body.split(b"\0") if part}
            return fields.get(b"C", b"XX000").decode("ascii", "replace")


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            raise ConnectionResetError("the server closed the connection")
        data += part
    return data
