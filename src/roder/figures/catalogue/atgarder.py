"""Actions in the work with quality: decided, carried out, late, and whether they worked. By what they followed of.

Källan är alltid densamma: SOSFS 2011:9, 5 kap. 6–8 §§. Only actions added in the period, and not struck in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ibis import _

from roder.figures.catalogue.counting import counted, listed, per_key
from roder.figures.catalogue.periods import COUNT, SHARE, current
from roder.figures.registry import At, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

ORIGINS = {
    "avvikelse": "Avvikelser",
    "klagomal": "Klagomål och synpunkter",
    "lex_sarah": "Lex Sarah",
    "lex_maria": "Lex Maria",
    "egenkontroll": "Egenkontroll",
}
READ: dict[str, Any] = {"per": ("handelse",), "reads": ("quality_actions",)}


def _actions(source: Source, at: At) -> Table:
    """The period's actions with what they followed of, and how they stood when it ended."""
    rows = current(source.quality_actions, at, "added_on")
    rows = rows.filter(_.dropped_on.isnull() | (_.dropped_on >= at.period_end))
    stated = (rows.effect != "") & (rows.effect_on < at.period_end)
    done = rows.done_on.notnull() & (rows.done_on < at.period_end)
    given_up = stated & (rows.effect == "not_done")
    rows = rows.mutate(
        done=done,
        stated=stated,
        worked=stated & rows.effect.isin(["yes", "partly"]),
        late=(rows.due_on < at.period_end) & ~done & ~given_up,
    )
    return listed(rows, "handelse", rows.follows, ORIGINS)


def _late(source: Source, at: At) -> Table:
    return _actions(source, at).filter(_.late)


def _stated(source: Source, at: At) -> Table:
    return _actions(source, at).filter(_.stated)


def _behind(rows: Any) -> Any:
    return lambda source, at: rows(source, at).select(
        "gid",
        "handelse",
        "unit_code",
        "added_on",
        "due_on",
        "done_on",
        "effect",
        "effect_on",
        "registered_at",
    )


@figure("quality.atgarder.beslutade", **COUNT, **READ, label="Åtgärder i kvalitetsarbetet",
        dates=("quality_actions.added_on",), behind=_behind(_actions))  # fmt: skip
def decided(source: Source, at: At) -> Table:
    """Antal åtgärder som beslutades under perioden, efter vad de följde av, och totalt; strukna räknas inte.

    Källa: SOSFS 2011:9, 5 kap. 6–8 §§.
    """
    return per_key(_actions(source, at), "handelse")


@figure("quality.atgarder.genomforda", **COUNT, **READ, label="Genomförda åtgärder",
        dates=("quality_actions.added_on", "quality_actions.done_on"), behind=_behind(_actions))  # fmt: skip
def carried_out(source: Source, at: At) -> Table:
    """Antal av periodens åtgärder som var genomförda när den slutade, efter vad de följde av, och totalt.

    Källa: SOSFS 2011:9, 5 kap. 6–8 §§.
    """
    return per_key(_actions(source, at), "handelse", value=counted(_.done))


@figure("quality.atgarder.sena", **COUNT, **READ, label="Försenade åtgärder",
        dates=("quality_actions.due_on", "quality_actions.done_on"), behind=_behind(_late))  # fmt: skip
def late(source: Source, at: At) -> Table:
    """Antal av periodens åtgärder som skulle ha varit klara när den slutade och inte var det.

    Källa: SOSFS 2011:9, 5 kap. 6–8 §§.
    """
    return per_key(_actions(source, at), "handelse", value=counted(_.late))


@figure("quality.atgarder.med_effekt", **SHARE, **READ, label="Åtgärder med effekt",
        dates=("quality_actions.added_on", "quality_actions.effect_on"), behind=_behind(_stated))  # fmt: skip
def with_effect(source: Source, at: At) -> Table:
    """Andel av periodens åtgärder med bedömd effekt där effekten var ja eller delvis, efter vad de följde av.

    Källa: SOSFS 2011:9, 5 kap. 6–8 §§.
    """
    return per_key(_stated(source, at), "handelse", numerator=counted(_.worked), denominator=_.count())
