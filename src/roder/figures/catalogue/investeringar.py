"""Investments by category and project. Key ``rad``: a category's code, ``category/project``, or ``totalt``.

Amounts are expenditure and stand without minus. Variance is budget minus forecast (or outcome), as the municipalities
print it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from roder.core.numbers import Unit
from roder.figures.catalogue.parts import LAST, difference, whole_sum
from roder.figures.registry import At, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

READS = ("investments", "investment_categories")
DATES = ("investments.cut_off",)
PLACES = 1_000  # projects that fit between two categories


def _lines(source: Source, at: At) -> Table:
    """The occasion's lines, once for each row they count in: the project, its category and the total."""
    categories = source.investment_categories.select(
        category=_.code, category_label=_.label, category_place=_.position.cast("int64")
    )
    lines = source.investments.filter(_.occasion_code == at.code)
    lines = lines.left_join(categories, lines.category_code == categories.category)
    place = _.category_place * PLACES
    project = lines.mutate(
        rad=_.category_code + "/" + _.project,
        rad_label=_.project,
        position=place + 1 + _.position.cast("int64"),
    )
    category = lines.mutate(rad=_.category_code, rad_label=_.category_label, position=place)
    total = lines.mutate(
        rad=ibis.literal("totalt"),
        rad_label=ibis.literal("Totala utgifter"),
        position=ibis.literal(LAST * PLACES).cast("int64"),
    )
    return ibis.union(project, category, total)


def _sum(source: Source, at: At, column: str) -> Table:
    lines = _lines(source, at).filter(_.year == at.year)
    return lines.group_by("rad", "rad_label").agg(position=_.position.min(), value=whole_sum(lines[column]))


def _behind(source: Source, at: At) -> Table:
    return _lines(source, at).filter(_.year == at.year).select(
        "rad", "gid", "occasion_code", "category_code", "project", "unit_code", "budget", "forecast", "outcome",
        "outcome_last_year", "registered_at",
    )  # fmt: skip


def _behind_years(source: Source, at: At) -> Table:
    return _lines(source, at).select(
        "rad", "gid", "occasion_code", "category_code", "project", "unit_code", "budget", "registered_at",
        ar=_.year.cast("string"),
    )  # fmt: skip


@figure(
    "ekonomi.investeringar.budget",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("rad",),
    label="Investeringsbudget",
    reads=READS,
    dates=DATES,
    behind=_behind,
)
def investment_budget(source: Source, at: At) -> Table:
    """Årets investeringsbudget per kategori och projekt, som den redovisas vid tillfället.

    Källa: Uppföljningsanvisningar, avsnitt Investeringar, tabell.
    """
    return _sum(source, at, "budget")


@figure(
    "ekonomi.investeringar.prognos",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("rad",),
    label="Investeringsprognos",
    reads=READS,
    dates=DATES,
    behind=_behind,
)
def investment_forecast(source: Source, at: At) -> Table:
    """Prognos för årets investeringsutgifter per kategori och projekt.

    Källa: Uppföljningsanvisningar, avsnitt Investeringar, tabell.
    """
    return _sum(source, at, "forecast")


@figure(
    "ekonomi.investeringar.avvikelse",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("rad",),
    label="Investeringsavvikelse",
    reads=READS,
    dates=DATES,
    behind=_behind,
)
def investment_variance(source: Source, at: At) -> Table:
    """Investeringsbudget minus prognos per kategori och projekt; plus är lägre utgift än budget.

    Källa: Uppföljningsanvisningar, avsnitt Investeringar, tabell, kolumnen Avvikelse prognos/budget.
    """
    return difference(investment_budget(source, at), investment_forecast(source, at), ("rad",))


@figure(
    "ekonomi.investeringar.utfall",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("rad",),
    label="Investeringsutfall",
    reads=READS,
    dates=DATES,
    behind=_behind,
)
def investment_outcome(source: Source, at: At) -> Table:
    """Investeringsutgifter hittills i år per kategori och projekt.

    Källa: Uppföljningsanvisningar, avsnitt Investeringar, tabell, kolumnen Delårsbokslut.
    """
    return _sum(source, at, "outcome")


@figure(
    "ekonomi.investeringar.utfall_foregaende_ar",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("rad",),
    label="Investeringsutfall samma tid i fjol",
    reads=READS,
    dates=DATES,
    behind=_behind,
)
def investment_outcome_last_year(source: Source, at: At) -> Table:
    """Investeringsutgifter samma tid föregående år per kategori och projekt.

    Källa: Uppföljningsanvisningar, avsnitt Investeringar, tabell, kolumnen Delårsbokslut föregående år.
    """
    return _sum(source, at, "outcome_last_year")


@figure(
    "ekonomi.investeringar.forandring",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("rad",),
    label="Förändring av investeringsutfallet",
    reads=READS,
    dates=DATES,
    behind=_behind,
)
def investment_change(source: Source, at: At) -> Table:
    """Investeringsutgifter hittills i år minus samma tid föregående år, per kategori och projekt.

    Källa: Uppföljningsanvisningar, avsnitt Investeringar, tabell, kolumnen Differens.
    """
    return difference(investment_outcome(source, at), investment_outcome_last_year(source, at), ("rad",))


@figure(
    "ekonomi.investeringar.bokslutsavvikelse",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("rad",),
    label="Investeringarnas avvikelse bokslut/budget",
    reads=READS,
    dates=DATES,
    behind=_behind,
)
def investment_accounts_variance(source: Source, at: At) -> Table:
    """Investeringsbudget minus utfall per kategori och projekt; plus är lägre utgift än budget.

    Källa: Uppföljningsanvisningar, årsbokslut, avsnitt Investeringar, tabell.
    """
    return difference(investment_budget(source, at), investment_outcome(source, at), ("rad",))


@figure(
    "ekonomi.investeringar.budget_per_ar",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("rad", "ar"),
    label="Investeringsbudget och plan per år",
    reads=READS,
    dates=DATES,
    behind=_behind_years,
)
def investment_budget_by_year(source: Source, at: At) -> Table:
    """Investeringsbudget och plan per kategori, projekt och år, som den redovisas vid tillfället.

    Källa: Nämndens budget, avsnitt Investeringsbudget.
    """
    lines = _lines(source, at)
    return lines.group_by("rad", "rad_label", ar=_.year).agg(
        position=_.position.min(), value=whole_sum(lines.budget)
    )
