"""Ten million values of Kolada: put into the table, more put in, and a committee's benchmark pages over HTTP.

The values come in batches, as pages of answers do. Each part is a process of its own, so that
its peak memory is its own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.home import free_directory, own_data, peak_memory
from bench.page_rows import measure_pages, page_rows, served
from bench.pages import WORKERS, count_queries
from bench.parts import be, child
from bench.results import Row, limit_row

NAME = "kolada"
MODULE = "bench.kolada"
VALUES, VALUES_QUICK = 10_000_000, 200_000
PLACES, YEARS, SEXES = 312, range(2012, 2022), "TKM"
BATCH, AT_A_TIME = 100_000, 20
MEASURES = 30
OWN = "1489"
LOAD, MERGE, MEMORY, LATENCY = 60, 60, 700, 300


def _kpis(values: int) -> list[str]:
    return [f"U{number:05}" for number in range(max(MEASURES, values // (PLACES * len(YEARS) * len(SEXES))))]


def _places() -> list[str]:
    return ["0000", OWN, "G1", *(f"{number:04}" for number in range(2000, 2000 + PLACES - 3))]


def batches(kpis: list[str], years: list[int]) -> Iterator[Any]:
    """Every key figure, place, year and sex, as Arrow batches: some key figures after the others, as they are fetched,
    but the last first, and within them in no order of the table."""
    import duckdb

    from roder.kolada.store import schema

    engine = duckdb.connect(config={"threads": 1, "memory_limit": "200MB"})
    for start in range(0, len(kpis), AT_A_TIME):
        found = engine.execute(
            "SELECT kpi, place, CAST(year AS SMALLINT) AS year, sex, "
            "CASE WHEN random % 50 > 0 THEN CAST(random % 1000000 / 10000 AS DECIMAL(18, 4)) END AS value, "
            "CAST(1 AS INTEGER) AS members, '' AS status, FALSE AS example, FALSE AS withdrawn "
            "FROM (SELECT *, hash(kpi, place, year, sex) AS random FROM "
            "(SELECT unnest(?::INTEGER[]) AS year), (SELECT unnest(?::VARCHAR[]) AS sex), "
            "(SELECT unnest(?::VARCHAR[]) AS place), (SELECT unnest(?::VARCHAR[]) AS kpi))",
            [years, list(SEXES), _places(), kpis[::-1][start : start + AT_A_TIME]],
        )
        for batch in found.to_arrow_reader(BATCH):
            yield batch.cast(schema())


def load(folder: Path, told: Any, quick: bool) -> dict[str, Any]:
    """Put all values into an empty table, then the last year's of every tenth key figure anew."""
    from roder.kolada.store import Store

    kpis = _kpis(VALUES_QUICK if quick else VALUES)
    folder.mkdir(exist_ok=True)
    store, took = Store(folder), []
    for chosen, years in ((kpis, list(YEARS)), (kpis[::10], [YEARS[-1]])):
        start = time.perf_counter()
        with store.staging() as staged:
            for batch in batches(chosen, years):
                staged.add_batch(batch)
            rows = store.merge(staged)
        took.append(time.perf_counter() - start)
    size = store.path.stat().st_size / 2**20
    return {"took": took, "rows": rows, "size": size, "peak": peak_memory()}


def prepare(home: Path, told: Any, quick: bool) -> dict[str, Any]:
    """A committee with measures that are compared: pages, cookie, queries with few and with many measures."""
    with own_data(home):
        from roder.core.cli import setup_django

        setup_django()
        from django.core.management import call_command
        from django.urls import reverse

        from bench import world
        from roder.kolada.models import Group, Indicator, Place
        from roder.measures.models import Measure, MeasureValue

        call_command("collectstatic", interactive=False, verbosity=0)
        committee = world.example()
        Measure.objects.filter(committee=committee).update(kolada_id="")
        person = world.somebody(committee, "controller")
        own = committee.municipality.code
        Place.objects.bulk_create(
            [Place(code=code, title=f"Kommun {code}") for code in _places() if code != own]
        )
        Place.objects.get_or_create(code=own, defaults={"title": "Provby"})
        Place.objects.filter(code=own).update(title="Provby")
        members = _places()[3:10]
        Group.objects.create(
            code="G1", title="Liknande kommuner, övergripande, Provby, 2021", members=members
        )
        pages, counts = {}, []
        for few in (2, MEASURES):
            for number, kpi in enumerate(_kpis(0)[:few]):
                measure, new = Measure.objects.get_or_create(
                    committee=committee, code=f"kolada{number}",
                    defaults={"title": f"Nyckeltal {kpi}", "unit": "%", "decimals": 1, "kolada_id": kpi},
                )  # fmt: skip
                if not new:
                    continue
                Indicator.objects.create(code=kpi, title=kpi)
                MeasureValue.objects.bulk_create(
                    MeasureValue(
                        measure=measure, period_start=world.date(year, 1, 1), period_end=world.date(year + 1, 1, 1),
                        comparison=comparison, sex=sex, value=80 + number % 7,
                    )
                    for year in YEARS for comparison in MeasureValue.Comparison for sex in MeasureValue.Sex
                )  # fmt: skip
            world.analyse()
            pages = {
                "all measures": reverse("kolada:benchmarks", args=[committee.slug, 2022]),
                "one measure": reverse("kolada:benchmark", args=[committee.slug, 2022, measure.pk]),
            }
            counts.append(count_queries(pages, person))
        return {"pages": pages, "few": counts[0], "many": counts[1], "cookie": world.session_cookie(person)}


def run(*, quick: bool = False) -> tuple[list[Row], list[str]]:
    """Load, prepare, serve, measure."""
    with free_directory() as home:
        loaded = child(MODULE, "load", str(home / "kolada"), home, quick=quick)
        told, found = served(MODULE, home, quick=quick)
    rows = [
        limit_row(
            NAME, f"{loaded['rows']:,} values into the table", loaded["took"][0], "s", "at most", LOAD, 1
        ),
        limit_row(NAME, "a tenth of a year's values anew", loaded["took"][1], "s", "at most", MERGE, 1),
        limit_row(NAME, "its peak memory", loaded["peak"], "MB", "at most", MEMORY),
    ]
    rows += page_rows(NAME, "comparisons", told, found, LATENCY, f"{MEASURES} measures than with 2")
    return rows, [
        f"{NAME}: {loaded['rows']:,} values of {len(_kpis(VALUES_QUICK if quick else VALUES)):,} key figures, {PLACES} "
        f"places, {len(YEARS)} years and three sexes; {loaded['size']:.0f} MB Parquet, sorted by key figure. The time "
        f"includes making the values. Pages as `roder serve` with {WORKERS} workers serves them, whole, with {MEASURES} "
        "measures compared."
    ]


if __name__ == "__main__":
    be(
        {
            "load": lambda where, told, quick: load(Path(where), told, quick),
            "prepare": lambda where, told, quick: prepare(Path(where), told, quick),
            "measure": lambda where, told, quick: measure_pages(int(where), told, quick=quick),
        }
    )
