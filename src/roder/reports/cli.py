"""``roder report``: list, open, check, lock and write reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from roder.core.faults import UserFault

if TYPE_CHECKING:
    from roder.reports.build import Finding
    from roder.reports.models import Report

AS = click.option("--as", "email", metavar="E-POST", help="Vem som gör det; utan den gör driften det.")


@click.group()
def report() -> None:
    """Rapporter: lista, öppna, granska, lås och skriv ut."""


def _report(number: int) -> Report:
    from roder.reports.models import Report  # noqa: PLC0415

    found = Report.objects.select_related("occasion__committee__municipality", "occasion__model", "snapshot")
    try:
        return found.get(pk=number)
    except Report.DoesNotExist:
        raise UserFault(f"Rapport {number} finns inte. Se roder report list.") from None


def _allowed(error: Exception) -> UserFault:
    """A refusal of access, said as a fault that a person can mend."""
    return UserFault(str(error))


def _say(findings: list[Finding]) -> None:
    for one in findings:
        kind = "HINDER" if one.blocks else "SE ÖVER" if one.must_be_acknowledged else "saknas"
        click.echo(f"{kind:8} {one.where}: {one.message}" + (f" [{one.excerpt}]" if one.blocks else ""))
        if one.nearest:
            click.echo("         närmast: " + "; ".join(f"{near.label} {near.text}" for near in one.nearest))
        if one.suggestions:
            click.echo(f"         menade du {' eller '.join(one.suggestions)}?")


@report.command("list")
def list_() -> None:
    """Lista rapporterna, senaste tillfället först."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from django.utils import timezone  # noqa: PLC0415

    from roder.reports.models import Report  # noqa: PLC0415

    rows = Report.objects.select_related("occasion__committee").order_by(
        "-occasion__cut_off", "kind", "-number"
    )
    for one in rows:
        state = f"låst {timezone.localtime(one.locked_at):%Y-%m-%d %H:%M}" if one.locked_at else "utkast"
        where = f"{one.occasion.committee.slug:18} {one.occasion.code:10} {one.kind:28}"
        click.echo(f"{one.pk:5}  {where} v{one.number}  {state}")
    if not rows:
        click.echo("Inga rapporter. Börja med: roder report open NÄMND TILLFÄLLE RAPPORT")


@report.command("open")
@click.argument("committee", metavar="NÄMND")
@click.argument("occasion", metavar="TILLFÄLLE")
@click.argument("kind", metavar="RAPPORT")
@AS
def open_(committee: str, occasion: str, kind: str, email: str | None) -> None:
    """Börja på en rapport, till exempel: roder report open alingsas-von 2022-05 manadsuppfoljning."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.access.rights import NotAllowedError  # noqa: PLC0415
    from roder.organisation.loading import person_named  # noqa: PLC0415
    from roder.reports.services import open_draft  # noqa: PLC0415
    from roder.steering.models import Occasion  # noqa: PLC0415

    rows = Occasion.objects.select_related("committee__municipality", "model")
    found = rows.filter(committee__slug=committee, code=occasion).first()
    if found is None:
        raise UserFault(f"Nämnden {committee} har inget tillfälle {occasion}.")
    try:
        made = open_draft(found, kind, person_named(email))
    except NotAllowedError as error:
        raise _allowed(error) from error
    click.echo(f"Rapport {made.pk}: {made}.")


@report.command()
@click.argument("number", type=int, metavar="NR")
def check(number: int) -> None:
    """Granska en rapport: okända siffror, tal som inte stämmer, och vad som saknas. Slutkod 1 om den inte kan låsas."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.reports.services import check as check_report  # noqa: PLC0415

    found = check_report(_report(number))
    _say(found)
    click.echo(f"{len(found)} att se till, {sum(one.blocks for one in found)} hinder.")
    raise SystemExit(1 if any(one.blocks for one in found) else 0)


@report.command("lock")
@click.argument("number", type=int, metavar="NR")
@AS
@click.option("--acknowledge", is_flag=True, help="Lås fast det finns tal som inte stämmer med siffrorna.")
def lock_(number: int, email: str | None, acknowledge: bool) -> None:
    """Lås en rapport: tar uttag, fryser texten och skriver filerna."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.access.rights import NotAllowedError  # noqa: PLC0415
    from roder.organisation.loading import person_named  # noqa: PLC0415
    from roder.reports.services import check as check_report  # noqa: PLC0415
    from roder.reports.services import lock  # noqa: PLC0415

    chosen, by = _report(number), person_named(email)
    seen = {one.mark for one in check_report(chosen)} if acknowledge else set()
    try:
        locked = lock(chosen, by, seen)
    except NotAllowedError as error:
        raise _allowed(error) from error
    click.echo(f"Rapport {locked.pk} är låst på uttaget {locked.snapshot.code if locked.snapshot else ''}.")


@report.command()
@click.argument("number", type=int, metavar="NR")
@click.option(
    "--out", default=Path("out"), show_default=True, type=click.Path(path_type=Path, file_okay=False)
)
def write(number: int, out: Path) -> None:
    """Skriv en låst rapports fyra filer till en katalog."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.reports.services import write_files  # noqa: PLC0415

    for path in write_files(_report(number), out):
        click.echo(str(path))
