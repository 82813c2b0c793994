"""A municipality's organisation from ``organisation.yaml``: bodies, committees, units and where they stand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from roder.core.addresses import address_name
from roder.core.faults import UserFault
from roder.core.put import put
from roder.core.yamlfile import Day, Shape, read_yaml
from roder.organisation.models import Body, Municipality, Person, Unit, UnitPlacement


class MunicipalityShape(Shape):
    """The municipality itself."""

    name: str
    code: str
    slug: str


class BodyShape(Shape):
    """A body that is no committee of its own."""

    code: str
    name: str
    kind: Body.Kind
    slug: str | None = None


class CommitteeShape(Shape):
    """A committee with its subcommittees. ``administration`` is the code of its administration among the units."""

    code: str
    name: str
    slug: str
    administration: str | None = None
    bodies: tuple[BodyShape, ...] = ()


class UnitShape(Shape):
    """A unit and those under it. ``valid_to`` is the last day it stands there; ``external``: run by a provider."""

    code: str
    name: str
    kind: Unit.Kind
    committee: str | None = None
    valid_from: Day
    valid_to: Day | None = None
    external: bool = False
    children: tuple[UnitShape, ...] = ()


class OrganisationShape(Shape):
    """The whole file."""

    municipality: MunicipalityShape
    bodies: tuple[BodyShape, ...] = ()
    committees: tuple[CommitteeShape, ...]
    units: tuple[UnitShape, ...] = ()


def load_organisation(path: Path) -> list[Body]:
    """Make the organisation be as the file says, and return its committees.

    Bodies and units are added or renamed, never removed. A unit that has a placement keeps it: from then on people
    move it. Raises UserFault with every fault of the file.
    """
    return make_organisation(read_yaml(path, OrganisationShape), path)


def make_organisation(file: OrganisationShape, path: Path) -> list[Body]:
    """As ``load_organisation``, for what has been read already; ``path`` is what faults call it."""
    with transaction.atomic():
        own = file.municipality
        municipality, _ = put(
            Municipality,
            {"code": own.code},
            {"name": own.name, "slug": own.slug},
            f"{path}: kommunen {own.code}",
        )
        for body in file.bodies:
            _body(municipality, body, None, path)
        committees = {}
        for committee in file.committees:
            made, _ = put(
                Body,
                {"slug": full_slug(municipality.slug, committee.slug)},
                {
                    "municipality": municipality,
                    "kind": Body.Kind.COMMITTEE.value,
                    "name": committee.name,
                    "short_name": committee.code,
                },
                f"{path}: nämnden {committee.code}",
            )
            committees[committee.code] = made
            for body in committee.bodies:
                _body(municipality, body, made, path)
        for unit in file.units:
            _unit(_committee_of(unit, committees, path), unit, None, path)
    return list(committees.values())


def full_slug(municipality: str, slug: str) -> str:
    """Address names are unique among all municipalities: the municipality's stands first."""
    prefix = f"{municipality}-"
    return slug if slug.startswith(prefix) else prefix + slug


def _body(municipality: Municipality, body: BodyShape, parent: Body | None, path: Path) -> None:
    slug = body.slug or "-".join([*([parent.slug] if parent else []), address_name(body.code, "organ")])
    put(
        Body,
        {"slug": full_slug(municipality.slug, slug)},
        {
            "municipality": municipality,
            "kind": body.kind.value,
            "name": body.name,
            "short_name": body.code,
            "parent": parent,
        },
        f"{path}: organet {body.code}",
    )


def _committee_of(unit: UnitShape, committees: dict[str, Body], path: Path) -> Body:
    if unit.committee is None and len(committees) == 1:
        return next(iter(committees.values()))
    found = committees.get(unit.committee or "")
    if found is None:
        raise UserFault(f"{path}: enheten {unit.code}: skriv vilken nämnd den hör till (committee).")
    return found


def _unit(committee: Body, unit: UnitShape, parent: Unit | None, path: Path) -> None:
    what = f"{path}: enheten {unit.code}"
    made, _ = put(
        Unit,
        {"committee": committee, "code": unit.code},
        {"name": unit.name, "kind": unit.kind.value, "external": unit.external},
        what,
    )
    if not UnitPlacement.objects.filter(unit=made).exists():
        end = unit.valid_to + timedelta(days=1) if unit.valid_to else None
        if end is not None and end <= unit.valid_from:
            raise UserFault(f"{what}: slutar ({unit.valid_to}) innan den börjar ({unit.valid_from}).")
        put(
            UnitPlacement,
            {"unit": made, "parent": parent, "valid": DateRange(unit.valid_from, end)},
            {},
            what,
        )
    for child in unit.children:
        _unit(committee, child, made, path)


def committee_named(slug: str) -> Body:
    """The committee with that address name. Raises UserFault that lists those there are."""
    committees = Body.objects.filter(kind=Body.Kind.COMMITTEE).select_related("municipality").order_by("slug")
    found = next((committee for committee in committees if committee.slug == slug), None)
    if found is None:
        listed = (
            ", ".join(committee.slug for committee in committees) or "inga än: läs in organisationen först"
        )
        raise UserFault(f"nämnden ”{slug}” finns inte. Här finns {listed}.")
    return found


def only_committee() -> Body:
    """The committee of an installation that has one. Raises UserFault that lists those there are when it has not."""
    committees = list(Body.objects.filter(kind=Body.Kind.COMMITTEE).order_by("slug"))
    if len(committees) != 1:
        listed = ", ".join(committee.slug for committee in committees) or "inga än"
        raise UserFault(f"ange vilken nämnd det gäller med --committee. Här finns {listed}.")
    return committees[0]


def person_named(email: str | None) -> Person | None:
    """The active person with that e-mail; None for none. Raises UserFault when there is no such person."""
    if email is None:
        return None
    person = Person.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        raise UserFault(f"ingen aktiv person har e-postadressen {email}.")
    return person
