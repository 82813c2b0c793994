"""``roder model load`` and ``roder model new``: a steering model into the database, and one to begin with."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--committee", "slug", required=True, help="Nämndens adressnamn, till exempel alingsas-von.")
@click.option("--as", "email", help="E-post till den som läser in; utan den läser driften in.")
def load(file: Path, slug: str, email: str | None) -> None:
    """Läs in styrmodellen FILE för en nämnd. Vid fel skrivs alla ut och ingenting läses in."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.organisation.loading import committee_named, person_named  # noqa: PLC0415
    from roder.steering.loading import ModelFault, load_version  # noqa: PLC0415
    from roder.steering.modelfile import check_file  # noqa: PLC0415

    checked = check_file(file)
    try:
        if not checked.ok:
            raise ModelFault(checked.lines())
        committee = committee_named(slug)
        version, is_new = load_version(committee, checked, person_named(email))
    except ModelFault as fault:
        for line in fault.lines:
            click.echo(line)
        click.echo(f"{len(fault.lines)} fel; ingenting har lästs in.", err=True)
        raise SystemExit(1) from fault
    click.echo(f"{version}{' är inläst' if is_new else ' fanns redan'}.")


@click.command()
@click.option(
    "--from",
    "source",
    default="blank",
    show_default=True,
    help="blank, alingsas, oxelosund, kungsor; eller egen: nämndens modell för ett tidigare år, flyttad hit.",
)
@click.option(
    "--committee", "slug", help="Nämndens adressnamn: då står dess namn i modellen. Utan det fyller du i dem."
)
@click.option("--year", type=int, help="Modellens år; annars det år som är.")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Filen att skriva.")
def new(source: str, slug: str | None, year: int | None, output: Path | None) -> None:
    """Skriv en styrmodell att börja med, med förklaringar: roder model new --committee x-sn > styrmodell.yaml."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django(migrated=slug is not None)
    from datetime import date  # noqa: PLC0415

    from roder.core.faults import UserFault  # noqa: PLC0415
    from roder.organisation.loading import committee_named  # noqa: PLC0415
    from roder.steering.starting import start_text  # noqa: PLC0415

    text = start_text(committee_named(slug) if slug else None, source, year or date.today().year)
    if output is None:
        click.echo(text, nl=False)
        return
    if output.exists():
        raise UserFault(f"{output} finns redan. Ange ett annat namn: ingenting har skrivits.")
    output.write_text(text, encoding="utf-8")
    click.echo(f"{output}: granska med roder model check {output}, läs in med roder model load.")
