"""Quality registers and point measurements: measures whose values stand for a setting. Keys: ``matt``, ``del``, ``ar``.

They are measures like others (3.3); what is special is that they are followed for a half-year against the same
half-year before, and for each setting (``part``: own home, residential care).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from roder.core.numbers import Unit
from roder.figures.catalogue.matt import DATES, READS
from roder.figures.catalogue.parts import sole_administration
from roder.figures.registry import At, figure, years_before
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

YEARS = 5
#: The settings and groups of registers and point measurements that have a name of their own.
PARTS = {
    "alla": "Alla", "eget_hem": "Eget hem", "ordinart_boende": "Ordinärt boende", "hemtjanst": "Hemtjänst",
    "hemsjukvard": "Hemsjukvård", "sabo": "SÄBO", "sabo_korttid": "SÄBO och korttid", "korttid": "Korttid",
    "lss": "LSS", "sjukskoterska": "Sjuksköterska", "arbetsterapeut": "Arbetsterapeut",
    "fysioterapeut": "Fysioterapeut", "underskoterska": "Undersköterska", "omsorgspersonal": "Omsorgspersonal",
}  # fmt: skip


def _of_period(source: Source, at: At, comparison: str) -> Table:
    """For each measure, setting and year the value of the longest period within the occasion's; of equals the last.

    Of the whole committee: the row without unit, else that of its only administration (see parts.committee_wide).
    """
    rows = source.measure_values
    start, end = rows.period_start, rows.period_end
    within = [
        (start >= years_before(at.period_start, years)) & (end <= years_before(at.period_end, years))
        for years in range(YEARS)
    ]
    found = rows.filter(
        rows.comparison == comparison, rows.sex == "alla", start <= at.cut_off, ibis.or_(*within),
        rows.unit_code.isnull() | rows.unit_code.isin(sole_administration(source, at).sole_code),
    )  # fmt: skip
    start, end = found.period_start, found.period_end
    months = (end.year() - start.year()) * 12 + end.month() - start.month()
    order = [ibis.desc(months), ibis.desc(end), start, found.unit_code.notnull()]
    place = ibis.row_number().over(group_by=[found.measure_id, found.part, start.year()], order_by=order)
    return found.mutate(ar=start.year(), months=months, place=place).filter(_.place == 0)


def _named(source: Source, rows: Table) -> Table:
    measures = source.measures
    joined = rows.inner_join(measures, rows.measure_id == measures.measure_id)
    part = ibis.ifelse(rows.part == "", "alla", rows.part)
    kept = [column for column in rows.columns if column not in ("measure_id", "part")]
    return joined.select(
        *(rows[column] for column in kept),
        **{"matt": measures.code, "matt_label": measures.title, "unit": measures.unit, "decimals": measures.decimals,
           "position": measures.position, "del": part,
           "del_label": ibis.cases(*((part == code, label) for code, label in PARTS.items()),
                                   else_=part.replace("_", " "))},
    )  # fmt: skip


def _figure_rows(source: Source, rows: Table) -> Table:
    return _named(source, rows.select("measure_id", "part", "ar", "value", "numerator", "denominator"))


def _shown(source: Source, rows: Table) -> Table:
    columns = (
        "gid", "period_start", "period_end", "unit_code", "value", "numerator", "denominator", "status",
        "registered_at",
    )  # fmt: skip
    named = _named(source, rows.select("measure_id", "part", *columns, ar=rows.ar.cast("string")))
    return named.select("matt", "del", "ar", *columns)


def _behind(source: Source, at: At) -> Table:
    return _shown(source, _of_period(source, at, "kommun"))


def _behind_country(source: Source, at: At) -> Table:
    return _shown(source, _of_period(source, at, "riket"))


@figure(
    "quality.register.utfall",
    unit=Unit.COUNT,
    per=("matt", "del", "ar"),
    label="Utfall i kvalitetsregister och mätningar",
    reads=READS,
    dates=DATES,
    behind=_behind,
)
def register_outcome(source: Source, at: At) -> Table:
    """Utfallet av mätningen för tillfällets period (halvåret, kvartalet eller året) och samma period tidigare år.

    Finns flera värden inom perioden gäller det som avser längst tid, av lika långa det som slutar sist. Del är
    boendeform, yrkesgrupp eller mätsteg; ”alla” när mätningen inte är uppdelad.

    Källa: Redovisning av avvikelser, klagomål och kvalitetsregister, avsnitt Kvalitetsregister.
    """
    return _figure_rows(source, _of_period(source, at, "kommun"))


@figure(
    "quality.register.manader",
    unit=Unit.COUNT,
    per=("matt", "del", "ar"),
    label="Månader som utfallet avser",
    reads=READS,
    dates=DATES,
    behind=_behind,
)
def register_months(source: Source, at: At) -> Table:
    """Hur många månader utfallet i quality.register.utfall avser, så att ett halvår inte tas för ett år.

    En punktmätning inom en månad avser 0 månader.

    Källa: registrets uttag; se quality.register.utfall.
    """
    rows = _of_period(source, at, "kommun")
    named = _named(source, rows.select("measure_id", "part", "ar", value=rows.months.cast("int64")))
    return named.drop("unit", "decimals")


@figure(
    "quality.register.riket",
    unit=Unit.COUNT,
    per=("matt", "del", "ar"),
    label="Rikets utfall i kvalitetsregister och mätningar",
    reads=READS,
    dates=DATES,
    behind=_behind_country,
)
def register_country(source: Source, at: At) -> Table:
    """Rikets värde av samma mätning, del och period.

    Källa: registrets egen statistik.
    """
    return _figure_rows(source, _of_period(source, at, "riket"))
