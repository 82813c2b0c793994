"""A committee with hundreds of units that each report on sixty subjects, with outcomes of their own filled in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

YEAR, OCCASION, DAY = 2022, "2022-08", date(2022, 8, 12)
UNDER = 20  # units of each department
#: Subjects by part; with the economy as one they are sixty.
GOALS, FACTORS, CONTROLS, ASSIGNMENTS = 15, 15, 15, 14
SUBJECTS = GOALS + FACTORS + CONTROLS + ASSIGNMENTS + 1
YEARS = (2021, 2022)


def add_units(committee: Any, first: int, count: int) -> list[Any]:
    """Units number ``first`` and on, twenty under each department, each with a manager and a head of its own."""
    from django.db.backends.postgresql.psycopg_any import DateRange

    from roder.organisation.models import Mandate, Person, Unit, UnitPlacement

    since = DateRange(date(2015, 1, 1), None)
    top = Unit.objects.get(committee=committee, kind=Unit.Kind.ADMINISTRATION)

    def made(kind: str, codes: list[str], above: list[Any], role: str) -> list[Any]:
        units = Unit.objects.bulk_create(
            Unit(
                committee=committee, code=code, name=f"{Unit.Kind(kind).label.capitalize()} {code}", kind=kind
            )
            for code in codes
        )
        UnitPlacement.objects.bulk_create(
            UnitPlacement(unit=unit, parent=parent, valid=since)
            for unit, parent in zip(units, above, strict=True)
        )
        people = Person.objects.bulk_create(
            Person(email=f"{role}-{unit.code}@bench.roder.example", name=f"{role} {unit.code}")
            for unit in units
        )
        Mandate.objects.bulk_create(
            Mandate(person=person, role=role, unit=unit, valid=since)
            for person, unit in zip(people, units, strict=True)
        )
        return units

    numbers = range(first, first + count)
    tens = sorted({number // UNDER for number in numbers})
    there = {one.code: one for one in Unit.objects.filter(committee=committee, code__startswith="avd")}
    fresh = [f"avd{ten:03}" for ten in tens if f"avd{ten:03}" not in there]
    there |= {one.code: one for one in made("department", fresh, [top] * len(fresh), "head_department")}
    above = [there[f"avd{number // UNDER:03}"] for number in numbers]
    return made("unit", [f"enh{number:04}" for number in numbers], above, "unit_manager")


def only_ours(committee: Any) -> None:
    """The example's own units do not report: they are run by others, as far as the round knows."""
    from roder.organisation.models import Unit

    Unit.objects.filter(committee=committee).exclude(kind=Unit.Kind.ADMINISTRATION).update(external=True)


def add_subjects(committee: Any) -> list[Any]:
    """Goals, factors, controls and assignments instead of the example's. Gives the measures of goals and factors."""
    from roder.control.models import Control, ControlPlan, ControlPoint, CriticalFactor, FactorMeasure
    from roder.core.models import Link
    from roder.followup.services.shares import share
    from roder.measures.models import Measure, Target
    from roder.steering.models import Assignment, Goal

    Goal.objects.filter(committee=committee).update(from_year=2010, to_year=2010)
    Assignment.objects.filter(committee=committee).update(from_year=2010, to_year=2010)
    CriticalFactor.objects.filter(committee=committee, year=YEAR).update(year=2010)
    Control.objects.filter(committee=committee).update(occasions=["annual"], months=[])
    goals = Goal.objects.bulk_create(
        Goal(
            municipality=committee.municipality, committee=committee, level="committee", code=f"g{number}",
            number=str(number), title=f"Mål nummer {number} för verksamheten", from_year=YEAR, to_year=YEAR,
            position=number,
        )
        for number in range(GOALS)
    )  # fmt: skip
    factors = CriticalFactor.objects.bulk_create(
        CriticalFactor(
            committee=committee,
            year=YEAR,
            perspective="verksamhet",
            title=f"Faktor nummer {number}",
            position=number,
        )
        for number in range(FACTORS)
    )
    measures = Measure.objects.bulk_create(
        Measure(committee=committee, code=f"f{number}", title=f"Mått nummer {number}", unit="%", decimals=1)
        for number in range(GOALS + FACTORS)
    )
    Target.objects.bulk_create(
        Target(measure=one, year=YEAR, operator=">=", value=Decimal(80)) for one in measures
    )
    Link.objects.bulk_create(
        Link(
            source_kind="steering.goal", source_id=goal.pk, target_kind="measures.measure", target_id=measure.pk,
            kind=Link.Kind.MEASURED_BY,
        )
        for goal, measure in zip(goals, measures, strict=False)
    )  # fmt: skip
    FactorMeasure.objects.bulk_create(
        FactorMeasure(factor=factor, measure=measure)
        for factor, measure in zip(factors, measures[GOALS:], strict=True)
    )
    plan = ControlPlan.objects.filter(committee=committee, year=YEAR).first() or ControlPlan.objects.create(
        committee=committee, year=YEAR, title="Internkontrollplan"
    )
    ControlPlan.objects.filter(pk=plan.pk).update(
        state="adopted", adopted_on=date(YEAR - 1, 12, 15), decision="§ 1"
    )
    point = ControlPoint.objects.create(
        committee=committee, plan=plan, number="IK99", title="Rutiner", position=99
    )
    Control.objects.bulk_create(
        Control(
            committee=committee, point=point, number=1 + number, what=f"Kontroll {number}: att rutinen följs",
            responsible="Enhetschef", owner_role="unit_manager", occasions=["interim", "annual"],
        )
        for number in range(CONTROLS)
    )  # fmt: skip
    for number in range(ASSIGNMENTS):
        made = Assignment.objects.create(
            committee=committee, code=f"u{number}", title=f"Uppdrag nummer {number}", giver="namnd", from_year=YEAR,
            to_year=YEAR, position=number,
        )  # fmt: skip
        share(made, committee, None)
    return measures


def add_figures(committee: Any, units: list[Any], measures: list[Any]) -> int:
    """Two years' outcomes of every measure, and a budget, for each unit. Gives how many values."""
    from roder.economy.models import BudgetLine, BudgetVersion
    from roder.measures.models import MeasureValue
    from roder.steering.models import AccountGroup

    values = MeasureValue.objects.bulk_create(
        [
            MeasureValue(
                measure=measure, unit=unit, period_start=date(year, 1, 1), period_end=date(year + 1, 1, 1),
                value=Decimal(60 + (unit.pk + measure.pk + year) % 40),
            )
            for measure in measures for unit in units for year in YEARS
        ],
        batch_size=2000,
    )  # fmt: skip
    version = BudgetVersion.objects.filter(committee=committee, year=YEAR, is_plan=False).earliest(
        "applies_from"
    )
    group = AccountGroup.objects.filter(committee=committee).earliest("position")
    BudgetLine.objects.bulk_create(
        BudgetLine(version=version, unit=unit, group=group, amount=-1_000_000) for unit in units
    )
    return len(values)


def clear() -> None:
    """Take the round away, as if it had not been opened."""
    from roder.followup.models import Round, Sheet
    from roder.tasks.models import Notice, Task

    Notice.objects.all().delete()
    Task.objects.filter(subject_kind=Sheet.record_kind()).delete()
    Round.objects.all().delete()
