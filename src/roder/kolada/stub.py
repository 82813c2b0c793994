"""A small server that answers as Kolada's API v3 does, from a folder of recorded answers: for tests, and for trying out
comparisons without a network (``roder import kolada --stub``).

The folder has ``kpi.json``, ``municipality.json``, ``municipality_groups.json``, perhaps ``ou.json``, and the values of
each key figure in ``data/<id>.json`` (of units in ``oudata/<id>.json``), all as the server answers them.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from roder.core.faults import UserFault

ROOT = "/v3/"
MOST_IDS = 25  # in one part of an address; more gives 422, as the server does
MOST_PER_PAGE = 5000
FILES = ("kpi", "municipality", "municipality_groups")


@dataclass(frozen=True)
class Reply:
    """An answer: status, body and headers beside the usual ones."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0  # as many bytes fewer than promised are sent


#: Given the number of the question and its path, an answer to give instead; None for the recorded one.
Trouble = Callable[[int, str], Reply | None]


@dataclass
class Stub:
    """A running stub: where it answers, and the paths it has been asked for."""

    url: str = ""
    asked: list[str] = field(default_factory=list)


class Recorded:
    """The recorded answers of a folder. Raises UserFault when the folder is not one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        lacking = [f"{name}.json" for name in FILES if not (folder / f"{name}.json").is_file()]
        if lacking:
            raise UserFault(
                f"mappen {folder} har inte inspelade svar från Kolada: {', '.join(lacking)} saknas. "
                "Ange en annan mapp efter --stub."
            )

    def answer(self, path: str, query: dict[str, str]) -> list[dict[str, Any]] | None:
        """Everything that matches a path (without its root), or None when there is no such address."""
        head, *rest = [unquote(part) for part in path.strip("/").split("/")]
        if head in (*FILES, "ou"):
            return self._metadata(head, rest, query)
        if head not in ("data", "oudata") or len(rest) % 2:
            return None
        asked = {name: codes.split(",") for name, codes in zip(rest[::2], rest[1::2], strict=True)}
        of = "municipality" if head == "data" else "ou"
        if not set(asked) <= {"kpi", of, "year"} or len(asked) < 2 or "kpi" not in asked:
            return None
        found = []
        for kpi in asked["kpi"]:
            for row in self._file(f"{head}/{kpi}"):
                place, year = asked.get(of), asked.get("year")
                if (place is None or row[of] in place) and (year is None or str(row["period"]) in year):
                    found.append(row)
        return found

    def _metadata(self, name: str, rest: list[str], query: dict[str, str]) -> list[dict[str, Any]]:
        rows = self._file(name)
        if rest:
            wanted = set(rest[0].split(","))
            rows = [row for row in rows if row["id"] in wanted]
        if title := query.get("title", "").casefold():
            rows = [row for row in rows if title in str(row["title"]).casefold()]
        if place := query.get("municipality"):
            rows = [row for row in rows if row.get("municipality") == place]
        return rows

    def _file(self, name: str) -> list[dict[str, Any]]:
        path = self._folder / f"{name}.json"
        inside = path.resolve().is_relative_to(self._folder.resolve())
        values: list[dict[str, Any]] = (
            json.loads(path.read_bytes())["values"] if inside and path.is_file() else []
        )
        return values


@contextmanager
def serving(folder: Path, trouble: Trouble | None = None) -> Iterator[Stub]:
    """The stub on a free port of this computer until the end of the block. Raises UserFault (see ``Recorded``)."""
    recorded, stub = Recorded(folder), Stub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            stub.asked.append(self.path)
            reply = trouble(len(stub.asked), self.path) if trouble else None
            if reply is None:
                reply = _recorded(recorded, stub.url, self.path, self.headers.get("If-None-Match", ""))
            self.send_response(reply.status)
            if reply.status != 304:
                self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(reply.body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):  # who asked has gone
                self.wfile.write(reply.body[: len(reply.body) - reply.cut])
            if reply.cut:
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub.url = f"http://127.0.0.1:{server.server_address[1]}{ROOT.rstrip('/')}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _recorded(recorded: Recorded, base: str, target: str, etag: str) -> Reply:
    parts = urlsplit(target)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    path = parts.path.removeprefix(ROOT)
    page, size = int(query.get("page", 1)), int(query.get("per_page", MOST_PER_PAGE))
    too_many = any(piece.count(",") >= MOST_IDS for piece in path.split("/"))
    if too_many or not 1 <= size <= MOST_PER_PAGE:
        return _json({"detail": "Too many ids, or per_page out of range"}, 422)
    rows = recorded.answer(path, query)
    if rows is None:
        return _json({"detail": "Not Found"}, 404)
    shown = rows[(page - 1) * size : page * size]
    more = page * size < len(rows)
    address = f"{base}/{path}?" if more else ""
    following = f"{address}{urlencode({**query, 'page': page + 1})}" if more else None
    reply = _json({"values": shown, "count": len(shown), "next_url": following, "previous_url": None})
    return Reply(304, headers=reply.headers) if etag and etag == reply.headers["ETag"] else reply


def _json(content: dict[str, Any], status: int = 200) -> Reply:
    body = json.dumps(content, ensure_ascii=False).encode()
    return Reply(status, body, {"ETag": f'"{hashlib.sha256(body).hexdigest()[:20]}"'})
