"""The balance list: what is on it, late, dependent, done; how long it took, and what was reported in time.

Key: ``redovisas`` (B, MI, B-MI, inget, or ``totalt``). State is that at the end of the occasion's period.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from roder.core.numbers import Unit
from roder.figures.catalogue.parts import LAST
from roder.figures.catalogue.periods import COUNT, SHARE, current, named_as, percentile, placed
from roder.figures.registry import At, Expression, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

FORMS = {
    "B": "Beslut med tjänsteskrivelse",
    "B-MI": "Både beslut och muntlig information",
    "MI": "Muntlig information",
    "inget": "Inte angivet",
}
TOTAL = "totalt"
PART: dict[str, Any] = {"per": ("redovisas",)}
LIST: dict[str, Any] = {"reads": ("watches",), "dates": ("watches.opened_on", "watches.closed_on")}
TIMES: dict[str, Any] = {"reads": ("watch_times",), "dates": ("watch_times.due_on", "watch_times.done_on")}
BOTH: dict[str, Any] = {
    "reads": ("watches", "watch_times"),
    "dates": ("watches.opened_on", "watches.closed_on", "watch_times.due_on", "watch_times.done_on"),
}


def _on_list(rows: Table, at: At) -> Table:
    """What had come to the list and was not ended when the period was over."""
    return rows.filter(
        _.opened_on < at.period_end, _.closed_on.isnull() | (_.closed_on >= at.period_end)
    ).mutate(redovisas=_.form)


def _listed(source: Source, at: At) -> Table:
    return _on_list(source.watches, at)


def _late(source: Source, at: At) -> Table:
    """Those on the list with something that was due in or before the period and had not been reported at its end."""
    missed = source.watch_times.filter(
        _.due_on < at.period_end,
        _.done_on.isnull() | (_.done_on >= at.period_end),
        _.paused_on.isnull() | (_.paused_on >= at.period_end),
    )
    rows = _listed(source, at)
    return rows.semi_join(missed, rows.gid == missed.watch)


def _dependent(source: Source, at: At) -> Table:
    """Those on the list that wait for a condition that had not come."""
    return _listed(source, at).filter(_.conditional, _.came_on.isnull() | (_.came_on >= at.period_end))


def _done(source: Source, at: At) -> Table:
    """Those that were done in the period; what was struck is not done."""
    rows = current(source.watches.filter(_.done), at, "closed_on")
    return rows.mutate(redovisas=_.form, waited=_.closed_on.delta(_.decided_on, unit="day"))


def _reported(source: Source, at: At) -> Table:
    """What was due in the period, and whether it was reported that day or before."""
    rows = current(source.watch_times, at, "due_on")
    in_time = rows.done_on.notnull() & (rows.done_on <= rows.due_on)
    return rows.mutate(redovisas=_.form, in_time=in_time, gid=_.watch)


def _per_form(source: Source, at: At, rows: Table, **sums: Any) -> Table:
    """Sums per way of reporting that has rows, and in total; no rows, no numbers."""
    parts = rows.group_by("redovisas").agg(**sums)
    named = parts.mutate(
        redovisas_label=named_as(FORMS, parts.redovisas),
        position=placed(FORMS, parts.redovisas).cast("int64"),
    )
    total = rows.agg(**sums, n=_.count()).filter(_.n > 0)
    return named.union(
        total.mutate(
            redovisas=ibis.literal(TOTAL),
            redovisas_label=ibis.literal("Totalt"),
            position=ibis.literal(LAST, "int64"),
        ).select(*named.columns)
    )


def _behind(rows: Expression, *more: str) -> Expression:
    def expression(source: Source, at: At) -> Table:
        return rows(source, at).select("redovisas", "origin", "opened_on", *more, "registered_at", "gid")

    return expression


@figure("moten.uppdrag.pa_listan", **COUNT, **PART, **LIST, label="Uppdrag på balanslistan",
        behind=_behind(_listed, "decided_on"))  # fmt: skip
def listed(source: Source, at: At) -> Table:
    """Antal uppdrag som stod på nämndens balanslista när perioden slutade, även de som vilade.

    Källa: 7-meetings, avsnitt 7.6.
    """
    return _per_form(source, at, _listed(source, at), value=_.count())


@figure("moten.uppdrag.forsenade", **COUNT, **PART, **BOTH, label="Försenade uppdrag",
        behind=_behind(_late, "decided_on"))  # fmt: skip
def late(source: Source, at: At) -> Table:
    """Antal uppdrag på balanslistan som skulle ha redovisats men inte hade redovisats när perioden slutade.

    Uppdrag som vilade räknas inte.

    Källa: 7-meetings, avsnitt 7.6.
    """
    return _per_form(source, at, _late(source, at), value=_.count())


@figure("moten.uppdrag.villkor", **COUNT, **PART, **LIST, label="Uppdrag som väntar på villkor",
        behind=_behind(_dependent, "decided_on"))  # fmt: skip
def dependent(source: Source, at: At) -> Table:
    """Antal uppdrag på balanslistan som väntade på något som inte hade hänt när perioden slutade.

    Källa: 7-meetings, avsnitt 7.6.
    """
    return _per_form(source, at, _dependent(source, at), value=_.count())


@figure("moten.uppdrag.klara", **COUNT, **PART, **LIST, label="Klara uppdrag",
        behind=_behind(_done, "decided_on", "closed_on", "waited"))  # fmt: skip
def done(source: Source, at: At) -> Table:
    """Antal uppdrag som blev klara under perioden; strukna räknas inte.

    Källa: 7-meetings, avsnitt 7.6.
    """
    return _per_form(source, at, _done(source, at), value=_.count())


@figure("moten.uppdrag.dagar_till_klart", unit=Unit.DAYS, digits=1, **PART, **LIST,
        label="Dagar från beslut till klart", behind=_behind(_done, "decided_on", "closed_on", "waited"))  # fmt: skip
def days_to_done(source: Source, at: At) -> Table:
    """Mediantid i dagar från beslut till klart, för de uppdrag som blev klara under perioden.

    Utan beslutsdatum räknas från den dag uppdraget kom till listan.

    Källa: 7-meetings, avsnitt 7.6.
    """
    rows = _done(source, at)
    return _per_form(source, at, rows, value=percentile(rows.waited, 0.5, 1), denominator=_.count())


@figure("moten.uppdrag.i_tid", **SHARE, **PART, **TIMES, label="Redovisat i tid",
        behind=_behind(_reported, "due_on", "done_on"))  # fmt: skip
def in_time(source: Source, at: At) -> Table:
    """Andel av periodens återrapporteringar som kom senast den dag de skulle komma.

    Källa: 7-meetings, avsnitt 7.6.
    """
    rows = _reported(source, at)
    return _per_form(source, at, rows, numerator=_.in_time.cast("int32").sum(), denominator=_.count())
