"""Budget and forecast by service (verksamhet): net, revenue, costs. Keys: ``verksamhet`` (or ``totalt``), ``slag``.

A service that has a budget but no revenue in it budgets none: its net is its costs. What stands in no row is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from roder.core.numbers import Unit
from roder.figures.catalogue.parts import LAST, account_rows, behind_union, budget, shown
from roder.figures.registry import At, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

TABLES = ("account_rows", "service_codes", "occasions")
GRANT = "kommunbidrag"  # the committee's frame: neither revenue nor cost of a service


def _by_kind(source: Source, at: At, lines: Table) -> Table:
    """Lines of services, once for each ``verksamhet`` and ``slag`` they count in."""
    signs = account_rows(source, at).filter(~_.is_sum).select(sign_group=_.group_code, sign=_.sign).distinct()
    joined = lines.left_join(signs, lines.group_code == signs.sign_group)
    used = joined.filter(
        _.service_code.notnull(), _.group_code != GRANT, (_.sign != "result").fill_null(True)
    )
    revenue = ibis.coalesce(_.sign == "revenue", _.group_code == "intakter")
    own = used.mutate(slag=ibis.ifelse(revenue, "intakter", "kostnader")).drop("sign", "sign_group")
    both = ibis.union(own, own.mutate(slag=ibis.literal("netto")))
    return ibis.union(
        both.mutate(verksamhet=both.service_code), both.mutate(verksamhet=ibis.literal("totalt"))
    )


def _services(source: Source) -> Table:
    """Every service and the total, for each kind of amount."""
    codes = source.service_codes.select(
        verksamhet=_.code, verksamhet_label=_.label, at_place=_.position.cast("int64")
    )
    total = codes.agg(services=_.count()).select(
        verksamhet=ibis.literal("totalt"),
        verksamhet_label=ibis.literal("Totalt"),
        at_place=ibis.literal(LAST).cast("int64"),
    )
    every = ibis.union(codes, total)
    kinds = (("netto", "Nettokostnad", 0), ("intakter", "Intäkter", 1), ("kostnader", "Kostnader", 2))
    parts = [
        every.select(
            "verksamhet",
            "verksamhet_label",
            slag=ibis.literal(code),
            slag_label=ibis.literal(label),
            position=_.at_place + 10 * LAST * place,
        )
        for code, label, place in kinds
    ]
    return ibis.union(*parts)


def _per_service(source: Source, at: At, lines: Table) -> Table:
    sums = _by_kind(source, at, lines).group_by(of=_.verksamhet, of_kind=_.slag).agg(value=_.amount.sum())
    every = _services(source)
    joined = every.left_join(sums, [every.verksamhet == sums.of, every.slag == sums.of_kind])
    return joined.select(*every.columns, "value")


def _this_year(source: Source, at: At) -> Table:
    return budget(source, at).filter(_.year == at.year)


def _last_year(source: Source, at: At) -> Table:
    return budget(source, at).filter(_.year == at.year - 1)


def _forecast_lines(source: Source, at: At) -> Table:
    lines = source.economy_forecast
    if not at.is_plan:
        return lines.filter(_.occasion_code == at.code)
    known = lines.filter(_.year == at.year - 1, _.cut_off <= at.reference)
    latest = known.agg(latest=_.cut_off.max())
    return known.semi_join(latest, known.cut_off == latest.latest)


def _behind(source: Source, at: At, lines: Table, what: str, of: str) -> Table:
    named = shown(lines, what, of)
    return _by_kind(source, at, named)


def _behind_budget(source: Source, at: At) -> Table:
    return _behind(source, at, _this_year(source, at), "Budget", "version_name")


def _behind_last_year(source: Source, at: At) -> Table:
    return _behind(source, at, _last_year(source, at), "Budget föregående år", "version_name")


def _behind_forecast(source: Source, at: At) -> Table:
    return _behind(source, at, _forecast_lines(source, at), "Prognos", "occasion_code")


@figure(
    "ekonomi.verksamhet.budget",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("verksamhet", "slag"),
    label="Budget per verksamhet",
    reads=("economy_budget", *TABLES),
    dates=("economy_budget.applies_from",),
    behind=_behind_budget,
)
def service_budget(source: Source, at: At) -> Table:
    """Årets budget per verksamhet: nettokostnad, intäkter och kostnader, enligt den version som gäller vid brytdatum.

    Källa: Verksamhetsplan, avsnitt Internbudget, tabellerna Nettokostnad, Intäkter och Kostnader. Kostnader är
    negativa.
    """
    return _per_service(source, at, _this_year(source, at))


@figure(
    "ekonomi.verksamhet.budget_foregaende_ar",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("verksamhet", "slag"),
    label="Budget föregående år per verksamhet",
    reads=("economy_budget", *TABLES),
    dates=("economy_budget.applies_from",),
    behind=_behind_last_year,
)
def service_budget_last_year(source: Source, at: At) -> Table:
    """Föregående års budget per verksamhet, enligt den version som gäller vid brytdatum.

    Källa: Verksamhetsplan, avsnitt Internbudget. Kostnader är negativa.
    """
    return _per_service(source, at, _last_year(source, at))


@figure(
    "ekonomi.verksamhet.forandring",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("verksamhet", "slag"),
    label="Förändring mot föregående års budget",
    reads=("economy_budget", *TABLES),
    dates=("economy_budget.applies_from",),
    behind=behind_union(_behind_budget, _behind_last_year),
)
def service_change(source: Source, at: At) -> Table:
    """Årets budget minus föregående års budget, per verksamhet.

    En verksamhet som har budget båda åren men intäkter bara i den ena jämförs med inga intäkter; saknar den budget
    något av åren saknas förändringen.

    Källa: Verksamhetsplan, avsnitt Internbudget, kolumnen Förändring mot budget.
    """
    now, then = service_budget(source, at), service_budget_last_year(source, at)
    net = then.filter(_.slag == "netto").select(net_of=_.verksamhet, net_then=_.value)
    net_now = now.filter(_.slag == "netto").select(now_of=_.verksamhet, net_now=_.value)
    minus = then.select(then_of=_.verksamhet, then_kind=_.slag, minus=_.value)
    joined = now.left_join(minus, [now.verksamhet == minus.then_of, now.slag == minus.then_kind])
    joined = joined.left_join(net, joined.verksamhet == net.net_of)
    joined = joined.left_join(net_now, joined.verksamhet == net_now.now_of)
    nothing = (_.value.isnull() & _.minus.isnull()) | _.net_then.isnull() | _.net_now.isnull()
    change = ibis.coalesce(_.value, 0) - ibis.coalesce(_.minus, 0)
    return joined.mutate(value=ibis.ifelse(nothing, ibis.null(), change)).select(*now.columns)


@figure(
    "ekonomi.verksamhet.prognos",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    per=("verksamhet", "slag"),
    label="Prognos per verksamhet",
    reads=("economy_forecast", *TABLES),
    dates=("economy_forecast.cut_off",),
    behind=_behind_forecast,
)
def service_forecast(source: Source, at: At) -> Table:
    """Prognos för helåret per verksamhet, lämnad vid tillfället; vid planering den senaste för året före planåret.

    Källa: Verksamhetsplan, avsnitt Internbudget, kolumnen Årsprognos. Kostnader är negativa.
    """
    return _per_service(source, at, _forecast_lines(source, at))
