"""``python -m bench [--quick] [names…]``: measure, print the table, write bench/RESULTS.md."""

from __future__ import annotations

import argparse
import sys
import time
from importlib import import_module
from pathlib import Path

from bench.results import Row, machine, page, table

BENCHES = {
    "report": "the interim report in four formats, against WeasyPrint",
    "figure": "a figure over ten million values, against hand-written SQL and pandas",
    "importing": "a million measure values, against COPY",
    "pages": "lists and the chain with a hundred thousand values",
    "start": "from an empty database, and to the first page",
}
RESULTS = Path(__file__).parent / "RESULTS.md"


def main() -> int:
    """Run the chosen benches. Exit 1 when a goal was not kept."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="name", help=", ".join(f"{n}: {w}" for n, w in BENCHES.items())
    )
    parser.add_argument(
        "--quick", action="store_true", help="small sizes, for trying the benches; writes no file"
    )
    chosen = parser.parse_args()
    if unknown := [name for name in chosen.names if name not in BENCHES]:
        parser.error(f"no bench named {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    facts = machine()
    rows: list[Row] = []
    notes: list[str] = []
    for name in chosen.names or BENCHES:
        print(f"{name}: {BENCHES[name]} …", flush=True)
        begun = time.perf_counter()
        found, said = import_module(f"bench.{name}").run(quick=chosen.quick)
        rows += found
        notes += said
        print(f"{table(found)}\n({time.perf_counter() - begun:.0f} s)\n", flush=True)
    if not chosen.quick and not chosen.names:
        RESULTS.write_text(page(rows, facts, notes), encoding="utf-8")
        print(f"Written: {RESULTS}")
    return 0 if all(row.kept for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
