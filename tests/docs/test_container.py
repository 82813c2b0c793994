"""The Containerfile, without an engine: what it copies is there, what it runs exists, and nobody is root."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec
from threading import Thread

import pytest
from django.urls import reverse

from roder.core.ask_health import well
from roder.core.cli import COMMANDS, roder
from tests.docs.reading import ROOT


def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#")).replace("\\\n", " ")
    return [
        (word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines.splitlines() if line)
    ]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    start = max(number for number, (word, _) in enumerate(found) if word == "FROM")
    return found[start:]


def command(what: str) -> list[str]:
    asked = next(rest for word, rest in last_stage() if word == what)
    found: list[str] = json.loads(asked[asked.index("[") :])
    return found


def test_everything_that_is_copied_is_in_the_repository() -> None:
    for word, rest in instructions():
        if word == "COPY" and "--from" not in rest:
            assert all((ROOT / source).exists() for source in rest.split()[:-1]), rest


def test_what_the_build_needs_is_copied() -> None:
    copied = " ".join(rest for word, rest in instructions() if word == "COPY")
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert asked["readme"] in copied and all(name in copied for name in asked["license-files"])
    assert "setup.py" in copied and " src " in copied


def test_the_container_runs_without_root_and_without_what_builds() -> None:
    stage = last_stage()
    user = next(rest for word, rest in stage if word == "USER")
    assert user == "roder" and any("useradd --system --uid 10001" in rest for word, rest in stage)
    assert not any(re.search(r"\b(pip|apt-get|gcc|make)\b", rest) for word, rest in stage if word == "RUN")


def test_python_is_one_that_roder_runs_on() -> None:
    versions = {
        match[1] for word, rest in instructions() if (match := re.search(r"python:3\.(\d+)-slim", rest))
    }
    assert len(versions) == 1 and int(versions.pop()) >= 11


def test_the_command_and_its_options_exist() -> None:
    program, name, *options = command("CMD")
    assert program == "roder" and name in COMMANDS
    found = roder.get_command(None, name)  # type: ignore[arg-type]
    assert found is not None
    known = {option for parameter in found.params for option in parameter.opts}
    assert {option for option in options if option.startswith("--")} <= known


@pytest.fixture
def web() -> Iterator[int]:
    """A web that knows one name and one address, as Roder's does; its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.headers["Host"] == "roder.exempelby.se" and self.path == reverse("health")
            self.send_response(200 if known else 400)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on the screen."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_the_check_asks_the_real_address_under_a_name_that_is_answered(
    web: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, flag, module = command("HEALTHCHECK")
    assert flag == "-m" and find_spec(module) is not None
    monkeypatch.setenv("RODER_HOSTS", "roder.exempelby.se,127.0.0.1")
    assert well(web)
    monkeypatch.setenv("RODER_HOSTS", "ett-annat-namn.se")
    assert not well(web)


def test_nothing_that_answers_is_not_well() -> None:
    assert not well(1, wait=0.5)
