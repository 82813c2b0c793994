"""How the critical factors go: outcome against target, grade and trend, worked out for a year's whole register at once.

Nothing is stored. A target in words is judged by hand: that is said, not guessed (5.3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet

from roder import access
from roder.access.rights import User
from roder.control.models import CriticalFactor, FactorMeasure, FactorReview
from roder.control.rules import factors as rules
from roder.core.numbers import format_value
from roder.measures.grading import latest, propose_grade, rule_for, scale_of
from roder.measures.models import Measure
from roder.measures.proposals import MeasureYear, years_of
from roder.measures.rules import Trend, trend
from roder.organisation.models import Body
from roder.steering.modelfile import SteeringModel
from roder.steering.models import Occasion
from roder.steering.services import current_version, model_of, parsed

TREND_WORDS = {
    Trend.NONE: "Inget tidigare utfall",
    Trend.UP: "Ökad",
    Trend.SAME: "Oförändrad",
    Trend.DOWN: "Minskad",
}


@dataclass(frozen=True)
class Grade:
    """What an outcome speaks for. ``by_hand``: a person must judge, the target is words."""

    label: str
    tone: str
    why: str
    by_hand: bool = False
    code: str = ""


@dataclass(frozen=True)
class Row:
    """A row of the register: measure, latest outcome with its year, target in words, grade and trend."""

    row: FactorMeasure
    entry: MeasureYear
    grade: Grade
    trend: Trend
    trend_label: str

    @property
    def measure(self) -> Measure:
        """The measure."""
        return self.row.measure

    @property
    def outcome(self) -> Decimal | None:
        """The latest outcome up to the year."""
        found = latest(self.entry)
        return found[1] if found else None

    @property
    def outcome_year(self) -> int | None:
        """The year of the latest outcome."""
        found = latest(self.entry)
        return found[0] if found else None

    @property
    def target(self) -> str:
        """The target as the register prints it."""
        target = self.entry.target
        if target is None:
            return ""
        if target.text:
            return target.text
        shown = format_value(target.value, self.measure.count_unit, self.measure.decimals, suffix=True)
        return f"{target.get_operator_display()} {shown}"


@dataclass
class Line:
    """A factor with its rows and what was said of it."""

    factor: CriticalFactor
    rows: list[Row] = field(default_factory=list)
    reviews: list[FactorReview] = field(default_factory=list)


@dataclass
class Group:
    """The factors of a perspective. ``reported_in``: where the steering model says that it is told."""

    code: str
    label: str
    lines: list[Line]
    reported_in: tuple[str, ...] = ()

    @property
    def rows(self) -> list[Row]:
        """Every row of the perspective."""
        return [row for line in self.lines for row in line.rows]


def register_of(
    user: User, committee: Body, year: int, *, until: Occasion | None = None, factor: int | None = None
) -> list[Group]:
    """The year's critical factors by perspective, as far as the person sees them: see `grouped`."""
    known = access.visible(
        user, CriticalFactor.objects.filter(committee=committee, year=year)
    ).select_related("risk", "committee")
    return grouped(known.filter(pk=factor) if factor else known, committee, year, until=until)


def grouped(
    rows: QuerySet[CriticalFactor], committee: Body, year: int, *, until: Occasion | None = None
) -> list[Group]:
    """Critical factors of a year by perspective, with outcome against target, grade and trend, as far as known at
    ``until``. The number of queries does not grow with the rows. The caller has asked for the right to see them."""
    factors = list(rows)
    keys = [one.pk for one in factors]
    measures = list(
        FactorMeasure.objects.filter(factor__in=keys).select_related("measure").order_by("number", "pk")
    )
    entries = years_of({row.measure_id: row.measure for row in measures}.values(), year, until=until)
    if until is not None:
        model: SteeringModel | None = model_of(until)
    else:
        version = current_version(committee, year)
        model = parsed(version) if version is not None else None
    lines = {one.pk: Line(one) for one in factors}
    for row in measures:
        lines[row.factor_id].rows.append(_row(row, entries[row.measure_id], model))
    reviews = FactorReview.objects.filter(factor__in=keys).select_related("occasion", "written_by")
    for review in reviews.order_by("occasion__cut_off", "pk"):
        lines[review.factor_id].reviews.append(review)
    return _grouped(list(lines.values()), model)


def _grouped(lines: list[Line], model: SteeringModel | None) -> list[Group]:
    wanted = model.critical_factors.perspectives if model is not None and model.critical_factors else ()
    groups = {one.code: Group(one.code, one.label, [], tuple(one.reported_in)) for one in wanted}
    for line in lines:
        code = line.factor.perspective
        groups.setdefault(code, Group(code, code.capitalize(), [])).lines.append(line)
    return [one for one in groups.values() if one.lines]


def _row(row: FactorMeasure, entry: MeasureYear, model: SteeringModel | None) -> Row:
    known = sorted((year, one.value) for year, one in entry.outcomes.items() if one.value is not None)
    known = [one for one in known if one[0] <= entry.year]
    now, before = (known[-1][1] if known else None), (known[-2][1] if len(known) > 1 else None)
    step = trend(now, before, row.measure.decimals)
    return Row(row, entry, grade_of(entry, model), step, _trend_label(step, model))


def _trend_label(step: Trend, model: SteeringModel | None) -> str:
    direction = "unknown" if step is Trend.NONE else str(step)
    labels = {str(one.direction): one.label for one in (model.trends if model is not None else ())}
    return labels.get(direction, TREND_WORDS[step])


def grade_of(entry: MeasureYear, model: SteeringModel | None) -> Grade:
    """The grade by the model's rule for the measure; without a rule, whether a target in numbers is met."""
    rule = rule_for(model, entry.measure) if model is not None else None
    if rule is not None and model is not None:
        proposal = propose_grade(entry, rule)
        step = next((one for one in scale_of(model, rule) if one.code == proposal.code), None)
        if step is not None:
            return Grade(step.label, step.tone, proposal.reason, code=step.code)
    found, target = latest(entry), entry.target
    wanted = rules.Wanted(target.operator, target.value, target.text) if target is not None else None
    verdict = rules.judge(found[1] if found else None, wanted)
    why = rules.WHY.get(verdict, "")
    if not why and found is not None and target is not None:
        measure = entry.measure
        shown, aim = (
            format_value(one, measure.count_unit, measure.decimals, suffix=True)
            for one in (found[1], target.value)
        )
        why = f"{shown} ({found[0]}) mot {target.get_operator_display()} {aim}."
    return Grade(
        rules.WORDS[verdict], rules.TONES[verdict], why, by_hand=verdict == rules.BY_HAND, code=verdict
    )
