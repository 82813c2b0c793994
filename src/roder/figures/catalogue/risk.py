"""Risks of the year's analysis: how many, by level, handling and area; departures; values now and last year.

The analysis is the one for the occasion's year, as it is when the figures are computed. Suggested risks are not counted
until they are taken up, and a retired one only where that is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from roder.core.numbers import Unit
from roder.figures.catalogue.counting import counted, in_all, listed, per_key
from roder.figures.catalogue.periods import COUNT
from roder.figures.registry import At, Expression, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

HANDLINGS = {
    "immediate_action": "Omedelbar åtgärd",
    "goal": "Mål",
    "assignment": "Uppdrag",
    "control_point": "Internkontrollpunkt",
    "critical_factor": "Kritisk verksamhetsfaktor",
    "none": "Ingen åtgärd",
    "ej_beslutad": "Inte beslutad",
}
MOVES = {
    "upp": "Högre riskvärde än förra året",
    "oforandrad": "Samma riskvärde",
    "ner": "Lägre riskvärde än förra året",
    "ny": "Inget värde förra året",
    "annan_skala": "Förra årets värde är på en annan skala",
}
REASONS = {"med_skal": "Med skäl", "utan_skal": "Utan skäl"}
UNSCORED, NO_LEVEL, NO_AREA = "ej_bedomd", "utan_niva", "utan_omrade"
READ: dict[str, Any] = {"reads": ("risks",)}
ONE: dict[str, Any] = {"per": ("risk",), **READ}
SHOWN = (
    "number", "likelihood", "impact", "risk_value", "previous_value", "handling", "registered_at", "gid",
)  # fmt: skip


def _all(source: Source, at: At) -> Table:
    """The risks of the year's analysis that have been taken up, retired ones too."""
    rows = source.risks.filter(_.year == at.year, _.state != "suggested")
    return rows.mutate(
        risk=_.code,
        risk_label=(rows.number == "").ifelse(rows.code, ibis.literal("Risk ") + rows.number),
        risk_value=_.value,
        place=_.position.cast("int64"),
    ).drop("position", "value")


def _active(source: Source, at: At) -> Table:
    return _all(source, at).filter(_.state == "active")


def _scored(source: Source, at: At) -> Table:
    return _active(source, at).filter(_.risk_value.notnull())


def _levels(source: Source, at: At) -> Table:
    """Active risks by level, the most severe first; what has no score stands last."""
    rows = _active(source, at)
    known = ibis.coalesce(rows.level, NO_LEVEL)
    unscored = rows.risk_value.isnull()
    label = ibis.coalesce(rows.level_label, ibis.literal("Utan nivå"))
    return rows.mutate(
        niva=unscored.ifelse(UNSCORED, known),
        niva_label=unscored.ifelse("Inte bedömd", label),
        position=unscored.ifelse(1000, 100 - ibis.coalesce(rows.level_place, 0)).cast("int64"),
    )


def _handled(source: Source, at: At) -> Table:
    rows = _active(source, at)
    return listed(rows, "hantering", ibis.coalesce(rows.handling.nullif(""), "ej_beslutad"), HANDLINGS)


def _areas(source: Source, at: At) -> Table:
    rows = _active(source, at)
    return rows.mutate(
        omrade=ibis.coalesce(rows.area.nullif(""), NO_AREA),
        omrade_label=ibis.coalesce(rows.area.nullif(""), "Utan område"),
        position=rows.place,
    )


def _departing(source: Source, at: At) -> Table:
    rows = _active(source, at).filter(_.departs)
    return listed(rows, "skal", rows.reasoned.ifelse("med_skal", "utan_skal"), REASONS)


def _sent(rows: Table) -> Any:
    """What has been decided about the plan, else that the risk is obligatory or handled as a control point."""
    return ibis.coalesce(rows.in_plan, rows.obligatory | (rows.handling == "control_point"))


def _planned(source: Source, at: At) -> Table:
    rows = _active(source, at)
    return rows.filter(_sent(rows))


def _retired(source: Source, at: At) -> Table:
    return _all(source, at).filter(_.state == "retired")


def _moved(source: Source, at: At) -> Table:
    rows = _scored(source, at)
    change = rows.risk_value - rows.previous_value
    direction = ibis.cases(
        (rows.previous_value.isnull(), "ny"),
        (~rows.comparable, "annan_skala"),
        (change > 0, "upp"),
        (change < 0, "ner"),
        else_="oforandrad",
    )
    return listed(rows, "riktning", direction, MOVES)


def _behind(rows: Expression, *keys: str) -> Expression:
    def expression(source: Source, at: At) -> Table:
        return rows(source, at).select(*keys, *SHOWN)

    return expression


def _each(source: Source, at: At, value: Any, rows: Expression = _scored) -> Table:
    """A number for each risk."""
    return rows(source, at).select("risk", "risk_label", position=_.place, value=value.cast("int64"))


@figure("risk.antal", **COUNT, per=("niva",), **READ, label="Risker per nivå",
        behind=_behind(_levels, "niva"))  # fmt: skip
def per_level(source: Source, at: At) -> Table:
    """Antal risker i årets riskanalys per nivå i riskskalans matris, och totalt; utgångna räknas inte.

    Har skalan ingen matris är nivåerna de riskvärden som hanteringsregeln delar in i.

    Källa: 5-risk-and-control, avsnitt 5.1.
    """
    return per_key(_levels(source, at), "niva")


@figure("risk.per_hantering", **COUNT, per=("hantering",), **READ, label="Risker per hantering",
        behind=_behind(_handled, "hantering"))  # fmt: skip
def per_handling(source: Source, at: At) -> Table:
    """Antal risker i årets riskanalys per hantering, och totalt; utgångna räknas inte.

    Källa: 5-risk-and-control, avsnitt 5.1.
    """
    return per_key(_handled(source, at), "hantering")


@figure("risk.per_omrade", **COUNT, per=("omrade",), **READ, label="Risker per område",
        behind=_behind(_areas, "omrade"))  # fmt: skip
def per_area(source: Source, at: At) -> Table:
    """Antal risker i årets riskanalys per område, och totalt; utgångna räknas inte.

    Källa: 5-risk-and-control, avsnitt 5.1.
    """
    return per_key(_areas(source, at), "omrade")


@figure("risk.avsteg", **COUNT, per=("skal",), **READ, label="Avsteg från hanteringsregeln",
        behind=_behind(_departing, "skal"))  # fmt: skip
def departures(source: Source, at: At) -> Table:
    """Antal risker som hanteras på annat sätt än riskskalans regel föreslår, med och utan skrivet skäl, och totalt.

    Källa: 5-risk-and-control, avsnitt 5.1.
    """
    return per_key(_departing(source, at), "skal")


@figure("risk.i_plan", **COUNT, per=(), **READ, label="Risker med i internkontrollplanen",
        behind=_behind(_planned))  # fmt: skip
def in_plan(source: Source, at: At) -> Table:
    """Antal risker som enligt årets riskanalys ska med i internkontrollplanen.

    Källa: 5-risk-and-control, avsnitt 5.1.
    """
    rows = _active(source, at)
    return in_all(rows, value=counted(_sent(rows)))


@figure("risk.utgangna", **COUNT, per=(), **READ, label="Utgångna risker", behind=_behind(_retired))
def retired(source: Source, at: At) -> Table:
    """Antal risker som fanns i registret och som utgick i årets riskanalys.

    Källa: 5-risk-and-control, avsnitt 5.2.
    """
    rows = _all(source, at)
    return in_all(rows, value=counted(rows.state == "retired"))


@figure("risk.medelvarde", unit=Unit.COUNT, digits=1, ratio=1, per=(), **READ, label="Riskvärde i medeltal",
        behind=_behind(_scored))  # fmt: skip
def mean_value(source: Source, at: At) -> Table:
    """Riskvärdet i medeltal för de risker som är bedömda i årets riskanalys.

    Täljaren är summan av riskvärdena, nämnaren hur många risker som är bedömda.

    Källa: 5-risk-and-control, avsnitt 5.1.
    """
    return in_all(_scored(source, at), numerator=_.risk_value.sum().cast("int64"), denominator=_.count())


@figure("risk.rorelse", **COUNT, per=("riktning",), **READ, label="Riskvärden sedan förra året",
        behind=_behind(_moved, "riktning"))  # fmt: skip
def moved(source: Source, at: At) -> Table:
    """Antal bedömda risker vars riskvärde är högre, lägre eller samma som förra året, eller inte fanns då.

    Källa: 5-risk-and-control, avsnitt 5.1.
    """
    return per_key(_moved(source, at), "riktning")


@figure("risk.sannolikhet", **COUNT, **ONE, label="Sannolikhet", behind=_behind(_all, "risk"))
def likelihood(source: Source, at: At) -> Table:
    """Riskens sannolikhet enligt riskskalan i årets riskanalys; en utgången risk har det tal som skalan anger.

    Källa: 5-risk-and-control, avsnitt 5.1.
    """
    return _each(source, at, ibis.coalesce(_.likelihood, _.retired_value), _printed)


@figure("risk.konsekvens", **COUNT, **ONE, label="Konsekvens", behind=_behind(_all, "risk"))
def impact(source: Source, at: At) -> Table:
    """Riskens konsekvens (väsentlighetsgrad) enligt riskskalan i årets riskanalys; utgångna som för sannolikhet.

    Källa: 5-risk-and-control, avsnitt 5.1.
    """
    return _each(source, at, ibis.coalesce(_.impact, _.retired_value), _printed)


@figure("risk.varde", **COUNT, **ONE, label="Riskvärde", behind=_behind(_all, "risk"))
def worth(source: Source, at: At) -> Table:
    """Riskens värde i årets riskanalys: sannolikhet gånger konsekvens; utgångna som för sannolikhet.

    Källa: 5-risk-and-control, avsnitt 5.1.
    """
    return _each(source, at, ibis.coalesce(_.risk_value, _.retired_value), _printed)


@figure(
    "risk.varde_foregaende_ar", **COUNT, **ONE, label="Riskvärde förra året", behind=_behind(_all, "risk")
)
def worth_before(source: Source, at: At) -> Table:
    """Riskens värde i förra årets riskanalys, eller det tal som årets register anger för förra året.

    Källa: 5-risk-and-control, avsnitt 5.1.
    """
    return _each(source, at, _.previous_value, _all)


@figure("risk.vardeforandring", **COUNT, **ONE, sign=True, label="Riskvärdets förändring",
        behind=_behind(_scored, "risk"))  # fmt: skip
def change(source: Source, at: At) -> Table:
    """Riskens värde i årets riskanalys minus förra årets; utgångna och nya risker har ingen förändring.

    Inte heller risker som förra året bedömdes på en skala av annan storlek.

    Källa: 5-risk-and-control, avsnitt 5.1.
    """
    change = _.comparable.ifelse(_.risk_value - _.previous_value, ibis.null("int64"))
    return _each(source, at, change)


def _printed(source: Source, at: At) -> Table:
    """Risks that are printed with a score: those scored, and retired ones where the scale has a value for them."""
    rows = _all(source, at)
    gone = (rows.state == "retired") & rows.retired_value.notnull()
    return rows.filter(rows.risk_value.notnull() | gone)
