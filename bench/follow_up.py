"""A follow-up round over five hundred units: handed out with sixty subjects each, and seen by the head of them all.

The data, the opening and the number of queries are made in one process; the server is another, the client a third.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

from bench.home import free_directory, own_data
from bench.page_rows import measure_pages, page_rows, served
from bench.pages import WORKERS, count_queries
from bench.parts import be_prepared_and_measured
from bench.results import Row, limit_row

NAME = "follow-up"
MODULE = "bench.follow_up"
UNITS, UNITS_QUICK = 500, 40
FEW = 20  # units at the first count of queries: the second must give the same number
OPENING, LATENCY = 10, 200
RUNS = 3


def prepare(home: Path, *, quick: bool) -> dict[str, Any]:
    """Fill the database and open the round; give the pages, the cookie, the queries, and how long opening took."""
    with own_data(home):
        from roder.core.cli import setup_django

        setup_django()
        from django.core.management import call_command

        from bench import follow_up_world, world
        from roder.followup.models import Line, Sheet
        from roder.followup.services.rounds import open_round
        from roder.steering.models import Occasion

        call_command("collectstatic", interactive=False, verbosity=0)
        committee = world.example()
        person = world.somebody(committee, "head_administration")
        follow_up_world.clear()
        follow_up_world.only_ours(committee)
        measures = follow_up_world.add_subjects(committee)
        occasion = Occasion.objects.get(committee=committee, code=follow_up_world.OCCASION)
        units = follow_up_world.add_units(committee, 0, FEW)
        follow_up_world.add_figures(committee, units, measures)
        open_round(occasion, today=follow_up_world.DAY)
        world.analyse()
        few = count_queries(_pages(committee), person)
        few["opening"] = _queries(occasion)
        follow_up_world.clear()
        more = follow_up_world.add_units(committee, FEW, (UNITS_QUICK if quick else UNITS) - FEW)
        follow_up_world.add_figures(committee, more, measures)
        world.analyse()
        took = []
        for _ in range(1 if quick else RUNS):
            follow_up_world.clear()
            start = time.perf_counter()
            opened = open_round(occasion, today=follow_up_world.DAY)
            took.append(time.perf_counter() - start)
        world.analyse()
        pages = _pages(committee)
        many = count_queries(pages, person)
        many["opening"] = _queries(occasion)
        return {
            "pages": pages,
            "few": few,
            "many": many,
            "cookie": world.session_cookie(person),
            "took": statistics.median(took),
            "units": len(units) + len(more),
            "sheets": Sheet.objects.count(),
            "lines": Line.objects.count(),
            "told": opened.told,
        }


def _queries(occasion: Any) -> int:
    """The queries of bringing the open round up to date."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bench.follow_up_world import DAY
    from roder.followup.services.rounds import open_round

    with CaptureQueriesContext(connection) as captured:
        open_round(occasion, today=DAY)
    return len(captured)


def _pages(committee: Any) -> dict[str, str]:
    """The head's pages of the round: all units, one department, and who is late."""
    from django.urls import reverse

    from bench.follow_up_world import OCCASION, YEAR

    here = reverse("followup:round", args=[committee.slug, YEAR, OCCASION])
    return {
        "overview": here,
        "a department": f"{here}?avdelning=avd000",
        "those who are late": f"{here}?visa=sena",
        "rounds": reverse("followup:rounds", args=[committee.slug, YEAR]),
    }


def run(*, quick: bool = False) -> tuple[list[Row], list[str]]:
    """Prepare, serve, measure."""
    from bench.follow_up_world import SUBJECTS

    with free_directory() as home:
        told, found = served(MODULE, home, quick=quick)
    rows = [
        limit_row(
            NAME, "a round opened: sheets, lines, tasks, notices", told["took"], "s", "at most", OPENING, 1
        )
    ]
    more = told["many"]["opening"] - told["few"]["opening"]
    rows.append(
        limit_row(NAME, "round run again: queries more with many than with few", more, "", "at most", 0)
    )
    rows += page_rows(NAME, "round", told, found, LATENCY)
    return rows, [
        f"{NAME}: {told['units']} units under departments of twenty, {SUBJECTS} subjects for each: {told['sheets']} "
        f"sheets with {told['lines']} lines, the outcomes of {told['units']} units filled in and graded, "
        f"{told['told']} people told. Read by the head of the administration with everything late; `roder serve` with "
        f"{WORKERS} workers, one client. Queries with {FEW} units and with all: "
        f"{', '.join(f'{name} {count}' for name, count in told['many'].items())}."
    ]


if __name__ == "__main__":
    be_prepared_and_measured(prepare, measure_pages)
