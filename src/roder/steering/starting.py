"""A committee's first steering model: from the blank one, or from one of the examples that come with Roder."""

from __future__ import annotations

from pathlib import Path

from django.db.models import Q
from django.utils import timezone

from roder.core.examples import FOLDERS, examples_dir
from roder.core.faults import UserFault
from roder.organisation.models import Body, Unit
from roder.steering.modelfile import (
    BLANK,
    UNNAMED,
    Names,
    SteeringModel,
    check_file,
    for_another_year,
    new_text,
)
from roder.steering.modelfile.splice import SpliceError
from roder.steering.models import SteeringModelVersion

BLANK_NAME = "blank"
OWN_NAME = "egen"
"""The committee's own model of an earlier year."""


def sources() -> dict[str, Path]:
    """Name -> file that a model can be started from; the blank one first. The examples are left out where they are not
    installed."""
    found = {BLANK_NAME: BLANK}
    try:
        folder = examples_dir()
    except UserFault:
        return found
    return {**found, **{name: folder / name / "styrmodell.yaml" for name in FOLDERS}}


def own_before(committee: Body | None, year: int) -> SteeringModelVersion | None:
    """The committee's own latest model of the nearest year before."""
    rows = SteeringModelVersion.objects.filter(committee=committee, year__lt=year)
    return rows.order_by("-year", "-version").first() if committee else None


def described(committee: Body, year: int) -> list[tuple[str, str]]:
    """The names of what a model can be started from, with what each is in words; the committee's own first."""
    own = own_before(committee, year)
    lines = (
        [(OWN_NAME, f"Er styrmodell för {own.year}, med år, datum och koder flyttade till {year}")]
        if own
        else []
    )
    lines += [
        (BLANK_NAME, "En vanlig uppsättning: tre uppföljningar om året, fyra riskgrader, kontorader i tkr")
    ]
    for name, path in sources().items():
        model = check_file(path).model if name != BLANK_NAME else None
        if model is not None:
            lines.append((name, _about(model)))
    return lines


def _about(model: SteeringModel) -> str:
    return (
        f"{model.municipality.name}, {model.committee.name}: {len(model.occasions)} tillfällen, "
        f"{len(model.status_scales)} statusskalor, {len(model.accounts.rows)} kontorader"
    )


def names_of(committee: Body) -> Names:
    """What a steering model says of whose it is."""
    own = committee.municipality
    today = Q(placements__valid__contains=timezone.localdate(), placements__parent=None)
    top = (
        Unit.objects.filter(today, committee=committee, kind=Unit.Kind.ADMINISTRATION)
        .order_by("code")
        .first()
    )
    return Names(
        own.code,
        own.name,
        own.slug,
        committee.short_name,
        committee.name,
        committee.slug,
        top.name if top else None,
    )


def start_text(committee: Body | None, source: str, year: int) -> str:
    """The text of a model to begin with. Without a committee its names are to be filled in.

    Raises UserFault for a source that is not there, and for names that cannot stand in a model.
    """
    known = sources()
    if source == OWN_NAME and (own := own_before(committee, year)) is not None:
        try:
            return for_another_year(own.source, year)
        except SpliceError as fault:
            raise UserFault(
                f"modellen för {own.year} går inte att flytta: {fault}. Kopiera texten själv."
            ) from fault
    if source not in known:
        raise UserFault(f"”{source}” finns inte att utgå från. Välj något av {', '.join(known)}.")
    try:
        return new_text(names_of(committee) if committee else UNNAMED, year, known[source])
    except ValueError as fault:
        raise UserFault(str(fault)) from fault
