"""The grade that a measure's outcome speaks for, by the rule that the steering model names for it."""

from __future__ import annotations

from decimal import Decimal

from roder.core.numbers import Unit, format_number, format_value
from roder.measures.models import Measure
from roder.measures.proposals import MeasureYear
from roder.measures.rules import Band, against_mean, in_band, percent_of_target
from roder.steering.modelfile import SteeringModel
from roder.steering.modelfile.grading import (
    AgainstNationalMean,
    CountBands,
    GradingRule,
    PercentOfTarget,
    SmallUnit,
)
from roder.steering.rules import Proposal, StatusStep


def rule_for(model: SteeringModel, measure: Measure) -> GradingRule | None:
    """The model's grading rule for a measure, by its code or its Kolada id; None when there is none."""
    names = {measure.code, measure.kolada_id} - {""}
    return next((rule for rule in model.grading_rules if names & set(rule.measures)), None)


def scale_of(model: SteeringModel, rule: GradingRule) -> list[StatusStep]:
    """The statuses that the rule grades with, in order."""
    for scale in model.status_scales:
        if scale.code == rule.scale:
            steps = (StatusStep(one.code, one.label, one.order, str(one.tone)) for one in scale.statuses)
            return sorted(steps, key=lambda step: step.order)
    return []


def latest(entry: MeasureYear) -> tuple[int, Decimal] | None:
    """The latest outcome up to the year (the registers print "senaste mätning"), with its year."""
    known = [
        (year, row.value)
        for year, row in entry.outcomes.items()
        if row.value is not None and year <= entry.year
    ]
    return max(known, default=None)


def propose_grade(entry: MeasureYear, rule: GradingRule) -> Proposal:
    """The grade by rule and why. A missing outcome, mean or target gives the rule's status for what is missing."""
    found = latest(entry)
    missing = rule.missing or ""
    if found is None:
        return Proposal(missing, "Utfall saknas.")
    year, outcome = found
    shown = format_value(outcome, entry.measure.count_unit, entry.measure.decimals, suffix=True)
    match rule:
        case AgainstNationalMean():
            return _against_mean(entry, rule, year, outcome, shown)
        case PercentOfTarget():
            target = entry.target.value if entry.target else None
            share = percent_of_target(outcome, target) if target is not None else None
            if share is None:
                zero = "Målvärdet är 0; det går inte att räkna procent av det."
                return Proposal(missing, "Målvärde saknas." if target is None else zero)
            status = in_band(share, _bands(rule), boundary_below=str(rule.boundary) == "lower")
            return Proposal(status, f"{shown} ({year}) är {format_number(share, 1)} % av målvärdet.")
        case CountBands():
            small = rule.small_unit if entry.small else None
            limits = "gränser för små enheter" if small else "gränser"
            status = in_band(outcome, _bands(small or rule))
            return Proposal(status, f"{shown} ({year}) mot styrmodellens {limits}.")
    raise TypeError(f"okänd regel {type(rule).__name__}")


def _against_mean(
    entry: MeasureYear, rule: AgainstNationalMean, year: int, outcome: Decimal, shown: str
) -> Proposal:
    means = {of: mean for of, mean in entry.country.items() if of <= year}
    if not means:
        return Proposal(rule.missing or "", "Rikets medelvärde saknas.")
    of = max(means)
    step = against_mean(outcome, means[of], rule.published_digits)
    word = {1: "högre än", 0: "lika med", -1: "lägre än"}[step]
    mean = format_value(means[of], Unit(entry.measure.unit), rule.published_digits, suffix=True)
    status = {1: rule.higher, 0: rule.equal, -1: rule.lower}[step]
    return Proposal(status, f"{shown} ({year}) är {word} rikets medelvärde {mean} ({of}).")


def has_small_units(model: SteeringModel) -> bool:
    """Whether any of the model's grading rules has other bands for small units."""
    return any(isinstance(rule, CountBands) and rule.small_unit for rule in model.grading_rules)


def is_small(rule: GradingRule | None, code: str, name: str, budget: Decimal | None) -> bool:
    """Whether a unit is small in the rule's meaning: named by it (cost centre, name), or with a budget under its limit.

    ``budget`` is what the rule measures it in (staff budget), in kronor and without sign; None when it is not known,
    and then only the list counts. Source: Uppföljningsanvisningar för chefer 2022, Anvisningar bedömning.
    """
    small = rule.small_unit if isinstance(rule, CountBands) else None
    if small is None:
        return False
    named = {one.code for one in small.cost_centres} | {one.label.casefold() for one in small.cost_centres}
    if code in named or name.casefold() in named:
        return True
    return budget is not None and 0 < abs(budget) < small.below_kr


def _bands(rule: PercentOfTarget | CountBands | SmallUnit) -> tuple[Band, ...]:
    return tuple(
        Band(None if band.up_to is None else Decimal(band.up_to), band.status) for band in rule.bands
    )
