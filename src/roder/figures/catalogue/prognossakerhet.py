"""How near the accounts the year's forecasts came. Keys: ``tillfalle`` (the code of the occasion) and ``rad``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ibis import _

from roder.core.numbers import Unit
from roder.figures.catalogue.drift import ROWS, outcome
from roder.figures.catalogue.parts import account_rows, behind_union, in_rows, shown, whole_sum
from roder.figures.registry import At, figure, find
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

#: Kinds of occasion whose forecast is held against the accounts: the in-depth follow-up and the interim report.
KINDS = ("in_depth", "interim")


def _lines(source: Source, at: At) -> Table:
    """The forecast lines of the year's occasions of those kinds, with what the occasion is called."""
    held = source.occasions.filter(_.year == at.year, _.cut_off < at.cut_off, _.kind.isin(KINDS))
    named = held.select(its_code=_.code, occasion_name=_.name, its_cut_off=_.cut_off)
    lines = source.economy_forecast.filter(_.year == at.year)
    return lines.inner_join(named, lines.occasion_code == named.its_code).drop("its_code")


def _forecasts(source: Source, at: At) -> Table:
    """The forecast by occasion and row. A row of which any group lacks a forecast is missing."""
    lines = _lines(source, at)
    amounts = lines.group_by(its_code=_.occasion_code, its_group=_.group_code).agg(amount=_.amount.sum())
    made = lines.group_by(tillfalle=_.occasion_code).agg(
        tillfalle_label=_.occasion_name.max(), made_at=_.its_cut_off.max()
    )
    spine = account_rows(source, at).cross_join(made)
    joined = spine.left_join(
        amounts, [spine.group_code == amounts.its_group, spine.tillfalle == amounts.its_code]
    )
    found = joined.group_by(
        tillfalle=_.tillfalle,
        tillfalle_label=_.tillfalle_label,
        rad=_.row_code,
        rad_label=_.label,
        row=_.position,
    ).agg(value=whole_sum(_.amount), made_at=_.made_at.max())
    place = _.made_at.month().cast("int64") * 1000 + _.row.cast("int64")
    return found.mutate(position=place).drop("made_at", "row")


def _behind_forecasts(source: Source, at: At) -> Table:
    lines = _lines(source, at)
    return in_rows(source, at, shown(lines, "Prognos", "occasion_code", tillfalle=lines.occasion_code))


def _behind_accounts(source: Source, at: At) -> Table:
    """The outcome lines, once for each occasion that they are held against."""
    behind = find("ekonomi.drift.utfall").behind(source, at)
    made = _lines(source, at).select(tillfalle="occasion_code").distinct()
    rows = behind.cross_join(made)
    return rows.select(_behind_forecasts(source, at).columns)


@figure(
    "ekonomi.prognossakerhet.prognos",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("tillfalle", "rad"),
    label="Prognos vid tidigare tillfälle",
    reads=("economy_forecast", *ROWS),
    dates=("economy_forecast.cut_off",),
    behind=_behind_forecasts,
)
def earlier_forecasts(source: Source, at: At) -> Table:
    """Årets prognoser vid fördjupad månadsuppföljning och delårsbokslut, per tillfälle och rad i drifttabellen.

    Källa: Uppföljningsanvisningar, årsbokslut, tabellen Prognossäkerhet, kolumnen Prognos.
    """
    return _forecasts(source, at)


@figure(
    "ekonomi.prognossakerhet",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("tillfalle", "rad"),
    label="Prognossäkerhet",
    sign=True,
    reads=("economy_forecast", "economy_outcome", *ROWS),
    dates=("economy_forecast.cut_off", "economy_outcome.period_end"),
    behind=behind_union(_behind_forecasts, _behind_accounts),
)
def forecast_reliability(source: Source, at: At) -> Table:
    """Bokslut minus prognos per tillfälle och rad i drifttabellen; plus är ett bättre bokslut än prognosen.

    Bokslutet är utfallet från årets början till brytdatum. Saknas en månad finns inget bokslut att jämföra med.

    Källa: Uppföljningsanvisningar, årsbokslut, tabellen Prognossäkerhet, kolumnen Avvikelse från bokslut.
    """
    accounts = outcome(source, at).select(its_row="rad", accounts="value")
    made = _forecasts(source, at)
    joined = made.left_join(accounts, made.rad == accounts.its_row)
    return joined.mutate(value=_.accounts - _.value).select(*made.columns)
