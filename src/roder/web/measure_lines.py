"""Measures in a line each: the latest value, the target, and the values over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from roder import access
from roder.measures.models import MeasureValue, Target
from roder.measures.proposals import MeasureYear
from roder.measures.rules import meets
from roder.web.scope import Scope

SHOWN = 5
SPARK = 12  # values in a small line
MOST_VALUES = 500  # of one's own units, read for the small lines


@dataclass(frozen=True)
class Line:
    """A measure with its values over time, and whether the target is met."""

    title: str
    url: str
    unit: str
    decimals: int
    value: Decimal | None
    target: Target | None
    met: bool | None
    values: tuple[Decimal | None, ...]


def of_year(scope: Scope, one: MeasureYear) -> Line:
    """A measure of the whole committee, with its outcomes up to the year."""
    measure = one.measure
    values = tuple(row.value for of, row in sorted(one.outcomes.items()) if of <= scope.year)
    url = scope.url("measures:measure", measure.pk)
    return Line(measure.title, url, measure.unit, measure.decimals, one.outcome, one.target, one.met, values)


def of_my_units(scope: Scope) -> list[Line]:
    """The measures that have values for the units one has a mandate in: two queries."""
    units = {
        unit
        for one in access.grants(scope.user)
        if one.committee_id == scope.committee.pk
        for unit in one.units
    }
    if not units:
        return []
    rows = access.visible(scope.user, MeasureValue.objects.all()).filter(
        measure__committee=scope.committee,
        unit__in=units,
        comparison=MeasureValue.Comparison.OWN,
        sex=MeasureValue.Sex.ALL,
        part="",
        period_end__lte=date(scope.year + 1, 1, 1),
    )
    ordered = rows.select_related("measure", "unit").order_by(
        "measure__position", "measure", "unit", "-period_start"
    )
    series: dict[tuple[int, int | None], list[MeasureValue]] = {}
    for row in ordered[:MOST_VALUES]:
        series.setdefault((row.measure_id, row.unit_id), []).append(row)
    shown = list(series.values())[:SHOWN]
    measures = {found[0].measure_id for found in shown}
    targets = {
        target.measure_id: target for target in Target.objects.filter(measure__in=measures, year=scope.year)
    }
    several = len({found[0].unit_id for found in shown}) > 1
    return [_of_unit(scope, found, targets.get(found[0].measure_id), several) for found in shown]


def _of_unit(scope: Scope, found: list[MeasureValue], target: Target | None, several: bool) -> Line:
    """The line of one unit's values, latest first; with the unit's name when there are several."""
    latest, measure = found[0], found[0].measure
    met = None
    if latest.value is not None and target is not None and target.value is not None:
        met = meets(latest.value, target.operator, target.value)
    title = f"{measure.title}, {latest.unit}" if several else measure.title
    values = tuple(row.value for row in reversed(found[:SPARK]))
    url = scope.url("measures:measure", measure.pk)
    return Line(title, url, measure.unit, measure.decimals, latest.value, target, met, values)
