"""People who come and go: how many were hired and left, why, and what share of the staff that is.

Keys ``slag`` (hired, left) and ``orsak`` (a code of the steering model, or ``totalt``). People are counted, not named.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from roder.core.numbers import Unit
from roder.figures.catalogue.parts import LAST
from roder.figures.catalogue.personal import a_year_before, latest_measures
from roder.figures.registry import At, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

KINDS = {"hired": "Anställda", "left": "Slutade"}
TOTAL = "totalt"
#: Measures that others are divided by.
EMPLOYED, MANAGERS = "anstallda", "chefer"


def _moves(source: Source, at: At) -> Table:
    """The year's moves up to the cut-off, each person once: a longer period before those within it, and the whole
    committee's numbers before its units'."""
    rows = source.staff_moves.filter(
        _.period_start >= date(at.year, 1, 1), _.period_end <= at.cut_off + timedelta(days=1)
    )
    longer = rows.select(k=_.kind, s=_.period_start, e=_.period_end).distinct()
    rows = rows.anti_join(
        longer,
        [
            rows.kind == longer.k,
            rows.period_start >= longer.s,
            rows.period_end <= longer.e,
            (rows.period_start > longer.s) | (rows.period_end < longer.e),
        ],
    )
    whole = rows.filter(_.unit_code.isnull()).select(k=_.kind, s=_.period_start, e=_.period_end).distinct()
    same = [rows.kind == whole.k, rows.period_start == whole.s, rows.period_end == whole.e]
    units = rows.filter(_.unit_code.notnull()).anti_join(whole, same)
    return (
        rows.filter(_.unit_code.isnull())
        .union(units.select(*rows.columns))
        .mutate(slag=_.kind, orsak=_.reason)
    )


def _terms(source: Source, at: At) -> Table:
    """What the reasons are called in the occasion's steering model, and their order."""
    model = source.occasions.filter(_.code == at.code).select("model_id")
    return source.staff_terms.semi_join(model, "model_id").select(
        list=_.list, code=_.code, label=_.label, place=_.position.cast("int64")
    )


def _behind(source: Source, at: At) -> Table:
    own = _moves(source, at).select(
        "slag",
        "orsak",
        "gid",
        "period_start",
        "period_end",
        "unit_code",
        "profession",
        "count",
        "registered_at",
    )
    return own.union(own.mutate(orsak=ibis.literal(TOTAL)).select(*own.columns))


def _counted(source: Source, at: At) -> Table:
    rows, terms = _moves(source, at), _terms(source, at)
    by_reason = rows.group_by("slag", "orsak").agg(value=_["count"].sum().cast("int64"))
    joined = by_reason.left_join(terms, [by_reason.slag == terms.list, by_reason.orsak == terms.code])
    parts = joined.select(
        "slag",
        "orsak",
        "value",
        orsak_label=ibis.coalesce(_.label, _.orsak),
        position=ibis.coalesce(_.place, LAST - 1),
    )
    whole = rows.group_by("slag").agg(value=_["count"].sum().cast("int64")).select(
        "slag", orsak=ibis.literal(TOTAL), value=_.value, orsak_label=ibis.literal("Totalt"),
        position=ibis.literal(LAST, "int64"),
    )  # fmt: skip
    both = parts.union(whole.select(*parts.columns))
    place = ibis.cases(*((_.slag == kind, n * 10 * LAST) for n, kind in enumerate(KINDS)), else_=0)
    label = ibis.cases(*((_.slag == kind, word) for kind, word in KINDS.items()), else_=_.slag)
    return both.mutate(slag_label=label, position=_.position + place)


_MOVES: dict[str, Any] = {
    "unit": Unit.COUNT,
    "per": ("slag", "orsak"),
    "reads": ("staff_moves", "staff_terms", "occasions"),
    "dates": ("staff_moves.period_end",),
}


@figure("personal.rorelser", label="Anställda och slutade", behind=_behind, **_MOVES)
def moves(source: Source, at: At) -> Table:
    """Antal som har anställts och slutat sedan årsskiftet, per orsak; nämndens egna tal går före enheternas summa.

    Källa: Uppföljningsanvisningar, årsbokslut, avsnitt Personal (personalomsättning).
    """
    return _counted(source, at)


@figure(
    "personal.rorelser_foregaende_ar",
    label="Anställda och slutade samma tid i fjol",
    behind=lambda source, at: _behind(source, a_year_before(at)),
    **_MOVES,
)
def moves_last_year(source: Source, at: At) -> Table:
    """Antal som anställdes och slutade under samma del av föregående år, per orsak.

    Källa: Uppföljningsanvisningar, årsbokslut, avsnitt Personal: jämförs med föregående period.
    """
    return _counted(source, a_year_before(at))


def _measure(source: Source, at: At, code: str) -> Table:
    rows = latest_measures(source, at)
    return rows.filter(_.matt == code, _.anstallningsform == "alla")


def _divided(above: Table, below: Table) -> Table:
    """One row with numerator and denominator, or none when either side has no number."""
    joined = above.cross_join(below)
    return joined.mutate(value=ibis.null().cast("decimal(18, 4)")).select("value", "numerator", "denominator")


def _behind_parts(source: Source, at: At, code: str) -> Table:
    return _measure(source, at, code).select(
        "gid", "period_start", "period_end", "unit_code", "registered_at", count=_.value.cast("decimal(18, 4)"),
        what=ibis.literal(code),
    )  # fmt: skip


def _behind_turnover(source: Source, at: At) -> Table:
    gone = _moves(source, at).filter(_.kind == "left").select(
        "gid", "period_start", "period_end", "unit_code", "registered_at", count=_["count"].cast("decimal(18, 4)"),
        what=ibis.literal("Slutade"),
    )  # fmt: skip
    return gone.union(_behind_parts(source, at, EMPLOYED))


@figure(
    "personal.omsattning",
    label="Personalomsättning",
    unit=Unit.PERCENT,
    per=(),
    ratio=100,
    reads=("staff_moves", "staff", "units"),
    dates=("staff_moves.period_end", "staff.period_end"),
    behind=_behind_turnover,
)
def turnover(source: Source, at: At) -> Table:
    """Antal som har slutat sedan årsskiftet i procent av antalet anställda vid den senaste mätningen.

    Källa: Uppföljningsanvisningar, årsbokslut, avsnitt Personal (personalomsättning).
    """
    rows = _moves(source, at).filter(_.kind == "left")
    gone = rows.agg(numerator=_["count"].sum().cast("decimal(18, 4)"), n=_.count()).filter(_.n > 0).drop("n")
    return _divided(gone, _measure(source, at, EMPLOYED).select(denominator=_.value))


@figure(
    "personal.per_chef",
    label="Anställda per chef",
    unit=Unit.COUNT,
    digits=1,
    per=(),
    ratio=1,
    reads=("staff", "units"),
    dates=("staff.period_end",),
    behind=lambda source, at: _behind_parts(source, at, EMPLOYED).union(_behind_parts(source, at, MANAGERS)),
)
def per_manager(source: Source, at: At) -> Table:
    """Antal anställda delat med antal chefer vid den senaste mätningen.

    Källa: Verksamhetsplan och budget, avsnitt Personal (medarbetare per chef).
    """
    employed = _measure(source, at, EMPLOYED).select(numerator=_.value)
    return _divided(employed, _measure(source, at, MANAGERS).select(denominator=_.value))
