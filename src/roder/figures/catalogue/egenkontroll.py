"""Self-checks: planned, done, in time, with the method as planned, with shortcomings, and actions with effect.

Key: ``enhet`` (a unit's code, or ``totalt``). The period is the occasion's own; state is that at its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from roder.figures.catalogue.parts import LAST
from roder.figures.catalogue.periods import COUNT, SHARE, current
from roder.figures.registry import At, Expression, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

TOTAL = "totalt"
READS = ("self_check_rounds", "units")
DATES = ("self_check_rounds.due_on", "self_check_rounds.done_on")
SHOWN = ("step", "interval", "due_on", "done_on", "sampled", "found", "method", "registered_at")
PART: dict[str, Any] = {"per": ("enhet",), "reads": READS, "dates": DATES}


def _rounds(source: Source, at: At) -> Table:
    """The rounds that were due in the period; what was done after it is not done in it."""
    rows = current(source.self_check_rounds, at, "due_on")
    done = rows.done_on.notnull() & (rows.done_on < at.period_end)
    return rows.mutate(
        enhet=_.unit_code,
        done=done,
        in_time=done & (rows.done_on <= rows.due_on),
        by_method=done & (rows.method == "yes"),
    )


def _done(source: Source, at: At) -> Table:
    return _rounds(source, at).filter(_.done)


def _per_unit(source: Source, rows: Table, **sums: Any) -> Table:
    """Sums per unit that has rows, and in total. Without any rows there are no numbers."""
    by_unit = rows.group_by("enhet").agg(**sums)
    names = source.units.group_by(of=_.code).agg(enhet_label=_.name.max())
    named = by_unit.left_join(names, by_unit.enhet == names.of).select(
        "enhet", *sums, enhet_label=ibis.coalesce(_.enhet_label, _.enhet), position=ibis.literal(1, "int64")
    )
    total = rows.agg(**sums, n=_.count()).filter(_.n > 0)
    return named.union(
        total.select(
            *sums,
            enhet=ibis.literal(TOTAL),
            enhet_label=ibis.literal("Totalt"),
            position=ibis.literal(LAST, "int64"),
        ).select(*named.columns)
    )


def _behind(rows: Any) -> Expression:
    def expression(source: Source, at: At) -> Table:
        found = rows(source, at)
        return found.select("gid", "enhet", *SHOWN)

    return expression


@figure(
    "quality.egenkontroll.planerade",
    **COUNT,
    **PART,
    label="Planerade egenkontroller",
    behind=_behind(_rounds),
)
def planned(source: Source, at: At) -> Table:
    """Antal omgångar av egenkontroll som enligt kvalitetsplanerna skulle vara gjorda under perioden.

    Källa: SOSFS 2011:9, 5 kap. 2 §; enheternas kvalitetsplaner.
    """
    return _per_unit(source, _rounds(source, at), value=_.count())


@figure("quality.egenkontroll.gjorda", **COUNT, **PART, label="Gjorda egenkontroller", behind=_behind(_done))
def done(source: Source, at: At) -> Table:
    """Antal av periodens planerade omgångar som var gjorda när perioden slutade, i tid eller för sent.

    Källa: SOSFS 2011:9, 5 kap. 2 §; enheternas kvalitetsplaner.
    """
    return _per_unit(source, _rounds(source, at), value=_.done.cast("int32").sum())


@figure(
    "quality.egenkontroll.i_tid",
    **SHARE,
    **PART,
    label="Egenkontroller gjorda i tid",
    behind=_behind(_rounds),
)
def in_time(source: Source, at: At) -> Table:
    """Andel av periodens planerade omgångar som var gjorda senast den dag som planen anger.

    Källa: SOSFS 2011:9, 5 kap. 2 §; enheternas kvalitetsplaner.
    """
    rows = _rounds(source, at)
    return _per_unit(source, rows, numerator=_.in_time.cast("int32").sum(), denominator=_.count())


@figure(
    "quality.egenkontroll.enligt_metod",
    **SHARE,
    **PART,
    label="Egenkontroller enligt metoden",
    behind=_behind(_done),
)
def by_method(source: Source, at: At) -> Table:
    """Andel av de gjorda omgångarna där metoden och urvalet följdes helt.

    Källa: SOSFS 2011:9, 5 kap. 2 §; enheternas kvalitetsplaner.
    """
    rows = _done(source, at)
    return _per_unit(source, rows, numerator=_.by_method.cast("int32").sum(), denominator=_.count())


@figure("quality.egenkontroll.med_brist", **SHARE, **PART, label="Granskade med brist", behind=_behind(_done))
def with_shortcoming(source: Source, at: At) -> Table:
    """Andel av det som granskades i de gjorda omgångarna som hade minst en brist.

    Källa: SOSFS 2011:9, 5 kap. 2 §; enheternas kvalitetsplaner.
    """
    rows = _done(source, at)
    return _per_unit(
        source,
        rows,
        numerator=_.found.cast("int64").sum(),
        denominator=_.sampled.cast("int64").sum().nullif(0),
    )


def _actions(source: Source, at: At) -> Table:
    """Actions added in the period and not dropped in it; the effect as it was stated by its end."""
    rows = current(source.self_check_actions, at, "added_on")
    rows = rows.filter(_.dropped_on.isnull() | (_.dropped_on >= at.period_end))
    stated = (rows.effect != "") & rows.effect_on.notnull() & (rows.effect_on < at.period_end)
    return rows.mutate(enhet=_.unit_code, stated=stated, worked=stated & rows.effect.isin(["yes", "partly"]))


def _behind_actions(source: Source, at: At) -> Table:
    return _actions(source, at).select(
        "gid", "enhet", "added_on", "due_on", "done_on", "effect", "effect_on", "registered_at"
    )


@figure(
    "quality.egenkontroll.atgarder",
    **COUNT,
    per=("enhet",),
    label="Åtgärder efter egenkontroll",
    reads=("self_check_actions", "units"),
    dates=("self_check_actions.added_on",),
    behind=_behind_actions,
)
def actions(source: Source, at: At) -> Table:
    """Antal åtgärder som lades till under perioden efter brister i egenkontroll; strukna räknas inte.

    Källa: SOSFS 2011:9, 5 kap. 7–8 §§.
    """
    return _per_unit(source, _actions(source, at), value=_.count())


@figure(
    "quality.egenkontroll.atgarder_med_effekt",
    **SHARE,
    per=("enhet",),
    label="Åtgärder efter egenkontroll med effekt",
    reads=("self_check_actions", "units"),
    dates=("self_check_actions.added_on", "self_check_actions.effect_on"),
    behind=_behind_actions,
)
def actions_with_effect(source: Source, at: At) -> Table:
    """Andel av periodens åtgärder med bedömd effekt där effekten var ja eller delvis.

    Källa: SOSFS 2011:9, 5 kap. 7–8 §§.
    """
    rows = _actions(source, at).filter(_.stated)
    return _per_unit(source, rows, numerator=_.worked.cast("int32").sum(), denominator=_.count())
