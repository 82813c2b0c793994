"""The deed of moving a unit: the place it had is kept with its dates."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from roder import access
from roder.access.matrix import Action
from roder.organisation.models import Person, Unit, UnitPlacement


def move(actor: Person, unit: Unit, parent: Unit | None, start: date) -> UnitPlacement:
    """Place ``unit`` under ``parent`` (None: at the top) from ``start``. The place it had ends the day before.

    Raises NotAllowedError, and ValidationError when the unit would stand under itself or in another committee's tree,
    or when it already has a place that begins on or after ``start``.
    """
    access.require(actor, Action.EDIT, unit)
    if parent is not None:
        if parent.committee_id != unit.committee_id:
            raise ValidationError({"parent": "Enheten hör till en annan nämnd."})
        _refuse_circle(unit, parent, start)
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(
            pk=unit.pk
        )  # two who move it at once: one after the other
        if unit.placements.filter(valid__startswith__gte=start).exists():
            raise ValidationError(
                {"start": "Enheten har redan en placering som börjar den dagen eller senare."}
            )
        for placement in unit.placements.filter(valid__contains=start):
            placement.save_over(placement.revision, valid=DateRange(placement.valid.lower, start))
        placement = UnitPlacement(unit=unit, parent=parent, valid=DateRange(start, None))
        placement.full_clean()
        placement.save()
        access.record(
            actor, "unit placed", unit, parent=parent.pk if parent else None, start=start.isoformat()
        )
    return placement


def _refuse_circle(unit: Unit, parent: Unit, start: date) -> None:
    """Walk upwards from the new parent, as the tree is from ``start`` on; the unit must not be met."""
    seen: set[int] = set()
    at: int | None = parent.pk
    placed = UnitPlacement.objects.filter(
        unit__committee=unit.committee_id, valid__contains=max(start, timezone.localdate())
    )
    parents = dict(placed.values_list("unit_id", "parent_id"))
    while at is not None and at not in seen:
        if at == unit.pk:
            raise ValidationError(
                {"parent": "En enhet kan inte placeras under sig själv eller något som hör till den."}
            )
        seen.add(at)
        at = parents.get(at)
