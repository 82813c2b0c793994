"""Numbers so small that they could point somebody out are not given to those who may not open the cases (9.1)."""

from __future__ import annotations

from datetime import date

from roder import access
from roder.access.matrix import Action, Resource, allows
from roder.access.rights import User
from roder.figures.calculate import Result
from roder.figures.registry import Figure
from roder.organisation.models import Body
from roder.quality.models import Deviation
from roder.quality.services.terms import smallest_shown
from roder.quality.statistics.rules import hide_in_list, small

#: What stands instead of such a number.
HIDDEN = "visas inte"
#: When the steering model says nothing else: counts under this are hidden.
BELOW = 5
#: What a table's name begins with -> whose cases its rows are. Several: all are needed.
_CASES = {
    "deviation_types": None,
    "deviation_causes": None,
    "deviation": Resource.DEVIATIONS,
    "lex_sarah": Resource.LEX_SARAH,
    "lex_maria": Resource.LEX_MARIA,
    "complaint_subjects": None,
    "complaint_words": None,
    "complaint": Resource.COMPLAINTS,
    "casework": Resource.CASEWORK,
    "quality_actions": Resource.DEVIATIONS,
}


def _resource(table: str) -> Resource | None:
    return next((resource for start, resource in _CASES.items() if table.startswith(start)), None)


def sees_every_case(user: User, body: Body, tables: tuple[str, ...]) -> bool:
    """Whether the person may open every case of the committee that the tables are about."""
    narrow = getattr(Deviation.Access, "narrow", {})
    whole = [one.role for one in access.grants(user) if one.committee_id == body.pk and one.unit_id is None]
    wanted = {resource for table in tables if (resource := _resource(table)) is not None}
    return all(
        any(
            allows(role, resource, Action.VIEW) and not (resource is Resource.DEVIATIONS and role in narrow)
            for role in whole
        )
        for resource in wanted
    )


def require_seen(user: User, figure: Figure, body: Body) -> None:
    """Only those who may read deviations are given figures that tell them unit by unit. Raises NotAllowedError."""
    if figure.guarded:
        access.require(user, Action.VIEW, Resource.DEVIATIONS, body)


def hidden_rows(user: User, body: Body, result: Result, on: date) -> set[int]:
    """The places in a figure's rows that the person is not given.

    A count is hidden when it is small, and with it so many others that it cannot be computed from their sum; a share or
    a median when what it is computed from is.
    """
    if sees_every_case(user, body, result.figure.reads):
        return set()
    said = smallest_shown(body, on)
    below = BELOW if said is None else said
    hidden: set[int] = set()
    counts: dict[str, int] = {}
    for place, row in enumerate(result.rows):
        parts = [one for one in (row.numerator, row.denominator) if one is not None]
        if any(small(abs(int(one)), below) for one in parts):
            hidden.add(place)
        elif not parts and row.value is not None and row.value == int(row.value):
            counts[str(place)] = abs(int(row.value))
    return hidden | {int(place) for place in hide_in_list(counts, below)}
