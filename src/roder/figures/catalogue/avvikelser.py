"""Deviations: how many, of which types and causes, where, and how serious.

Keys: ``typ``, ``orsak``, ``omrade`` (service area, or ``utan_omrade``), ``enhet``, ``manad``, and ``ar``: the
occasion's own period, and the same part of the four years before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from roder.core.numbers import Unit
from roder.figures.catalogue.periods import (
    COUNT,
    NO_AREA,
    NO_CAUSE,
    crossed,
    current,
    dated,
    in_every,
    months,
    named,
    years_in_use,
)
from roder.figures.registry import At, Expression, figure, years_before
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

DATES = ("deviations.reported_on",)
TYPE_DATES = ("deviation_matters.reported_on",)
BEHIND = (
    "number", "reported_on", "unit_code", "service_area", "severity", "classified_on", "closed_on", "registered_at",
)  # fmt: skip


def area_of(rows: Table) -> Any:
    """The service area of rows as a key."""
    return ibis.coalesce(rows.service_area, NO_AREA)


def internal(source: Source, at: At) -> Table:
    """Internal deviations of the periods."""
    rows = source.deviations
    return dated(rows.filter(rows.direction == "intern"), at, "reported_on")


def types(source: Source, at: At) -> Table:
    """The types of internal deviations of the periods: a row for each type of each deviation."""
    rows = source.deviation_matters
    return dated(rows.filter(rows.direction == "intern", rows.counted), at, "reported_on").mutate(typ=_.type)


def used(source: Source, at: At) -> Table:
    """The years since the first deviation."""
    return years_in_use(at, source.deviations.reported_on)


def areas(source: Source, rows: Table) -> Table:
    """The service areas that any of the rows is of, as key, label and position; what has none comes last."""
    found = rows.select(omrade=area_of(rows)).distinct()
    names = source.service_areas.select(code=_.code, label=_.label, place=_.position)
    joined = found.left_join(names, found.omrade == names.code)
    return joined.select(
        "omrade",
        omrade_label=ibis.coalesce(joined.label, "Utan verksamhetsområde"),
        position=ibis.coalesce(joined.place, 999),
    )


def behind_of(rows: Any, *keys: str) -> Expression:
    """What stands behind a number: the deviations of ``rows(source, at)``, under the figure's keys."""

    def expression(source: Source, at: At) -> Table:
        found = rows(source, at)
        gid = found.deviation_gid if "deviation_gid" in found.columns else found.gid
        shown = [column for column in BEHIND if column in found.columns]
        return found.select(*keys, *shown, gid=gid)

    return expression


@figure(
    "quality.avvikelser.antal",
    **COUNT,
    per=("ar",),
    label="Avvikelser",
    reads=("deviations",),
    dates=DATES,
    behind=behind_of(internal, "ar"),
)
def deviations(source: Source, at: At) -> Table:
    """Antal interna avvikelser som rapporterades under perioden, och under samma del av de fyra åren före.

    Avvikelser till och från regionen och hos externa utförare räknas för sig. En avvikelse som har förts samman med en
    annan räknas en gång. År före den första avvikelsen är inte kända.

    Källa: Redovisning av avvikelser, klagomål och synpunkter, avsnitt Sammanställning av avvikelser internt.
    """
    return in_every(used(source, at), internal(source, at), ("ar",))


@figure(
    "quality.avvikelser.per_typ",
    **COUNT,
    per=("typ", "ar"),
    label="Avvikelser per typ",
    reads=("deviation_matters", "deviation_types", "deviations"),
    dates=TYPE_DATES,
    behind=behind_of(types, "typ", "ar"),
)
def by_type(source: Source, at: At) -> Table:
    """Antal interna avvikelser av varje typ som rapporterades under perioden, och samma del av de fyra åren före.

    En avvikelse som är av flera typer räknas i var och en, så summan kan vara större än antalet avvikelser.

    Källa: Redovisning av avvikelser, klagomål och synpunkter, avsnitt Redovisning utifrån avvikelsetyp.
    """
    spine = crossed(named(source.deviation_types, "typ"), used(source, at))
    return in_every(spine, types(source, at), ("typ", "ar"))


def _internal_in_areas(source: Source, at: At) -> Table:
    rows = internal(source, at)
    return rows.mutate(omrade=area_of(rows))


@figure(
    "quality.avvikelser.per_omrade",
    **COUNT,
    per=("omrade", "ar"),
    label="Avvikelser per verksamhetsområde",
    reads=("deviations", "service_areas"),
    dates=DATES,
    behind=behind_of(_internal_in_areas, "omrade", "ar"),
)
def by_area(source: Source, at: At) -> Table:
    """Antal interna avvikelser per verksamhetsområde under perioden, och under samma del av de fyra åren före.

    Källa: Redovisning av avvikelser, klagomål och synpunkter; kvartalsrapport till nämnden.
    """
    rows = _internal_in_areas(source, at)
    return in_every(crossed(areas(source, rows), used(source, at)), rows, ("omrade", "ar"))


def _types_in_areas(source: Source, at: At) -> Table:
    rows = types(source, at)
    return rows.mutate(omrade=area_of(rows))


@figure(
    "quality.avvikelser.per_typ_omrade",
    **COUNT,
    per=("typ", "omrade", "ar"),
    label="Avvikelser per typ och verksamhetsområde",
    reads=("deviation_matters", "deviation_types", "service_areas", "deviations"),
    dates=TYPE_DATES,
    behind=behind_of(_types_in_areas, "typ", "omrade", "ar"),
)
def by_type_and_area(source: Source, at: At) -> Table:
    """Antal interna avvikelser av varje typ i varje verksamhetsområde under perioden, och samma del av åren före.

    Källa: Redovisning av avvikelser, klagomål och synpunkter, avsnitt Redovisning utifrån avvikelsetyp.
    """
    rows = _types_in_areas(source, at)
    spine = crossed(crossed(named(source.deviation_types, "typ"), areas(source, rows)), used(source, at))
    return in_every(spine, rows, ("typ", "omrade", "ar"))


def _own(source: Source, at: At) -> Table:
    """The types of deviations that the committee itself investigates: internal ones, and those of providers who report
    in its system."""
    rows = source.deviation_matters
    own = rows.filter(rows.direction.isin(("intern", "extern_utforare")), rows.counted)
    found = dated(own, at, "reported_on")
    return found.mutate(typ=found.type, omrade=area_of(found))


def _serious(source: Source, at: At) -> Table:
    return _own(source, at).filter(_.serious)


@figure(
    "quality.avvikelser.allvarliga",
    **COUNT,
    per=("typ", "omrade", "ar"),
    label="Allvarliga avvikelser",
    reads=("deviation_matters", "deviation_types", "service_areas", "deviations"),
    dates=TYPE_DATES,
    behind=behind_of(_serious, "typ", "omrade", "ar"),
)
def serious(source: Source, at: At) -> Table:
    """Antal avvikelser av varje typ och i varje verksamhetsområde som är klassificerade som allvarliga.

    Av dem som rapporterades under perioden, och under samma del av de fyra åren före; också hos externa utförare som
    rapporterar i kommunens system. Allvarlig är den som styrmodellen kallar så (oftast 3–4), enligt den senaste
    klassificeringen när uttaget togs.

    Källa: Redovisning av avvikelser, klagomål och synpunkter, tabell 1 och 2.
    """
    spine = crossed(
        crossed(named(source.deviation_types, "typ"), areas(source, _own(source, at))), used(source, at)
    )
    return in_every(spine, _serious(source, at), ("typ", "omrade", "ar"))


def _causes(source: Source, at: At) -> Table:
    rows = source.deviation_matters
    found = dated(rows.filter(rows.direction == "intern"), at, "reported_on")
    return found.mutate(typ=found.type, orsak=ibis.coalesce(found.cause, NO_CAUSE), omrade=area_of(found))


def _with_names(source: Source, counts: Table) -> Table:
    """Counts per type and cause with what both are called, in the steering model's order."""
    kinds = source.deviation_types.select(type_code=_.code, typ_label=_.label, type_place=_.position)
    causes = source.deviation_causes.select(
        of=_.type, cause_code=_.code, orsak_label=_.label, place=_.position
    )
    one = counts.left_join(kinds, counts.typ == kinds.type_code)
    two = one.left_join(causes, [one.typ == causes.of, one.orsak == causes.cause_code])
    return two.select(
        *counts.columns,
        typ_label=two.typ_label,
        orsak_label=ibis.coalesce(two.orsak_label, "Ingen orsak angiven"),
        position=two.type_place * 1000 + ibis.coalesce(two.place, 999),
    )


@figure(
    "quality.avvikelser.per_orsak",
    **COUNT,
    per=("typ", "orsak", "ar"),
    label="Avvikelser per orsak",
    reads=("deviation_matters", "deviation_types", "deviation_causes"),
    dates=TYPE_DATES,
    behind=behind_of(_causes, "typ", "orsak", "ar"),
)
def by_cause(source: Source, at: At) -> Table:
    """Antal interna avvikelser per typ och orsak under perioden, och under samma del av de fyra åren före.

    Bara de orsaker som förekommer. En avvikelse med flera orsaker räknas i var och en.

    Källa: Kvartalsrapport till nämnden: antal och orsaker.
    """
    counts = _causes(source, at).group_by("typ", "orsak", "ar").agg(value=_.count())
    return _with_names(source, counts)


def _causes_now(source: Source, at: At) -> Table:
    rows = source.deviation_matters
    found = current(rows.filter(rows.direction == "intern"), at, "reported_on")
    return found.mutate(typ=found.type, orsak=ibis.coalesce(found.cause, NO_CAUSE), omrade=area_of(found))


@figure(
    "quality.avvikelser.per_omrade_orsak",
    **COUNT,
    per=("omrade", "typ", "orsak"),
    label="Avvikelser per verksamhetsområde och orsak",
    reads=("deviation_matters", "deviation_types", "deviation_causes", "service_areas"),
    dates=TYPE_DATES,
    behind=behind_of(_causes_now, "omrade", "typ", "orsak"),
)
def by_area_and_cause(source: Source, at: At) -> Table:
    """Antal interna avvikelser per verksamhetsområde, typ och orsak under perioden.

    Bara de som förekommer. En avvikelse med flera orsaker räknas i var och en.

    Källa: Kvartalsrapport till nämnden: antal och orsaker per verksamhetsområde.
    """
    counts = _with_names(
        source, _causes_now(source, at).group_by("omrade", "typ", "orsak").agg(value=_.count())
    )
    names = source.service_areas.select(area_code=_.code, area_label=_.label)
    joined = counts.left_join(names, counts.omrade == names.area_code)
    return joined.select(
        *counts.columns, omrade_label=ibis.coalesce(joined.area_label, "Utan verksamhetsområde")
    )


def _by_month(source: Source, at: At) -> Table:
    rows = source.deviations.filter(_.direction == "intern")
    start = years_before(at.period_end, 2).replace(day=1)
    found = rows.filter(rows.reported_on >= start, rows.reported_on < at.period_end)
    return found.mutate(manad=found.reported_on.strftime("%Y-%m"))


@figure(
    "quality.avvikelser.per_manad",
    **COUNT,
    per=("manad",),
    label="Avvikelser per månad",
    reads=("deviations",),
    dates=DATES,
    behind=behind_of(_by_month, "manad"),
)
def by_month(source: Source, at: At) -> Table:
    """Antal interna avvikelser per månad under de två åren till och med brytdatum.

    Månader före den första avvikelsen är inte kända.

    Källa: 4-quality, avsnitt 4.8 (styrdiagram).
    """
    start = years_before(at.period_end, 2).replace(day=1)
    first = source.deviations.agg(first=_.reported_on.min())
    spread = first.mutate(manad=ibis.array(months(at, start)).unnest())
    spine = spread.filter(spread.manad >= spread.first.strftime("%Y-%m")).select("manad")
    return in_every(spine, _by_month(source, at), ("manad",))


def _by_unit(source: Source, at: At) -> Table:
    return internal(source, at).mutate(enhet=_.unit_code)


@figure(
    "quality.avvikelser.per_enhet",
    **COUNT,
    per=("enhet", "ar"),
    label="Avvikelser per enhet",
    guarded=True,
    reads=("deviations", "units"),
    dates=DATES,
    behind=behind_of(_by_unit, "enhet", "ar"),
)
def by_unit(source: Source, at: At) -> Table:
    """Antal interna avvikelser per enhet under perioden, och under samma del av de fyra åren före.

    Bara enheter som har någon avvikelse under perioderna.

    Källa: 4-quality, avsnitt 4.8.
    """
    rows = _by_unit(source, at)
    found = rows.select("enhet").distinct()
    names = source.units.select(code=_.code, enhet_label=_.name)
    places = found.left_join(names, found.enhet == names.code).select("enhet", "enhet_label")
    return in_every(places.cross_join(used(source, at)), rows, ("enhet", "ar"))


def _targets(source: Source, at: At) -> Table:
    model = source.occasions.filter(_.code == at.code).select("model_id")
    rows = source.quality_rules.semi_join(model, "model_id")
    return rows.filter(_.code.isin(("avslutade", "klassificerade"))).mutate(andel=_.code)


@figure(
    "quality.avvikelser.mal",
    unit=Unit.PERCENT,
    digits=0,
    per=("andel",),
    label="Mål för andelen avslutade och klassificerade",
    reads=("quality_rules", "occasions"),
    behind=lambda source, at: _targets(source, at).select("andel", "gid", "value", "registered_at"),
)
def targets(source: Source, at: At) -> Table:
    """Styrmodellens mål för hur stor andel av avvikelserna som ska vara avslutade och klassificerade, i procent.

    Källa: Styrmodellen, avsnittet om avvikelser.
    """
    labels = {"avslutade": "Avslutade", "klassificerade": "Klassificerade"}
    rows = _targets(source, at)
    named_rows = ibis.cases(*((rows.andel == code, label) for code, label in labels.items()))
    return rows.select("andel", value=rows.value.cast("int64"), andel_label=named_rows)
