"""What external providers report each quarter: counts per type, lex Sarah, and reports that are late.

A quarter belongs to the period that its last day falls in. Keys: ``typ``, ``utforare`` (the provider's code),
``kvartal`` (2022-1), ``slag`` and ``ar``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from roder.figures.catalogue.periods import COUNT, crossed, dated, fixed, in_every, named, years_in_use
from roder.figures.registry import At, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

KINDS = {"rapporterade": "Rapporterade", "anmalda": "Anmälda till IVO"}
DATES = ("provider_counts.quarter_end", "provider_counts.submitted_on")


def _last_day(rows: Table) -> Table:
    """Rows with the last day of their quarter."""
    return rows.mutate(quarter_last=(rows.quarter_end - ibis.interval(days=1)).cast("date"))


def _submitted(rows: Table, at: At) -> Table:
    """What has been submitted, of quarters that ended in the period and in the same part of the years before.

    Also after the cut-off: a quarter is not opened before it is over, so its last one is never there by then.
    """
    return dated(_last_day(rows.filter(rows.submitted_on.notnull())), at, "quarter_last")


def _counts(source: Source, at: At) -> Table:
    return _submitted(source.provider_counts, at).mutate(
        typ=_.type, kvartal=_.year.cast("string") + "-" + _.quarter.cast("string"), utforare=_.unit_code
    )


@figure(
    "quality.externa.per_typ",
    **COUNT,
    per=("typ", "ar"),
    label="Externa utförares avvikelser per typ",
    reads=("provider_counts", "provider_reports", "deviation_types"),
    dates=DATES,
    behind=lambda source, at: _counts(source, at).select(
        "typ", "ar", "unit_code", "year", "quarter", "count", "registered_at", gid=_.report_gid
    ),
)
def by_type(source: Source, at: At) -> Table:
    """Antal avvikelser av varje typ som externa utförare har redovisat för periodens kvartal, och samma kvartal åren
    före.

    Det som hade lämnats när siffran räknades, för kvartal som var slut på brytdatum. År före den första redovisningen
    är inte kända.

    Källa: Redovisning av avvikelser, klagomål och synpunkter, avsnitt Avvikelser, extern verksamhet.
    """
    years = years_in_use(at, source.provider_reports.quarter_start)
    rows = _counts(source, at)
    spine = crossed(named(source.deviation_types, "typ"), years)
    return in_every(spine, rows, ("typ", "ar"), value=rows["count"].sum())


@figure(
    "quality.externa.per_kvartal",
    **COUNT,
    per=("utforare", "typ", "kvartal"),
    label="Externa utförares avvikelser per kvartal",
    reads=("provider_counts", "units", "deviation_types"),
    dates=DATES,
    behind=lambda source, at: _counts(source, at).select(
        "utforare", "typ", "kvartal", "unit_code", "count", "registered_at", gid=_.report_gid
    ),
)
def by_quarter(source: Source, at: At) -> Table:
    """Antal avvikelser per utförare, typ och kvartal, för periodens kvartal och samma kvartal de fyra åren före.

    Det som hade lämnats när siffran räknades, för kvartal som var slut på brytdatum.

    Källa: Redovisning av avvikelser, klagomål och synpunkter, avsnitt Avvikelser, extern verksamhet.
    """
    rows = _counts(source, at)
    counts = rows.group_by("utforare", "typ", "kvartal").agg(value=rows["count"].sum().cast("int64"))
    units = source.units.select(code=_.code, utforare_label=_.name)
    kinds = source.deviation_types.select(type_code=_.code, typ_label=_.label, position=_.position)
    one = counts.left_join(units, counts.utforare == units.code)
    two = one.left_join(kinds, one.typ == kinds.type_code)
    return two.select(*counts.columns, "utforare_label", "typ_label", "position")


def _late(source: Source, at: At) -> Table:
    """Reports that were due by the cut-off and came too late, or had not come then."""
    rows = _last_day(source.provider_reports)
    found = dated(rows, at, "quarter_last")
    due = found.filter(found.due_on <= at.cut_off)
    handed_in = due.submitted_on.notnull() & (due.submitted_on <= at.cut_off)
    late = due.filter(
        (handed_in & (due.submitted_on > due.due_on)) | (~handed_in & (due.due_on < at.cut_off))
    )
    return late.mutate(utforare=late.unit_code)


@figure(
    "quality.externa.sena",
    **COUNT,
    per=("utforare", "ar"),
    label="Sena kvartalsrapporter från utförare",
    reads=("provider_reports", "units"),
    dates=("provider_reports.due_on", "provider_reports.submitted_on"),
    behind=lambda source, at: _late(source, at).select(
        "utforare", "ar", "unit_code", "year", "quarter", "due_on", "submitted_on", "registered_at", "gid"
    ),
)
def late(source: Source, at: At) -> Table:
    """Antal kvartalsrapporter per utförare som lämnades efter sista dagen, eller inte hade lämnats vid brytdatum.

    För periodens kvartal och samma kvartal de fyra åren före.

    Källa: 4-quality, avsnitt 4.5.
    """
    found = dated(_last_day(source.provider_reports), at, "quarter_last")
    due = found.filter(found.due_on <= at.cut_off).select("ar", utforare=_.unit_code).distinct()
    units = source.units.select(code=_.code, utforare_label=_.name)
    spine = due.left_join(units, due.utforare == units.code).select("utforare", "ar", "utforare_label")
    return in_every(spine, _late(source, at), ("utforare", "ar"))


def _lex_sarah(source: Source, at: At) -> Table:
    rows = _submitted(source.provider_reports, at)
    shown = ("gid", "ar", "unit_code", "year", "quarter", "registered_at")
    parts = [
        rows.select(*shown, slag=ibis.literal(code), count=rows[name])
        for code, name in (("rapporterade", "lex_sarah_reported"), ("anmalda", "lex_sarah_notified"))
    ]
    return ibis.union(*parts)


@figure(
    "quality.externa.lex_sarah",
    **COUNT,
    per=("slag", "ar"),
    label="Lex Sarah enligt utförarnas kvartalsrapporter",
    reads=("provider_reports",),
    dates=("provider_reports.quarter_end", "provider_reports.submitted_on"),
    behind=lambda source, at: _lex_sarah(source, at).select(
        "slag", "ar", "unit_code", "year", "quarter", "count", "registered_at", "gid"
    ),
)
def lex_sarah(source: Source, at: At) -> Table:
    """Antal lex Sarah-rapporter och anmälningar till IVO som externa utförare har redovisat för periodens kvartal.

    Och för samma kvartal de fyra åren före. Det som hade lämnats när siffran räknades.

    Källa: Redovisning av avvikelser, klagomål och synpunkter, avsnitt Lex Sarah från externa verksamheter.
    """
    years = years_in_use(at, source.provider_reports.quarter_start)
    rows = _lex_sarah(source, at)
    spine = crossed(fixed(source.provider_reports, "slag", KINDS), years)
    return in_every(spine, rows, ("slag", "ar"), value=rows["count"].sum())
