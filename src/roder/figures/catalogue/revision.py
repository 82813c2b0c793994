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
