"""What a line shows beside its text: the outcomes of measures for many units at once, graded and with their trend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from roder.core.numbers import format_value
from roder.followup.small_units import small_units
from roder.measures.grading import propose_grade, rule_for, scale_of
from roder.measures.models import Measure, MeasureValue
from roder.measures.proposals import MeasureYear, years_of
from roder.measures.rules import trend
from roder.steering.modelfile import SteeringModel
from roder.steering.modelfile.grading import GradingRule
from roder.steering.models import Occasion
from roder.steering.rules import StatusStep

#: How many of a unit's latest outcomes are read: this one and the one before.
LATEST = 2
Fact = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Value:
    """What is read of a unit's outcome: tens of thousands, and so no records. It stands in for one in the grading."""

    period_end: date
    value: Decimal | None


@dataclass(frozen=True)
class Proposed:
    """What the outcomes of a line speak for: a code of the part's scale, and why. Empty: nothing is proposed."""

    code: str = ""
    reason: str = ""


@dataclass
class Outcomes:
    """Measures with the committee's outcomes, and those of each unit where it has its own."""

    year: int
    model: SteeringModel
    whole: dict[int, MeasureYear]
    own: dict[tuple[int, int], MeasureYear] = field(default_factory=dict)
    _facts: dict[tuple[int, int | None], Fact] = field(default_factory=dict)
    _rules: dict[int, GradingRule | None] = field(default_factory=dict)
    _targets: dict[int, str] = field(default_factory=dict)

    def fact(self, measure: int, unit: int | None) -> Fact:
        """One measure for a unit: its own outcome, else that of the whole committee. Numbers are text."""
        place = unit if unit is not None and (unit, measure) in self.own else None
        key = (measure, place)
        if key not in self._facts:
            entry = self.whole[measure] if place is None else self.own[place, measure]
            self._facts[key] = self._fact(entry, own=place is not None)
        return self._facts[key]

    def _fact(self, entry: MeasureYear, *, own: bool) -> Fact:
        known = [(year, row.value) for year, row in sorted(entry.outcomes.items()) if row.value is not None]
        known = [one for one in known if one[0] <= entry.year]
        now = known[-1] if known else None
        before = known[-2] if len(known) > 1 else None
        measure = entry.measure
        step = self._graded(entry)
        found: Fact = {
            "title": measure.title,
            "unit": measure.unit,
            "decimals": measure.decimals,
            "target": self._target(entry),
            "outcome": _text(now[1] if now else None),
            "year": now[0] if now else None,
            "previous": _text(before[1] if before else None),
            "trend": str(trend(now[1] if now else None, before[1] if before else None, measure.decimals)),
            "proposed": step[0].label if step else "",
            "tone": step[0].tone if step else "none",
            "code": step[0].code if step else "",
            "reason": step[1] if step else _why(entry),
            "gid": measure.gid,
            "own": own,
        }
        return found

    def _target(self, entry: MeasureYear) -> str:
        """The target in words, the same for every unit."""
        target, measure = entry.target, entry.measure
        if target is None:
            return ""
        if target.value is None:
            return target.text
        if measure.pk not in self._targets:
            shown = format_value(target.value, measure.count_unit, measure.decimals, suffix=True)
            self._targets[measure.pk] = f"{target.get_operator_display()} {shown}"
        return self._targets[measure.pk]

    def _graded(self, entry: MeasureYear) -> tuple[StatusStep, str] | None:
        measure = entry.measure
        if measure.pk not in self._rules:
            self._rules[measure.pk] = rule_for(self.model, measure)
        rule = self._rules[measure.pk]
        if rule is None:
            return None
        proposal = propose_grade(entry, rule)
        step = next((one for one in scale_of(self.model, rule) if one.code == proposal.code), None)
        return (step, proposal.reason) if step is not None else None


def outcomes_of(
    measures: Iterable[Measure], units: Iterable[int], occasion: Occasion, model: SteeringModel
) -> Outcomes:
    """The outcomes of measures up to an occasion, for the committee and for each of the units. Three queries, and
    three more where the model has other bands for small units."""
    whole = years_of(measures, occasion.year, until=occasion)
    found = Outcomes(occasion.year, model, whole)
    rows = (
        MeasureValue.objects.filter(
            measure__in=list(whole), unit__in=list(units), sex=MeasureValue.Sex.ALL, part="",
            comparison=MeasureValue.Comparison.OWN, period_start__lte=occasion.cut_off, value__isnull=False,
        )
        .annotate(
            place=Window(
                RowNumber(), partition_by=[F("measure_id"), F("unit_id")],
                order_by=[F("period_end").desc(), F("period_start").desc()],
            )
        )
        .filter(place__lte=LATEST)
        .order_by()
    )  # fmt: skip
    latest: dict[tuple[int, int], list[Value]] = defaultdict(list)
    for row in rows.values_list("measure_id", "unit_id", "period_end", "value"):
        measure, unit, end, value = row
        latest[unit, measure].append(Value(end, value))
    small = small_units(model, {unit for unit, _ in latest}, occasion)
    for (unit, measure), values in latest.items():
        base = whole[measure]
        entry = MeasureYear(
            base.measure, occasion.year, country=base.country, target=base.target, small=unit in small
        )
        values.sort(key=lambda one: one.period_end, reverse=True)
        for one in values:
            year = one.period_end.year - (one.period_end.month == 1 and one.period_end.day == 1)
            # A second outcome of the same year stands one step before it.
            told: dict[int, Any] = entry.outcomes
            told[min([year, *(before - 1 for before in told)])] = one
        found.own[unit, measure] = entry
    return found


def proposed_of(facts: Iterable[Fact], scale: list[StatusStep]) -> Proposed:
    """The grade that a line's measures speak for together: the worst of those that are graded, on the part's own scale.

    A measure without a value does not hide that another is bad; when none is graded nothing is proposed.
    """
    codes = {one.code: one for one in scale}
    tones: Mapping[str, StatusStep] = {one.tone: one for one in reversed(scale)}
    found: list[tuple[int, StatusStep, Fact]] = []
    for fact in facts:
        if not fact.get("code"):
            continue
        step = codes.get(fact["code"]) or tones.get(fact["tone"])
        if step is not None:
            found.append((_WORST.index(step.tone), step, fact))
    if not found:
        return Proposed()
    _, step, fact = min(found, key=lambda one: one[0])
    reason = fact["reason"] if len(found) == 1 else f"{fact['title']}: {fact['reason']}"
    return Proposed(step.code, reason[:300])


_WORST = ("bad", "near", "good", "none")


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _why(entry: MeasureYear) -> str:
    return "" if entry.outcomes else "Utfall saknas."
