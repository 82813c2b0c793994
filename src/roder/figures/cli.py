"""``roder figure`` and ``roder snapshot``."""

from __future__ import annotations

import csv
import difflib
import io
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from roder.core.faults import UserFault

if TYPE_CHECKING:
    from roder.figures.calculate import Result
    from roder.figures.models import Snapshot
    from roder.steering.models import Occasion

FORMATS = ("table", "csv", "json")


def _aligned(header: tuple[str, ...], rows: Sequence[tuple[str, ...]], right: int | None = None) -> str:
    """Rows as a table of text; column number ``right`` is aligned to the right."""
    widths = [max(len(row[place]) for row in [header, *rows]) for place in range(len(header))]

    def line(row: tuple[str, ...]) -> str:
        cells = [
            text.rjust(width) if place == right else text.ljust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        return "  ".join(cells).rstrip()

    return "\n".join([line(header), line(tuple("-" * width for width in widths)), *map(line, rows)])


def _suggest(what: str, wanted: str, known: list[str]) -> UserFault:
    near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.4)
    hint = (
        f" Menade du {' eller '.join(near)}?"
        if near
        else (f" Det finns: {', '.join(known[:8])}." if known else "")
    )
    return UserFault(f"{what} ”{wanted}” finns inte.{hint}")


def _snapshot(code: str) -> Snapshot:
    from roder.figures.models import Snapshot  # noqa: PLC0415

    found = Snapshot.objects.select_related("occasion__committee").filter(code=code).first()
    if found is None:
        raise _suggest("Uttaget", code, list(Snapshot.objects.values_list("code", flat=True)))
    return found


def _occasion(committee: str, code: str) -> Occasion:
    from roder.organisation.models import Body  # noqa: PLC0415
    from roder.steering.models import Occasion  # noqa: PLC0415

    bodies = Body.objects.filter(kind=Body.Kind.COMMITTEE)
    if not bodies.filter(slug=committee).exists():
        raise _suggest("Nämnden", committee, list(bodies.values_list("slug", flat=True)))
    occasions = Occasion.objects.select_related("committee", "model").filter(committee__slug=committee)
    found = occasions.filter(code=code).first()
    if found is None:
        raise _suggest("Tillfället", code, list(occasions.values_list("code", flat=True)))
    return found


def _records(result: Result) -> list[dict[str, Any]]:
    """A result as plain values: keys, label, and exact numbers as text (None for what is missing)."""

    def exact(value: Any) -> str | None:
        return None if value is None else format(value, "f")

    return [
        {
            **row.key,
            "benamning": result.label(row),
            "varde": exact(row.value),
            "taljare": exact(row.numerator),
            "namnare": exact(row.denominator),
            "enhet": row.unit.value,
        }
        for row in result.rows
    ]


def as_table(result: Result) -> str:
    """A result as people read it, in the unit it is printed in."""
    header = (*result.figure.per, "benämning", "värde", "enhet")
    rows = [(*row.key.values(), result.label(row), row.text(), row.show.suffix) for row in result.rows]
    if not rows:
        return "Inga rader."
    return _aligned(header, rows, right=len(header) - 2)


def as_csv(result: Result) -> str:
    """A result as CSV with semicolons and exact numbers; a missing value is an empty field."""
    out = io.StringIO()
    names = [*result.figure.per, "benamning", "varde", "taljare", "namnare", "enhet"]
    writer = csv.DictWriter(out, names, delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_records(result))
    return out.getvalue().rstrip("\n")


def as_json(result: Result, snapshot: Snapshot | None) -> str:
    """A result with what it is and what it was computed from, as JSON. Numbers are text, so that none is rounded."""
    figure, at = result.figure, result.at
    whole = {
        "siffra": figure.name,
        "mening": figure.sentence,
        "kalla": figure.source_note,
        "namnd": at.committee_slug,
        "tillfalle": at.code,
        "brytdatum": at.cut_off.isoformat(),
        "uttag": snapshot.code if snapshot else None,
        "taget": snapshot.taken_at.isoformat() if snapshot else None,
        "rader": _records(result),
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _list() -> str:
    from roder.figures.registry import catalogue  # noqa: PLC0415

    rows = [
        (f"{one.name}[{','.join(one.per)}]" if one.per else one.name, one.show.value, one.sentence)
        for one in catalogue().values()
    ]
    return _aligned(("namn", "enhet", "definition"), rows)


@click.command()
@click.argument("name", required=False, metavar="[NAMN]")
@click.option("--list", "listed", is_flag=True, help="Lista alla siffror: namn, enhet och definition.")
@click.option("--snapshot", "code", metavar="UTTAG", help="Räkna på ett uttag (se roder snapshot list).")
@click.option("--live", is_flag=True, help="Räkna på databasen som den är nu.")
@click.option("--committee", metavar="NÄMND", help="Nämndens adressnamn, med --live.")
@click.option("--occasion", metavar="TILLFÄLLE", help="Tillfällets kod, med --live.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="Utskrift."
)
@click.option("--sql", is_flag=True, help="Visa frågan i stället för svaret.")
def figure(
    name: str | None,
    listed: bool,
    code: str | None,
    live: bool,
    committee: str | None,
    occasion: str | None,
    form: str,
    sql: bool,
) -> None:
    """Räkna fram en siffra ur katalogen."""
    if listed:
        click.echo(_list())
        return
    if name is None:
        raise UserFault("Ange en siffra, eller --list för att se alla.")
    from roder.figures.registry import find  # noqa: PLC0415

    find(name)
    if live == bool(code):
        raise UserFault("Ange antingen --snapshot UTTAG eller --live med --committee och --occasion.")
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.figures.calculate import compute, query  # noqa: PLC0415
    from roder.figures.registry import At  # noqa: PLC0415
    from roder.figures.source import LiveSource, SnapshotSource  # noqa: PLC0415

    taken = _snapshot(code) if code else None
    if taken is None and not (committee and occasion):
        raise UserFault("Med --live behövs både --committee och --occasion.")
    chosen = taken.occasion if taken else _occasion(committee or "", occasion or "")
    at = At.of(chosen)
    with SnapshotSource.open(taken) if taken else LiveSource(chosen.committee_id) as source:
        if sql:
            click.echo(query(name, source, at))
            return
        result = compute(name, source, at)
    shown = {
        "table": lambda: as_table(result),
        "csv": lambda: as_csv(result),
        "json": lambda: as_json(result, taken),
    }
    click.echo(shown[form]())


@click.group()
def snapshot() -> None:
    """Uttag: tabellerna bakom siffrorna, som de var kända när uttaget togs."""


@snapshot.command("list")
def list_() -> None:
    """Lista alla uttag, senaste först."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from django.utils import timezone  # noqa: PLC0415

    from roder.figures.models import Snapshot  # noqa: PLC0415

    rows = [
        (
            one.code,
            one.occasion.name,
            str(one.cut_off),
            f"{timezone.localtime(one.taken_at):%Y-%m-%d %H:%M}",
            str(one.rows),
        )
        for one in Snapshot.objects.select_related("occasion")
    ]
    click.echo(
        _aligned(("uttag", "tillfälle", "brytdatum", "taget", "rader"), rows, right=4)
        if rows
        else "Inga uttag."
    )


@snapshot.command()
@click.argument("committee", metavar="NÄMND")
@click.argument("occasion", metavar="TILLFÄLLE")
def take(committee: str, occasion: str) -> None:
    """Ta ett uttag för ett tillfälle, till exempel: roder snapshot take alingsas-von 2022-05."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.figures.late import late_since, previous_of  # noqa: PLC0415
    from roder.figures.snapshot import take_snapshot  # noqa: PLC0415

    taken = take_snapshot(_occasion(committee, occasion))
    click.echo(f"{taken.code}: {taken.rows} rader, brytdatum {taken.cut_off}.")
    previous = previous_of(taken)
    if previous is None:
        return
    late = late_since(taken, previous)
    if late:
        click.echo(f"Sent registrerat eller ändrat sedan {previous.code} (till och med {previous.cut_off}):")
        click.echo(
            _aligned(("post", "vad", "avser"), [(row.gid, row.what, str(row.concerns)) for row in late])
        )


@snapshot.command()
@click.argument("code", required=False, metavar="[UTTAG]")
def verify(code: str | None) -> None:
    """Kontrollera varje byte i ett uttag, eller i alla."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.figures.manifest import verify_snapshot  # noqa: PLC0415
    from roder.figures.models import Snapshot  # noqa: PLC0415

    chosen = [_snapshot(code)] if code else list(Snapshot.objects.all())
    faults = 0
    for one in chosen:
        found = verify_snapshot(one)
        faults += len(found)
        click.echo(f"{one.code}: {'oförändrat' if not found else ''}".rstrip())
        for fault in found:
            click.echo(f"  {fault}")
    click.echo(f"{len(chosen)} uttag kontrollerade, {faults} fel.")
    sys.exit(1 if faults else 0)
