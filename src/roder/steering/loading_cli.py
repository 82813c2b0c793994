"""``roder model load``: a steering model into the database."""

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
    from roder.steering.loading import ModelFault, load_checked  # noqa: PLC0415
    from roder.steering.modelfile import check_file  # noqa: PLC0415
    from roder.steering.models import SteeringModelVersion  # noqa: PLC0415

    checked = check_file(file)
    try:
        if not checked.ok:
            raise ModelFault(checked.lines())
        committee = committee_named(slug)
        before = SteeringModelVersion.objects.filter(committee=committee).count()
        version = load_checked(committee, checked, person_named(email))
    except ModelFault as fault:
        for line in fault.lines:
            click.echo(line)
        click.echo(f"{len(fault.lines)} fel; ingenting har lästs in.", err=True)
        raise SystemExit(1) from fault
    unchanged = SteeringModelVersion.objects.filter(committee=committee).count() == before
    click.echo(f"{version}{' fanns redan' if unchanged else ' är inläst'}.")
