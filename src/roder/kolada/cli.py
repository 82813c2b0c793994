"""``roder import kolada``: comparisons from Kolada, or from recorded answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from roder.kolada.client import Client
    from roder.organisation.models import Body, Municipality


@click.command("kolada")
@click.option("--kpi", help="Nyckeltalens id med komma mellan; annars alla nyckeltal med Kolada-id.")
@click.option("--municipality", "code", help="Kommunens kod, till exempel 1489; behövs när det finns flera.")
@click.option("--years", help="Åren, till exempel 2018-2022; annars de fem senaste.")
@click.option("--committee", "slug", help="Bara en nämnds nyckeltal; annars alla kommunens nämnders.")
@click.option(
    "--group", default="", help="Jämför med gruppen med detta id i stället för den som passar nyckeltalet."
)
@click.option("--all", "everybody", is_flag=True, help="Hämta alla kommuners värden, inte bara de liknandes.")
@click.option(
    "--stub",
    is_flag=False,
    flag_value="",
    default=None,
    metavar="[MAPP]",
    help="Ta svaren ur en mapp med inspelade svar i stället för från nätet (utan mapp: exemplen).",
)
@click.option("--fresh", is_flag=True, help="Fråga om också det som redan har hämtats i dag.")
@click.option("--as", "email", help="E-post till den som hämtar; utan den hämtar driften.")
def kolada(
    kpi: str | None,
    code: str | None,
    years: str | None,
    slug: str | None,
    group: str,
    everybody: bool,
    stub: str | None,
    fresh: bool,
    email: str | None,
) -> None:
    """Hämta jämförelser från Kolada: egen kommun, liknande kommuner och riket. Ångras som andra inläsningar."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from django.utils import timezone  # noqa: PLC0415

    from roder.imports.cli import words_for_refusal  # noqa: PLC0415
    from roder.kolada import rules  # noqa: PLC0415
    from roder.kolada.asking import YEARS_BACK, Ask  # noqa: PLC0415
    from roder.kolada.services import fetch  # noqa: PLC0415
    from roder.organisation.loading import person_named  # noqa: PLC0415

    this_year = timezone.localdate().year
    asked = rules.parse_years(years) if years else tuple(range(this_year - YEARS_BACK + 1, this_year + 1))
    municipality, committees = _whose(code, slug)
    kpis = tuple(dict.fromkeys(one.strip() for one in (kpi or "").split(",") if one.strip()))
    ask = Ask(municipality, committees, asked, kpis, group, everybody)
    with words_for_refusal(), _client(stub, fresh=fresh) as client:
        done = fetch(ask, client, person_named(email), example=stub is not None)
    for remark in done.remarks:
        click.echo(f"Obs: {remark}", err=True)
    for committee, committed in done.committed:
        counts = committed.counts
        number = f"inläsning {committed.batch.pk}" if committed.batch else "ingenting nytt"
        click.echo(f"{committee.slug}: {counts.new} nya, {counts.changed} ändrade ({number}).")
    if not done.committed:
        click.echo("Ingenting nytt till nyckeltalen.")
    what = "exempelvärden" if stub is not None else "värden"
    click.echo(f"{done.values} {what} för {len(done.fetch.kpis)} nyckeltal i {client.requests} frågor.")


def _whose(code: str | None, slug: str | None) -> tuple[Municipality, tuple[Body, ...]]:
    """The municipality and its committees. Raises UserFault when it is not clear which."""
    from roder.core.faults import UserFault  # noqa: PLC0415
    from roder.organisation.loading import committee_named  # noqa: PLC0415
    from roder.organisation.models import Municipality  # noqa: PLC0415

    if slug:
        committee = committee_named(slug)
        if code and committee.municipality.code != code:
            raise UserFault(
                f"{slug} hör till kommun {committee.municipality.code}, inte {code}. Rätta det ena."
            )
        return committee.municipality, (committee,)
    found = list(Municipality.objects.filter(code=code) if code else Municipality.objects.all())
    if len(found) != 1:
        codes = ", ".join(f"{one.code} ({one.name})" for one in Municipality.objects.order_by("code"))
        raise UserFault(
            f"ange kommunen med --municipality. De som finns är {codes or 'inga; kör roder setup först'}."
        )
    return found[0], tuple(found[0].bodies.filter(measures__isnull=False).distinct().order_by("pk"))


@contextmanager
def _client(stub: str | None, *, fresh: bool) -> Iterator[Client]:
    """A client to Kolada, or to recorded answers."""
    from roder.core.examples import examples_dir  # noqa: PLC0415
    from roder.core.paths import private_dir  # noqa: PLC0415
    from roder.kolada.cache import Cache  # noqa: PLC0415
    from roder.kolada.client import Client  # noqa: PLC0415

    if stub is None:
        cache = Cache(private_dir("kolada") / "svar", fresh=0 if fresh else None)
        cache.forget_old()
        yield Client(cache=cache)
        return
    from roder.kolada.stub import serving  # noqa: PLC0415

    with serving(Path(stub) if stub else examples_dir() / "kolada") as running:
        yield Client(running.url, each_second=1000)
