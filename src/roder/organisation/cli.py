"""``roder person add`` and ``roder organisation load``: what an empty installation needs before anybody can log in."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def person() -> None:
    """Personer och deras första mandat."""


@person.command()
@click.argument("email")
@click.option("--name", prompt="Namn", help="Personens namn.")
@click.option("--role", default="administrator", show_default=True, help="Roll, till exempel controller.")
@click.option("--body", "slug", required=True, help="Nämnd eller annat organ, till exempel alingsas-von.")
@click.option("--password", help="Lösenord; utan det frågas efter ett.")
def add(email: str, name: str, role: str, slug: str, password: str | None) -> None:
    """Lägg upp en person med mandat, till exempel den första systemförvaltaren."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from django.db import transaction  # noqa: PLC0415

    from roder.access.trail import record  # noqa: PLC0415
    from roder.core.faults import UserFault  # noqa: PLC0415
    from roder.organisation.models import Body, Person, Role  # noqa: PLC0415
    from roder.organisation.people import add_mandate, add_person  # noqa: PLC0415

    body = Body.objects.filter(slug=slug).first()
    if body is None:
        listed = ", ".join(Body.objects.order_by("slug").values_list("slug", flat=True))
        raise UserFault(
            f"organet ”{slug}” finns inte. "
            + (
                f"Här finns {listed}."
                if listed
                else "Läs in organisationen först: roder organisation load FIL."
            )
        )
    if password is None and not Person.objects.filter(email__iexact=email).exists():
        password = click.prompt("Lösenord (minst 12 tecken)", hide_input=True, confirmation_prompt=True)
    with transaction.atomic():
        one, made = add_person(email, name, password)
        add_mandate(one, role, body=body)
        record(None, "person.mandate_given", one, role=role, body=body.slug)
    click.echo(f"{one.email} är {'upplagd' if made else 'redan upplagd'}, {Role(role).label} i {body}.")


@person.command()
@click.argument("email")
def link(email: str) -> None:
    """Skriv en länk där personen EMAIL själv väljer lösenord. Den gäller en gång, i tre dagar."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.access.passwords import link_for  # noqa: PLC0415
    from roder.access.trail import record  # noqa: PLC0415
    from roder.organisation.loading import person_named  # noqa: PLC0415

    one = person_named(email)
    assert one is not None  # noqa: S101 - an e-mail was given
    record(None, "person.link_made", one)
    click.echo(link_for(one))


@click.group()
def organisation() -> None:
    """Kommun, organ och enheter."""


@organisation.command()
@click.argument("file", type=click.Path(path_type=Path))
def load(file: Path) -> None:
    """Läs in organisationen ur FILE (organisation.yaml). Kan köras om."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from roder.organisation.loading import load_organisation  # noqa: PLC0415

    for committee in load_organisation(file):
        click.echo(f"{committee} ({committee.slug}): {committee.units.count()} enheter.")
