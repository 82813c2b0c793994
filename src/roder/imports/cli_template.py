"""``roder template``: blank files to fill in."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.argument("kind", required=False)
@click.option("--list", "listed", is_flag=True, help="Visa vilka slag av filer som finns.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "xlsx"]),
    help="xlsx har förklaringar och listor att välja på. Utan valet: efter filens namn, annars csv.",
)
@click.option(
    "--committee", "slug", help="Nämndens adressnamn: då finns dess egna enheter och koder att välja på."
)
@click.option("--year", type=int, help="Vilket års tillfällen som listas.")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Filen att skriva; annars skrivs den ut.",
)
def template(
    kind: str | None, listed: bool, form: str | None, slug: str | None, year: int | None, output: Path | None
) -> None:
    """Skriv en tom fil av slaget KIND att fylla i: roder template avvikelser --format xlsx -o avvikelser.xlsx."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django(migrated=slug is not None)
    from roder.core.faults import UserFault  # noqa: PLC0415
    from roder.imports.blank import csv_text, write_xlsx  # noqa: PLC0415
    from roder.imports.cells import Context  # noqa: PLC0415
    from roder.imports.kinds import KINDS, kind_of  # noqa: PLC0415
    from roder.organisation.loading import committee_named  # noqa: PLC0415

    if listed or kind is None:
        for what in KINDS.values():
            click.echo(f"{what.kind:22} {what.about}")
        return
    what = kind_of(kind)
    if what.opens is not None:
        raise UserFault(f"{what.title} är ingen tabell att fylla i. Ta ut filen ur ekonomisystemet.")
    context = Context(committee_named(slug), year) if slug else None
    form = form or ("xlsx" if output and output.suffix.lower() == ".xlsx" else "csv")
    if form == "csv":
        if output is None:
            click.echo(csv_text(what, context).removeprefix("\ufeff"), nl=False)
        else:
            output.write_text(csv_text(what, context), encoding="utf-8", newline="")
    elif output is None and sys.stdout.isatty():
        raise UserFault("en arbetsbok kan inte visas i terminalen. Ange fil med --output.")
    elif output is None:
        write_xlsx(what, context, sys.stdout.buffer)
    else:
        write_xlsx(what, context, output)
    if output is not None:
        click.echo(f"{output}: {what.title.lower()}, {len(what.file_columns)} kolumner.")
