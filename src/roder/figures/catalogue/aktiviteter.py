"""The activities of action plans: how many, how many should be done by the cut-off, and how many are.

Keys: ``mal`` (a goal's code) and ``enhet`` (a unit's code, ``hela`` for what is the whole administration's own);
``totalt`` in either is the sum. An activity is due when its quarter is over; one without a quarter when the year is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from roder.figures.catalogue.parts import LAST
from roder.figures.catalogue.periods import COUNT, SHARE
from roder.figures.registry import At, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

TOTAL, WHOLE = "totalt", "hela"
PART: dict[str, Any] = {
    "per": ("mal", "enhet"),
    "reads": ("activities", "goals", "units"),
    "dates": ("activities.due_on", "activities.done_on"),
}


def _activities(source: Source, at: At) -> Table:
    """The year's activities: whose, for which goal, whether due and whether done at the cut-off."""
    rows = source.activities.filter(_.year == at.year)
    done = (rows.done_on.notnull() & (rows.done_on <= at.cut_off)).cast("int32")
    due = (rows.due_on <= at.cut_off).cast("int32")
    goals = source.goals.select(of=_.goal_id, mal=_.code)
    found = rows.mutate(is_done=done, is_due=due, enhet=ibis.coalesce(_.unit_code, WHOLE))
    return found.join(goals, found.goal_id == goals.of).drop("of")


def _due(source: Source, at: At) -> Table:
    return _activities(source, at).filter(_.is_due == 1)


def _behind(source: Source, at: At) -> Table:
    return _shown(_activities(source, at))


def _behind_due(source: Source, at: At) -> Table:
    return _shown(_due(source, at))


def _shown(rows: Table) -> Table:
    return rows.select("gid", "mal", "enhet", "due_on", "progress", "done_on", "registered_at")


def _per(source: Source, rows: Table, **sums: Any) -> Table:
    """Sums per goal and unit, per goal, per unit and in total. Without any rows there are no numbers."""
    both = rows.group_by("mal", "enhet").agg(**sums)
    goal = rows.group_by("mal").agg(**sums).mutate(enhet=ibis.literal(TOTAL))
    unit = rows.group_by("enhet").agg(**sums).mutate(mal=ibis.literal(TOTAL))
    total = (
        rows.agg(**sums, n=_.count())
        .filter(_.n > 0)
        .drop("n")
        .mutate(mal=ibis.literal(TOTAL), enhet=ibis.literal(TOTAL))
    )
    columns = ("mal", "enhet", *sums)
    every = ibis.union(*(part.select(*columns) for part in (both, goal, unit, total)))
    names = source.units.group_by(unit_of=_.code).agg(unit_name=_.name.max())
    goals = source.goals.group_by(goal_of=_.code).agg(
        number=_.number.max(), place=_.position.min().cast("int64")
    )
    named = every.left_join(names, every.enhet == names.unit_of)
    joined = named.left_join(goals, named.mal == goals.goal_of)
    return joined.select(
        *columns,
        mal_label=ibis.cases(
            (joined.mal == TOTAL, "Totalt"), else_=ibis.coalesce(joined.number.nullif(""), joined.mal)
        ),
        enhet_label=ibis.cases(
            (joined.enhet == TOTAL, "Totalt"),
            (joined.enhet == WHOLE, "Hela förvaltningen"),
            else_=ibis.coalesce(joined.unit_name, joined.enhet),
        ),
        position=ibis.coalesce(joined.place, ibis.literal(LAST, "int64")),
    )


@figure("aktiviteter.antal", **COUNT, **PART, label="Aktiviteter", behind=_behind)
def activities(source: Source, at: At) -> Table:
    """Antal aktiviteter i årets handlingsplaner, per mål och enhet.

    Källa: Mall för handlingsplan (vad, varför, vem, när, hur det följs upp).
    """
    return _per(source, _activities(source, at), value=_.count())


@figure("aktiviteter.klara", **COUNT, **PART, label="Genomförda aktiviteter", behind=_behind)
def done(source: Source, at: At) -> Table:
    """Antal av årets aktiviteter som är klara vid brytdatum.

    Källa: Verksamhetsplan, fortsatt process: aktiviteternas genomförandegrad.
    """
    return _per(source, _activities(source, at), value=_.is_done.sum())


@figure(
    "aktiviteter.skulle_vara_klara",
    **COUNT,
    **PART,
    label="Aktiviteter som skulle vara klara",
    behind=_behind_due,
)
def due(source: Source, at: At) -> Table:
    """Antal av årets aktiviteter vars kvartal är över vid brytdatum; utan kvartal räknas årets slut.

    Källa: Mall för handlingsplan: när insatser ska vara genomförda (kvartal).
    """
    return _per(source, _activities(source, at), value=_.is_due.sum())


@figure("aktiviteter.genomforda", **SHARE, **PART, label="Genomförandegrad", behind=_behind)
def share_done(source: Source, at: At) -> Table:
    """Andel av årets aktiviteter som är klara vid brytdatum.

    Källa: Verksamhetsplan, fortsatt process: aktiviteternas genomförandegrad.
    """
    rows = _activities(source, at)
    return _per(source, rows, numerator=_.is_done.sum(), denominator=_.count())


@figure(
    "aktiviteter.genomforda_i_tid",
    **SHARE,
    **PART,
    label="Genomförandegrad av det som skulle vara klart",
    behind=_behind_due,
)
def share_of_due(source: Source, at: At) -> Table:
    """Andel klara av de aktiviteter vars kvartal är över vid brytdatum.

    Källa: Verksamhetsplan, fortsatt process: aktiviteternas genomförandegrad.
    """
    rows = _due(source, at)
    return _per(source, rows, numerator=_.is_done.sum(), denominator=_.count())
