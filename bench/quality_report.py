"""The half-year report of deviations with its 17 charts, in four formats, over the example's synthetic events."""

from __future__ import annotations

from typing import Any

from bench.home import free_directory, own_data
from bench.results import Row, limit_row
from bench.timing import alternate
from bench.world import EXAMPLE, example, somebody

NAME = "quality-report"
RUNS = 5
KIND, OCCASION = "avvikelser", "2022-h1"
LIMIT = 6


def run(*, quick: bool = False) -> tuple[list[Row], list[str]]:
    """Load the example with its events, take a snapshot, and write the report over and over."""
    with free_directory() as home, own_data(home):
        from roder.core.cli import setup_django

        setup_django()
        from roder.figures import SnapshotSource, take_snapshot
        from roder.imports.demo import load_quality
        from roder.reports.demo import COMMENTS_FILE, load_comments_from_yaml, read_comments
        from roder.reports.document import Chart
        from roder.reports.files import render_all
        from roder.reports.render import drawing
        from roder.reports.services import open_draft, written
        from roder.steering.models import Occasion

        committee = example()
        load_quality(committee)
        person = somebody(committee, "quality_strategist")
        occasion = Occasion.objects.get(committee=committee, code=OCCASION)
        draft = open_draft(occasion, KIND, person)
        load_comments_from_yaml(draft, read_comments(EXAMPLE / COMMENTS_FILE), person)
        snapshot = take_snapshot(occasion)

        def document() -> Any:
            with SnapshotSource.open(snapshot) as source, written(draft, source) as assembly:
                return assembly.document

        charts = sum(isinstance(block, Chart) for block in document().blocks)
        drawing.warm_up()
        runs = 1 if quick else RUNS
        calls = {"figures": document, "whole": lambda: render_all(document())}
        took = alternate(calls, runs)
        sizes = ", ".join(f"{one.format} {len(one.content) // 1024} kB" for one in render_all(document()))
    what = f"half-year report with {charts} charts, warm: figures and four formats"
    return [limit_row(NAME, what, took["whole"], "s", "at most", LIMIT, 2)], [
        f"{NAME}: the example committee's half-year report of deviations, complaints and quality registers over its "
        f"synthetic events ({snapshot.rows:,} rows in the snapshot); opening the snapshot, computing and assembling take "
        f"{took['figures']:.2f} s of it. {sizes}."
    ]
