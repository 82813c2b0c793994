"""The unit tree on a date."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from roder.organisation.models import Body, Unit, UnitPlacement


@dataclass
class Branch:
    """A unit with the units under it."""

    unit: Unit
    children: list[Branch] = field(default_factory=list)


def on(committee: Body, when: date) -> tuple[list[Branch], list[Unit]]:
    """The tree on a date, and the units without a place that day. One query for units and one for placements."""
    units = {unit.pk: Branch(unit) for unit in Unit.objects.filter(committee=committee).order_by("code")}
    parents = dict(
        UnitPlacement.objects.filter(unit__committee=committee, valid__contains=when).values_list(
            "unit_id", "parent_id"
        )
    )
    top: list[Branch] = []
    homeless: list[Unit] = []
    for pk, branch in units.items():
        if pk not in parents:
            homeless.append(branch.unit)
            continue
        parent = parents[pk]
        if parent is None or parent not in units:
            top.append(branch)
        else:
            units[parent].children.append(branch)
    return top, homeless
