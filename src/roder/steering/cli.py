"""``roder model``: check, describe and compare steering model files. Works without a database."""

from __future__ import annotations

import json
from pathlib import Path

import click

from roder.steering.loading_cli import load, new
from roder.steering.modelfile import Checked, check_file, diff, json_schema

FILE = click.Path(path_type=Path)


@click.group()
def model() -> None:
    """Styrmodellen: granska, visa schemat, jämför, läs in."""


model.add_command(load)
model.add_command(new)


def _checked(path: Path) -> Checked:
    """Check a file; print every fault and leave with exit code 1 when there is any."""
    checked = check_file(path)
    for line in checked.lines():
        click.echo(line)
    if not checked.ok:
        click.echo(f"{len(checked.faults)} fel; ingenting har lästs in.", err=True)
        raise SystemExit(1)
    return checked


@model.command()
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Granska FILE: alla fel på en gång, med rad och kolumn."""
    checked = _checked(file)
    if checked.model:
        one = checked.model
        click.echo(f"{file}: inga fel. {one.committee.name}, {one.municipality.name}, {one.year}.")


@model.command()
def schema() -> None:
    """Skriv ut styrmodellens JSON Schema."""
    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


@model.command("diff")
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
def compare(old: Path, new: Path) -> None:
    """Visa vad som skiljer NEW från OLD, ett per rad."""
    before, after = _checked(old).model, _checked(new).model
    if before is None or after is None:  # _checked has left already
        raise SystemExit(1)
    changes = diff(before, after)
    for change in changes:
        click.echo(str(change))
    if not changes:
        click.echo("Ingen skillnad.")
