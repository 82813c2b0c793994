"""Operations: the rows of the operating table, as budget, forecast and outcome.

Key: ``rad``, the code of a row in the steering model.

Costs are negative, revenue positive; amounts in kronor. A row that sums groups is missing if any of them is.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
from ibis import _

from roder.core.numbers import Unit
from roder.figures.calculate import fetch
from roder.figures.catalogue.parts import (
    behind_union,
    budget,
    difference,
    in_rows,
    per_row,
    per_row_and_year,
    shown,
)
from roder.figures.registry import At, figure
from roder.figures.source import Engine, Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

ROWS = ("account_rows", "occasions")


def _budget_lines(source: Source, at: At) -> Table:
    return budget(source, at).filter(_.year == at.year)


def _forecast_lines(source: Source, at: At) -> Table:
    return source.economy_forecast.filter(_.occasion_code == at.code)


def _earlier_forecast(source: Source, at: At) -> Table:
    """The forecast lines of the earlier occasion of the year that the steering model compares with, else (also where
    that one has none) of the latest earlier one that has any."""
    lines = source.economy_forecast.filter(_.year == at.year, _.cut_off < at.cut_off)
    named = lines.occasion_code == at.compares_with
    earlier = lines.mutate(its_turn=ibis.ifelse(named, ibis.date(9999, 12, 31), lines.cut_off))
    latest = earlier.agg(latest=_.its_turn.max())
    return earlier.semi_join(latest, earlier.its_turn == latest.latest).drop("its_turn")


def _outcome_lines(source: Source, year: int, cut_off: date) -> Table:
    """The outcome lines that together cover the year up to the end of the last whole month before the cut-off.

    The longest period from New Year counts, and the periods that follow it. If they leave a gap, overlap, or do not
    reach the last whole month there is no outcome: a part of it would be taken for the whole.
    """
    start, end = date(year, 1, 1), (cut_off + timedelta(days=1)).replace(day=1)
    lines = source.economy_outcome.filter(_.period_start >= start, _.period_end <= end)
    longest = lines.filter(_.period_start == start).agg(first_end=_.period_end.max())
    counted = lines.cross_join(longest).filter(
        (_.period_start >= _.first_end) | ((_.period_start == start) & (_.period_end == _.first_end))
    )
    periods = counted.select("period_start", "period_end").distinct()
    days = periods.period_end.delta(periods.period_start, unit="day").sum()
    cover = periods.agg(days=days, last=_.period_end.max())
    whole = cover.filter(_.days == (end - start).days, _.last == end).select("last")
    return counted.semi_join(whole, ibis.literal(True)).select(*lines.columns)


def _year_before(day: date) -> date:
    """The same day a year earlier (28 February for 29 February)."""
    return (
        day.replace(year=day.year - 1, day=28)
        if (day.month, day.day) == (2, 29)
        else day.replace(year=day.year - 1)
    )


def _this_year(source: Source, at: At) -> Table:
    return _outcome_lines(source, at.year, at.cut_off)


def _last_year(source: Source, at: At) -> Table:
    return _outcome_lines(source, at.year - 1, _year_before(at.cut_off))


def _behind_budget(source: Source, at: At) -> Table:
    return in_rows(source, at, shown(_budget_lines(source, at), "Budget", "version_name"))


def _behind_forecast(source: Source, at: At) -> Table:
    return in_rows(source, at, shown(_forecast_lines(source, at), "Prognos", "occasion_code"))


def _behind_earlier(source: Source, at: At) -> Table:
    return in_rows(source, at, shown(_earlier_forecast(source, at), "Förra prognosen", "occasion_code"))


def _periods(lines: Table) -> Table:
    text = lines.period_start.strftime("%Y-%m-%d") + " – " + lines.period_end.strftime("%Y-%m-%d")
    return lines.mutate(period=text)


def _behind_outcome(source: Source, at: At) -> Table:
    return in_rows(source, at, shown(_periods(_this_year(source, at)), "Utfall", "period"))


def _behind_last_year(source: Source, at: At) -> Table:
    return in_rows(source, at, shown(_periods(_last_year(source, at)), "Utfall föregående år", "period"))


def _behind_years(source: Source, at: At) -> Table:
    lines = budget(source, at)
    named = shown(lines, "Budget", "version_name", ar=lines.year.cast("string"))
    return in_rows(source, at, named)


@figure(
    "ekonomi.drift.budget",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("rad",),
    label="Budget",
    reads=("economy_budget", *ROWS),
    dates=("economy_budget.applies_from",),
    behind=_behind_budget,
)
def operations_budget(source: Source, at: At) -> Table:
    """Årets budget per rad i drifttabellen, enligt den version som gäller vid brytdatum.

    Den version vars första dag är den senaste på eller före brytdatum; vid planeringstillfället årets första version.

    Källa: Uppföljningsanvisningar, månadsuppföljning, drifttabell. Kostnader är negativa.
    """
    return per_row(source, at, _budget_lines(source, at))


@figure(
    "ekonomi.drift.prognos",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("rad",),
    label="Prognos",
    reads=("economy_forecast", *ROWS),
    dates=("economy_forecast.cut_off",),
    behind=_behind_forecast,
)
def operations_forecast(source: Source, at: At) -> Table:
    """Prognos för helåret per rad i drifttabellen, lämnad vid tillfället.

    Utan lämnad prognos saknas värde på varje rad.

    Källa: Uppföljningsanvisningar, månadsuppföljning, drifttabell. Kostnader är negativa.
    """
    return per_row(source, at, _forecast_lines(source, at))


@figure(
    "ekonomi.drift.prognosavvikelse",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("rad",),
    label="Prognosavvikelse",
    reads=("economy_forecast", "economy_budget", *ROWS),
    dates=("economy_forecast.cut_off", "economy_budget.applies_from"),
    behind=behind_union(_behind_budget, _behind_forecast),
)
def forecast_variance(source: Source, at: At) -> Table:
    """Prognos minus budget per rad i drifttabellen; plus är bättre än budget.

    Källa: Uppföljningsanvisningar, månadsuppföljning, drifttabell. Kostnader är negativa.
    """
    return difference(operations_forecast(source, at), operations_budget(source, at), ("rad",))


@figure(
    "ekonomi.drift.prognosforandring",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("rad",),
    label="Prognosförändring",
    sign=True,
    reads=("economy_forecast", *ROWS),
    dates=("economy_forecast.cut_off",),
    behind=behind_union(_behind_forecast, _behind_earlier),
)
def forecast_change(source: Source, at: At) -> Table:
    """Prognosen minus den förra prognosen samma år, per rad i drifttabellen; plus är bättre än förra prognosen.

    Den förra prognosen är den vid tillfället som styrmodellen jämför med. Nämner den inget, eller lämnades ingen
    prognos då, är det prognosen vid det senaste tidigare tillfället under året som har en.

    Källa: Uppföljningsanvisningar, månadsuppföljning: förändring mot föregående prognos ska förklaras.
    """
    before = per_row(source, at, _earlier_forecast(source, at))
    return difference(operations_forecast(source, at), before, ("rad",))


@figure(
    "ekonomi.drift.utfall",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("rad",),
    label="Utfall hittills i år",
    reads=("economy_outcome", *ROWS),
    dates=("economy_outcome.period_end",),
    behind=_behind_outcome,
)
def outcome(source: Source, at: At) -> Table:
    """Utfall från årets början till och med den sista hela månaden vid brytdatum, per rad i drifttabellen.

    Saknas en månad finns inget utfall: en del av året trycks inte som om den vore hela.

    Källa: Uppföljningsanvisningar, delårsbokslut, drifttabell. Kostnader är negativa.
    """
    return per_row(source, at, _this_year(source, at))


@figure(
    "ekonomi.drift.utfall_foregaende_ar",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("rad",),
    label="Utfall samma tid i fjol",
    reads=("economy_outcome", *ROWS),
    dates=("economy_outcome.period_end",),
    behind=_behind_last_year,
)
def outcome_last_year(source: Source, at: At) -> Table:
    """Utfall under samma månader föregående år, per rad i drifttabellen.

    Källa: Uppföljningsanvisningar, delårsbokslut, drifttabell. Kostnader är negativa.
    """
    return per_row(source, at, _last_year(source, at))


@figure(
    "ekonomi.drift.utfallsforandring",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("rad",),
    label="Förändring av utfallet",
    reads=("economy_outcome", *ROWS),
    dates=("economy_outcome.period_end",),
    behind=behind_union(_behind_outcome, _behind_last_year),
)
def outcome_change(source: Source, at: At) -> Table:
    """Utfall hittills i år minus utfall samma månader föregående år, per rad i drifttabellen.

    Källa: Uppföljningsanvisningar, delårsbokslut, drifttabell. Kostnader är negativa.
    """
    return difference(outcome(source, at), outcome_last_year(source, at), ("rad",))


@figure(
    "ekonomi.drift.bokslutsavvikelse",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("rad",),
    label="Avvikelse bokslut/budget",
    reads=("economy_outcome", "economy_budget", *ROWS),
    dates=("economy_outcome.period_end", "economy_budget.applies_from"),
    behind=behind_union(_behind_budget, _behind_outcome),
)
def accounts_variance(source: Source, at: At) -> Table:
    """Utfallet minus årets hela budget, per rad i drifttabellen; plus är bättre än budget.

    Vid årsbokslutet är utfallet hela årets. Tidigare under året jämförs en del av året med hela budgeten.

    Källa: Uppföljningsanvisningar, årsbokslut, drifttabell. Kostnader är negativa.
    """
    return difference(outcome(source, at), operations_budget(source, at), ("rad",))


@figure(
    "ekonomi.drift.budget_per_ar",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("rad", "ar"),
    label="Budget och plan per år",
    reads=("economy_budget", *ROWS),
    dates=("economy_budget.applies_from",),
    behind=_behind_years,
)
def budget_by_year(source: Source, at: At) -> Table:
    """Budget och plan per rad i drifttabellen och år, enligt den version som gäller vid brytdatum.

    För kommande år den första versionen (planen).

    Källa: Nämndens budget, ekonomiska ramar för planperioden. Kostnader är negativa.
    """
    return per_row_and_year(source, at, budget(source, at))


def _earlier_occasion(source: Source, at: At) -> Table:
    codes = _earlier_forecast(source, at).select("occasion_code").distinct()
    occasions = source.occasions
    return occasions.semi_join(codes, occasions.code == codes.occasion_code).select("code", "name")


def compared_with(source: Engine, at: At) -> tuple[str, str] | None:
    """Code and name of the occasion whose forecast ``prognosforandring`` compares with; None when there is none."""
    found = fetch(_earlier_occasion, source, at)
    return (found[0]["code"], found[0]["name"]) if found else None
