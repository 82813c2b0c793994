"""Key figures (nyckeltal): outcome, target, the country, and the mean of the units. Keys: ``matt``, ``ar``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from roder.core.numbers import Unit
from roder.figures.catalogue.parts import committee_wide
from roder.figures.registry import At, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

READS = ("measures", "measure_values", "units")
DATES = ("measure_values.period_start",)


def _named(source: Source, rows: Table) -> Table:
    """Rows by measure_id and ``ar``, with the measure's code, title, unit and decimals."""
    measures = source.measures.select(
        of=_.measure_id,
        matt=_.code,
        matt_label=_.title,
        unit=_.unit,
        decimals=_.decimals,
        position=_.position,
    )
    return rows.inner_join(measures, rows.measure_id == measures.of).drop("of", "measure_id")


def _values(source: Source, at: At, comparison: str) -> Table:
    """Values for everybody together, of periods that have begun at the cut-off."""
    return source.measure_values.filter(
        _.comparison == comparison, _.sex == "alla", _.part == "", _.period_start <= at.cut_off
    )


def _of_year(source: Source, at: At, comparison: str, *, with_gid: bool = False) -> Table:
    """The whole committee's value of each measure and year: the period that ends last, the longest of those.

    Without global ids when they are not asked for: to read them costs more than all the rest.
    """
    rows = _values(source, at, comparison)
    rows = rows if with_gid else rows.drop("gid", "registered_at")
    whole = committee_wide(source, at, rows, ("measure_id", "period_start", "period_end"))
    dated = whole.mutate(ar=_.period_start.year())
    order = [ibis.desc(dated.period_end), dated.period_start]
    last = ibis.row_number().over(group_by=["measure_id", "ar"], order_by=order)
    return dated.mutate(place=last).filter(_.place == 0)


def _figure_rows(source: Source, rows: Table) -> Table:
    return _named(source, rows.select("measure_id", "ar", "value", "numerator", "denominator"))


def _shown(source: Source, rows: Table) -> Table:
    columns = (
        "gid", "period_start", "period_end", "unit_code", "value", "numerator", "denominator", "status",
        "registered_at",
    )  # fmt: skip
    named = _named(source, rows.select("measure_id", *columns, ar=rows.ar.cast("string")))
    return named.select("matt", "ar", *columns)


def _behind_outcome(source: Source, at: At) -> Table:
    return _shown(source, _of_year(source, at, "kommun", with_gid=True))


def _behind_country(source: Source, at: At) -> Table:
    return _shown(source, _of_year(source, at, "riket", with_gid=True))


def _unit_values(source: Source, at: At) -> Table:
    values = _values(source, at, "kommun").filter(_.unit_code.notnull(), _.value.notnull())
    return values.mutate(ar=_.period_start.year())


def _behind_mean(source: Source, at: At) -> Table:
    return _shown(source, _unit_values(source, at))


def _targets(source: Source) -> Table:
    return source.measure_targets.mutate(ar=_.year)


def _behind_target(source: Source, at: At) -> Table:
    columns = ("gid", "year", "operator", "value", "registered_at")
    rows = source.measure_targets
    return _named(source, rows.select("measure_id", *columns, ar=rows.year.cast("string"))).select(
        "matt", "ar", *columns
    )


@figure(
    "matt.utfall",
    unit=Unit.COUNT,
    per=("matt", "ar"),
    label="Utfall av nyckeltal",
    reads=READS,
    dates=DATES,
    behind=_behind_outcome,
)
def measure_outcome(source: Source, at: At) -> Table:
    """Nyckeltalets utfall för hela nämnden och året, i nyckeltalets egen enhet; iu. där utfallet saknas.

    Av årets perioder den som slutar sist. Perioder som börjar efter brytdatum räknas inte.

    Källa: Uppföljningsanvisningar, delårsbokslut, avsnitt Måluppföljning.
    """
    return _figure_rows(source, _of_year(source, at, "kommun"))


@figure(
    "matt.malvarde",
    unit=Unit.COUNT,
    per=("matt", "ar"),
    label="Målvärde",
    reads=("measures", "measure_targets"),
    behind=_behind_target,
)
def measure_target(source: Source, at: At) -> Table:
    """Nyckeltalets målvärde för året, i nyckeltalets egen enhet; iu. där målet bara finns i ord.

    Källa: Nämndens budget, avsnitt Nämndens mål och nyckeltal.
    """
    return _named(source, _targets(source).select("measure_id", "ar", "value"))


@figure(
    "matt.riket",
    unit=Unit.COUNT,
    per=("matt", "ar"),
    label="Riket",
    reads=READS,
    dates=DATES,
    behind=_behind_country,
)
def measure_country(source: Source, at: At) -> Table:
    """Värdet för riket av samma nyckeltal och år, i nyckeltalets egen enhet.

    Källa: den statistik som nyckeltalet anger, till exempel Kolada.
    """
    return _figure_rows(source, _of_year(source, at, "riket"))


@figure(
    "matt.medel",
    unit=Unit.COUNT,
    per=("matt", "ar"),
    label="Medelvärde av enheternas utfall",
    ratio=1,
    reads=("measures", "measure_values"),
    dates=DATES,
    behind=_behind_mean,
)
def measure_mean(source: Source, at: At) -> Table:
    """Det ovägda medelvärdet av enheternas utfall av nyckeltalet under året, i nyckeltalets egen enhet.

    Täljaren är summan av enheternas värden, nämnaren hur många de är; värden som saknas räknas inte.

    Källa: Uppföljningsanvisningar, kritiska verksamhetsfaktorer: enheternas utfall jämförs med förvaltningens.
    """
    values = _unit_values(source, at)
    means = values.group_by("measure_id", "ar").agg(numerator=_.value.sum(), denominator=_.value.count())
    return _named(source, means).mutate(value=ibis.null().cast("decimal(18, 4)"))
