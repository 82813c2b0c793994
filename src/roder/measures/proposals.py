"""Outcomes of many measures at once, and the status they speak for: for goals and for measures themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q

from roder.core.models import Link
from roder.measures.models import Measure, MeasureValue, Target
from roder.measures.rules import is_worse, meets
from roder.steering.models import Goal, Occasion
from roder.steering.rules import GoalFacts, MeasureState, Proposal, lacks, propose
from roder.steering.services import model_of, scale_for

MEASURE, GOAL = Measure.record_kind(), Goal.record_kind()


@dataclass
class MeasureYear:
    """A measure with what is known of it for a year: outcome per year (whole committee, both sexes), target, mean."""

    measure: Measure
    year: int
    outcomes: dict[int, MeasureValue] = field(default_factory=dict)
    country: dict[int, Decimal] = field(default_factory=dict)
    target: Target | None = None

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


def measures_of(goals: Iterable[Goal], kind: Link.Kind = Link.Kind.MEASURED_BY) -> dict[int, list[Measure]]:
    """The measures linked to each goal, in order: two queries however many goals."""
    ids = [goal.pk for goal in goals]
    links = Link.objects.filter(source_kind=GOAL, source_id__in=ids, target_kind=MEASURE, kind=kind).order_by(
        "position"
    )
    pairs = list(links.values_list("source_id", "target_id"))
    by_id = Measure.objects.in_bulk({measure for _, measure in pairs})
    found: dict[int, list[Measure]] = defaultdict(list)
    for goal, measure in pairs:
        found[goal].append(by_id[measure])
    return found


def years_of(
    measures: Iterable[Measure], occasion_year: int, *, until: Occasion | None = None
) -> dict[int, MeasureYear]:
    """Outcomes, country means and this year's target of many measures: two queries.

    The outcome of a year is the latest period that ends in it (and, with ``until``, by the occasion's cut-off when it
    is of the occasion's own year; a whole-year period counts from when it is registered, as the documents do).
    """
    found = {measure.pk: MeasureYear(measure, occasion_year) for measure in measures}
    rows = MeasureValue.objects.filter(
        Q(comparison=MeasureValue.Comparison.OWN) | Q(comparison=MeasureValue.Comparison.COUNTRY),
        measure_id__in=found,
        unit=None,
        sex=MeasureValue.Sex.ALL,
        part="",
    ).order_by("period_end", "-period_start")
    for row in rows:
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
    for target in Target.objects.filter(measure_id__in=found, year=occasion_year):
        found[target.measure_id].target = target
    return found


def proposals(goals: Sequence[Goal], occasion: Occasion) -> dict[int, Proposal]:
    """The proposed status of each goal at an occasion, from its measures (four queries however many goals)."""
    linked = measures_of(goals)
    years = years_of({m.pk: m for ms in linked.values() for m in ms}.values(), occasion.year, until=occasion)
    scale = scale_for(model_of(occasion), "goal", occasion.kind)
    return {
        goal.pk: propose([MeasureState(m.title, years[m.pk].met) for m in linked.get(goal.pk, [])], scale)
        for goal in goals
    }


def warnings(goals: Sequence[Goal], year: int) -> dict[int, list[str]]:
    """What each goal lacks, as sentences. Never blocks anything."""
    linked = measures_of(goals)
    years = years_of({m.pk: m for ms in linked.values() for m in ms}.values(), year)
    interim = Occasion.objects.filter(
        committee_id__in={goal.committee_id for goal in goals}, year=year, kind=Occasion.Kind.INTERIM
    ).first()
    found: dict[int, list[str]] = {}
    for goal in goals:
        late = interim.cut_off.month if interim and goal.followed == Goal.Followed.INTERIM_AND_ANNUAL else 12
        own = [years[m.pk] for m in linked.get(goal.pk, [])]
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
