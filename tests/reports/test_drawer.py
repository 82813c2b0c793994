"""The process that draws for all web processes draws the same, and its death is noticed by nobody."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from roder.reports.render import drawer
from roder.reports.render.engine import engine

SPEC = {
    "data": {"values": [{"v": 3}]},
    "mark": "bar",
    "encoding": {"x": {"field": "v", "type": "quantitative"}},
}


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    monkeypatch.setenv(drawer.ADDRESS, "")
    monkeypatch.setenv(drawer.KEY, "")
    drawer.start()
    process = drawer._started.pop()
    address = Path(os.environ[drawer.ADDRESS])
    until = time.monotonic() + 30
    while not address.exists() and time.monotonic() < until:
        time.sleep(0.02)
    yield process
    if process.stdin:
        process.stdin.close()
    assert process.wait(10) is not None
    assert not address.parent.exists() or process.returncode != 0


def test_it_draws_what_the_engine_draws(started: subprocess.Popen[bytes]) -> None:
    asked = drawer.Drawer()
    svg = asked.vegalite_to_svg(SPEC, format_locale="sv-SE")
    assert "<svg" in svg
    assert asked.svg_to_png(svg, scale=1.0) == bytes(engine().svg_to_png(svg, scale=1.0))


def test_what_cannot_be_drawn_is_said(started: subprocess.Popen[bytes]) -> None:
    with pytest.raises(drawer.DrawingError):
        drawer.Drawer().vegalite_to_svg({"mark": "ingen sådan"})


def test_whoever_lacks_the_key_gets_nothing_from_it(
    started: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = drawer.Drawer().vegalite_to_svg(SPEC)
    monkeypatch.setenv(drawer.KEY, "fel")
    assert drawer.Drawer().vegalite_to_svg(SPEC) == drawn  # drawn here instead
    assert started.poll() is None


def test_when_it_has_died_one_draws_for_oneself(started: subprocess.Popen[bytes]) -> None:
    started.kill()
    started.wait(10)
    assert "<svg" in drawer.Drawer().vegalite_to_svg(SPEC)


def test_it_does_not_load_django() -> None:
    code = "import sys, roder.reports.render.drawer; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
