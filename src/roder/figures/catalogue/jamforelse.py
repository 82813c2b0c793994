"""The statistics' main table: deviations per service area, type and severity, now and a year before.

Keys: ``omrade``, ``typ``, ``allvarlighet`` (the severity, or ``oklassad``) and ``ar``: the occasion's own period and
the same part of the year before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from roder.figures.catalogue.avvikelser import TYPE_DATES, area_of, behind_of
from roder.figures.catalogue.periods import COUNT, last_day
from roder.figures.registry import At, figure, years_before
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

NOT_CLASSIFIED = "oklassad"


def _rows(source: Source, at: At) -> Table:
    """The types of internal deviations of the period and of the same days a year before."""
    rows = source.deviation_matters
    day = rows.reported_on
    now = (day >= at.period_start) & (day < at.period_end)
    before = (day >= years_before(at.period_start, 1)) & (day < years_before(at.period_end, 1))
    # The whole span too: with it, both engines skip what lies outside (an index, the files' own minima and maxima).
    span = (day >= years_before(at.period_start, 1)) & (day < at.period_end)
    kept = rows.filter(rows.direction == "intern", rows.counted, span, now | before)
    year = last_day(at).year
    return kept.mutate(
        omrade=area_of(kept),
        typ=kept.type,
        allvarlighet=ibis.coalesce(kept.severity.cast("string"), NOT_CLASSIFIED),
        ar=ibis.ifelse(kept.reported_on >= at.period_start, str(year), str(year - 1)),
    )


@figure(
    "quality.avvikelser.per_allvarlighet",
    **COUNT,
    per=("omrade", "typ", "allvarlighet", "ar"),
    label="Avvikelser per område, typ och allvarlighet",
    reads=("deviation_matters", "deviation_types", "service_areas"),
    dates=TYPE_DATES,
    behind=behind_of(_rows, "omrade", "typ", "allvarlighet", "ar"),
)
def by_severity(source: Source, at: At) -> Table:
    """Antal interna avvikelser per verksamhetsområde, typ och allvarlighet under perioden, och samma dagar året före.

    En avvikelse som är av flera typer räknas i var och en. Rader utan avvikelser tas inte med.

    Källa: Redovisning av avvikelser, klagomål och synpunkter, tabell 1 och 2; statistiksidan.
    """
    counts = _rows(source, at).group_by("omrade", "typ", "allvarlighet", "ar").agg(value=_.count())
    areas = source.service_areas.select(code=_.code, omrade_label=_.label, place=_.position)
    kinds = source.deviation_types.select(type_code=_.code, typ_label=_.label, type_place=_.position)
    one = counts.left_join(areas, counts.omrade == areas.code)
    two = one.left_join(kinds, one.typ == kinds.type_code)
    return two.select(
        *counts.columns,
        omrade_label=ibis.coalesce(two.omrade_label, "Utan verksamhetsområde"),
        typ_label=two.typ_label,
        allvarlighet_label=ibis.ifelse(two.allvarlighet == NOT_CLASSIFIED, "Oklassad", two.allvarlighet),
        position=ibis.coalesce(two.place, 999) * 1000 + ibis.coalesce(two.type_place, 999),
    )
