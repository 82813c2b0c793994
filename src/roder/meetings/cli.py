"""``roder meeting``: the pack, the summons and the minutes of a meeting as files."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roder.core.faults import UserFault
from roder.meetings.cli_minutes import minutes

if TYPE_CHECKING:
    from roder.meetings.models import Meeting


@click.group()
def meeting() -> None:
    """Sammanträden: handlingar, kallelse och protokoll som filer."""


meeting.add_command(minutes)


def _meeting(number: int) -> Meeting:
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.meetings.models import Meeting  # noqa: PLC0415

    found = Meeting.objects.select_related("body", "committee").filter(pk=number).first()
    if found is None:
        raise UserFault(f"Sammanträde {number} finns inte. Se roder meeting list.")
    return found


@meeting.command("list")
def list_() -> None:
    """Lista sammanträdena, det senaste först."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.meetings.models import Meeting  # noqa: PLC0415

    for one in Meeting.objects.select_related("body").order_by("-date", "-starts"):
        click.echo(f"{one.pk:6}  {one.date}  {one.get_state_display():10} {one.body.name}")


@meeting.command("pack")
@click.argument("number", metavar="ID", type=int)
@click.option("--public", is_flag=True, help="Utan det som omfattas av sekretess.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Filen att skriva.")
def pack(number: int, public: bool, out: Path | None) -> None:
    """Gör möteshandlingarna till sammanträdet ID som en PDF. Har inget ändrats används de som finns."""
    found = _meeting(number)
    from roder.files import disk  # noqa: PLC0415
    from roder.meetings.papers.pack import make_pack  # noqa: PLC0415
    from roder.meetings.papers.pack_plan import plan  # noqa: PLC0415

    for fault in plan(found, public=public).faults:
        click.echo(f"Inte med: {fault}", err=True)
    made = make_pack(found, None, public=public)
    words = "offentliga-handlingar" if public else "handlingar"
    path = out or Path(f"{words}-{found.body.slug}-{found.date.isoformat()}.pdf")
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(disk.path_of(made.blob.sha256), path)
    click.echo(f"Skrev {path}: {made.pages} sidor, {len(made.manifest) - 1} handlingar.")


@meeting.command("summons")
@click.argument("number", metavar="ID", type=int)
@click.option("--public", is_flag=True, help="Utan det som omfattas av sekretess.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Filen att skriva.")
def summons(number: int, public: bool, out: Path | None) -> None:
    """Skriv kallelsen till sammanträdet ID som PDF. Ingen underrättas."""
    found = _meeting(number)
    from roder.meetings.papers import summons as paper  # noqa: PLC0415
    from roder.reports.files import write_beside  # noqa: PLC0415

    path = out or Path(f"kallelse-{found.body.slug}-{found.date.isoformat()}.pdf")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_beside(path, paper.render(found, public=public))
    click.echo(f"Skrev {path}.")
