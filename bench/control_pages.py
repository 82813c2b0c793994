"""Pages of internal control over twenty committees, and the executive board's compilation in four formats.

The data, the number of queries, the cookie and the compilation are made in one process; the server is another, the
client a third.
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

NAME = "control"
MODULE = "bench.control_pages"
COMMITTEES, COMMITTEES_QUICK = 20, 3
FEW = 2  # committees, and a tenth of the rows, at the first count of queries
LATENCY, PAPER = 200, 4
RUNS = 5


def prepare(home: Path, *, quick: bool) -> dict[str, Any]:
    """Fill the database; give the pages, the cookie, the queries before and after, and how long the papers took."""
    with own_data(home):
        from roder.core.cli import setup_django

        setup_django()
        from django.core.management import call_command

        from bench import control_world, world
        from roder.organisation.people import add_mandate

        call_command("collectstatic", interactive=False, verbosity=0)
        home_committee = world.example()
        committees = control_world.add_committees(home_committee, COMMITTEES_QUICK if quick else COMMITTEES)
        person = world.somebody(committees[0], "quality_strategist")
        for other in committees[1:]:
            add_mandate(person, "quality_strategist", body=other, since=world.date(2015, 1, 1))
        control_world.fill(committees[0], risks=2, controls=10)
        world.analyse()
        few = count_queries(_pages(committees[0]), person)
        _clear()
        for committee in committees:
            control_world.fill(committee)
        world.analyse()
        pages = _pages(committees[0])
        return {
            "pages": pages,
            "few": few,
            "many": count_queries(pages, person),
            "cookie": world.session_cookie(person),
            "paper": _paper(home_committee.municipality, person, home, runs=1 if quick else RUNS),
            "committees": len(committees),
        }


def _clear() -> None:
    from roder.control.models import (
        Control,
        ControlPlan,
        ControlPoint,
        ControlRound,
        PlanReview,
        PointReview,
        Risk,
        RiskAnalysis,
    )

    for model in (
        PlanReview,
        PointReview,
        ControlRound,
        Control,
        ControlPoint,
        ControlPlan,
        Risk,
        RiskAnalysis,
    ):
        model.objects.filter(committee__slug__startswith="namnd-").delete()


def _pages(committee: Any) -> dict[str, str]:
    """The pages that are measured: name and address, the latest point, control and risk of the committee."""
    from django.urls import reverse

    from bench.control_world import OCCASION, YEAR
    from roder.control.models import Control, ControlPoint, Risk

    place = [committee.slug, YEAR]
    latest = {
        model: model.objects.filter(committee=committee).latest("pk").pk
        for model in (Risk, ControlPoint, Control)
    }
    return {
        "risks": reverse("control:risks", args=place),
        "risk": reverse("control:risk", args=[*place, latest[Risk]]),
        "matrix": reverse("control:risk_matrix", args=place),
        "departures": reverse("control:risk_departures", args=place),
        "plan": reverse("control:plan", args=place),
        "point": reverse("control:point", args=[*place, latest[ControlPoint]]),
        "control": reverse("control:control", args=[*place, latest[Control]]),
        "follow-up": reverse("control:follow_up", args=[*place, OCCASION]),
        "rounds": reverse("control:rounds", args=place),
        "board": reverse("control:board", args=place),
    }


def _paper(municipality: Any, person: Any, folder: Path, *, runs: int) -> float:
    """Seconds for the compilation in four formats, read from the database each time; the median of the runs."""
    from bench.control_world import YEAR
    from roder.control.papers.board import write_board

    took = []
    for _ in range(runs + 1):  # the first one warms up
        start = time.perf_counter()
        write_board(person, municipality, YEAR, folder / "papers")
        took.append(time.perf_counter() - start)
    return statistics.median(took[1:])


def run(*, quick: bool = False) -> tuple[list[Row], list[str]]:
    """Prepare, serve, measure."""
    from bench.control_world import CONTROLS, RISKS

    with free_directory() as home:
        told, found = served(MODULE, home, quick=quick)
    rows = page_rows(NAME, "control", told, found, LATENCY)
    rows.append(
        limit_row(NAME, "the board's compilation in four formats", told["paper"], "s", "at most", PAPER, 2)
    )
    count = told["committees"]
    return rows, [
        f"{NAME}: {count} committees with {RISKS} risks and {CONTROLS} controls each ({count * RISKS} and "
        f"{count * CONTROLS}), every control made once and every point followed up. Somebody who sees all committees; "
        f"`roder serve` with {WORKERS} workers, one client. Queries with 2 risks and 10 controls of one committee, and "
        f"with all: {', '.join(f'{name} {count}' for name, count in told['many'].items())}."
    ]


if __name__ == "__main__":
    be_prepared_and_measured(prepare, measure_pages)
