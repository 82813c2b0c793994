"""A measurement in several processes: one fills the database, another asks, so that neither counts the other's work."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.serving import environment


def child(module: str, part: str, where: str, home: Path, *, quick: bool, told: Any = None) -> dict[str, Any]:
    """Run a part of a bench module in a process of its own, give it ``told``, and give what it answers."""
    command = [sys.executable, "-m", module, part, where, *(["--quick"] if quick else [])]
    done = subprocess.run(
        command, env=environment(home), input=json.dumps(told), text=True, check=True, stdout=subprocess.PIPE
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def be(parts: dict[str, Callable[[str, Any, bool], Any]]) -> None:
    """Be the process that ``child`` started: the chosen part gets where, what was told and whether it is quick. Its
    answer goes to standard output as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=tuple(parts))
    parser.add_argument("where")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    told = json.loads(sys.stdin.read() or "null")
    print(json.dumps(parts[given.part](given.where, told, given.quick)))


def be_prepared_and_measured(
    prepare: Callable[..., dict[str, Any]], measure: Callable[..., dict[str, Any]]
) -> None:
    """Be one of the two processes of a measurement of pages: ``prepare(home)``, or ``measure(port, told)``."""
    be(
        {
            "prepare": lambda where, told, quick: prepare(Path(where), quick=quick),
            "measure": lambda where, told, quick: measure(int(where), told, quick=quick),
        }
    )
