"""Pages over many values, as ``roder serve`` serves them, for somebody who sees everything.

The data, the number of queries and the cookie are made in one process; the server is another, the client a third.
"""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from bench.home import free_directory, own_data
from bench.parts import be_prepared_and_measured, child
from bench.results import Row, limit_row
from bench.serving import ask, serving

NAME = "pages"
MODULE = "bench.pages"
VALUES, VALUES_QUICK = 100_000, 2_000
BUDGET_LINES, BUDGET_LINES_QUICK = 5_000, 100
UNITS, WITH_VALUES = 150, 20
FEW = 500  # values at the first count of queries: the second must give the same number
ONE, MANY = 120, 1200  # requests by one client, and by all clients together
PATIENCE = 15  # seconds, after which a measurement is content with fewer
CLIENTS = 20
WORKERS = 2
QUERIES, LATENCY, RATE, MEMORY = 15, 100, 60, 250


# --- the data and the queries, in a process of its own -------------------------------------------------------------


def prepare(home: Path, *, quick: bool) -> dict[str, Any]:
    """Fill the database; give the pages, the cookie, and the queries of each page before and after."""
    with own_data(home):
        from roder.core.cli import setup_django

        setup_django()
        from django.core.management import call_command

        from bench import world

        call_command("collectstatic", interactive=False, verbosity=0)
        committee = world.example()
        person = world.somebody(committee)
        # The example's own key figures first: those that goals are measured with get many values of units, too.
        measures = [*committee.measures.order_by("pk"), *world.add_measures(committee, 100)]
        units = world.add_units(committee, UNITS)
        pages = _pages(committee)
        world.add_values(measures[:1], units[:WITH_VALUES], FEW, home)
        few = count_queries(pages, person)
        rows, lines = (VALUES_QUICK, BUDGET_LINES_QUICK) if quick else (VALUES, BUDGET_LINES)
        world.add_values(measures[1:], units[:WITH_VALUES], rows, home)
        world.add_budget(committee, units, lines)
        world.analyse()
        many = count_queries(pages, person)
        return {
            "pages": pages,
            "cookie": world.session_cookie(person),
            "few": few,
            "many": many,
            "rows": rows,
            "lines": lines,
        }


def _pages(committee: Any) -> dict[str, str]:
    """The pages that are measured: name and address."""
    from django.urls import reverse

    from bench.world import YEAR
    from roder.core.models import Link
    from roder.steering.models import Goal

    measured = Link.objects.filter(kind=Link.Kind.MEASURED_BY).values_list("source_id", flat=True)
    goal = Goal.objects.filter(committee=committee, pk__in=list(measured)).order_by("position", "pk").first()
    place = [committee.slug, YEAR]
    return {
        "list of values": reverse("measures:nyckeltalsvarden", args=place),
        "goal chain": reverse("steering:chain", args=place),
        "goal": reverse("steering:goal", args=[*place, goal.pk if goal else 0]),
        "search": reverse("web:search") + "?q=personal",
    }


def count_queries(pages: dict[str, str], person: Any) -> dict[str, int]:
    """How many queries each page takes, those for session and person included, when it is not the first."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    found = {}
    for name, path in pages.items():
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        if answer.status_code != 200:
            raise AssertionError(f"{path} answered {answer.status_code}")
        found[name] = len(captured)
    return found


# --- the client, in a process of its own ---------------------------------------------------------------------------


def measure(port: int, told: dict[str, Any], *, quick: bool) -> dict[str, Any]:
    """Median seconds of each page with one client, and answers a second of all pages and of each with many."""
    pages, cookie = told["pages"], told["cookie"]
    one, many = (20, 80) if quick else (ONE, MANY)
    found: dict[str, Any] = {"median": {}, "rate": {}}
    ask_right(port, list(pages.values()), cookie, clients=CLIENTS, requests=40 * WORKERS)  # both workers warm
    for name, path in pages.items():
        answers = ask_right(port, [path], cookie, clients=1, requests=one)
        found["median"][name] = statistics.median(answers.took)
    for name, path in pages.items():
        found["rate"][name] = ask_right(port, [path], cookie, clients=CLIENTS, requests=many).rate
    found["rate"]["all"] = ask_right(port, list(pages.values()), cookie, clients=CLIENTS, requests=many).rate
    return found


def ask_right(port: int, paths: list[str], cookie: str, *, clients: int, requests: int) -> Any:
    """Ask, and raise when any answer was not a whole page."""
    answers = ask(port, paths, cookie, clients=clients, requests=requests, patience=PATIENCE)
    if answers.wrong:
        raise AssertionError(f"{len(answers.wrong)} wrong answers, the first: {answers.wrong[0]}")
    return answers


def run(*, quick: bool = False) -> tuple[list[Row], list[str]]:
    """Prepare, serve, measure."""
    with free_directory() as home:
        prepared = child(MODULE, "prepare", str(home), home, quick=quick)
        with serving(home, WORKERS) as server:
            server.wait_for_page()
            told = {"pages": prepared["pages"], "cookie": prepared["cookie"]}
            found = child(MODULE, "measure", str(server.port), home, quick=quick, told=told)
            memory = max(server.memory())
    rows = []
    for name in prepared["pages"]:
        few, many = prepared["few"][name], prepared["many"][name]
        constant = "constant" if few == many else f"was {few} with few values"
        count = limit_row(NAME, f"page “{name}”, queries ({constant})", many, "queries", "at most", QUERIES)
        rows.append(count if few == many else _broken(count))
        rows.append(
            limit_row(
                NAME,
                f"page “{name}”, median, one client",
                found["median"][name] * 1000,
                "ms",
                "at most",
                LATENCY,
            )
        )
        rows.append(
            limit_row(
                NAME, f"page “{name}”, {CLIENTS} clients", found["rate"][name], "requests/s", "at least", RATE
            )
        )
    rows.append(
        limit_row(
            NAME,
            f"all four pages in turn, {CLIENTS} clients",
            found["rate"]["all"],
            "requests/s",
            "at least",
            RATE,
        )
    )
    rows.append(limit_row(NAME, "largest web worker after that", memory, "MB", "at most", MEMORY))
    return rows, [
        f"pages: {prepared['rows']:,} measure values and {prepared['lines']:,} budget lines beside the example committee's "
        f"own; `roder serve` with {WORKERS} workers, a controller logged in, whole pages with their frame, connections "
        "kept, no think time. Queries are counted with few values and with many, session and person included."
    ]


def _broken(row: Row) -> Row:
    """A count that grows with the data keeps no limit."""
    return Row(**{**row.as_dict(), "figure": float("inf")})


if __name__ == "__main__":
    be_prepared_and_measured(prepare, measure)
