"""Volumes of supports. Keys: ``insats``, ``regi`` (or ``totalt``), ``matdatum`` (``p`` after that of a forecast)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from roder.core.numbers import Unit
from roder.figures.catalogue.parts import whole_sum
from roder.figures.registry import At, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

READS = ("volumes", "supports")
RUNS = {
    "egen": "Egen regi", "extern": "Extern regi", "annan_namnd": "Annan nämnd i kommunen",
    "ej_uppdelat": "Inte uppdelat",
}  # fmt: skip


def _lines(source: Source, at: At) -> Table:
    """Volumes measured by the cut-off, and forecasts, once under who runs them and once in the total."""
    lines = source.volumes.filter(_.is_forecast | (_.measured_on <= at.cut_off))
    day = lines.measured_on.strftime("%Y-%m-%d")
    keyed = lines.mutate(insats=_.support_code, matdatum=ibis.ifelse(lines.is_forecast, day + "p", day))
    names = ibis.cases(*((keyed.run == code, label) for code, label in RUNS.items()), else_=keyed.run)
    return ibis.union(
        keyed.mutate(regi=_.run, regi_label=names),
        keyed.mutate(regi=ibis.literal("totalt"), regi_label=ibis.literal("Totalt")),
    )


def _volume(source: Source, at: At, column: str) -> Table:
    lines = _lines(source, at)
    sums = lines.group_by("insats", "regi", "regi_label", "matdatum").agg(
        value=whole_sum(lines[column]), known=lines[column].count()
    )
    supports = source.supports.select(code=_.code, insats_label=_.label, position=_.position)
    counted = sums.filter(_.known > 0)
    return counted.left_join(supports, counted.insats == supports.code).drop("code", "known")


def _behind(source: Source, at: At) -> Table:
    return _lines(source, at).select(
        "insats", "regi", "matdatum", "gid", "support_code", "run", "measured_on", "is_forecast", "unit_code", "count",
        "hours", "registered_at",
    )  # fmt: skip


@figure(
    "volymer.antal",
    unit=Unit.COUNT,
    per=("insats", "regi", "matdatum"),
    label="Volym, antal",
    reads=READS,
    dates=("volumes.measured_on",),
    behind=_behind,
)
def volume_count(source: Source, at: At) -> Table:
    """Antal platser eller personer per insats, regi och mätdatum; prognoser har p efter datumet.

    Totalt är summan av regiformerna och saknas om någon av dem saknas.

    Källa: Nämndens budget, volymtabeller; Uppföljningsanvisningar, avsnitt Volymer.
    """
    return _volume(source, at, "count")


@figure(
    "volymer.timmar",
    unit=Unit.HOURS,
    per=("insats", "regi", "matdatum"),
    label="Volym, timmar",
    reads=READS,
    dates=("volumes.measured_on",),
    behind=_behind,
)
def volume_hours(source: Source, at: At) -> Table:
    """Timmar per månad per insats, regi och mätdatum; prognoser har p efter datumet.

    Totalt är summan av regiformerna och saknas om någon av dem saknas.

    Källa: Nämndens budget, volymtabeller; Uppföljningsanvisningar, avsnitt Volymer.
    """
    return _volume(source, at, "hours")
