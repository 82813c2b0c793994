"""The command ``roder``. Each room brings its own commands; they are listed here, loaded when used."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

#: command -> where it is defined. A room's module is imported only when its command is run.
COMMANDS = {
    "demo": "roder.core.demo:demo",
    "serve": "roder.core.serve:serve",
    "worker": "roder.core.worker:worker",
    "migrate": "roder.core.serve:migrate",
    "manage": "roder.core.serve:manage",
    "init": "roder.setup.cli:init",
    "setup": "roder.imports.cli:setup",
    "organisation": "roder.organisation.cli:organisation",
    "person": "roder.organisation.cli:person",
    "model": "roder.steering.cli:model",
    "import": "roder.imports.cli:import_",
    "template": "roder.imports.cli:template",
    "snapshot": "roder.figures.cli:snapshot",
    "figure": "roder.figures.cli:figure",
    "report": "roder.reports.cli:report",
    "meeting": "roder.meetings.cli:meeting",
    "archive": "roder.meetings.cli_archive:archive",
    "control": "roder.control.cli:control",
    "follow-up": "roder.followup.cli:follow_up",
    "audit": "roder.access.cli:audit",
    "reference": "roder.web.reference:reference",
}


class Rooms(click.Group):
    """A group whose commands live in the rooms."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the table above."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the room that has the command."""
        home = COMMANDS.get(cmd_name)
        if home is None:
            return None
        module, _, name = home.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.command(cls=Rooms, help="Roder: mål, ekonomi och uppföljning för en nämnd, från händelse till beslut.")
@click.version_option(package_name="roder")
def roder() -> None:
    """Entry group."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roder.core.settings")


def setup_django(*, migrated: bool = True) -> None:
    """Make Django ready for a command; with ``migrated`` the database is brought up to date first when it is behind."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roder.core.settings")
    import django  # noqa: PLC0415

    django.setup()
    if migrated:
        from roder.core.serve import bring_up_to_date  # noqa: PLC0415

        bring_up_to_date()


def main() -> None:
    """Run the command line; faults that a person can mend are said in one line, without a traceback."""
    from roder.core.faults import UserFault  # noqa: PLC0415
    from roder.core.paths import DataDirError  # noqa: PLC0415
    from roder.core.postgres import PostgresError  # noqa: PLC0415

    try:
        roder(prog_name="roder")
    except (UserFault, PostgresError, DataDirError) as fault:
        click.echo(f"Fel: {fault}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
