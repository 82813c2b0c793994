"""``roder control``: draw a control's sample from a file of references."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roder.core.faults import UserFault
from roder.core.numbers import NumberError, parse_number, whole_number

if TYPE_CHECKING:
    from roder.control.models import Control, ControlRound
    from roder.control.rules.frames import Chosen


@click.group()
def control() -> None:
    """Intern kontroll: dra ett stickprov ur en urvalsram."""


@control.command("sample")
@click.argument("which", metavar="KONTROLL")
@click.option("--frame", "file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Filen med referenser: CSV, XLSX, ODS eller en rad per referens.")  # fmt: skip
@click.option("--seed", help="Fröet. Utan det används det som Roder gjorde när ramen hämtades.")
@click.option("--share", help="Andel i procent, till exempel 10. Annars gäller planens omfattning.")
@click.option("--number", type=int, help="Antal. Annars gäller planens omfattning.")
@click.option("--column", default="", help="Rubriken på kolumnen med referenser. Annars den första kolumnen.")
@click.option(
    "--heading/--no-heading", default=None, help="Om den första raden är en rubrik. Annars avgör Roder."
)
@click.option("--name", help="Vad ramen är. Annars filens namn.")
@click.option(
    "--round", "number_of_round", type=int, help="Vilken gång kontrollen görs. Annars den som pågår."
)
@click.option("--committee", help="Nämndens förkortning eller adressnamn.")
@click.option("--year", type=int, help="Planens år.")
@click.option("--dry-run", is_flag=True, help="Visa vad som skulle dras, utan att spara.")
def sample(
    which: str,
    file: Path,
    seed: str | None,
    share: str | None,
    number: int | None,
    column: str,
    heading: bool | None,
    name: str | None,
    number_of_round: int | None,
    committee: str | None,
    year: int | None,
    dry_run: bool,
) -> None:
    """Dra stickprovet till KONTROLL: kontrollmomentets id, punktens nummer (IK7) eller punkt och moment (IK7.1).

    Samma fil och samma frö ger samma stickprov, i vilken ordning raderna än står.
    """
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.control.pages.sample_files import read_references  # noqa: PLC0415

    found = find_control(which, committee, year)
    chosen = read_references(file, file.name, column, heading)
    if chosen.heading is not None:
        click.echo(f"Rubrik: {chosen.heading}", err=True)
    asked: dict[str, Any] = {"share": _percent(share), "number": number}
    if dry_run:
        _try_out(found, chosen, seed, asked)
        return
    made = find_round(found, number_of_round)
    _draw(made, chosen, name or file.stem, file.name, seed, asked)


def _percent(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        return parse_number(text.removesuffix("%"))
    except NumberError as error:
        raise UserFault(f"--share: {error}. Skriv till exempel 10 eller 12,5.") from error


def find_control(which: str, committee: str | None = None, year: int | None = None) -> Control:
    """The control by its id, its point's number (``IK7``, ``7``) or with its own number after a full stop (``IK7.1``).

    A number alone is an id unless a committee or a year is given. Raises UserFault for none, and for several.
    """
    from django.db.models import Q  # noqa: PLC0415

    from roder.control.models import Control  # noqa: PLC0415

    rows = Control.objects.select_related("point__plan", "committee").order_by("-point__plan__year", "pk")
    if committee:
        rows = rows.filter(Q(committee__slug__iexact=committee) | Q(committee__short_name__iexact=committee))
    if year:
        rows = rows.filter(point__plan__year=year)
    key = whole_number(which)
    if key is not None and not committee and not year:
        return _the_only(which, list(rows.filter(pk=key)))
    found = list(rows.filter(_numbered(which)))
    if not found and "." in which:
        point, _, own = which.rpartition(".")
        number = whole_number(own, 4)
        if number is not None:
            found = list(rows.filter(_numbered(point), number=number))
    return _the_only(which, found)


def _numbered(text: str) -> object:
    from django.db.models import Q  # noqa: PLC0415

    bare = text[2:] if text[:2].casefold() == "ik" else text
    return (
        Q(point__number__iexact=text) | Q(point__number__iexact=bare) | Q(point__number__iexact=f"IK{bare}")
    )


def _the_only(which: str, found: Sequence[Control]) -> Control:
    if not found:
        raise UserFault(
            f"Kontrollen {which} finns inte. Skriv kontrollmomentets id, eller punktens nummer med --committee och "
            "--year."
        )
    if len(found) > 1:
        lines = [
            f"  {one.pk}: {one.committee.slug} {one.point.plan.year}, {one.point.number}.{one.number} {one.what}"
            for one in found[:20]
        ]
        raise UserFault("\n".join([f"{which} är flera kontroller. Skriv en av dem med sitt id:", *lines]))
    return found[0]


def find_round(found: Control, number: int | None) -> ControlRound:
    """The control's round that is under way (the one due first), or the one with the number. Raises UserFault."""
    from roder.control.models import ControlRound  # noqa: PLC0415

    rows = ControlRound.objects.filter(control=found).select_related("control__point__plan", "committee")
    if number is not None:
        made = rows.filter(number=number).first()
        if made is None:
            raise UserFault(f"Kontrollen har ingen gång {number}.")
        return made
    made = rows.filter(state=ControlRound.State.OPEN).order_by("due_on", "pk").first()
    if made is None:
        raise UserFault(
            "Kontrollen pågår inte. Öppna kontrollerna för tillfället på internkontrollplanens sida, eller pröva med "
            "--dry-run."
        )
    return made


def _draw(
    made: ControlRound, chosen: Chosen, name: str, source: str, seed: str | None, asked: dict[str, Any]
) -> None:
    from django.db import transaction  # noqa: PLC0415

    from roder.control.models import SampleFrame  # noqa: PLC0415
    from roder.control.rules.frames import clean  # noqa: PLC0415
    from roder.control.rules.sampling import fingerprint  # noqa: PLC0415
    from roder.control.services import frames, samples  # noqa: PLC0415

    held = fingerprint([clean(text) for _, text in chosen.rows])
    with transaction.atomic():
        frame = SampleFrame.objects.filter(round=made, sha256=held).first()
        if frame is not None:
            click.echo(f"Ramen är redan hämtad: {frame.name}", err=True)
        else:
            frame = frames.take_frame(made, None, name, rows=chosen.rows, source=source)
        drawn = samples.draw_sample(frame, None, seed=seed, **asked)
    items = drawn.items.order_by("position").values_list("reference", flat=True)
    _tell(frame.size, drawn.size, drawn.rule["words"], drawn.seed, list(items))


def _try_out(found: Control, chosen: Chosen, seed: str | None, asked: dict[str, Any]) -> None:
    from roder.control.rules import frames as rules  # noqa: PLC0415
    from roder.control.rules import sampling  # noqa: PLC0415
    from roder.control.services import samples  # noqa: PLC0415
    from roder.core import persons  # noqa: PLC0415

    references = rules.check(chosen.rows, lambda text: bool(persons.find(text)))
    size = samples.size_for(found, len(references), **asked)
    if seed is None:
        click.echo(
            f"{size.size} av {len(references)} ({size.words}). Ange --seed för att se vilka; inget är sparat."
        )
        return
    used = sampling.seed_of(seed)
    _tell(len(references), size.size, size.words, used, list(sampling.draw(references, used, size.size)))
    click.echo("Inget är sparat.", err=True)


def _tell(frame: int, size: int, words: str, seed: str, items: list[str]) -> None:
    """The items on standard output, one a line; what they are beside it, so that the output can be piped on."""
    from roder.control.rules.sampling import METHOD  # noqa: PLC0415

    click.echo(f"{size} av {frame} ({words}). Metod {METHOD}, frö {seed}.", err=True)
    for one in items:
        click.echo(one)
