"""The page of good economic management: each goal, what it came to, and whether enough goals are met."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from roder.access.matrix import Resource
from roder.core.numbers import Unit, format_value
from roder.economy.rules import good_economy as rules
from roder.figures import At, LiveSource, compute, rows_behind
from roder.measures.models import Measure
from roder.steering.modelfile.economy import EconomyGoal, EconomyGoalGroup
from roder.steering.models import Occasion
from roder.steering.services import model_of
from roder.web.scope import CommitteeRequest, Scope, committee_page

NAME = "ekonomi.god_hushallning"
OPERATORS = {">": "över", ">=": "minst", "=": "lika med", "<=": "högst", "<": "under"}
VERDICTS = {True: ("Uppfyllt", "good"), False: ("Inte uppfyllt", "bad"), None: ("Kan inte bedömas", "none")}


@dataclass(frozen=True)
class MeasureShown:
    """A measure of a goal: its outcome with the year, and what it is held against."""

    title: str
    outcome: str
    year: str
    against: str
    verdict: tuple[str, str]


@dataclass(frozen=True)
class GoalShown:
    """A goal with its measures."""

    label: str
    measures: list[MeasureShown]
    verdict: tuple[str, str]


@dataclass(frozen=True)
class GroupShown:
    """A group of goals, how many are met, and how many must be."""

    label: str
    goals: list[GoalShown]
    met: int
    rule: str
    verdict: tuple[str, str]
    has_rule: bool


def _occasion(request: CommitteeRequest) -> Occasion | None:
    """The occasion asked for, else the annual one, else the last of the year."""
    rows = occasions_of(request.scope)
    asked = request.GET.get("tillfalle", "")
    if asked:
        return next((one for one in rows if one.code == asked), None)
    annual = [one for one in rows if one.kind == Occasion.Kind.ANNUAL]
    found = annual or rows
    return found[-1] if found else None


def occasions_of(scope: Scope) -> list[Occasion]:
    """The interim and annual occasions: those at which goals are judged."""
    return [one for one in scope.follow_ups if one.kind in (Occasion.Kind.INTERIM, Occasion.Kind.ANNUAL)]


@committee_page(Resource.ECONOMY)
def good_economy(request: CommitteeRequest) -> HttpResponse:
    """God ekonomisk hushållning at the year end (or an interim occasion): the goals, their outcomes, the judgement."""
    occasion = _occasion(request)
    stated = model_of(occasion).good_economy if occasion else None
    groups = _groups(request, occasion, stated.groups) if occasion and stated else []
    verdict = rules.all_fulfilled([_verdict(one) for one in groups]) if groups else None
    context = {
        "occasion": occasion,
        "occasions": occasions_of(request.scope),
        "groups": groups,
        "stated": stated,
        "verdict": VERDICTS[verdict],
        "has_rules": bool(groups) and all(one.has_rule for one in groups),
    }
    return render(request, "economy/good_economy.html", context)


def _verdict(group: GroupShown) -> bool | None:
    return next(key for key, words in VERDICTS.items() if words == group.verdict)


def _groups(
    request: CommitteeRequest, occasion: Occasion, stated: tuple[EconomyGoalGroup, ...]
) -> list[GroupShown]:
    committee = request.scope.committee
    codes = {code for group in stated for goal in group.goals for code in goal.measures}
    measures = {one.code: one for one in Measure.objects.filter(committee=committee, code__in=codes)}
    at = At.of(occasion)
    shown = []
    with LiveSource(committee) as source:
        met = {row.key["mal"]: row.value for row in compute(NAME, source, at).rows}
        fulfilled = {row.key["grupp"]: row.value for row in compute(f"{NAME}.grupp", source, at).rows}
        for group in stated:
            goals = [
                GoalShown(
                    goal.label,
                    _measures(goal, rows_behind(NAME, source, at, {"mal": goal.code}), measures),
                    VERDICTS[_bool(met.get(goal.code))],
                )
                for goal in group.goals
            ]
            count = sum(met.get(goal.code) == 1 for goal in group.goals)
            wanted = rules.needed(str(group.rule or ""), len(goals), group.at_least)
            rule = "" if wanted is None else f"minst {wanted} av {len(goals)} ska vara uppfyllda"
            verdict = VERDICTS[_bool(fulfilled.get(group.code))]
            shown.append(GroupShown(group.label, goals, count, rule, verdict, wanted is not None))
    return shown


def _bool(value: Decimal | None) -> bool | None:
    return None if value is None else bool(value)


def _measures(goal: EconomyGoal, behind: Any, measures: dict[str, Measure]) -> list[MeasureShown]:
    """The goal's measures with the numbers it is judged on. A goal without measures shows what it asks for."""
    place = {name: nth for nth, name in enumerate(behind.columns)}
    found = []
    for row in behind.rows:
        one = measures.get(str(row[place["matt"]]))
        outcome, against = row[place["outcome"]], row[place["against"]]
        met = rules.is_met(str(goal.operator), outcome, against, one.decimals if one else 0)
        found.append(
            MeasureShown(
                one.title if one else goal.label,
                _printed(outcome, one),
                str(row[place["year"]] or ""),
                _against(goal, against, one),
                VERDICTS[met],
            )
        )
    return found


def _printed(value: Decimal | None, one: Measure | None) -> str:
    if one is None or value is None:
        return "iu."
    if one.count_unit is Unit.KRONOR and abs(value) >= 1_000_000:
        return format_value(value, Unit.MKR, 0, suffix=True)
    return format_value(value, one.count_unit, one.decimals, suffix=True)


def _against(goal: EconomyGoal, value: Decimal | None, one: Measure | None) -> str:
    """What the outcome is held against, in words and number: ``över riksgenomsnitt, 88 %``."""
    said = OPERATORS[str(goal.operator)]
    if goal.basis:
        return f"{said} {goal.basis}" + ("" if value is None else f", {_printed(value, one)}")
    if value is None or one is None:
        unit = goal.unit or Unit.COUNT
        kronor = None if goal.target is None else Decimal(goal.target) * Unit(unit).divisor
        return f"{said} {format_value(kronor, Unit(unit), suffix=True)}"
    return f"{said} {_printed(value, one)}"
