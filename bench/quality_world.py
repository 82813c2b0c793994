"""A million deviations beside a real committee's units and words: as rows for COPY, and as a file to read in."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

TABLES = ("quality_deviation", "quality_deviationmatter")
FIRST = datetime(2015, 1, 1, 6, tzinfo=UTC)
DAYS = 2920
STEMS = (
    "golv säng toalett rollator dosett signering kväll morgon larm trappa hiss lakan matta våt sko natt besök dusch "
    "tablett insulin hall matsal balkong anhörig telefon nyckel lista schema"
).split()
#: A few words that are common and many that are not, as in what people write.
WORDS = [*STEMS, *(first + last for first in STEMS for last in STEMS if first != last)]
WEIGHTS = [1 / (place + 10) for place in range(len(WORDS))]

COLUMNS = (
    "id", "committee_id", "municipality_id", "number", "reporter_kind", "occurred_at", "discovered_at", "reported_at",
    "unit_id", "service_area_id", "law", "direction", "counterpart", "reference", "place", "what", "immediate_action",
    "told", "consequence", "cause", "severity", "serious", "work_environment", "state", "classified_at", "closed_at",
    "rule", "created_at", "changed_at", "revision",
)  # fmt: skip


def moments(rows: int) -> Iterator[tuple[int, random.Random, datetime]]:
    """Number, source of chance and moment of each deviation, in the order they were reported."""
    chance = random.Random(rows)
    for place in range(rows):
        day = FIRST + timedelta(days=place * DAYS // rows, minutes=chance.randrange(900))
        yield place + 1, chance, day


def number_of(place: int, day: datetime) -> str:
    """The number of a deviation of the benchmark: none of the example's own."""
    return f"{day.year}-9{place:07d}"


def text_of(chance: random.Random) -> str:
    """What somebody wrote: a dozen words."""
    return " ".join(chance.choices(WORDS, WEIGHTS, k=12)).capitalize() + "."


@contextmanager
def without_history() -> Iterator[None]:
    """Switch the tables' own triggers off and take their foreign keys away; back again, the keys are checked at once.

    Checked row by row, eight keys of a million rows take longer than everything that is measured.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])",
            [list(TABLES)],
        )
        keys = cursor.fetchall()
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table, name, _ in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute(
            f"ANALYZE {', '.join(TABLES)}"
        )  # or a key is checked by comparing every row with every row
        for table, name, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def clear() -> None:
    """Empty the tables again."""
    from django.db import connection

    with without_history(), connection.cursor() as cursor:
        for table in reversed(TABLES):
            cursor.execute(f"DELETE FROM {table}")


def fill(committee: Any, units: list[Any], rows: int) -> None:
    """Fill the tables by COPY, without triggers: what history costs is not what is measured here."""
    from django.db import connection, transaction

    from roder.quality.models import Deviation
    from roder.steering.models import DeviationType, ServiceArea

    areas = [*ServiceArea.objects.filter(committee=committee).values_list("pk", flat=True)]
    kinds = [*DeviationType.objects.filter(committee=committee).values_list("pk", flat=True)]
    known = {field.column for field in Deviation._meta.concrete_fields if not field.generated}
    columns = [name for name in COLUMNS if name in known]
    rest = {
        field.column: field.get_db_prep_save(field.get_default(), connection)
        for field in Deviation._meta.concrete_fields
        if not field.generated
        and field.column not in columns
        and not field.null
        and not field.has_db_default()
    }
    with without_history(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(id), 0) FROM quality_deviation")
        base = cursor.fetchone()[0]
        names = ", ".join([*columns, *rest])
        with cursor.copy(f"COPY quality_deviation ({names}) FROM STDIN") as copy:
            for place, chance, day in moments(rows):
                row = _row(committee, units, areas, base + place, place, chance, day)
                copy.write_row([*(row[name] for name in columns), *rest.values()])
        with cursor.copy("COPY quality_deviationmatter (deviation_id, type_id) FROM STDIN") as copy:
            for place, _, _ in moments(rows):
                copy.write_row([base + place, kinds[place % len(kinds)]])
        cursor.execute("SELECT setval(pg_get_serial_sequence('quality_deviation', 'id'), %s)", [base + rows])


def _row(
    committee: Any,
    units: list[Any],
    areas: list[int],
    pk: int,
    place: int,
    chance: random.Random,
    day: datetime,
) -> dict[str, Any]:
    severity = chance.choice((None, 1, 1, 2, 2, 2, 3, 4))
    closed = day + timedelta(days=chance.randrange(1, 60)) if severity and chance.random() < 0.6 else None
    classified = day + timedelta(hours=chance.randrange(1, 72)) if severity else None
    state = "closed" if closed else ("classified" if classified else "reported")
    occurred = day - timedelta(hours=chance.randrange(12))
    return {
        "id": pk, "committee_id": committee.pk, "municipality_id": committee.municipality_id,
        "number": number_of(place, day), "reporter_kind": "staff", "occurred_at": occurred, "discovered_at": occurred,
        "reported_at": day, "unit_id": units[place * 7919 % len(units)].pk,
        "service_area_id": chance.choice(areas) if areas else None, "law": chance.choice(("sol", "lss", "hsl")),
        "direction": "intern", "counterpart": "", "reference": f"R{chance.randrange(200_000)}", "place": "Hallen",
        "what": text_of(chance), "immediate_action": "", "told": "", "consequence": "", "cause": "",
        "severity": severity, "serious": bool(severity and severity > 2), "work_environment": False, "state": state,
        "classified_at": classified, "closed_at": closed, "rule": "", "created_at": day, "changed_at": day, "revision": 1,
    }  # fmt: skip


def write_import_file(path: Path, units: list[Any], kinds: list[str], rows: int) -> None:
    """The CSV file that a person would read in, with the columns of the specification."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(
            "nummer;handelsetid;rapporterad;enhet;verksamhet;lagrum;riktning;typer;orsaker;allvarlighet;status;avslutad;ivo\n"
        )
        for place, chance, day in moments(rows):
            severity = chance.choice(("", "1", "2", "3"))
            closed = (
                day + timedelta(days=chance.randrange(1, 60)) if severity and chance.random() < 0.6 else None
            )
            status = "avslutad" if closed else ("klassificerad" if severity else "rapporterad")
            types = kinds[place % len(kinds)]
            if place % 10 == 0:
                types += "|" + kinds[(place + 1) % len(kinds)]
            file.write(
                f"{number_of(place, day)};{day:%Y-%m-%d %H:%M};{day:%Y-%m-%d %H:%M};{units[place % len(units)].code};;"
                f"{chance.choice(('SoL', 'LSS', 'HSL'))};intern;{types};;{severity};{status};"
                f"{closed.strftime('%Y-%m-%d %H:%M') if closed else ''};\n"
            )
