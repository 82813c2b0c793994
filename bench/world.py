"""What the measurements stand on: a real committee's example files, and as many rows more as is asked for."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "alingsas"
YEAR = 2022
BUDGET_YEAR = 2030  # the example has budgets of its own for the years about its own
FIRST_YEAR = 2016
QUARTERS = 28
SEXES = ("alla", "kvinnor", "man")


def example() -> Any:
    """The committee of the example files, loaded as a person's folder is."""
    from roder.imports.examples import load_folder

    return load_folder(EXAMPLE).committee


def somebody(committee: Any, role: str = "controller") -> Any:
    """A person with a mandate in the committee. A controller sees everything."""
    from roder.organisation.people import add_mandate, add_person

    person, _ = add_person(f"{role}@bench.roder.example", role.capitalize(), None)
    add_mandate(person, role, body=committee, since=date(2015, 1, 1))
    return person


def add_units(committee: Any, count: int) -> list[Any]:
    """Units beside those of the example."""
    from django.db.backends.postgresql.psycopg_any import DateRange

    from roder.organisation.models import Unit, UnitPlacement

    units = Unit.objects.bulk_create(
        Unit(committee=committee, code=f"b{n:04}", name=f"Enhet {n:04}", kind=Unit.Kind.UNIT)
        for n in range(count)
    )
    top = Unit.objects.get(committee=committee, kind=Unit.Kind.ADMINISTRATION)
    UnitPlacement.objects.bulk_create(
        UnitPlacement(unit=unit, parent=top, valid=DateRange(date(2015, 1, 1), None)) for unit in units
    )
    return units


def add_measures(committee: Any, count: int) -> list[Any]:
    """Key figures beside those of the example."""
    from roder.measures.models import Measure

    return Measure.objects.bulk_create(
        Measure(committee=committee, code=f"b{n:04}", title=f"Andel nöjda, mått {n:04}", unit="%", decimals=1)
        for n in range(count)
    )


@dataclass(frozen=True)
class Value:
    """A row of measure values, with codes and with ids."""

    measure: Any
    unit: Any
    quarter: int
    sex: str
    value: str
    parts: tuple[str, str]

    @property
    def months(self) -> tuple[date, date]:
        """First day, and the first day that is not in it."""
        year, quarter = FIRST_YEAR + self.quarter // 4, self.quarter % 4
        after = date(year + 1, 1, 1) if quarter == 3 else date(year, 3 * quarter + 4, 1)
        return date(year, 3 * quarter + 1, 1), after

    @property
    def period(self) -> str:
        """The period as a person writes it."""
        start, after = self.months
        return (
            f"{start:%Y-%m}..{after.year if after.month > 1 else start.year}-{(after.month - 2) % 12 + 1:02}"
        )


def values(measures: list[Any], units: list[Any], rows: int) -> Iterator[Value]:
    """``rows`` different values: by measure, unit, quarter and sex. Every other is a share with its parts."""
    rng = random.Random(rows)
    made = 0
    for measure in measures:
        for unit in units:
            for quarter in range(QUARTERS):
                for sex in SEXES:
                    if made == rows:
                        return
                    below = rng.randint(1, 5000)
                    above = rng.randint(0, below)
                    share = f"{above / below * 100:.4f}"
                    parts = (str(above), str(below)) if made % 2 else ("", "")
                    yield Value(measure, unit, quarter, sex, share, parts)
                    made += 1
    if made < rows:
        raise ValueError(f"{rows} values need more measures or units: there was room for {made}")


def write_import_file(path: Path, rows: Iterator[Value]) -> None:
    """The CSV file that a person would read in."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["matt", "period", "enhet", "kon", "varde", "taljare", "namnare", "status", "kalla"])
        for row in rows:
            comma = row.value.replace(".", ",")
            writer.writerow(
                [
                    row.measure.code,
                    row.period,
                    row.unit.code,
                    row.sex,
                    comma,
                    *row.parts,
                    "final",
                    "Mätning, bilaga 1",
                ]
            )


COPY_COLUMNS = (
    "measure_id", "period_start", "period_end", "unit_id", "sex", "part", "comparison", "value", "numerator",
    "denominator", "status", "reason", "source", "batch_id", "registered_by_id",
)  # fmt: skip


def copy_line(row: Value, batch: object, person: object) -> str:
    """A row as PostgreSQL's COPY takes it, with everything looked up already."""
    start, after = row.months
    above, below = (f"{part}.0000" if part else "" for part in row.parts)
    return (
        f'{row.measure.pk},{start},{after},{row.unit.pk},{row.sex},"",kommun,{row.value},{above},{below},'
        f'final,"","Mätning, bilaga 1",{batch},{person}\n'
    )


def write_copy_file(path: Path, rows: Iterator[Value], batch: int, person: int) -> None:
    """The same rows for ``copy_in``."""
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in rows:
            file.write(copy_line(row, batch, person))


def copy_in(path: Path) -> None:
    """COPY a file of ``write_copy_file`` into the table, as psql would."""
    from django.db import connection, transaction

    sql = f"COPY measures_measurevalue ({', '.join(COPY_COLUMNS)}) FROM STDIN (FORMAT csv)"
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        path.open("rb") as file,
        cursor.copy(sql) as copy,
    ):
        while block := file.read(1 << 20):
            copy.write(block)


def add_values(measures: list[Any], units: list[Any], rows: int, folder: Path) -> None:
    """Fill the table of measure values."""
    path = folder / "fyllning.copy"
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in values(measures, units, rows):
            file.write(copy_line(row, "", ""))
    copy_in(path)
    path.unlink()


def add_budget(committee: Any, units: list[Any], rows: int) -> None:
    """Budget lines of years to come, by unit and account group."""
    from roder.economy.models import BudgetLine, BudgetVersion
    from roder.steering.models import AccountGroup

    groups = list(AccountGroup.objects.filter(committee=committee))
    lines: list[BudgetLine] = []
    for year in range(BUDGET_YEAR, BUDGET_YEAR + 20):
        version = BudgetVersion.objects.create(
            committee=committee, year=year, code="budget", name="Budget", applies_from=date(year, 1, 1)
        )
        lines += (BudgetLine(version=version, unit=u, group=g, amount=-1000) for u in units for g in groups)
        if len(lines) >= rows:
            break
    if len(lines) < rows:
        raise ValueError(f"{rows} budget lines need more units: there was room for {len(lines)}")
    BudgetLine.objects.bulk_create(lines[:rows])


def analyse() -> None:
    """Leave the tables as autovacuum does within a minute: the planner knows what is there, and which pages of the
    tables everybody sees."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def session_cookie(person: Any) -> str:
    """The cookie of somebody who has logged in."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
