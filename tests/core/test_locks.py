"""Each advisory lock has a number of its own, and none is taken without its name here."""

from __future__ import annotations

import re
from pathlib import Path

import roder
from roder.core.locks import Lock


def test_every_number_in_the_code_is_a_named_lock() -> None:
    known = {int(one) for one in Lock}
    for path in Path(roder.__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert {int(one) for one in re.findall(r"pg_advisory\w*\((\d+)", text)} <= known, path
        assert path.name == "locks.py" or not re.search(r"= 72033\d\d\b", text), path
