# ruff: noqa: S311 - figures for tests need no secrets
"""A committee with rows in every table, and holes in them, drawn from a seed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from roder.economy.models import (
    BudgetLine,
    BudgetVersion,
    ForecastLine,
    InvestmentLine,
    OutcomeLine,
    StaffValue,
    VolumeLine,
)
from roder.measures.models import Target
from roder.organisation.models import Unit, UnitPlacement
from roder.steering.models import (
    Activity,
    Assessment,
    Assignment,
    Goal,
    InvestmentCategory,
    ServiceCode,
    Support,
)
from tests.figures.control_world import generated_control
from tests.figures.means_world import generated_means
from tests.figures.quality_world import generated_quality
from tests.figures.selfcheck_world import generated_self_checks
from tests.figures.watch_world import generated_watches
from tests.figures.world import GOAL_SCALE, World, empty_world, measure, outcome_of

#: Goals of good economic management over the generated measures, one held against each kind of thing.
GOOD_ECONOMY = {
    "groups": [
        {"code": "finansiella", "label": "Finansiella mål", "rule": "majority", "goals": [
            {"code": "tal", "label": "Mot ett tal", "measures": ["m0"], "operator": ">=", "target": 4},
            {"code": "fjol", "label": "Mot året före", "measures": ["m1"], "operator": ">=", "basis": "föregående år"},
        ]},
        {"code": "verksamhet", "label": "Verksamhetsmål", "rule": "at_least", "at_least": 1, "goals": [
            {"code": "riket", "label": "Mot riket", "measures": ["m2", "m3"], "operator": ">",
             "basis": "riksgenomsnitt"},
        ]},
    ]
}  # fmt: skip


def _chance(random: Random, likelihood: float, value: Any) -> Any:
    return value if random.random() < likelihood else None


def _money(random: Random) -> Decimal:
    return Decimal(random.randint(-999_999_999_99, 999_999_999_99)).scaleb(-2)


def generated(seed: int) -> World:
    """A committee with rows in every table, with holes in them, drawn from a seed."""
    random = Random(seed)
    world = empty_world(f"slump-{seed}", f"{seed:04d}", {"good_economy": GOOD_ECONOMY})
    committee = world.committee
    for code in ("a1", "a2"):
        world.units[code] = Unit.objects.create(
            committee=committee, code=code, name=f'O\'{code} "ett", två\nrader', kind=Unit.Kind.UNIT
        )
        UnitPlacement.objects.create(
            unit=world.units[code], parent=world.units["vof"], valid=(date(2020, 1, 1), None)
        )
    for place, code in enumerate(("11", "54", "55")):
        world.services[code] = ServiceCode.objects.create(
            committee=committee, code=code, label=f"Verksamhet {code}", position=place
        )
    _generated_lines(world, random, seed)
    _generated_investments(world, random)
    _generated_volumes(world, random)
    _generated_staff(world, random)
    _generated_measures(world, random)
    _generated_goals(world, random)
    _generated_activities(world, random)
    generated_quality(world, random)
    generated_self_checks(world, random)
    generated_watches(world, random)
    generated_control(world, random)
    generated_means(world, random)
    return world


def _generated_lines(world: World, random: Random, seed: int) -> None:
    committee = world.committee
    places = [None, *world.units.values()]
    services = [None, *world.services.values()]
    for year in (2021, 2022, 2023):
        for number, month in enumerate(random.sample(range(1, 13), random.randint(0, 3))):
            version = BudgetVersion.objects.create(
                committee=committee,
                year=year,
                code=f"v{number}",
                name=f"Version {number}",
                applies_from=date(year, month, 1),
            )
            for group in world.groups.values():
                for unit in random.sample(places, random.randint(0, 3)):
                    service = random.choice(services)
                    BudgetLine.objects.create(
                        version=version, unit=unit, service=service, group=group, amount=_money(random)
                    )
    for occasion in world.occasions.values():
        for group in world.groups.values():
            if random.random() < 0.6:
                ForecastLine.objects.create(
                    occasion=occasion, service=random.choice(services), group=group, amount=_money(random)
                )
    for year in (2021, 2022):
        for month in range(1, 10 if seed % 2 else random.choice((4, 9, 12))):
            start = date(year, month, 1)
            end = (start + timedelta(days=31)).replace(day=1)
            if seed % 2 or random.random() < 0.9:
                for group in world.groups.values():
                    OutcomeLine.objects.create(
                        committee=committee,
                        period_start=start,
                        period_end=end,
                        group=group,
                        amount=_money(random),
                    )


def _generated_investments(world: World, random: Random) -> None:
    committee = world.committee
    category = InvestmentCategory.objects.create(
        committee=committee, code="exp", label="Expansion", position=1
    )
    for occasion in world.occasions.values():
        for number in range(random.randint(0, 4)):
            InvestmentLine.objects.create(
                occasion=occasion,
                year=random.choice((2022, 2023)),
                category=category,
                project=f"Projekt {number}, 50 % 'klart'",
                position=number,
                budget=_chance(random, 0.8, _money(random)),
                forecast=_chance(random, 0.8, _money(random)),
                outcome=_chance(random, 0.8, _money(random)),
                outcome_last_year=_chance(random, 0.8, _money(random)),
            )


def _generated_volumes(world: World, random: Random) -> None:
    committee = world.committee
    support = Support.objects.create(committee=committee, code="hemtjanst", label="Hemtjänst")
    for month in range(1, 13):
        for run in ("egen", "extern", "annan_namnd"):
            count = _chance(random, 0.7, Decimal(random.randint(0, 99_999)).scaleb(-2))
            hours = _chance(random, 0.5, Decimal(random.randint(0, 99_999)))
            if count is not None or hours is not None:
                VolumeLine.objects.create(
                    committee=committee,
                    measured_on=date(2022, month, 28),
                    support=support,
                    run=run,
                    count=count,
                    hours=hours,
                    is_forecast=random.random() < 0.2,
                )


def _generated_staff(world: World, random: Random) -> None:
    for year in (2021, 2022):
        for end in (date(year, 4, 1), date(year, 8, 1)):
            for sex, age, days in (
                ("alla", "alla", "alla"),
                ("kvinnor", "alla", "alla"),
                ("man", "alla", "alla"),
                ("alla", "-29", "alla"),
                ("alla", "alla", "1-14"),
                ("man", "-29", "alla"),
            ):
                for unit in random.sample([None, *world.units.values()], random.randint(0, 2)):
                    StaffValue.objects.create(
                        committee=world.committee,
                        unit=unit,
                        period_start=date(year, 1, 1),
                        period_end=end,
                        measure="sjukfranvaro",
                        sex=sex,
                        age=age,
                        days=days,
                        value=_chance(random, 0.9, Decimal(random.randint(0, 200_000)).scaleb(-4)),
                        numerator=_chance(random, 0.5, Decimal(random.randint(0, 9_999))),
                        denominator=_chance(random, 0.5, Decimal(random.randint(1, 99_999))),
                    )
    for measure_code in ("anstallda", "medelalder_tillsvidare_manad", "eget_matt_visstid_tim"):
        for month in (3, 6, 9):
            for unit in random.sample([None, *world.units.values()], random.randint(0, 2)):
                StaffValue.objects.create(
                    committee=world.committee,
                    unit=unit,
                    period_start=date(2022, 1, 1),
                    period_end=date(2022, month, 1),
                    measure=measure_code,
                    value=_chance(
                        random, 0.9, Decimal(random.randint(0, 9_999)).scaleb(-random.randint(0, 2))
                    ),
                )


def _generated_measures(world: World, random: Random) -> None:
    for number in range(4):
        of = measure(world, f"m{number}", random.choice(("%", "antal", "kr")), random.randint(0, 2))
        for year in range(2019, 2024):
            for comparison in ("kommun", "riket", "liknande"):
                for unit in random.sample([None, *world.units.values()], random.randint(0, 4)):
                    value = _chance(random, 0.8, str(Decimal(random.randint(-(10**9), 10**9)).scaleb(-4)))
                    outcome_of(
                        of, year, value, unit=unit, comparison=comparison, sex=random.choice(("alla", "man"))
                    )
            if random.random() < 0.7:
                Target.objects.create(
                    measure=of,
                    year=year,
                    value=_chance(random, 0.8, Decimal(random.randint(0, 100))),
                    text="ökar",
                )


def _generated_activities(world: World, random: Random) -> None:
    goals = list(Goal.objects.filter(committee=world.committee).order_by("pk"))
    places = [None, *world.units.values()]
    for number in range(random.randint(0, 12)):
        done = _day(random) if random.random() < 0.5 else None
        Activity.objects.create(
            committee=world.committee, goal=random.choice(goals), unit=random.choice(places), what=f"Nr {number}",
            year=random.choice((2022, 2022, 2023)), quarter=random.choice((None, 1, 2, 3, 4)), done_on=done,
            progress=100 if done else random.choice((None, 0, 40)),
        )  # fmt: skip


def _day(random: Random) -> date:
    return date(2022, random.randint(1, 12), random.randint(1, 28))


def _generated_goals(world: World, random: Random) -> None:
    subjects: list[Any] = []
    for number in range(5):
        subjects.append(
            Goal.objects.create(
                municipality=world.committee.municipality,
                committee=world.committee,
                level="committee",
                code=f"g{number}",
                text="Mål",
                from_year=2022,
                to_year=random.choice((2022, 2024)),
                followed=random.choice(("interim_annual", "annual")),
            )
        )
        subjects.append(
            Assignment.objects.create(
                committee=world.committee,
                code=f"u{number}",
                title="Uppdrag",
                giver="KF",
                from_year=2022,
                to_year=2022,
            )
        )
    for subject in subjects:
        for occasion in world.occasions.values():
            if random.random() < 0.5:
                Assessment.objects.create(
                    occasion=occasion,
                    subject_kind=subject._meta.label_lower,
                    subject_id=subject.pk,
                    status=random.choice(("", *GOAL_SCALE)),
                )
