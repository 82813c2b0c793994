"""The ten most used pages with a hundred thousand key figure values and a hundred thousand deviations, each as the role
that uses it most: how long it takes, how heavy it is, and that it asks the database as often as with few.

The data, the number of queries and the cookies are made in one process; the server is another, the client a third.
"""

from __future__ import annotations

import http.client
import statistics
from datetime import date
from pathlib import Path
from typing import Any

from bench.home import free_directory, own_data
from bench.page_rows import served
from bench.pages import ONE, WORKERS, ask_right, count_queries
from bench.parts import be_prepared_and_measured
from bench.results import Row, limit_row

NAME = "everyday"
MODULE = "bench.everyday"
ROWS, ROWS_QUICK, FEW = 100_000, 2_000, 500
UNITS, WITH_VALUES = 150, 20
BUDGET_LINES = 5_000
MEDIAN, WEIGHT = 200, 100
#: Who uses them: the role, and whether the mandate is for the whole committee.
PEOPLE = {
    "care_staff": False, "unit_manager": False, "quality_strategist": True, "member": True,
}  # fmt: skip
YEAR = 2022


def prepare(home: Path, *, quick: bool) -> dict[str, Any]:
    """Fill the database; give each page with its address, cookie and queries before and after."""
    with own_data(home):
        from roder.core.cli import setup_django

        setup_django()
        from django.core.management import call_command

        from bench import quality_world, world
        from roder.organisation.people import add_mandate, add_person

        call_command("collectstatic", interactive=False, verbosity=0)
        committee = world.example()
        measures = [*committee.measures.order_by("pk"), *world.add_measures(committee, 100)]
        units = world.add_units(committee, UNITS)
        people = {}
        for role, whole in PEOPLE.items():
            people[role], _ = add_person(f"{role}@bench.roder.example", role, None)
            place = {"body": committee} if whole else {"unit": units[0]}
            add_mandate(people[role], role, since=date(2015, 1, 1), **place)
        counts = []
        rows = ROWS_QUICK if quick else ROWS
        for first, last, amount in ((0, 1, FEW), (1, None, rows)):
            world.add_values(measures[first:last], units[:WITH_VALUES], amount, home)
            quality_world.fill(committee, units, amount)
            world.analyse()
            pages = _pages(committee, units[0])
            counts.append(
                {name: count_queries({name: at}, people[role])[name] for name, (role, at) in pages.items()}
            )
            if last is not None:
                quality_world.clear()
                world.add_budget(committee, units, BUDGET_LINES)
        cookies = {role: world.session_cookie(person) for role, person in people.items()}
        told = {name: (at, cookies[role], role) for name, (role, at) in pages.items()}
        return {"pages": told, "few": counts[0], "many": counts[1], "rows": rows}


def _pages(committee: Any, unit: Any) -> dict[str, tuple[str, str]]:
    """The pages: what they are, who uses them, and where they are."""
    from django.urls import reverse

    from roder.quality.models import Deviation

    place = [committee.slug, YEAR]
    case = Deviation.objects.filter(unit=unit).order_by("-reported_at").first()
    if case is not None:  # what a page asks for depends on how far the case has come: the same, few and many
        same = {"state": "classified", "law": "sol", "severity": 2, "serious": False, "closed_at": None}
        at = case.classified_at or case.reported_at
        Deviation.objects.filter(pk=case.pk).update(classified_at=at, **same)
    return {
        "report an event": ("care_staff", reverse("quality:report", args=place)),
        "start of a unit manager": ("unit_manager", reverse("web:start", args=place)),
        "tasks": ("unit_manager", reverse("tasks:mine")),
        "deviations": ("unit_manager", reverse("quality:avvikelser", args=place)),
        "one deviation": (
            "unit_manager",
            reverse("quality:deviation", args=[*place, case.pk if case else 0]),
        ),
        "forecast": ("unit_manager", reverse("economy:forecast", args=[*place, "2022-08"])),
        "statistics": ("quality_strategist", reverse("quality:statistics", args=place)),
        "goal chain": ("quality_strategist", reverse("steering:chain", args=place)),
        "search": ("quality_strategist", reverse("web:search") + "?q=rollator"),
        "start of a member": ("member", reverse("web:start", args=place)),
    }


def measure(port: int, told: dict[str, Any], *, quick: bool) -> dict[str, Any]:
    """The median of each page with one client in seconds, and its weight in bytes as it is sent."""
    found: dict[str, Any] = {"median": {}, "weight": {}}
    for name, (path, cookie, _) in told["pages"].items():
        ask_right(port, [path], cookie, clients=4, requests=10 * WORKERS)  # both workers warm
        took = ask_right(port, [path], cookie, clients=1, requests=10 if quick else ONE // 2).took
        found["median"][name] = statistics.median(took)
        found["weight"][name] = _weight(port, path, cookie)
    return found


def _weight(port: int, path: str, cookie: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie, "Accept": "text/html"})
    size = len(connection.getresponse().read())
    connection.close()
    return size


def run(*, quick: bool = False) -> tuple[list[Row], list[str]]:
    """Prepare, serve, measure."""
    with free_directory() as home:
        told, found = served(MODULE, home, quick=quick)
    rows = []
    for name, (_, _, role) in told["pages"].items():
        what = f"everyday page “{name}” as {role.replace('_', ' ')}"
        more = told["many"][name] - told["few"][name]
        rows.append(limit_row(NAME, f"{what}: queries more with many than with few", more, "", "at most", 0))
        rows.append(limit_row(NAME, f"{what}: median", found["median"][name] * 1000, "ms", "at most", MEDIAN))
        weight = found["weight"][name] / 1000
        rows.append(limit_row(NAME, f"{what}: weight", weight, "kB", "at most", WEIGHT))
    return rows, [
        f"everyday pages: {told['rows']:,} values, {told['rows']:,} deviations, {UNITS} units, {WORKERS} workers; the "
        "weight is the page's own text, not packed, without the style sheet and the scripts that a browser keeps"
    ]


if __name__ == "__main__":
    be_prepared_and_measured(prepare, measure)
