"""``roder audit``: is the trail whole?"""

from __future__ import annotations

import sys

import click


@click.group()
def audit() -> None:
    """Spåret över vad som gjorts."""


@audit.command()
@click.option("--known", multiple=True, metavar="RAD:SUMMA",
              help="En sista rad från en tidigare kontroll: den ska finnas kvar som den var.")  # fmt: skip
def verify(known: tuple[str, ...]) -> None:
    """Kontrollera att ingen rad i spåret är ändrad eller borttagen. Skriver den sista radens nummer och summa."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.access.models import AuditRecord  # noqa: PLC0415
    from roder.access.trail import Known, last  # noqa: PLC0415
    from roder.access.trail import verify as verify_trail  # noqa: PLC0415

    try:
        remembered = [Known.read(one) for one in known]
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--known") from error
    broken = verify_trail(remembered)
    for row in broken:
        click.echo(f"rad {row.id}: {row.why}")
    click.echo(f"{AuditRecord.objects.count()} rader kontrollerade, {len(broken)} fel.")
    if (latest := last()) is not None:
        click.echo(
            f"Sista raden: {latest}. Spara den på ett annat ställe; kontrollera den nästa gång med --known."
        )
    sys.exit(1 if broken else 0)
