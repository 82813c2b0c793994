"""``python -m bench [--quick] [names…]``: measure, print the table, and write it when everything was measured.

Each measurement is a process of its own with a data directory of its own. A goal that is not kept gives exit status 1
(but with --quick, whose numbers only show that the measurements work).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

from bench.results import Row, machine, page, seconds, table

#: name on the command line -> module with ``run(quick=...)``, in the order they are measured
BENCHES = {
    "report": "bench.report",
    "figure": "bench.figure",
    "import": "bench.importing",
    "pages": "bench.pages",
    "everyday": "bench.everyday",
    "start": "bench.start",
    "quality-report": "bench.quality_report",
    "quality-statistics": "bench.quality_statistics",
    "quality-import": "bench.quality_import",
    "quality-pages": "bench.quality_pages",
    "minutes": "bench.meetings_minutes",
    "search": "bench.search",
    "pack": "bench.meetings_pack",
    "control": "bench.control_pages",
    "kolada": "bench.kolada",
    "sie": "bench.sie",
    "follow-up": "bench.follow_up",
}
RESULTS = Path(__file__).with_name("RESULTS.md")
ONE = "--one"  # what the process of one measurement is started with


def measure(name: str, *, quick: bool) -> tuple[list[Row], list[str]]:
    """One measurement in a process of its own. Raises CalledProcessError when it fails."""
    command = [sys.executable, "-m", "bench", ONE, name, *(["--quick"] if quick else [])]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ)
    told = json.loads(done.stdout.splitlines()[-1])
    return [Row(**row) for row in told["rows"]], told["notes"]


def main() -> int:
    """Run the chosen measurements."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        choices=[*BENCHES, []],
        help=f"any of {', '.join(BENCHES)}; all when none is given",
    )
    parser.add_argument(
        "--quick", action="store_true", help="small sizes, to see that everything works; writes nothing"
    )
    parser.add_argument(
        "--out", type=Path, help=f"where to write the page (else {RESULTS.name} when all are measured)"
    )
    parser.add_argument(ONE, dest="one", choices=BENCHES, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        rows, notes = import_module(BENCHES[given.one]).run(quick=given.quick)
        print(json.dumps({"rows": [row.as_dict() for row in rows], "notes": notes}))
        return 0
    names = given.names or list(BENCHES)
    facts, all_rows, all_notes = machine(), [], []
    for name in names:
        print(f"{name} …", file=sys.stderr, flush=True)
        start = time.perf_counter()
        rows, notes = measure(name, quick=given.quick)
        print(f"{name}: {seconds(time.perf_counter() - start)}", file=sys.stderr, flush=True)
        all_rows += rows
        all_notes += notes
    print("\n".join(f"- {fact}" for fact in facts), table(all_rows), sep="\n\n")
    out = given.out or (RESULTS if set(names) == set(BENCHES) and not given.quick else None)
    if out:
        out.write_text(page(all_rows, facts, all_notes), encoding="utf-8")
        print(f"\nWritten to {out}")
    return 0 if given.quick or all(row.kept for row in all_rows) else 1


if __name__ == "__main__":
    sys.exit(main())
