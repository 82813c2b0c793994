"""The one place where access is asked: ``may`` for a deed on something, ``visible`` for what a list may hold.

A model says where it belongs with an ``Access`` class::

    class Access:
        resource = Resource.ECONOMY
        committee = "version__committee"   # path to the committee (None: see municipality)
        unit = "unit"                      # path to the unit, when rows may belong to one
        drafts = Q(state="draft")          # rows that need the right to drafts instead
        stricter = ((Resource.SECRETS, Q(secret=True)),)  # rows that need the right to this besides
        own = "reporter"                   # path to a person who may always see the row
        common = False                     # rows without a unit are not for everybody in the committee
        rows = staticmethod(…)             # instead of this: a function (user, action) -> Q, for what follows another
        narrow = {"licensed": Q(law="hsl")}  # what a role's mandate gives is only these rows

The answer to ``visible`` is a condition in the query, never a list of ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet

from roder.access.matrix import Action, Resource, allows
from roder.core.prepared import rows_of
from roder.organisation.models import Body, Person, Unit

M = TypeVar("M", bound=models.Model)
User = Person | AnonymousUser


@dataclass(frozen=True)
class Grant:
    """A mandate that holds today, as far as access is concerned. ``units``: its unit and every unit below that."""

    role: str
    committee_id: int
    municipality_id: int
    unit_id: int | None
    units: tuple[int, ...] = ()

    def covers(self, unit_id: int | None) -> bool:
        """Whether it holds for a unit of its committee; None: for the committee as a whole."""
        return self.unit_id is None or unit_id in self.units


class NotAllowedError(PermissionDenied):
    """Somebody asked for what their mandates do not give. The message is Swedish and says which right is missing."""


#: Elected, independent and administering posts: nobody lends them to a deputy.
NOT_DEPUTISED = ("member", "chair", "auditor", "administrator")

#: Asked on every page, so written out: composing it costs ten times what the database needs for it.
#: A deputy has, for the time, the mandates of those they stand in for; a deputy's deputy has not. The units below come
#: with the mandate: a list of them lets the database count how many rows they have, and choose the right index.
_GRANTS = """
    SELECT mandate.role, COALESCE(body.parent_id, body.id, unit.committee_id),
           COALESCE(body.municipality_id, home.municipality_id), mandate.unit_id, ARRAY(
               WITH RECURSIVE below(id, depth) AS (
                   SELECT mandate.unit_id, 0
                   UNION ALL
                   SELECT placement.unit_id, below.depth + 1 FROM below
                   JOIN organisation_unitplacement placement
                       ON placement.parent_id = below.id AND placement.valid @> %s::date AND below.depth < 20
               )
               SELECT DISTINCT id FROM below WHERE id IS NOT NULL ORDER BY id
           )
    FROM (
        SELECT id FROM organisation_mandate WHERE person_id = %s
        UNION
        SELECT held.id FROM organisation_deputy deputy
        JOIN organisation_mandate held ON held.id = deputy.mandate_id OR held.person_id = deputy.person_id
        JOIN organisation_person away ON away.id = held.person_id AND away.is_active
        WHERE deputy.stand_in_id = %s AND deputy.valid @> %s::date AND NOT held.role = ANY(%s)
    ) mine
    JOIN organisation_mandate mandate ON mandate.id = mine.id AND mandate.valid @> %s::date
    LEFT JOIN organisation_body body ON body.id = mandate.body_id
    LEFT JOIN organisation_unit unit ON unit.id = mandate.unit_id
    LEFT JOIN organisation_body home ON home.id = unit.committee_id
    ORDER BY mandate.id
"""


def grants(user: User, today: date | None = None) -> tuple[Grant, ...]:
    """The mandates that hold today (or on ``today``). Read once per request and kept on the user object."""
    if not user.is_authenticated or not user.is_active:
        return ()
    cached: tuple[Grant, ...] | None = getattr(user, "_roder_grants", None)
    if cached is not None and today is None:
        return cached
    day = today or date.today()
    asked = [day, user.pk, user.pk, day, list(NOT_DEPUTISED), day]
    found = tuple(
        Grant(role, committee, municipality, unit, tuple(units))
        for role, committee, municipality, unit, units in rows_of(_GRANTS, asked)
    )
    if today is None:
        user._roder_grants = found  # type: ignore[attr-defined]  # lives as long as the request's user object
    return found


def roles(user: User, committee: Body | None = None) -> set[str]:
    """The roles somebody has today, in a committee or anywhere."""
    return {grant.role for grant in grants(user) if committee is None or grant.committee_id == committee.pk}


def committees(user: User) -> QuerySet[Body]:
    """The committees somebody has a mandate in today."""
    ids = {grant.committee_id for grant in grants(user)}
    return (
        Body.objects.filter(pk__in=ids, kind=Body.Kind.COMMITTEE)
        .select_related("municipality")
        .order_by("name")
    )


def units_where(user: User, action: Action, resource: Resource, committee: Body | int) -> QuerySet[Unit]:
    """The committee's units where the user's mandates give the right: their own, and those under them."""
    where = committee.pk if isinstance(committee, Body) else committee
    held = [grant for grant in _having(user, resource, action) if grant.committee_id == where]
    rows = Unit.objects.filter(committee=where)
    if any(grant.unit_id is None for grant in held):
        return rows
    return rows.filter(pk__in=sorted({unit for grant in held for unit in grant.units}))


FEW_UNITS = 20


def in_few_units(user: User, resource: Resource, committee: Body) -> bool:
    """Whether what the user sees of a resource in the committee is that of a few units only."""
    held = [one for one in _having(user, resource, Action.VIEW) if one.committee_id == committee.pk]
    return bool(held) and all(one.units for one in held) and sum(len(one.units) for one in held) <= FEW_UNITS


def _spec(model: type[models.Model]) -> Any:
    spec = getattr(model, "Access", None)
    if spec is None:
        raise LookupError(f"{model.__name__} säger inte vem som får se den: ge modellen en Access-klass")
    return spec


def _having(user: User, resource: Resource, action: Action) -> Iterable[Grant]:
    return (grant for grant in grants(user) if allows(grant.role, resource, action))


def _condition(user: User, spec: Any, resource: Resource, action: Action) -> Q:
    """The rows where the user's mandates give the right."""
    held = list(_having(user, resource, action))
    narrow: dict[str, Q] = getattr(spec, "narrow", {})
    condition = _where(spec, [grant for grant in held if grant.role not in narrow], action)
    for role, part in narrow.items():
        if theirs := [grant for grant in held if grant.role == role]:
            condition |= _where(spec, theirs, action) & part
    return condition


def _where(spec: Any, held: Iterable[Grant], action: Action) -> Q:
    """The rows in the places where these mandates hold."""
    whole: set[int] = set()
    parts: set[int] = set()
    municipalities: set[int] = set()
    inside: set[int] = set()
    for grant in held:
        municipalities.add(grant.municipality_id)
        inside.add(grant.committee_id)
        if grant.unit_id is None:
            whole.add(grant.committee_id)
        else:
            parts.update(grant.units)
    committee, unit = getattr(spec, "committee", None), getattr(spec, "unit", None)
    municipality = getattr(spec, "municipality", None)
    nothing = Q(pk__in=())
    if committee is None:
        return Q(**{f"{municipality}__in": municipalities}) if municipality and municipalities else nothing
    condition = Q(**{f"{committee}__in": whole}) if whole else nothing
    if inside - whole and action is Action.VIEW and getattr(spec, "common", True):
        # Figures of the whole committee are read by everybody with a mandate in it; other deeds follow the unit.
        common = Q(**{f"{committee}__in": inside - whole})
        condition |= common & Q(**{f"{unit}__isnull": True}) if unit else common
    if parts and unit:
        condition |= Q(**{f"{unit}__in": sorted(parts)})
    if municipality and municipalities:
        condition |= Q(**{f"{committee}__isnull": True, f"{municipality}__in": municipalities})
    return condition


def visible(
    user: User, queryset: QuerySet[M], action: Action = Action.VIEW, *, own: bool = True
) -> QuerySet[M]:
    """The rows of ``queryset`` that the user may see (or do ``action`` to). ``own`` False: by mandate only, without
    the rows that are the user's own."""
    spec = _spec(queryset.model)
    if rows := getattr(spec, "rows", None):
        return queryset.filter(rows(user, action))
    condition = _condition(user, spec, spec.resource, action)
    drafts = getattr(spec, "drafts", None)
    if drafts is not None:
        condition = (condition & ~drafts) | (_condition(user, spec, Resource.DRAFTS, action) & drafts)
    for resource, part in getattr(spec, "stricter", ()):
        condition &= ~part | _condition(user, spec, resource, action)
    path = getattr(spec, "own", None) if own else None
    if path is not None and action is Action.VIEW and user.is_authenticated and user.is_active:
        condition |= Q(**{path: user.pk})
    return queryset.filter(condition)


def may(
    user: User, action: Action, target: models.Model | Resource, committee: Body | int | None = None
) -> bool:
    """Whether the user may do ``action`` to a record, or to a resource of a committee (anywhere when none is given)."""
    if isinstance(target, models.Model):
        return visible(user, type(target)._base_manager.filter(pk=target.pk), action).exists()
    return give(grants(user), action, target, committee.pk if isinstance(committee, Body) else committee)


def give(held: Iterable[Grant], action: Action, resource: Resource, committee: int | None = None) -> bool:
    """Whether mandates give the right to do ``action`` to a resource of a committee (anywhere when none is given)."""
    return any(
        allows(grant.role, resource, action)
        for grant in held
        if committee is None or grant.committee_id == committee
    )


def require(
    user: User, action: Action, target: models.Model | Resource, committee: Body | int | None = None
) -> None:
    """Raise NotAllowedError unless the user may."""
    if not may(user, action, target, committee):
        what = target._meta.verbose_name if isinstance(target, models.Model) else target.value
        raise NotAllowedError(f"Dina mandat ger inte rätt till detta ({what}, {action.value}).")
