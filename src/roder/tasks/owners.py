"""Whose something is: a mandate, so that it follows the post and not the person; a person only as exception."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from roder.access.rights import NOT_DEPUTISED
from roder.organisation.models import Body, Deputy, Mandate, Person, Role, Unit


@dataclass(frozen=True)
class Owner:
    """A role in a unit (or above it) or in a committee. ``person`` overrides: then it is that person's own."""

    role: str
    unit: Unit | None = None
    committee: Body | None = None
    person: Person | None = None

    def __post_init__(self) -> None:
        if self.role and self.role not in Role.values:
            raise ValidationError({"role": f"Rollen {self.role} finns inte."})
        if not self.role and self.person is None:
            raise ValidationError({"role": "Ange vems uppgiften är: en roll eller en person."})

    def columns(self, subject: models.Model | None = None) -> dict[str, Any]:
        """The owner as columns of a task or an action. The committee is the unit's, else the one given, else that
        of the subject. Raises ValidationError when there is none."""
        committee = self.committee or (self.unit.committee if self.unit else None)
        if committee is None and subject is not None:
            committee = committee_of(subject)
        if committee is None:
            raise ValidationError({"role": "Ange vilken nämnd eller enhet uppgiften hör till."})
        return {"role": self.role, "unit": self.unit, "committee": committee, "person": self.person}


def committee_of(subject: models.Model) -> Body | None:
    """The committee of a record, by the path that its ``Access`` class names; None when it has none."""
    path = getattr(getattr(type(subject), "Access", None), "committee", None)
    found: Any = subject
    for name in path.split("__") if path else ():
        found = found if name == "pk" else getattr(found, name, None)
    return found if path and isinstance(found, Body) else None


_ABOVE = """
    WITH RECURSIVE up(id) AS (
        SELECT %s::bigint
        UNION
        SELECT placement.parent_id FROM up
        JOIN organisation_unitplacement placement ON placement.unit_id = up.id AND placement.valid @> %s::date
        WHERE placement.parent_id IS NOT NULL
    )
    SELECT id FROM up
"""


def units_above(unit_id: int, day: date) -> RawSQL:
    """The unit and every unit above it on a day, as a condition in the query."""
    return RawSQL(_ABOVE, [unit_id, day])  # noqa: S611 - a text of our own; what varies is parameters


def people_of(owner: Owner, *, committee: Body | None = None, today: date | None = None) -> QuerySet[Person]:
    """The people who hold the mandate today, and their deputies: with the role in the unit or above it, or in the
    committee. One query."""
    day = today or date.today()
    standing_in = Deputy.objects.filter(stand_in=OuterRef("pk"), valid__contains=day)
    if owner.person is not None:
        away = standing_in.filter(person=owner.person)
        return Person.objects.filter(Q(pk=owner.person.pk) | Exists(away), is_active=True)
    body = owner.committee or committee or (owner.unit.committee if owner.unit else None)
    place = Q(body=body) | Q(body__parent=body)
    if owner.unit is not None:
        place |= Q(unit__in=units_above(owner.unit.pk, day))
    else:
        place |= Q(unit__committee=body) if owner.role in _ONLY_IN_UNITS else Q()
    held = Mandate.objects.filter(place, role=owner.role, valid__contains=day)
    own = held.filter(person=OuterRef("pk"))
    if owner.role in NOT_DEPUTISED:
        return Person.objects.filter(Exists(own), is_active=True).order_by("pk")
    deputised = standing_in.filter(
        Q(mandate__in=held.values("pk")) | Q(person__in=held.filter(person__is_active=True).values("person"))
    )
    return Person.objects.filter(Exists(own) | Exists(deputised), is_active=True).order_by("pk")


#: Roles that somebody has in a part of the organisation only: a task for the role in the whole committee is for all.
_ONLY_IN_UNITS = ("head_department", "unit_manager", "care_staff", "licensed", "casework_manager", "provider")


_HOLDERS = """
    WITH RECURSIVE up(unit, at) AS (
        SELECT one, one FROM unnest(%s::bigint[]) AS one
        UNION
        SELECT up.unit, placement.parent_id FROM up
        JOIN organisation_unitplacement placement ON placement.unit_id = up.at AND placement.valid @> %s::date
        WHERE placement.parent_id IS NOT NULL
    ), held AS (
        SELECT up.unit, mandate.id, mandate.person_id
        FROM up JOIN organisation_mandate mandate ON mandate.unit_id = up.at
        WHERE mandate.role = %s AND mandate.valid @> %s::date
        UNION
        SELECT unit.id, mandate.id, mandate.person_id
        FROM organisation_unit unit
        JOIN organisation_body body ON body.id = unit.committee_id OR body.parent_id = unit.committee_id
        JOIN organisation_mandate mandate ON mandate.body_id = body.id
        WHERE unit.id = ANY(%s::bigint[]) AND mandate.role = %s AND mandate.valid @> %s::date
    ), standing AS (
        SELECT unit, person_id FROM held
        UNION
        SELECT held.unit, deputy.stand_in_id FROM held
        JOIN organisation_person away ON away.id = held.person_id AND away.is_active
        JOIN organisation_deputy deputy
          ON (deputy.mandate_id = held.id OR deputy.person_id = held.person_id) AND deputy.valid @> %s::date
        WHERE NOT %s
    )
    SELECT standing.unit, person.id FROM standing
    JOIN organisation_person person ON person.id = standing.person_id AND person.is_active
"""


def holders(role: str, units: Iterable[int], day: date) -> dict[int, set[int]]:
    """Unit -> the people who hold a role for it on a day (in it, above it or in its committee) and their deputies.

    As ``people_of``, for many units at once: one query."""
    wanted = sorted(set(units))
    found: dict[int, set[int]] = {}
    if not wanted:
        return found
    asked: list[Any] = [wanted, day, role, day, wanted, role, day, day, role in NOT_DEPUTISED]
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, asked)
        for unit, person in cursor.fetchall():
            found.setdefault(unit, set()).add(person)
    return found
