"""Means: prepaid income, state grants, resource allocation by volume, and the result fund. Key ``rad``.

Income and grants stand without minus. State grants are counted as they stood at the cut-off, by their own days.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from roder.core.numbers import Unit
from roder.figures.catalogue.counting import per_key
from roder.figures.catalogue.parts import LAST, difference, whole_sum
from roder.figures.registry import At, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

MONEY: dict[str, Any] = {"unit": Unit.KRONOR, "show": Unit.TKR, "per": ("rad",)}
TOTAL = "totalt"

# --- prepaid income -------------------------------------------------------------------------------------------------

DEVELOPMENT = "exploatering"


def _prepaid(source: Source, at: At) -> Table:
    """The occasion's lines, once for each row they count in: the project, development and the total."""
    lines = source.prepaid_income.filter(_.occasion_code == at.code)
    project = lines.mutate(rad=_.project, rad_label=_.project, position=_.position.cast("int64"))
    part = lines.filter(_.development).mutate(
        rad=ibis.literal(DEVELOPMENT),
        rad_label=ibis.literal("varav exploatering"),
        position=ibis.literal(LAST - 1, "int64"),
    )
    total = lines.mutate(
        rad=ibis.literal(TOTAL),
        rad_label=ibis.literal("Totala inkomster"),
        position=ibis.literal(LAST, "int64"),
    )
    return ibis.union(project, part, total)


def _prepaid_sum(source: Source, at: At, column: str) -> Table:
    lines = _prepaid(source, at)
    return lines.group_by("rad", "rad_label").agg(position=_.position.min(), value=whole_sum(lines[column]))


def _behind_prepaid(source: Source, at: At) -> Table:
    return _prepaid(source, at).select(
        "rad", "gid", "occasion_code", "project", "unit_code", "budget", "forecast", "outcome", "outcome_last_year",
        "registered_at",
    )  # fmt: skip


_PREPAID: dict[str, Any] = {
    **MONEY,
    "reads": ("prepaid_income",),
    "dates": ("prepaid_income.cut_off",),
    "behind": _behind_prepaid,
}


@figure("ekonomi.forutbetalda.budget", label="Förutbetalda intäkter, budget", **_PREPAID)
def prepaid_budget(source: Source, at: At) -> Table:
    """Årets budget för förutbetalda intäkter som periodiseras över sin nyttjandetid, per projekt.

    Källa: Uppföljningsanvisningar, avsnitt Förutbetalda intäkter, tabell.
    """
    return _prepaid_sum(source, at, "budget")


@figure("ekonomi.forutbetalda.prognos", label="Förutbetalda intäkter, prognos", **_PREPAID)
def prepaid_forecast(source: Source, at: At) -> Table:
    """Prognos för årets förutbetalda intäkter per projekt.

    Källa: Uppföljningsanvisningar, avsnitt Förutbetalda intäkter, tabell.
    """
    return _prepaid_sum(source, at, "forecast")


@figure("ekonomi.forutbetalda.avvikelse", label="Förutbetalda intäkter, avvikelse", **_PREPAID)
def prepaid_variance(source: Source, at: At) -> Table:
    """Prognos minus budget för förutbetalda intäkter per projekt; plus är högre inkomst än budget.

    Källa: Uppföljningsanvisningar, avsnitt Förutbetalda intäkter, tabell, kolumnen Avvikelse prognos/budget.
    """
    return difference(prepaid_forecast(source, at), prepaid_budget(source, at), ("rad",))


@figure("ekonomi.forutbetalda.utfall", label="Förutbetalda intäkter, utfall", **_PREPAID)
def prepaid_outcome(source: Source, at: At) -> Table:
    """Förutbetalda intäkter hittills i år, eller för hela året i bokslutet, per projekt.

    Källa: Uppföljningsanvisningar, avsnitt Förutbetalda intäkter, tabell, kolumnen Delårsbokslut eller Bokslut.
    """
    return _prepaid_sum(source, at, "outcome")


@figure(
    "ekonomi.forutbetalda.bokslutsavvikelse", label="Förutbetalda intäkter, bokslut mot budget", **_PREPAID
)
def prepaid_accounts_variance(source: Source, at: At) -> Table:
    """Utfall minus budget för förutbetalda intäkter per projekt; plus är högre inkomst än budget.

    Källa: Uppföljningsanvisningar, årsbokslut, avsnitt Förutbetalda intäkter, kolumnen Avvikelse bokslut/budget.
    """
    return difference(prepaid_outcome(source, at), prepaid_budget(source, at), ("rad",))


@figure("ekonomi.forutbetalda.utfall_foregaende_ar", label="Förutbetalda intäkter i fjol", **_PREPAID)
def prepaid_outcome_last_year(source: Source, at: At) -> Table:
    """Förutbetalda intäkter samma tid föregående år per projekt.

    Källa: Uppföljningsanvisningar, avsnitt Förutbetalda intäkter, tabell, kolumnen för föregående år.
    """
    return _prepaid_sum(source, at, "outcome_last_year")


@figure("ekonomi.forutbetalda.forandring", label="Förutbetalda intäkter, skillnad mot i fjol", **_PREPAID)
def prepaid_change(source: Source, at: At) -> Table:
    """Förutbetalda intäkter hittills i år minus samma tid föregående år, per projekt.

    Källa: Uppföljningsanvisningar, avsnitt Förutbetalda intäkter, tabell, kolumnen Differens.
    """
    return difference(prepaid_outcome(source, at), prepaid_outcome_last_year(source, at), ("rad",))


# --- state grants ---------------------------------------------------------------------------------------------------


def _of_year(source: Source, at: At) -> Table:
    grants = source.state_grants.filter(_.year == at.year)
    return grants.mutate(
        rad=_.name, rad_label=_.name, position=ibis.literal(0, "int64"),
        refused=(_.state == "refused") & (ibis.coalesce(_.decided_on, _.applied_on) <= at.cut_off),
    )  # fmt: skip


def _applied(source: Source, at: At) -> Table:
    """The year's grants that were applied for by the cut-off, and not refused or withdrawn by then."""
    return _of_year(source, at).filter(
        (_.state != "planned") & (_.applied_on.isnull() | (_.applied_on <= at.cut_off)),
        ~ibis.coalesce(_.refused, False),
    )


def _granted(source: Source, at: At) -> Table:
    """The year's grants that were granted by the cut-off. What was reported after it was not known then."""
    rows = _of_year(source, at).filter(
        _.state.isin(("granted", "reported")), _.decided_on.isnull() | (_.decided_on <= at.cut_off)
    )
    known = _.reported_on.isnull() | (_.reported_on <= at.cut_off)
    return rows.mutate(used=known.ifelse(_.used, ibis.null()), returned=known.ifelse(_.returned, ibis.null()))


def _shown_grants(rows: Table) -> Table:
    """Grants as they stand behind a row's number, and behind the total."""
    columns = ("gid", "authority", "state", "applied_on", "decided_on", "sought", "granted", "used", "returned",
               "registered_at")  # fmt: skip
    own = rows.select("rad", *columns)
    return own.union(own.mutate(rad=ibis.literal(TOTAL)).select(*own.columns))


def _behind_applied(source: Source, at: At) -> Table:
    return _shown_grants(_applied(source, at))


def _behind_granted(source: Source, at: At) -> Table:
    return _shown_grants(_granted(source, at))


_GRANTS: dict[str, Any] = {
    **MONEY,
    "reads": ("state_grants",),
    "dates": ("state_grants.applied_on", "state_grants.decided_on"),
}


@figure("ekonomi.statsbidrag.sokt", label="Sökta statsbidrag", behind=_behind_applied, **_GRANTS)
def grants_applied(source: Source, at: At) -> Table:
    """Sökta belopp för årets statsbidrag vid brytdatum, utan dem som då hade fått avslag eller dragits tillbaka.

    Källa: Månadsuppföljning, avsnitt Prognos (sökta riktade statsbidrag).
    """
    return per_key(_applied(source, at), "rad", value=whole_sum(_.sought))


@figure("ekonomi.statsbidrag.beviljat", label="Beviljade statsbidrag", behind=_behind_granted, **_GRANTS)
def grants_granted(source: Source, at: At) -> Table:
    """Beviljade belopp för årets statsbidrag vid brytdatum.

    Källa: Registret över statsbidrag: myndighetens beslut.
    """
    return per_key(_granted(source, at), "rad", value=whole_sum(_.granted))


@figure("ekonomi.statsbidrag.anvant", label="Använda statsbidrag", behind=_behind_granted, **_GRANTS)
def grants_used(source: Source, at: At) -> Table:
    """Det som är använt av årets beviljade statsbidrag, som det var känt vid brytdatum.

    Saknas uppgiften för ett bidrag saknas också summan.

    Källa: Registret över statsbidrag.
    """
    return per_key(_granted(source, at), "rad", value=whole_sum(_.used))


@figure("ekonomi.statsbidrag.kvar", label="Statsbidrag kvar att använda", behind=_behind_granted, **_GRANTS)
def grants_left(source: Source, at: At) -> Table:
    """Beviljat minus använt och återbetalt av årets statsbidrag.

    Källa: Registret över statsbidrag.
    """
    left = _granted(source, at).mutate(left=_.granted - _.used - ibis.coalesce(_.returned, 0))
    return per_key(left, "rad", value=whole_sum(_.left))


# --- resource allocation --------------------------------------------------------------------------------------------

RUNS = {"egen": "egen regi", "extern": "extern regi", "annan_namnd": "annan nämnd", "ej_uppdelat": ""}


def _allocated(source: Source, at: At) -> Table:
    """The year's planned changes of volume, each in a row of its own: support, who runs it, unit."""
    rows = source.allocations.filter(_.year == at.year)
    supports = source.supports.select(of=_.code, support_label=_.label, place=_.position.cast("int64"))
    joined = rows.left_join(supports, rows.support_code == supports.of)
    run = ibis.cases(*((_.run == code, f", {word}" if word else "") for code, word in RUNS.items()), else_="")
    run_key = (_.run == "ej_uppdelat").ifelse("", "/" + _.run)
    return joined.mutate(
        rad=_.support_code + run_key + ibis.coalesce("/" + _.unit_code, ""),
        rad_label=ibis.coalesce(_.support_label, _.support_code)
        + run
        + ibis.coalesce(", " + _.unit_code, ""),
        position=_.place,
        change=_.volume_planned - _.volume_before,
    )


def _behind_allocated(source: Source, at: At) -> Table:
    own = _allocated(source, at).select(
        "rad",
        "gid",
        "support_code",
        "run",
        "unit_code",
        "volume_before",
        "volume_planned",
        "cost",
        "registered_at",
    )
    return own.union(own.mutate(rad=ibis.literal(TOTAL)).select(*own.columns))


_ALLOCATED: dict[str, Any] = {
    "per": ("rad",),
    "reads": ("allocations", "supports"),
    "behind": _behind_allocated,
}


@figure("ekonomi.resursfordelning.volym", label="Volym före ändringen", unit=Unit.COUNT, **_ALLOCATED)
def allocation_before(source: Source, at: At) -> Table:
    """Volymen som årets resursfördelning utgår från, per insats och regi.

    Källa: Styrmodellen, avsnitt Resursfördelning.
    """
    return per_key(_allocated(source, at), "rad", total=False, value=_.volume_before.sum())


@figure("ekonomi.resursfordelning.planerad_volym", label="Planerad volym", unit=Unit.COUNT, **_ALLOCATED)
def allocation_planned(source: Source, at: At) -> Table:
    """Volymen som årets resursfördelning planerar för, per insats och regi.

    Källa: Styrmodellen, avsnitt Resursfördelning.
    """
    return per_key(_allocated(source, at), "rad", total=False, value=_.volume_planned.sum())


@figure(
    "ekonomi.resursfordelning.volymforandring",
    label="Volymens ändring",
    unit=Unit.COUNT,
    sign=True,
    **_ALLOCATED,
)
def allocation_change(source: Source, at: At) -> Table:
    """Planerad volym minus volymen i dag, per insats och regi.

    Källa: Styrmodellen, avsnitt Resursfördelning.
    """
    return per_key(_allocated(source, at), "rad", total=False, value=_.change.sum())


@figure("ekonomi.resursfordelning.apris", label="À-pris", unit=Unit.KRONOR, **_ALLOCATED)
def allocation_cost(source: Source, at: At) -> Table:
    """Vad en plats, person eller timme kostar ett år, i kronor, per insats och regi.

    Källa: Styrmodellen, avsnitt Resursfördelning (förväntad kostnad).
    """
    return per_key(_allocated(source, at), "rad", total=False, value=_.cost.max())


@figure(
    "ekonomi.resursfordelning.belopp",
    label="Resursfördelning",
    unit=Unit.KRONOR,
    show=Unit.TKR,
    sign=True,
    **_ALLOCATED,
)
def allocation_amount(source: Source, at: At) -> Table:
    """Vad årets ändrade volymer ger i budget: ändringen gånger à-priset; plus är mer pengar till nämnden.

    Källa: Styrmodellen, avsnitt Resursfördelning (volymförändring gånger förväntad kostnad).
    """
    return per_key(_allocated(source, at), "rad", value=(_.change * _.cost).sum())


# --- the result fund ------------------------------------------------------------------------------------------------

FUND = {
    "ingaende": "Ingående saldo",
    "carried": "Resultat som förts över",
    "used": "Använt",
    "written_off": "Avskrivet",
    "saldo": "Saldo",
}


def _fund(source: Source, at: At) -> Table:
    rows = source.fund_entries.filter(_.decided_on <= at.cut_off)
    before = (_.decided_on < date(at.year, 1, 1)) | (_.kind == "opening")
    return rows.mutate(own=before.ifelse("ingaende", _.kind))


def _behind_fund(source: Source, at: At) -> Table:
    own = _fund(source, at).select("gid", "kind", "year", "decided_on", "amount", "registered_at", rad=_.own)
    return own.union(own.mutate(rad=ibis.literal("saldo")).select(*own.columns))


@figure(
    "ekonomi.resultatfond",
    label="Resultatfond",
    reads=("fund_entries",),
    dates=("fund_entries.decided_on",),
    behind=_behind_fund,
    **MONEY,
)
def result_fund(source: Source, at: At) -> Table:
    """Resultatfondens saldo vid brytdatum, och hur det har ändrats under året genom beslut.

    Källa: Uppföljningsanvisningar, årsbokslut: nämndens resultat förs till en resultatfond med beslut.
    """
    rows = _fund(source, at)
    parts = []
    for place, (code, label) in enumerate(FUND.items()):
        counts = (rows.own == code) if code != "saldo" else ibis.literal(True)
        one = rows.agg(value=ibis.ifelse(counts, rows.amount, 0).sum(), n=_.count()).filter(_.n > 0)
        parts.append(
            one.select(
                "value",
                rad=ibis.literal(code),
                rad_label=ibis.literal(label),
                position=ibis.literal(place, "int64"),
            )
        )
    return ibis.union(*parts)
