"""How many goals and assignments have each status. Key ``status``: a code of the scale, or ``saknas``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from roder.core.numbers import Unit
from roder.figures.catalogue.parts import LAST, committee_wide
from roder.figures.registry import At, figure
from roder.figures.source import Source

if TYPE_CHECKING:
    from ibis.expr.types import Table

NOT_ASSESSED = "saknas"
READS = ("assessments", "statuses", "occasions", "units")


def _goals(source: Source, at: At) -> Table:
    """The committee's own goals of the year that are followed up at this kind of occasion."""
    goals = source.goals.filter(
        _.level == "committee", _.kind == "ordinary", _.from_year <= at.year, _.to_year >= at.year
    )
    if at.kind in ("monthly", "in_depth", "interim"):
        goals = goals.filter(_.followed != "annual")
    return goals.select("gid", "code", "number", "registered_at", subject=_.goal_id)


def _assignments(source: Source, at: At) -> Table:
    """The committee's assignments of the year."""
    rows = source.assignments.filter(_.from_year <= at.year, _.to_year >= at.year)
    return rows.select("gid", "code", "number", "registered_at", subject=_.assignment_id)


def _with_status(source: Source, at: At, subjects: Table, kind: str) -> Table:
    """Subjects with the committee's own assessment at the occasion; ``saknas`` where there is none."""
    made = source.assessments.filter(_.occasion_code == at.code, _.subject_kind == kind)
    whole = committee_wide(source, at, made, ("subject_id",)).select(of=_.subject_id, given=_.status)
    joined = subjects.left_join(whole, subjects.subject == whole.of)
    return joined.mutate(status=ibis.coalesce(_.given.nullif(""), NOT_ASSESSED)).drop(
        "of", "given", "subject"
    )


def _scale(source: Source, at: At, subject: str) -> Table:
    """The statuses of the steering model for the subject at this kind of occasion."""
    model = source.occasions.filter(_.code == at.code).select("model_id")
    rows = source.statuses.semi_join(model, "model_id").filter(
        _.subject == subject,
        _.occasion_kind.isnull() | (_.occasion_kind == at.kind),
        _.level.isnull() | (_.level == "committee"),
    )
    return rows.group_by(status=_.code).agg(
        status_label=_.label.max(), position=_.position.min().cast("int64")
    )


def _per_status(source: Source, at: At, subjects: Table, scale: Table) -> Table:
    """Number of subjects by status, with 0 for a status of the scale that none has. No subjects: no numbers."""
    counted = subjects.group_by("status").agg(n=_.count())
    codes = ibis.union(scale.select("status"), counted.select("status"), distinct=True)
    some = subjects.agg(subjects=_.count())
    numbers = counted.select(of=_.status, n=_.n)
    joined = codes.left_join(numbers, codes.status == numbers.of).cross_join(some)
    labels = scale.select(named=_.status, status_label=_.status_label, place=_.position)
    named = joined.left_join(labels, joined.status == labels.named)
    return named.select(
        "status",
        status_label=ibis.ifelse(_.status == NOT_ASSESSED, "Ej bedömd", _.status_label),
        position=ibis.coalesce(_.place, LAST),
        value=ibis.ifelse(_.subjects == 0, ibis.null(), ibis.coalesce(_.n, 0)),
    )


def _goal_statuses(source: Source, at: At) -> Table:
    return _with_status(source, at, _goals(source, at), "steering.goal")


def _assignment_statuses(source: Source, at: At) -> Table:
    return _with_status(source, at, _assignments(source, at), "steering.assignment")


@figure(
    "mal.antal_per_status",
    unit=Unit.COUNT,
    per=("status",),
    label="Mål per bedömning",
    reads=("goals", *READS),
    dates=("assessments.cut_off",),
    behind=_goal_statuses,
)
def goals_by_status(source: Source, at: At) -> Table:
    """Antal av nämndens mål per bedömning vid tillfället; mål som inte bedömts räknas som saknas.

    Arbetsmiljömål räknas inte, och vid delår inte de mål som bara följs upp vid årets slut.

    Källa: Uppföljningsanvisningar, delårsbokslut, avsnitt Måluppföljning.
    """
    return _per_status(source, at, _goal_statuses(source, at), _scale(source, at, "goal"))


@figure(
    "uppdrag.antal_per_status",
    unit=Unit.COUNT,
    per=("status",),
    label="Uppdrag per bedömning",
    reads=("assignments", *READS),
    dates=("assessments.cut_off",),
    behind=_assignment_statuses,
)
def assignments_by_status(source: Source, at: At) -> Table:
    """Antal av nämndens uppdrag per bedömning vid tillfället; uppdrag som inte bedömts räknas som saknas.

    Källa: Uppföljningsanvisningar, delårsbokslut, avsnitt Uppdrag.
    """
    return _per_status(source, at, _assignment_statuses(source, at), _scale(source, at, "assignment"))
