"""Pages of deviations over a million of them, as ``roder serve`` serves them: for somebody who sees all of them, and for
somebody who sees one unit.

The data, the number of queries and the cookies are made in one process; the server is another, the client a third.
"""

from __future__ import annotations

import statistics
from datetime import date
from pathlib import Path
from typing import Any

from bench.home import free_directory, own_data
from bench.page_rows import served
from bench.pages import CLIENTS, MANY, ONE, WORKERS, ask_right, count_queries
from bench.parts import be_prepared_and_measured
from bench.results import Row, limit_row

NAME = "quality-pages"
MODULE = "bench.quality_pages"
ROWS, ROWS_QUICK = 1_000_000, 2_000
FEW = 500  # deviations at the first count of queries: the second must give the same number
UNITS = 200
YEAR = 2022
MEDIAN, SLOW, RATE = 100, 250, 40
#: who -> the role, and whether the mandate is for the whole committee
PEOPLE = {"sees all": ("quality_strategist", True), "sees one unit": ("unit_manager", False)}


def prepare(home: Path, *, quick: bool) -> dict[str, Any]:
    """Fill the database; give the pages, the cookies, and the queries of each page before and after."""
    with own_data(home):
        from roder.core.cli import setup_django

        setup_django()
        from django.core.management import call_command

        from bench import quality_world, world
        from roder.organisation.people import add_mandate, add_person

        call_command("collectstatic", interactive=False, verbosity=0)
        committee = world.example()
        units = world.add_units(committee, UNITS)
        people = {}
        for who, (role, whole) in PEOPLE.items():
            person, _ = add_person(f"{role}@bench.roder.example", role, None)
            place = {"body": committee} if whole else {"unit": units[0]}
            add_mandate(person, role, since=date(2015, 1, 1), **place)
            people[who] = person
        quality_world.fill(committee, units, FEW)
        world.analyse()
        few = {who: count_queries(_pages(committee, units[0]), person) for who, person in people.items()}
        quality_world.clear()
        rows = ROWS_QUICK if quick else ROWS
        quality_world.fill(committee, units, rows)
        world.analyse()
        pages = _pages(committee, units[0])
        many = {who: count_queries(pages, person) for who, person in people.items()}
        cookies = {who: world.session_cookie(person) for who, person in people.items()}
        return {"pages": pages, "cookies": cookies, "few": few, "many": many, "rows": rows}


def _pages(committee: Any, unit: Any) -> dict[str, str]:
    """The pages that are measured: name and address. The case is the unit's latest."""
    from django.urls import reverse

    from roder.quality.models import Deviation
    from roder.steering.models import DeviationType

    place = [committee.slug, YEAR]
    listed = reverse("quality:avvikelser", args=place)
    kind = DeviationType.objects.filter(committee=committee).first()
    case = Deviation.objects.filter(unit=unit).order_by("-reported_at").first()
    return {
        "list": listed,
        "list, filtered": f"{listed}?typ={kind.code if kind else ''}&grad=allvarliga&lage=oppna&fran=2021-01-01",
        "list, full text": f"{listed}?q=rollator+trappa",
        "case": reverse("quality:deviation", args=[*place, case.pk if case else 0]),
        "start": reverse("web:start", args=place),
    }


def measure(port: int, told: dict[str, Any], *, quick: bool) -> dict[str, Any]:
    """Median and 95th percentile of each page with one client; lists a second with many."""
    one, many = (20, 80) if quick else (ONE, MANY)
    found: dict[str, Any] = {"median": {}, "slow": {}, "rate": {}}
    for who, cookie in told["cookies"].items():
        ask_right(port, list(told["pages"].values()), cookie, clients=CLIENTS, requests=40 * WORKERS)  # warm
        for name, path in told["pages"].items():
            took = ask_right(port, [path], cookie, clients=1, requests=one).took
            found["median"][f"{name}, {who}"] = statistics.median(took)
            found["slow"][f"{name}, {who}"] = statistics.quantiles(took, n=20)[-1]
        found["rate"][who] = ask_right(
            port, [told["pages"]["list"]], cookie, clients=CLIENTS, requests=many
        ).rate
    return found


def run(*, quick: bool = False) -> tuple[list[Row], list[str]]:
    """Prepare, serve, measure."""
    with free_directory() as home:
        told, found = served(MODULE, home, quick=quick)
    rows = []
    for who in told["cookies"]:
        for name in told["pages"]:
            few, many = told["few"][who][name], told["many"][who][name]
            what = f"deviations, {name}, {who}"
            rows.append(
                limit_row(NAME, f"{what}: queries more with many than with few", many - few, "", "at most", 0)
            )
            key = f"{name}, {who}"
            rows.append(
                limit_row(NAME, f"{what}: median", found["median"][key] * 1000, "ms", "at most", MEDIAN)
            )
            rows.append(limit_row(NAME, f"{what}: 95 %", found["slow"][key] * 1000, "ms", "at most", SLOW))
        rate = found["rate"][who]
        rows.append(
            limit_row(
                NAME, f"deviations, list, {who}, {CLIENTS} clients", rate, "requests/s", "at least", RATE
            )
        )
    return rows, [
        f"{NAME}: {told['rows']:,} deviations in {UNITS} units, their texts searched in full; `roder serve` with {WORKERS} "
        "workers, whole pages with their frame, connections kept, no think time. Queries, session and person included, "
        f"with {FEW} deviations and with all: "
        + "; ".join(
            f"{who}: {', '.join(f'{n} {c}' for n, c in told['many'][who].items())}" for who in told["many"]
        )
        + "."
    ]


if __name__ == "__main__":
    be_prepared_and_measured(prepare, measure)
