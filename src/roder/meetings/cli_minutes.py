"""``roder meeting minutes``: the minutes of a meeting as files."""

from __future__ import annotations

from pathlib import Path

import click

from roder.core.faults import UserFault


@click.command("minutes")
@click.argument("number", metavar="ID", type=int)
@click.option("--out", type=click.Path(path_type=Path), default=Path("out"), help="Mappen att skriva till.")
@click.option("--public", is_flag=True, help="Utan sekretessbelagda delar.")
def minutes(number: int, out: Path, public: bool) -> None:
    """Skriv protokollet från sammanträdet ID som html, pdf, docx och xlsx."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.meetings.models import Minutes  # noqa: PLC0415
    from roder.meetings.papers.locking import write_files  # noqa: PLC0415

    found = Minutes.objects.select_related("meeting__body__municipality").filter(meeting=number).first()
    if found is None:
        raise UserFault(f"Sammanträde {number} har inget protokoll. Öppna det i Roder först.")
    for path in write_files(found, out, public=public):
        click.echo(f"Skrev {path}")
