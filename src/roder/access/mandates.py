"""Deeds on mandates: give one, end one. When somebody changes post the old mandate ends."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, Q, QuerySet

from roder import access
from roder.access.matrix import Action, Resource, allows
from roder.access.rights import User, grants
from roder.core import day_checks
from roder.organisation.models import Body, Mandate, Person, Unit


def committees_where(user: User, action: Action) -> set[int]:
    """The committees whose organisation the person may do that to."""
    return {grant.committee_id for grant in grants(user) if allows(grant.role, Resource.ORGANISATION, action)}


def of_committees(ids: set[int]) -> Q:
    """Mandates for the committees, their subcommittees and their units."""
    return Q(body__in=ids) | Q(body__parent__in=ids) | Q(unit__committee__in=ids)


def seen_mandates(user: User, rows: QuerySet[Mandate]) -> QuerySet[Mandate]:
    """The mandates that the person may see: those of the committees whose organisation they may read."""
    return rows.filter(of_committees(committees_where(user, Action.VIEW)))


def seen_people(user: User, rows: QuerySet[Person]) -> QuerySet[Person]:
    """The people that the person may see: those who have or have had such a mandate."""
    held = Mandate.objects.filter(of_committees(committees_where(user, Action.VIEW)), person=OuterRef("pk"))
    return rows.filter(Exists(held))


def committee_of(mandate: Mandate) -> Body:
    """The committee that a mandate belongs to, directly or through its unit or subcommittee."""
    if mandate.unit is not None:
        return mandate.unit.committee
    body = mandate.body
    if body is None:  # pragma: no cover - the database refuses a mandate without place
        raise ValidationError("Mandatet saknar plats.")
    return body.parent or body


def give(
    actor: Person,
    committee: Body,
    person: Person,
    role: str,
    *,
    unit: Unit | None,
    start: date,
    last: date | None,
) -> Mandate:
    """Give ``person`` a role in the committee, or in one of its units, from ``start`` to and with ``last``.

    The very same mandate given again is the one that is there.

    Raises NotAllowedError without the right to administer, ValidationError when the dates or the unit are wrong.
    """
    access.require(actor, Action.ADMINISTER, Resource.ORGANISATION, committee)
    day_checks.require("start", start)
    day_checks.require("last", last, may_be_empty=True)
    if last is not None and last < start:
        raise ValidationError({"last": "Sista dagen är före första dagen."})
    if unit is not None and unit.committee_id != committee.pk:
        raise ValidationError({"unit": "Enheten hör till en annan nämnd."})
    valid = DateRange(start, last + timedelta(days=1) if last else None)
    place = {"unit": unit} if unit else {"body": committee}
    mandate = Mandate(person=person, role=role, valid=valid, **place)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(
            pk=person.pk
        )  # the same form sent twice gives one mandate
        if same := Mandate.objects.filter(person=person, role=role, valid=valid, source="", **place).first():
            return same
        mandate.full_clean()
        mandate.save()
        access.record(actor, "mandate given", mandate, role=role, start=start.isoformat())
    return mandate


def end(actor: Person, mandate: Mandate, last: date) -> Mandate:
    """End a mandate with ``last`` as its last day. Raises NotAllowedError, and ValidationError before its first day."""
    access.require(actor, Action.ADMINISTER, Resource.ORGANISATION, committee_of(mandate))
    day_checks.require("last", last)
    start = mandate.valid.lower
    if start is not None and last < start:
        raise ValidationError(
            {"last": f"Mandatet börjar {start.isoformat()}: det kan inte sluta före den dagen."}
        )
    with transaction.atomic():
        mandate = Mandate.objects.select_for_update().get(pk=mandate.pk)
        mandate.save_over(mandate.revision, valid=DateRange(start, last + timedelta(days=1)))
        access.record(actor, "mandate ended", mandate, last=last.isoformat())
    return mandate
