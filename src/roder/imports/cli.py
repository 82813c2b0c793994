"""``roder import``: files in from the command line; ``roder template``: blank ones; ``roder setup``: a whole folder."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
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
    "import",
    cls=Kinds,
    subcommand_metavar="KIND FILE [--committee NÄMND] | undo | list | mappings | kinds | kolada",
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
    help="Koppling av kolumner: en sparad kopplings namn, eller en fil (YAML eller JSON) med vårt namn: filens rubrik.",
)
@click.option("--save-mapping", "save_as", help="Spara kopplingen under namnet när filen är inläst.")
@click.option("--sheet", help="Vilket blad i arbetsboken som läses, när flera har rubrikerna.")
@click.option(
    "--year", type=int, help="Vilket års plan en tom cell för tillfälle avser (annars det senaste)."
)
@click.option("--check", "--dry-run", "check", is_flag=True, help="Granska bara; ingenting sparas.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Skriv hela granskningen till en fil, .csv eller .xlsx: antal, anmärkningar, fel och ändringar.",
)
@click.option("--as", "email", help="E-post till den som läser in; utan den läser driften in.")
def read_in(
    kind: str,
    file: Path,
    slug: str | None,
    mapping: str | None,
    save_as: str | None,
    sheet: str | None,
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
    from roder.imports.mapping import Layout, mapping_for, save_mapping, to_save  # noqa: PLC0415
    from roder.imports.services import ImportFault, commit, preview  # noqa: PLC0415
    from roder.organisation.loading import committee_named, only_committee, person_named  # noqa: PLC0415

    what = kind_of(kind)
    committee = committee_named(slug) if slug else only_committee()
    layout = replace(mapping_for(what, committee, mapping) if mapping else Layout(), sheet=sheet)
    if save_as and not mapping:
        raise UserFault("ange med --mapping vad som ska sparas.")
    if save_as:
        layout = replace(layout, name=to_save(what, save_as, layout)["name"])
    context = layout.on(Context(committee, year))
    by = person_named(email)
    with words_for_refusal():
        try:
            if check or report is not None:
                seen = preview(what, context, file, by, report)
                _warn(seen.warnings)
                if seen.fault_count:
                    raise ImportFault(seen.faults, seen.fault_count, str(file))
                click.echo(f"{seen.described}. {seen.rows} rader: {_counted(seen.counts)}.")
                if report is not None:
                    click.echo(f"Hela granskningen står i {report}.")
                if check:
                    return
            done = commit(what, context, file, str(file), by)
            if save_as:
                save_mapping(what, committee, save_as, layout, by)
        except ImportFault as fault:
            for one in fault.faults:
                click.echo(one.line(str(file)))
            more = fault.fault_count - len(fault.faults)
            if more:
                click.echo(f"… och {more} fel till (alla med --report FIL).")
            if report is not None:
                click.echo(f"Hela granskningen står i {report}.")
            raise UserFault(f"{fault.fault_count} fel; ingenting har lästs in.") from fault
    _warn(done.warnings)
    number = f"inläsning {done.batch.pk}" if done.batch else "ingenting nytt"
    click.echo(f"{done.rows} rader: {_counted(done.counts)} ({number}).")


@import_.command("undo")
@click.argument("number", type=int)
@click.option("--check", "--dry-run", "check", is_flag=True, help="Visa bara vad som skulle hända.")
@click.option("--yes", is_flag=True, help="Fråga inte i terminalen.")
@click.option("--as", "email", help="E-post till den som ångrar; utan den ångrar driften.")
def take_back(number: int, check: bool, yes: bool, email: str | None) -> None:
    """Ångra inläsning NUMBER: visa vad som händer; nya rader tas bort, ersatta kommer tillbaka."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.core.faults import UserFault  # noqa: PLC0415
    from roder.core.models import ImportBatch  # noqa: PLC0415
    from roder.imports.kinds import kind_of  # noqa: PLC0415
    from roder.imports.services import undo, undo_plan  # noqa: PLC0415
    from roder.organisation.loading import person_named  # noqa: PLC0415

    batch = ImportBatch.objects.filter(pk=number).first()
    if batch is None:
        raise UserFault(f"inläsning {number} finns inte. roder import list visar dem som finns.")
    what, by = kind_of(batch.kind), person_named(email)
    with words_for_refusal():
        click.echo(
            f"Inläsning {number}: {what.title.lower()} ur {batch.file_name}, {_moment(batch.imported_at)}."
        )
        plan = undo_plan(what, batch, by)
        for effect in plan.effects:
            click.echo(f"  {effect.title}: {effect.words}")
        for remark in plan.left:
            click.echo(f"  {remark}")
        if check:
            return
        if sys.stdin.isatty() and not yes:
            click.confirm("Ångra inläsningen?", abort=True)
        rows = undo(what, batch, by).rows
    click.echo(f"Inläsning {number} är ångrad: {rows} rader.")


@import_.command("list")
@click.option("--committee", "slug", help="Bara en nämnds.")
@click.option("--kind", help="Bara filer av ett slag.")
def listing(slug: str | None, kind: str | None) -> None:
    """Visa vad som har lästs in: nummer, när, slag, nämnd, fil, koppling, antal, av vem, och om det är ångrat."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.core.models import ImportBatch  # noqa: PLC0415
    from roder.imports.kinds import kind_of  # noqa: PLC0415
    from roder.organisation.loading import committee_named  # noqa: PLC0415

    batches = ImportBatch.objects.select_related("committee", "imported_by", "undone_by")
    if slug:
        batches = batches.filter(committee=committee_named(slug))
    if kind:
        batches = batches.filter(kind=kind_of(kind).kind)
    for batch in batches:
        mapping = f" (koppling {batch.mapping_name})" if batch.mapping_name else ""
        undone = (
            f"\tångrad {_moment(batch.undone_at)} av {batch.undone_by or 'driften'}"
            if batch.undone_at
            else ""
        )
        click.echo(
            f"{batch.pk}\t{_moment(batch.imported_at)}\t{batch.kind}\t{batch.committee and batch.committee.slug}"
            f"\t{batch.file_name}{mapping}\t{batch.rows} rader: {batch.new_rows} nya, {batch.changed_rows} ändrade"
            f"\t{batch.imported_by or 'driften'}{undone}"
        )


@import_.command("mappings")
@click.option("--committee", "slug", help="Bara en nämnds.")
def mappings(slug: str | None) -> None:
    """Visa sparade kopplingar av kolumner: slag, namn, och vilken av filens rubriker som är vilken kolumn."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.imports.models import ColumnMapping  # noqa: PLC0415
    from roder.organisation.loading import committee_named  # noqa: PLC0415

    rows = ColumnMapping.objects.select_related("committee")
    if slug:
        rows = rows.filter(committee=committee_named(slug))
    for row in rows:
        click.echo(f"{row.committee.slug}\t{row.kind}\t{row.name}")
        for ours, theirs in row.columns.items():
            click.echo(f"  {ours}: {theirs}")
        for ours, text in row.constants.items():
            click.echo(f"  {ours}: ”{text}” på alla rader")


def _moment(value: datetime) -> str:
    """A moment as Swedish time."""
    from django.utils import timezone  # noqa: PLC0415

    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


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
