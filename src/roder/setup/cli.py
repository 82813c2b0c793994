"""``roder init``: a municipality from nothing, from a file or by questions."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option(
    "--file",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="setup.yaml; utan den ställs frågor.",
)
@click.option("--web", is_flag=True, help="Skriv en adress för att börja på webben, när ingen är upplagd.")
@click.option("--check", is_flag=True, help="Granska filen och formen på dem den nämner; ingenting sparas.")
def init(file: Path | None, web: bool, check: bool) -> None:
    """Sätt upp en kommun från en tom databas: roder init --file setup.yaml. Kan köras om; inget dubbleras."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.core.faults import UserFault  # noqa: PLC0415
    from roder.setup import first  # noqa: PLC0415
    from roder.setup.asking import write_answers  # noqa: PLC0415
    from roder.setup.services import check_setup, run  # noqa: PLC0415

    if web:
        if not first.nobody_yet():
            raise UserFault("någon är redan upplagd: logga in och öppna Kom igång i menyn.")
        click.echo(
            f"Öppna {first.address()} när roder serve är igång. Adressen gäller en gång, i {first.HOURS} timmar."
        )
        return
    if file is None:
        file = write_answers(
            Path(), lambda question, proposed: click.prompt(question, default=proposed or None)
        )
        click.echo(f"Svaren är sparade i {file}.")
    if check:
        check_setup(file)
        click.echo(f"{file}: inga fel.")
        return
    for line in run(file):
        click.echo(line)
    for line in ways_in():
        click.echo(line)


def ways_in() -> list[str]:
    """Links for administrators, as long as none of them can log in."""
    from django.utils import timezone  # noqa: PLC0415

    from roder.access.passwords import link_for  # noqa: PLC0415
    from roder.organisation.models import Person, Role  # noqa: PLC0415

    holds = {"mandates__role": Role.ADMINISTRATOR, "mandates__valid__contains": timezone.localdate()}
    people = list(Person.objects.filter(is_active=True, **holds).distinct().order_by("email"))
    if any(person.has_usable_password() for person in people):
        return []
    if not people:
        return [
            "Ingen systemförvaltare finns än. Lägg till en i personfilen (roll systemförvaltare), eller kör "
            "roder person add E-POST --body NÄMND."
        ]
    return [
        "Välj lösenord när roder serve är igång (länken gäller en gång, i tre dagar):",
        *(f"  {person.email}  {link_for(person)}" for person in people),
    ]
