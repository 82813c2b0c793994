"""Lead times of casework: from application to assignment and to decision. Keys: ``led`` and ``ar``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from roder.core.numbers import Unit
from roder.figures.catalogue.periods import dated, percentile
from roder.figures.registry import At, Expression, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

LEADS = {
    "till_tilldelning": ("Från ansökan till tilldelning", "days_to_assigned", "assigned_on"),
    "till_beslut": ("Från ansökan till beslut", "days_to_decided", "decided_on"),
}
DATES = ("casework_leads.assigned_on", "casework_leads.decided_on")


def _leads(source: Source, at: At) -> Table:
    parts = []
    for place, (code, (label, days, day)) in enumerate(LEADS.items()):
        rows = source.casework_leads
        done = dated(rows.filter(rows[days].notnull(), rows[days] >= 0), at, day)
        parts.append(
            done.select(
                "ar", "gid", "received_on", "unit_code", "registered_at", days=done[days],
                led=ibis.literal(code), led_label=ibis.literal(label), position=ibis.literal(place),
            )
        )  # fmt: skip
    return ibis.union(*parts)


def _behind(source: Source, at: At) -> Table:
    rows = _leads(source, at)
    return rows.select("led", "ar", "received_on", "unit_code", "registered_at", "gid", waited=rows.days)


def _lead(share: float) -> Expression:
    def expression(source: Source, at: At) -> Table:
        rows = _leads(source, at)
        return rows.group_by("led", "led_label", "position", "ar").agg(
            value=percentile(rows.days, share, 1), denominator=_.count()
        )

    return expression


@figure(
    "handlaggning.ledtid_median",
    unit=Unit.DAYS,
    digits=1,
    per=("led", "ar"),
    label="Handläggningstid, median",
    reads=("casework_leads",),
    dates=DATES,
    behind=_behind,
)
def lead_time_median(source: Source, at: At) -> Table:
    """Mediantid i dagar från ansökan till tilldelning och till beslut, för dem som blev klara under perioden.

    Och under samma del av de fyra åren före.

    Källa: 6-casework, avsnitt 6.4.
    """
    return _lead(0.5)(source, at)


@figure(
    "handlaggning.ledtid_90",
    unit=Unit.DAYS,
    digits=1,
    per=("led", "ar"),
    label="Handläggningstid, 90 procent",
    reads=("casework_leads",),
    dates=DATES,
    behind=_behind,
)
def lead_time_90(source: Source, at: At) -> Table:
    """Det antal dagar från ansökan som 90 procent håller sig inom, till tilldelning och till beslut.

    För dem som blev klara under perioden, och under samma del av de fyra åren före.

    Källa: 6-casework, avsnitt 6.4.
    """
    return _lead(0.9)(source, at)
