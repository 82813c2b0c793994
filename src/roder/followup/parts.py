"""The parts of a round: each is one declaration of what it is about, who is expected, and what must be written.

A part says which contents of an occasion bring it, which records it asks about (``subjects``), which units are to
report on each where nobody has shared it (``default``), and what is shown beside the text (``facts``). Everything is
worked out for all units at once, with a number of queries that does not grow with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from roder.control.models import (
    Control,
    ControlPlan,
    ControlPoint,
    ControlRound,
    CriticalFactor,
    FactorMeasure,
)
from roder.control.rules.plans import figures_words
from roder.control.services import rounds as control_rounds
from roder.control.services.plan_parts import adopted
from roder.core.numbers import Unit as CountUnit
from roder.core.numbers import format_value
from roder.followup.facts import Fact, Outcomes, outcomes_of
from roder.followup.models import Part
from roder.followup.rules.expect import Key, Tree
from roder.measures.proposals import measures_of
from roder.organisation.models import Body, Unit
from roder.steering.modelfile import SteeringModel
from roder.steering.modelfile.codes import Content
from roder.steering.models import Activity, Assignment, Goal, Occasion
from roder.steering.phases import EACH, includes_of
from roder.steering.rules import StatusStep
from roder.steering.services import assignments_of, goals_of, model_of, scale_for

FactsOf = Callable[[Key, int], list[Fact]]


@dataclass(frozen=True)
class Subject:
    """A record that a part asks about: its key, what it is called, and under which heading."""

    key: Key
    title: str
    heading: str = ""


@dataclass(frozen=True)
class Scope:
    """An occasion and the units that take part in it: what the parts work things out from."""

    occasion: Occasion
    units: Mapping[int, Unit]
    tree: Tree
    includes: frozenset[str] = frozenset()

    @cached_property
    def model(self) -> SteeringModel:
        """The steering model that governs the occasion."""
        return model_of(self.occasion)

    @property
    def committee(self) -> Body:
        """The committee."""
        return self.occasion.committee


@dataclass(frozen=True)
class Declared:
    """A part. ``unit_verb`` and ``department_verb`` begin the task's sentence; ``asks`` are the questions that stand
    above the texts; ``subject`` is the steering model's name of what is graded (nothing: no grade)."""

    code: Part
    label: str
    unit_verb: str
    department_verb: str
    contents: frozenset[Content]
    subjects: Callable[[Scope], list[Subject]]
    default: Callable[[Scope, Sequence[Subject]], dict[Key, set[int]]]
    facts: Callable[[Scope, Sequence[Subject]], FactsOf]
    asks: tuple[str, ...] = ()
    subject: str = ""
    more_missing: Callable[[Unit, Occasion], list[str]] = field(default=lambda unit, occasion: [])

    def brought_by(self, includes: Iterable[str]) -> bool:
        """Whether an occasion with these contents has the part."""
        return bool({str(one) for one in self.contents} & set(includes))

    def scale(self, model: SteeringModel, kind: str, unit_kind: str) -> list[StatusStep]:
        """The statuses that a part of the organisation may give at a kind of occasion; none where it does not grade.

        Goals are graded at the level that the model says (most often the administration), the rest at the unit's."""
        if not self.subject:
            return []
        if self.subject == "goal":
            judged = str(model.goals.judged_at) if model.goals and model.goals.judged_at else ""
            return scale_for(model, "goal", kind, "unit") if judged == unit_kind else []
        return scale_for(model, self.subject, kind, "unit")


def nobody(scope: Scope, subjects: Sequence[Subject]) -> dict[Key, set[int]]:
    """Only whom it is shared to."""
    return {}


def everybody(scope: Scope, subjects: Sequence[Subject]) -> dict[Key, set[int]]:
    """Every unit that takes part."""
    return {one.key: scope.tree.taking_part for one in subjects}


def no_facts(scope: Scope, subjects: Sequence[Subject]) -> FactsOf:
    """Nothing beside the text."""
    return lambda key, unit: []


def _short(text: str, most: int = 300) -> str:
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


# --- goals -----------------------------------------------------------------------------------------------------------


def _goals(scope: Scope) -> list[Goal]:
    kinds = {
        Goal.Kind.ORDINARY: Content.GOALS,
        Goal.Kind.WORK_ENVIRONMENT: Content.WORK_ENVIRONMENT,
    }
    wanted = [kind for kind, content in kinds.items() if str(content) in scope.includes]
    rows = goals_of(scope.committee, scope.occasion.year).filter(kind__in=wanted)
    if scope.occasion.kind != Occasion.Kind.ANNUAL:
        rows = rows.exclude(followed=Goal.Followed.ANNUAL)
    return list(rows)


def goal_subjects(scope: Scope) -> list[Subject]:
    """The committee's goals that are followed up at the occasion; those of the work environment last."""
    rows = sorted(_goals(scope), key=lambda goal: goal.kind == Goal.Kind.WORK_ENVIRONMENT)
    return [
        Subject(
            (Goal.record_kind(), one.pk), _short(str(one)),
            "Arbetsmiljömål" if one.kind == Goal.Kind.WORK_ENVIRONMENT else "Nämndens mål",
        )
        for one in rows
    ]  # fmt: skip


def goal_facts(scope: Scope, subjects: Sequence[Subject]) -> FactsOf:
    """The measures of each goal."""
    goals = Goal.objects.filter(pk__in=[one.key[1] for one in subjects])
    linked = measures_of(list(goals))
    return _measured(scope, {pk: [one.pk for one in rows] for pk, rows in linked.items()},
                     outcomes_of([one for rows in linked.values() for one in rows], scope.units, scope.occasion,
                                 scope.model))  # fmt: skip


def _measured(scope: Scope, linked: Mapping[int, list[int]], known: Outcomes) -> FactsOf:
    return lambda key, unit: [known.fact(measure, unit) for measure in linked.get(key[1], ())]


# --- critical factors ------------------------------------------------------------------------------------------------


def factor_subjects(scope: Scope) -> list[Subject]:
    """The year's critical factors, by perspective."""
    wanted = scope.model.critical_factors.perspectives if scope.model.critical_factors else ()
    labels = {one.code: one.label for one in wanted}
    order = {code: place for place, code in enumerate(labels)}
    rows = list(CriticalFactor.objects.filter(committee=scope.committee, year=scope.occasion.year))
    rows.sort(key=lambda one: (order.get(one.perspective, len(order)), one.position, one.pk))
    kind = CriticalFactor.record_kind()
    return [
        Subject((kind, one.pk), _short(one.title), labels.get(one.perspective, one.perspective.capitalize()))
        for one in rows
    ]


def factor_facts(scope: Scope, subjects: Sequence[Subject]) -> FactsOf:
    """The measures of each factor."""
    rows = FactorMeasure.objects.filter(factor__in=[one.key[1] for one in subjects])
    linked: dict[int, list[int]] = {}
    measures = {}
    for row in rows.select_related("measure").order_by("number", "pk"):
        linked.setdefault(row.factor_id, []).append(row.measure_id)
        measures[row.measure_id] = row.measure
    return _measured(scope, linked, outcomes_of(measures.values(), scope.units, scope.occasion, scope.model))


# --- internal control ------------------------------------------------------------------------------------------------


def _controls(scope: Scope) -> list[Control]:
    plan = ControlPlan.objects.filter(committee=scope.committee, year=scope.occasion.year).first()
    if plan is None or not adopted(plan):
        return []
    occasions = control_rounds.occasions_of(plan)
    rows = Control.objects.filter(point__plan=plan, state=Control.State.PLANNED).select_related("point")
    return [
        one
        for one in rows.order_by("point__position", "point_id", "number")
        if control_rounds.told_then(one, scope.occasion, occasions)
    ]


def control_subjects(scope: Scope) -> list[Subject]:
    """The controls of the adopted plan that are told at the occasion, under their points."""
    kind = Control.record_kind()
    return [Subject((kind, one.pk), _short(one.what), _short(_point(one.point))) for one in _controls(scope)]


def _point(point: ControlPoint) -> str:
    return f"{point.number} {point.title}".strip()


def control_default(scope: Scope, subjects: Sequence[Subject]) -> dict[Key, set[int]]:
    """The unit that makes the control; without one, every unit whose manager or head is to make it."""
    kind = Control.record_kind()
    rows = Control.objects.filter(pk__in=[one.key[1] for one in subjects])
    found: dict[Key, set[int]] = {}
    for pk, unit, role in rows.values_list("pk", "unit_id", "owner_role"):
        if unit is not None:
            found[kind, pk] = {unit}
        elif role in EACH:
            found[kind, pk] = {one.pk for one in scope.units.values() if one.kind == EACH[role]}
    return found


def control_facts(scope: Scope, subjects: Sequence[Subject]) -> FactsOf:
    """What the latest finished round of each control showed."""
    rows = ControlRound.objects.filter(
        control__in=[one.key[1] for one in subjects], state=ControlRound.State.DONE
    ).order_by("control_id", "-number")
    shown: dict[int, list[Fact]] = {}
    for one in rows.distinct("control_id"):
        words = ". ".join(part for part in (figures_words(one.checked, one.deviating), one.result) if part)
        shown[one.control_id] = [{"title": "Senaste kontroll", "text": words, "gid": one.gid}]
    return lambda key, unit: shown.get(key[1], [])


# --- assignments and activities --------------------------------------------------------------------------------------


def assignment_subjects(scope: Scope) -> list[Subject]:
    """The committee's assignments of the year, under who gave them."""
    rows = assignments_of(scope.committee, scope.occasion.year)
    kind = Assignment.record_kind()
    return [
        Subject(
            (kind, one.pk),
            _short(f"{one.number} {one.title}".strip()),
            f"Uppdrag från {one.get_giver_display()}",
        )
        for one in rows
    ]


def activity_subjects(scope: Scope) -> list[Subject]:
    """What the units have planned for the year, under the goals it is for."""
    rows = Activity.objects.filter(
        committee=scope.committee, year=scope.occasion.year, unit__in=list(scope.units)
    )
    rows = rows.select_related("goal").order_by("goal__position", "goal_id", "quarter", "pk")
    kind = Activity.record_kind()
    return [Subject((kind, one.pk), _short(one.what), _short(str(one.goal))) for one in rows]


def activity_default(scope: Scope, subjects: Sequence[Subject]) -> dict[Key, set[int]]:
    """The unit whose activity it is."""
    kind = Activity.record_kind()
    rows = Activity.objects.filter(pk__in=[one.key[1] for one in subjects], unit__isnull=False)
    return {(kind, pk): {unit} for pk, unit in rows.values_list("pk", "unit_id") if unit is not None}


def activity_facts(scope: Scope, subjects: Sequence[Subject]) -> FactsOf:
    """When it is to be done, and how far it has come."""
    rows = Activity.objects.filter(pk__in=[one.key[1] for one in subjects])
    shown: dict[int, list[Fact]] = {}
    for one in rows:
        when = f"kvartal {one.quarter}" if one.quarter else ""
        done = f"genomfört till {one.progress} %" if one.progress is not None else ""
        if words := ", ".join(part for part in (when, done) if part):
            shown[one.pk] = [{"title": "Läge", "text": words.capitalize(), "gid": one.gid}]
    return lambda key, unit: shown.get(key[1], [])


# --- economy ---------------------------------------------------------------------------------------------------------


def economy_subjects(scope: Scope) -> list[Subject]:
    """The economy as a whole: what it says of the amounts stands with the forecast."""
    return [Subject((Body.record_kind(), scope.committee.pk), "Ekonomi", "Ekonomi")]


def _budgets(scope: Scope) -> dict[int, Fact]:
    from django.db.models import Sum  # noqa: PLC0415

    from roder.economy.models import BudgetLine, BudgetVersion  # noqa: PLC0415

    version = (
        BudgetVersion.objects.filter(
            committee=scope.committee, year=scope.occasion.year, is_plan=False,
            applies_from__lte=scope.occasion.cut_off,
        )
        .order_by("-applies_from")
        .first()
    )  # fmt: skip
    rows = BudgetLine.objects.filter(version=version, unit__in=list(scope.units)).order_by()
    return {
        unit: {
            "title": "Budget, netto",
            "text": format_value(amount, CountUnit.TKR, 0, suffix=True),
            "gid": version.gid if version else "",
        }
        for unit, amount in rows.values_list("unit_id").annotate(Sum("amount"))
        if unit is not None
    }


def economy_default(scope: Scope, subjects: Sequence[Subject]) -> dict[Key, set[int]]:
    """Every unit with a budget of its own."""
    return {one.key: set(_budgets(scope)) for one in subjects}


def economy_facts(scope: Scope, subjects: Sequence[Subject]) -> FactsOf:
    """The unit's budget of the year."""
    budgets = _budgets(scope)
    return lambda key, unit: [budgets[unit]] if unit in budgets else []


def economy_missing(unit: Unit, occasion: Occasion) -> list[str]:
    """What the unit's forecast lacks."""
    from roder.economy.services import forecasts  # noqa: PLC0415 - the economy's services are read in when asked

    return list(forecasts.missing_for(unit, occasion))


# --- the declarations ------------------------------------------------------------------------------------------------

PARTS: dict[Part, Declared] = {
    one.code: one
    for one in (
        Declared(
            Part.GOALS, "Mål", "Följ upp målen", "Sammanfatta målen",
            frozenset({Content.GOALS, Content.WORK_ENVIRONMENT}), goal_subjects, everybody, goal_facts,
            ("Vad har ni gjort för att nå målet?", "För vilka?", "Vilken effekt har det fått, eller väntas det få?"),
            "goal",
        ),
        Declared(
            Part.FACTORS, "Kritiska faktorer", "Följ upp de kritiska faktorerna", "Sammanfatta de kritiska faktorerna",
            frozenset({Content.CRITICAL_FACTORS}), factor_subjects, everybody, factor_facts,
            ("Hur är utfallet mot målvärdet?", "Hur är det mot tidigare år?", "Vad beror det på?",
             "Har det ni gjort fått effekt?", "Vad kan bli bättre?"),
            "critical_factor",
        ),
        Declared(
            Part.CONTROLS, "Internkontroll", "Redovisa internkontrollen", "Sammanfatta internkontrollen",
            frozenset({Content.CONTROLS}), control_subjects, control_default, control_facts,
            ("Vad har ni kontrollerat?", "Vad visade det?", "Vad ska ni göra åt det?"),
            "control",
        ),
        Declared(
            Part.ASSIGNMENTS, "Uppdrag", "Följ upp uppdragen", "Sammanfatta uppdragen",
            frozenset({Content.ASSIGNMENTS}), assignment_subjects, nobody, no_facts,
            ("Vad är gjort?", "Vad återstår, och när blir det klart?"),
            "assignment",
        ),
        Declared(
            Part.ACTIVITIES, "Handlingsplan", "Följ upp handlingsplanen", "Sammanfatta handlingsplanerna",
            frozenset({Content.ACTIVITIES}), activity_subjects, activity_default, activity_facts,
            ("Är aktiviteten genomförd?", "Vilken effekt fick den?"),
            "activity",
        ),
        Declared(
            Part.ECONOMY, "Ekonomi", "Lämna prognos och kommentera ekonomin", "Sammanfatta ekonomin",
            frozenset({Content.OPERATIONS}), economy_subjects, economy_default, economy_facts,
            ("Vad beror avvikelsen mot budget på?", "Vad har ändrats sedan förra prognosen?", "Vad gör ni åt det?"),
            more_missing=economy_missing,
        ),
    )
}  # fmt: skip


def declared(code: str) -> Declared:
    """The declaration of a part. Raises KeyError for a code that is none."""
    return PARTS[Part(code)]


def parts_of(occasion: Occasion) -> list[Declared]:
    """The parts that an occasion brings, in order."""
    includes = includes_of(occasion)
    return [one for one in PARTS.values() if one.brought_by(includes)]
