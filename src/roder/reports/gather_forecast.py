"""What hinders a forecast from being decided, whose is missing, and the recovery plan, as facts of a report."""

from __future__ import annotations

from dataclasses import dataclass

from roder.economy.services import recovery
from roder.economy.services.committee_forecast import CommitteeForecast, committee_sum
from roder.reports.facts_recovery import MeasureFact, RecoveryFact
from roder.steering.models import Occasion

#: Kinds of occasion whose reports tell a forecast of the year.
FORECASTS = frozenset({Occasion.Kind.MONTHLY, Occasion.Kind.IN_DEPTH, Occasion.Kind.INTERIM})


@dataclass(frozen=True)
class ForecastFacts:
    """Why the occasion's forecast cannot be decided ('' when it can), units that have made none, and the plan."""

    hindrance: str = ""
    without_forecast: tuple[str, ...] = ()
    recovery: RecoveryFact | None = None


def gather_forecast(occasion: Occasion) -> ForecastFacts:
    """What is known of the forecast at an occasion. A constant number of queries; none where no forecast is made."""
    if occasion.kind not in FORECASTS:
        return ForecastFacts()
    found = committee_sum(occasion)
    names = tuple(unit.name for unit in found.not_whole)
    return ForecastFacts(recovery.hindrance(occasion, found), names, _plan(occasion, found))


def _plan(occasion: Occasion, found: CommitteeForecast) -> RecoveryFact | None:
    plan = recovery.plan_of(occasion)
    measures = list(recovery.measures_of(plan)) if plan else []
    if plan is None or not measures:
        return None
    stands = recovery.standing(found.variance, measures)
    return RecoveryFact(
        cause=plan.cause,
        measures=tuple(
            MeasureFact(
                f"a{one.pk}",
                one.action.what,
                one.action.owner_words,
                one.action.due_on,
                one.amount,
                one.effect_so_far,
                one.action.done_at is not None,
            )
            for one in measures
        ),
        decided_on=plan.decided_on,
        decision=plan.decision,
        deficit=stands.deficit,
        remaining=stands.remaining,
    )
