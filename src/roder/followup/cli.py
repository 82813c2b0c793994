"""``roder follow-up``: open the round of an occasion, and see how far it has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from roder.core.faults import UserFault

if TYPE_CHECKING:
    from roder.followup.services.overview import Cell, Overview
    from roder.steering.models import Occasion


@click.group("follow-up")
def follow_up() -> None:
    """Uppföljning: öppna en omgång, se hur långt den har kommit."""


@follow_up.command("open")
@click.argument("which", metavar="TILLFÄLLE")
@click.option("--committee", help="Nämndens förkortning eller adressnamn, om flera nämnder har tillfället.")
def open_command(which: str, committee: str | None) -> None:
    """Öppna omgången för TILLFÄLLE (till exempel 2022-08): blad, ifyllda utfall och uppgifter.

    Kan köras igen: då läggs det till som har kommit till. Det som är skrivet ligger kvar.
    """
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.followup.services.rounds import open_round  # noqa: PLC0415

    occasion = find_occasion(which, committee)
    opened = open_round(occasion)
    click.echo(f"{occasion.name}, {occasion.committee.name}")
    click.echo(
        f"{opened.sheets} nya blad med {opened.lines} rader, {opened.tasks} nya uppgifter, "
        f"{opened.told} personer har fått veta."
    )
    if opened.removed:
        click.echo(f"{opened.removed} rader som ingen hade börjat med och som inte väntas är borttagna.")
    if opened.left:
        click.echo(
            f"{opened.left} nya rader hör till godkända blad och är inte tillagda. Öppna bladen igen först."
        )


@follow_up.command("status")
@click.argument("which", metavar="TILLFÄLLE")
@click.option("--committee", help="Nämndens förkortning eller adressnamn, om flera nämnder har tillfället.")
@click.option("--late", "only_late", is_flag=True, help="Visa bara dem som är sena.")
def status(which: str, committee: str | None, only_late: bool) -> None:
    """Visa hur långt omgången för TILLFÄLLE har kommit: en rad för varje enhet, en kolumn för varje del."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.followup.models import Round  # noqa: PLC0415
    from roder.followup.services.overview import overview_of_all  # noqa: PLC0415

    occasion = find_occasion(which, committee)
    made = Round.objects.filter(occasion=occasion).select_related("occasion").first()
    if made is None:
        raise UserFault(
            f"Omgången för {occasion.name} är inte öppnad. Öppna den med: roder follow-up open {occasion.code}"
        )
    shown = overview_of_all(made)
    click.echo(f"{occasion.name}, {occasion.committee.name}")
    for line in table(shown, only_late=only_late):
        click.echo(line)
    click.echo(f"{shown.sentence} {len(shown.late)} enheter och avdelningar är sena med något.")


def find_occasion(which: str, committee: str | None = None) -> Occasion:
    """The occasion with the code. Raises UserFault for none, and for several without a committee."""
    from django.db.models import Q  # noqa: PLC0415

    from roder.steering.models import Occasion  # noqa: PLC0415

    rows = Occasion.objects.filter(code=which).select_related("committee__municipality", "model")
    if committee:
        rows = rows.filter(Q(committee__slug__iexact=committee) | Q(committee__short_name__iexact=committee))
    found = list(rows.order_by("committee__slug"))
    if not found:
        where = f" i nämnden {committee}" if committee else ""
        raise UserFault(
            f"Tillfället {which} finns inte{where}. Koderna står i styrmodellen, till exempel 2022-08."
        )
    if len(found) > 1:
        names = ", ".join(one.committee.slug for one in found)
        raise UserFault(f"Flera nämnder har tillfället {which}. Välj en med --committee: {names}.")
    return found[0]


def table(shown: Overview, *, only_late: bool = False) -> list[str]:
    """The overview as lines of text, columns beside each other: part by part, states as words, late ones marked."""
    rows = [["", *(part.label for part in shown.parts), "Sist"]]
    for department in shown.departments:
        if department.own is None:
            rows.append([department.name, *[""] * (len(shown.parts) + 1)])
        for row in department.rows:
            if only_late and not row.late:
                continue
            indent = "" if row is department.own else "  "
            last = max((cell.due for cell in row.cells.values() if cell.due), default=None)
            cells = [_words(row.cells.get(part.code)) for part in shown.parts]
            rows.append([f"{indent}{row.name}", *cells, last.isoformat() if last else ""])
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _words(cell: Cell | None) -> str:
    if cell is None:
        return "–"
    return f"{cell.progress.label} (sen)" if cell.late else cell.progress.label
