"""``roder import``: files in from the command line; ``roder template``: blank ones; ``roder setup``: a whole folder."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

#: What other rooms read in without a file: command -> where it is defined.
OTHERS = {"kolada": "roder.kolada.cli:kolada"}


class Kinds(click.Group):
    """``roder import KIND FILE …`` beside the named commands ``undo``, ``list``, ``kinds`` and those of other rooms."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command of another room is imported when it is used."""
        module, _, name = OTHERS.get(cmd_name, "").partition(":")
        other: click.Command | None = getattr(import_module(module), name) if module else None
        return other or super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The named commands."""
        return sorted([*super().list_commands(ctx), *OTHERS])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A word that is no command is a kind of file."""
        if args and args[0] not in {*self.commands, *OTHERS} and not args[0].startswith("-"):
            return "file", read_in, args
        return super().resolve_command(ctx, args)


@click.group(
    "import", cls=Kinds, subcommand_metavar="KIND FILE [--committee NÄMND] | undo | list | kinds | kolada"
)
def import_() -> None:
    """Läs in en fil: roder import avvikelser FIL --committee alingsas-von [--mapping FIL] [--dry-run] [--as E-POST]."""


@click.command("file")
@click.argument("kind")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--committee", "slug", help="Nämndens adressnamn, till exempel alingsas-von; behövs när det finns flera."
)
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Koppling av kolumner (YAML eller JSON): vårt namn: filens rubrik.",
)
@click.option(
    "--year", type=int, help="Vilket års plan en tom cell för tillfälle avser (annars det senaste)."
)
@click.option("--check", "--dry-run", "check", is_flag=True, help="Granska bara; ingenting sparas.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Skriv alla fel till en CSV-fil."
)
@click.option("--as", "email", help="E-post till den som läser in; utan den läser driften in.")
def read_in(
    kind: str,
    file: Path,
    slug: str | None,
    mapping: Path | None,
    year: int | None,
    check: bool,
    report: Path | None,
    email: str | None,
) -> None:
    """Läs in eller granska en fil. Vid fel skrivs FIL:RAD:KOLUMN: vad, ingenting sparas, och svaret är 1."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.core.faults import UserFault  # noqa: PLC0415
    from roder.imports.cells import Context  # noqa: PLC0415
    from roder.imports.kinds import kind_of  # noqa: PLC0415
    from roder.imports.mapping import read_mapping  # noqa: PLC0415
    from roder.imports.services import ImportFault, commit, preview  # noqa: PLC0415
    from roder.organisation.loading import committee_named, only_committee, person_named  # noqa: PLC0415

    what = kind_of(kind)
    committee = committee_named(slug) if slug else only_committee()
    context = Context(committee, year, read_mapping(mapping) if mapping else {})
    by = person_named(email)
    with words_for_refusal():
        try:
            if check or report is not None:
                seen = preview(what, context, file, by, report)
                _warn(seen.warnings)
                if seen.fault_count:
                    raise ImportFault(seen.faults, seen.fault_count, str(file))
                click.echo(f"{seen.described}. {seen.rows} rader: {_counted(seen.counts)}.")
                if check:
                    return
            done = commit(what, context, file, str(file), by)
        except ImportFault as fault:
            for one in fault.faults:
                click.echo(one.line(str(file)))
            more = fault.fault_count - len(fault.faults)
            if more:
                click.echo(f"… och {more} fel till (alla med --report FIL).")
            raise UserFault(f"{fault.fault_count} fel; ingenting har lästs in.") from fault
    _warn(done.warnings)
    number = f"inläsning {done.batch.pk}" if done.batch else "ingenting nytt"
    click.echo(f"{done.rows} rader: {_counted(done.counts)} ({number}).")


@import_.command("undo")
@click.argument("number", type=int)
@click.option("--as", "email", help="E-post till den som ångrar; utan den ångrar driften.")
def take_back(number: int, email: str | None) -> None:
    """Ångra inläsning NUMBER: nya rader tas bort, ersatta kommer tillbaka."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.core.faults import UserFault  # noqa: PLC0415
    from roder.core.models import ImportBatch  # noqa: PLC0415
    from roder.imports.kinds import kind_of  # noqa: PLC0415
    from roder.imports.services import undo  # noqa: PLC0415
    from roder.organisation.loading import person_named  # noqa: PLC0415

    batch = ImportBatch.objects.filter(pk=number).first()
    if batch is None:
        raise UserFault(f"inläsning {number} finns inte.")
    with words_for_refusal():
        rows = undo(kind_of(batch.kind), batch, person_named(email))
    click.echo(f"Inläsning {number} är ångrad: {rows} rader.")


@import_.command("list")
@click.option("--committee", "slug", help="Bara en nämnds.")
def listing(slug: str | None) -> None:
    """Visa vad som har lästs in."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.core.models import ImportBatch  # noqa: PLC0415
    from roder.organisation.loading import committee_named  # noqa: PLC0415

    batches = ImportBatch.objects.select_related("committee", "imported_by")
    if slug:
        batches = batches.filter(committee=committee_named(slug))
    for batch in batches:
        who = batch.imported_by or "driften"
        undone = ", ångrad" if batch.undone_at else ""
        click.echo(
            f"{batch.pk}\t{batch.imported_at:%Y-%m-%d %H:%M}\t{batch.kind}\t{batch.committee and batch.committee.slug}"
            f"\t{batch.file_name}\t{batch.new_rows} nya, {batch.changed_rows} ändrade{undone}\t{who}"
        )


@import_.command("kinds")
def kinds() -> None:
    """Visa slagen av filer och deras kolumner."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django(migrated=False)
    from roder.imports.kinds import KINDS  # noqa: PLC0415

    for what in KINDS.values():
        click.echo(f"{what.kind}: {what.about}\n  {';'.join(what.file_columns)}")


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


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--again", is_flag=True, help="Läs in även om filerna inte har ändrats.")
def setup(folder: Path, again: bool) -> None:
    """Sätt upp en nämnd från FOLDER: organisation, styrmodell, mål, nyckeltal och siffror. Kan köras om."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.imports.examples import load_folder  # noqa: PLC0415

    for line in load_folder(folder, again=again).lines:
        click.echo(line)


def _warn(warnings: list[str]) -> None:
    for warning in warnings:
        click.echo(f"Obs: {warning}", err=True)


def _counted(counts: Any) -> str:
    return f"{counts.new} nya, {counts.changed} ändrade, {counts.unchanged} oförändrade"


def words_for_refusal() -> Any:
    """A refusal by access is the person's to mend too."""
    from contextlib import contextmanager  # noqa: PLC0415

    from roder.access.rights import NotAllowedError  # noqa: PLC0415
    from roder.core.faults import UserFault  # noqa: PLC0415

    @contextmanager
    def words() -> Any:
        try:
            yield
        except NotAllowedError as error:
            raise UserFault(str(error)) from error

    return words()
