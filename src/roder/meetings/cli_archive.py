"""``roder archive``: cases out of Roder, for the municipality's archive."""

from __future__ import annotations

from pathlib import Path

import click

from roder.core.faults import UserFault
from roder.core.numbers import whole_number


@click.group()
def archive() -> None:
    """Arkivuttag: ett ärende med handlingar, beslut och kontrollsummor."""


@archive.command("export")
@click.argument("case")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("out/arkiv"), help="Mappen att skriva till."
)
@click.option("--committee", "slug", help="Nämndens adressnamn, när samma nummer finns i flera nämnder.")
def export(case: str, out: Path, slug: str | None) -> None:
    """Skriv ett ärende som METS, XML, PDF/A och originalfiler, FGS-förberett. CASE är diarienumret eller id:t."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.meetings.models import Case  # noqa: PLC0415
    from roder.meetings.papers.archive import export_case  # noqa: PLC0415
    from roder.meetings.rules.numbers import key  # noqa: PLC0415

    rows = Case.objects.select_related("committee__municipality")
    if slug:
        rows = rows.filter(committee__slug=slug)
    found = list(rows.filter(number_key=key(case))[:3]) or list(rows.filter(number=case)[:3])
    if not found and (pk := whole_number(case)) is not None:
        found = list(rows.filter(pk=pk))
    if not found:
        raise UserFault(f"Ärendet {case} finns inte. Skriv diarienumret, till exempel ”2022.228 VON”.")
    if len(found) > 1:
        names = ", ".join(one.committee.slug for one in found)
        raise UserFault(f"Numret {case} finns i flera nämnder. Lägg till --committee med en av: {names}.")
    click.echo(f"Skrev {export_case(found[0], out)}")
