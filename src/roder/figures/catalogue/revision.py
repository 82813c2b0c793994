"""Audits of the year and how the committee's recommendations stand, at the end of the occasion's period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from roder.figures.catalogue.counting import counted, in_all, listed, per_key
from roder.figures.catalogue.periods import COUNT
from roder.figures.registry import At, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

STATES = {
    "open": "Ej besvarad",
    "accepted": "Åtgärdas",
    "done": "Åtgärdad",
    "declined": "Åtgärdas inte",
}
JUDGEMENTS = {
    "yes": "Ja", "largely": "Ja, i stort", "partly": "Delvis", "no": "Nej", "ej_bedomd": "Inte bedömd",
}  # fmt: skip
AUTHORITIES = {
    "ivo": "IVO",
    "work": "Arbetsmiljöverket",
    "privacy": "Integritetsskyddsmyndigheten",
    "rescue": "Räddningstjänsten",
    "health": "Miljö- och hälsoskydd",
    "other": "Annan myndighet",
}
READ: dict[str, Any] = {
    "reads": ("recommendations",),
    "dates": ("recommendations.due_on", "recommendations.done_on"),
}


def _audits(source: Source, at: At) -> Table:
    rows = source.audits.filter(_.year == at.year)
    return listed(rows, "bedomning", ibis.coalesce(rows.judgement.nullif(""), "ej_bedomd"), JUDGEMENTS)


@figure("revision.granskningar", **COUNT, per=("bedomning",), reads=("audits",), label="Granskningar",
        behind=lambda source, at: _audits(source, at).select(
            "bedomning", "received_on", "answer_due", "answered_on", "registered_at", "gid"))  # fmt: skip
def audits(source: Source, at: At) -> Table:
    """Antal granskningar av nämnden under året per samlad bedömning, och totalt.

    Källa: 5-risk-and-control, avsnitt 5.4.
    """
    return per_key(_audits(source, at), "bedomning")


def _inspections(source: Source, at: At) -> Table:
    """Inspections that were held or decided during the year."""
    rows = source.inspections
    rows = rows.filter((rows.held_on.year() == at.year) | (rows.decided_on.year() == at.year))
    rows = rows.filter(ibis.coalesce(rows.held_on, rows.decided_on) < at.period_end)
    return listed(rows, "myndighet", rows.authority_code, AUTHORITIES)


def _unanswered(source: Source, at: At) -> Table:
    rows = _inspections(source, at)
    return rows.filter(
        rows.answer_due.notnull(), rows.answered_on.isnull() | (rows.answered_on >= at.period_end)
    )


def _behind_inspections(rows: Any) -> Any:
    return lambda source, at: rows(source, at).select(
        "myndighet", "unit_code", "held_on", "decided_on", "answer_due", "answered_on", "registered_at", "gid"
    )


@figure("revision.tillsyner", **COUNT, per=("myndighet",), reads=("inspections",), label="Tillsyner",
        dates=("inspections.held_on", "inspections.decided_on"),
        behind=_behind_inspections(_inspections))  # fmt: skip
def inspections(source: Source, at: At) -> Table:
    """Antal tillsyner som gjordes eller beslutades under året till och med perioden, per myndighet, och totalt.

    Källa: 5-risk-and-control, avsnitt 5.4.
    """
    return per_key(_inspections(source, at), "myndighet")


@figure("revision.tillsyner_obesvarade", **COUNT, per=("myndighet",), reads=("inspections",),
        label="Tillsyner där svar ska lämnas", dates=("inspections.answer_due", "inspections.answered_on"),
        behind=_behind_inspections(_unanswered))  # fmt: skip
def unanswered(source: Source, at: At) -> Table:
    """Antal av årets tillsyner där ett svar skulle lämnas och inte hade lämnats när perioden slutade.

    Källa: 5-risk-and-control, avsnitt 5.4.
    """
    return per_key(_unanswered(source, at), "myndighet")


def _standing(source: Source, at: At) -> Table:
    """Recommendations that were alive during the year: the year's own, and older ones not settled before it."""
    rows = source.recommendations.filter(_.year <= at.year)
    later = rows.mutate(
        state=((rows.state == "done") & (rows.done_on >= at.period_end)).ifelse("accepted", rows.state)
    )
    alive = (
        (later.year == at.year)
        | later.state.isin(["open", "accepted"])
        | ((later.state == "done") & (later.done_on >= ibis.date(at.year, 1, 1)))
    )
    return later.filter(alive)


def _states(source: Source, at: At) -> Table:
    rows = _standing(source, at)
    return listed(rows, "lage", rows.state, STATES)


def _late(source: Source, at: At) -> Table:
    return _standing(source, at).filter(_.state == "accepted", _.due_on < at.period_end)


@figure("revision.rekommendationer", **COUNT, per=("lage",), **READ, label="Rekommendationer",
        behind=lambda source, at: _states(source, at).select(
            "lage", "origin", "year", "due_on", "done_on", "registered_at", "gid"))  # fmt: skip
def recommendations(source: Source, at: At) -> Table:
    """Antal rekommendationer från revision och tillsyn per läge när perioden slutade, och totalt.

    Årets, och äldre som inte var åtgärdade eller avböjda före årets början.

    Källa: 5-risk-and-control, avsnitt 5.4.
    """
    return per_key(_states(source, at), "lage")


@figure("revision.sena", **COUNT, per=(), **READ, label="Försenade rekommendationer",
        behind=lambda source, at: _late(source, at).select(
            "origin", "year", "due_on", "registered_at", "gid"))  # fmt: skip
def late(source: Source, at: At) -> Table:
    """Antal rekommendationer som åtgärdas och som skulle ha varit klara när perioden slutade men inte var det.

    Källa: 5-risk-and-control, avsnitt 5.4.
    """
    rows = _standing(source, at)
    return in_all(rows, value=counted((rows.state == "accepted") & (rows.due_on < at.period_end)))
