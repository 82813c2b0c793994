"""Outcomes of many measures at once, and the status they speak for: for goals and for measures themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q, QuerySet

from roder import access
from roder.core.models import Link
from roder.measures.models import Measure, MeasureValue, Target
from roder.measures.rules import is_worse, meets
from roder.steering.models import Goal, Occasion
from roder.steering.rules import GoalFacts, MeasureState, Proposal, lacks, propose
from roder.steering.services import model_of, scale_for

MEASURE, GOAL = Measure.record_kind(), Goal.record_kind()


@dataclass
class MeasureYear:
    """A measure with what is known of it for a year: outcome per year, target, the country's mean.

    Outcomes are for both sexes, of the whole committee or (as the caller has filled them in) of a unit.
    """

    measure: Measure
    year: int
    outcomes: dict[int, MeasureValue] = field(default_factory=dict)
    country: dict[int, Decimal] = field(default_factory=dict)
    target: Target | None = None
    small: bool = False  # the outcomes are of a small unit, which the model may have other bands for

    @property
    def outcome(self) -> Decimal | None:
        """This year's outcome (None when it is missing)."""
        row = self.outcomes.get(self.year)
        return row.value if row else None

    @property
    def met(self) -> bool | None:
        """Whether the outcome meets the target; None when either is missing or the target is only words."""
        if self.outcome is None or self.target is None or self.target.value is None:
            return None
        return meets(self.outcome, self.target.operator, self.target.value)


@dataclass(frozen=True)
class Measured:
    """Goals with their measures, and what is known of these for a year: read once for everything a page says."""

    linked: dict[int, list[Measure]]
    years: dict[int, MeasureYear]

    def of(self, goal: Goal) -> list[MeasureYear]:
        """The goal's measures, in order."""
        return [self.years[measure.pk] for measure in self.linked.get(goal.pk, [])]


def linked_measures(
    goals: Iterable[Goal], kinds: Sequence[Link.Kind] = (Link.Kind.MEASURED_BY,)
) -> dict[Link.Kind, dict[int, list[Measure]]]:
    """The measures linked to each goal, by kind of link, in order: two queries however many goals and kinds."""
    rows = _links(tuple(goal.pk for goal in goals), tuple(kinds))
    by_id = {row.pk: row for row in _measures(tuple(sorted({measure for _, _, measure in rows})))}
    found: dict[Link.Kind, dict[int, list[Measure]]] = {kind: defaultdict(list) for kind in kinds}
    for kind, goal, measure in rows:
        found[Link.Kind(kind)][goal].append(by_id[measure])
    return found


@access.kept
def _links(goals: tuple[int, ...], kinds: tuple[Link.Kind, ...]) -> QuerySet[Link, tuple[str, int, int]]:
    return (
        Link.objects.filter(source_kind=GOAL, source_id__in=goals, target_kind=MEASURE, kind__in=kinds)
        .order_by("position")
        .values_list("kind", "source_id", "target_id")
    )


@access.kept
def _measures(keys: tuple[int, ...]) -> QuerySet[Measure]:
    return Measure.objects.filter(pk__in=keys).order_by()


@access.kept
def _values(measures: tuple[int, ...]) -> QuerySet[MeasureValue]:
    return MeasureValue.objects.filter(
        Q(comparison=MeasureValue.Comparison.OWN) | Q(comparison=MeasureValue.Comparison.COUNTRY),
        measure_id__in=measures,
        unit=None,
        sex=MeasureValue.Sex.ALL,
        part="",
    ).order_by("period_end", "-period_start")


@access.kept
def _targets(measures: tuple[int, ...], year: int) -> QuerySet[Target]:
    return Target.objects.filter(measure_id__in=measures, year=year)


def measures_of(goals: Iterable[Goal]) -> dict[int, list[Measure]]:
    """The measures that each goal is measured by, in order: two queries however many goals."""
    return linked_measures(goals)[Link.Kind.MEASURED_BY]


def measured(goals: Sequence[Goal], year: int, *, until: Occasion | None = None) -> Measured:
    """What is known of the goals' measures for a year (see years_of): four queries however many goals."""
    linked = measures_of(goals)
    return Measured(
        linked, years_of({m.pk: m for ms in linked.values() for m in ms}.values(), year, until=until)
    )


def years_of(
    measures: Iterable[Measure], occasion_year: int, *, until: Occasion | None = None
) -> dict[int, MeasureYear]:
    """Outcomes, country means and this year's target of many measures: two queries.

    The outcome of a year is the latest period that ends in it (and, with ``until``, by the occasion's cut-off when it
    is of the occasion's own year; a whole-year period counts from when it is registered, as the documents do).
    """
    found = {measure.pk: MeasureYear(measure, occasion_year) for measure in measures}
    keys = tuple(found)
    for row in _values(keys):
        year = (
            row.period_end.year
            if row.period_end.month > 1 or row.period_end.day > 1
            else row.period_end.year - 1
        )
        entry = found[row.measure_id]
        if row.comparison == MeasureValue.Comparison.OWN:
            if until is None or row.period_start <= until.cut_off:
                entry.outcomes[year] = row
        elif row.value is not None:
            entry.country[year] = row.value
    for target in _targets(keys, occasion_year):
        found[target.measure_id].target = target
    return found


def proposals(
    goals: Sequence[Goal], occasion: Occasion, known: Measured | None = None
) -> dict[int, Proposal]:
    """The proposed status of each goal at an occasion, from its measures (``known`` as of the occasion, else read)."""
    known = known or measured(goals, occasion.year, until=occasion)
    scale = scale_for(model_of(occasion), "goal", occasion.kind)
    return {
        goal.pk: propose([MeasureState(entry.measure.title, entry.met) for entry in known.of(goal)], scale)
        for goal in goals
    }


def warnings(
    goals: Sequence[Goal],
    year: int,
    known: Measured | None = None,
    occasions: Sequence[Occasion] | None = None,
) -> dict[int, list[str]]:
    """What each goal lacks, as sentences. Never blocks anything.

    ``known`` is what is known of their measures for the year, and ``occasions`` the year's; read when not given.
    """
    known = known or measured(goals, year)
    if occasions is None:
        committees = {goal.committee_id for goal in goals}
        occasions = list(Occasion.objects.filter(committee_id__in=committees, year=year))
    interim = next((one for one in occasions if one.kind == Occasion.Kind.INTERIM), None)
    found: dict[int, list[str]] = {}
    for goal in goals:
        late = interim.cut_off.month if interim and goal.followed == Goal.Followed.INTERIM_AND_ANNUAL else 12
        own = known.of(goal)
        worse = []
        for entry in own:
            before = entry.outcomes.get(year - 1)
            wanted = entry.target.value if entry.target else None
            start = before.value if before else None
            if wanted is not None and start is not None and is_worse(wanted, start, entry.measure.direction):
                worse.append(entry.measure.title)
        found[goal.pk] = lacks(
            GoalFacts(
                has_measure=bool(own),
                has_target=any(entry.target for entry in own),
                worse_than_baseline=tuple(worse),
                published_after_interim=tuple(
                    entry.measure.title for entry in own if (entry.measure.publication_month or 0) > late
                ),
                has_owner=bool(goal.responsible),
                has_link_or_motive=bool(goal.parent_id or goal.motive),
            )
        )
    return found
