"""The interim report of the example committee: its PDF against WeasyPrint, and the whole of it."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

from bench.home import free_directory, own_data
from bench.results import Row, limit_row, ratio_row
from bench.timing import alternate
from bench.world import EXAMPLE, YEAR, example, somebody

NAME = "report"
RUNS = 7
KIND = "delarsbokslut"


def by_weasyprint(html: str) -> bytes:
    """The same report's HTML made into a tagged PDF/UA by WeasyPrint."""
    import weasyprint

    made: bytes = weasyprint.HTML(string=html, base_url=str(Path.cwd())).write_pdf(pdf_variant="pdf/ua-1")
    return made


def run(*, quick: bool = False) -> tuple[list[Row], list[str]]:
    """Load the example, take a snapshot, and render the report over and over."""
    with free_directory() as home, own_data(home):
        import weasyprint

        logging.getLogger("weasyprint").setLevel(
            logging.ERROR
        )  # it says of every CSS rule for screens that it skips it
        from roder.core.cli import setup_django

        setup_django()
        from roder.figures import SnapshotSource, take_snapshot
        from roder.reports.demo import COMMENTS_FILE, load_comments_from_yaml, read_comments
        from roder.reports.files import render_all
        from roder.reports.render import drawing, html, pdf
        from roder.reports.services import open_draft, written
        from roder.steering.models import Occasion

        committee = example()
        person = somebody(committee)
        occasion = Occasion.objects.get(committee=committee, year=YEAR, kind=Occasion.Kind.INTERIM)
        draft = open_draft(occasion, KIND, person)
        load_comments_from_yaml(draft, read_comments(EXAMPLE / COMMENTS_FILE), person)
        snapshot = take_snapshot(occasion)

        def document() -> Any:
            with SnapshotSource.open(snapshot) as source, written(draft, source) as assembly:
                return assembly.document

        made = document()
        text = html.render(made)
        drawing.warm_up()
        runs = 2 if quick else RUNS
        took = alternate({"typst": lambda: pdf.render(made), "weasyprint": lambda: by_weasyprint(text)}, runs)
        whole = alternate({"whole": lambda: render_all(document())}, runs)["whole"]
        sizes = {one.format: len(one.content) // 1024 for one in render_all(made)}
        pages = {
            "typst": _pages(pdf.render(made)),
            "weasyprint": len(weasyprint.HTML(string=text).render().pages),
        }
    listed = ", ".join(f"{name} {size} kB" for name, size in sizes.items())
    return [
        ratio_row(
            NAME, "interim report as PDF", took["typst"], "WeasyPrint", took["weasyprint"], "at least", 5
        ),
        limit_row(NAME, "whole interim report, warm: figures and four formats", whole, "s", "at most", 3, 2),
    ], [
        f"report: the example committee's interim report {YEAR} with its comments and charts, {pages['typst']} pages "
        f"({pages['weasyprint']} by WeasyPrint, from the report's own HTML, as PDF/UA-1 without the archive standard that "
        f"Typst keeps too). The whole report is opened from its snapshot, computed, assembled and rendered: {listed}."
    ]


def _pages(pdf: bytes) -> str:
    """How many pages a PDF has, as the root of its page tree says (which Typst writes in the clear)."""
    counts = [int(found) for found in re.findall(rb"/Type\s*/Pages\b[^>]*?/Count (\d+)", pdf)]
    return str(max(counts)) if counts else "?"
