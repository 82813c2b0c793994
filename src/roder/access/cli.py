"""``roder audit``: is the trail whole?"""

from __future__ import annotations

import sys

import click


@click.group()
def audit() -> None:
    """Spåret över vad som gjorts."""


@audit.command()
def verify() -> None:
    """Kontrollera att ingen rad i spåret är ändrad eller borttagen."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.access.models import AuditRecord  # noqa: PLC0415
    from roder.access.trail import verify as verify_trail  # noqa: PLC0415

    broken = verify_trail()
    for row in broken:
        click.echo(f"rad {row.id}: {row.why}")
    click.echo(f"{AuditRecord.objects.count()} rader kontrollerade, {len(broken)} fel.")
    sys.exit(1 if broken else 0)
