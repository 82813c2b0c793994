"""Rows of means, with holes in them, drawn from a seed; and a few that the tests know the answers of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from roder.economy.models import Allocation, FundEntry, PrepaidIncome, StaffMove, StaffValue, UnitCost
from roder.registers.models import StateGrant
from roder.steering.models import Support
from tests.figures.world import World


def _some(random: Random, top: int) -> Decimal | None:
    return Decimal(random.randint(0, top)).scaleb(-2) if random.random() < 0.8 else None


def generated_means(world: World, random: Random) -> None:
    """Rows in every table of means."""
    committee = world.committee
    for occasion in world.occasions.values():
        for number in range(random.randint(1, 3)):
            PrepaidIncome.objects.create(
                occasion=occasion, project=f"Projekt {number}", development=random.random() < 0.5, position=number,
                budget=_some(random, 10**9), forecast=_some(random, 10**9), outcome=_some(random, 10**9),
                outcome_last_year=_some(random, 10**9),
            )  # fmt: skip
    for number, state in enumerate((*StateGrant.State, "granted", "reported", "refused")):
        day = date(2022, random.randint(1, 12), random.randint(1, 28))
        granted = Decimal(random.randint(100, 10**8))
        StateGrant.objects.create(
            committee=committee, year=random.choice((2022, 2022, 2023)), name=f"Bidrag {number}", authority="M",
            state=state, applied_on=random.choice((None, day)), decided_on=random.choice((None, day)),
            sought=_some(random, 10**9), granted=granted, used=random.choice((None, granted / 2)),
            returned=random.choice((None, granted / 4)),
        )  # fmt: skip
    support, _ = Support.objects.get_or_create(
        committee=committee, code="plats", defaults={"label": "Platser"}
    )
    for run in ("egen", "extern", "ej_uppdelat"):
        cost = UnitCost.objects.create(
            committee=committee, year=2022, support=support, run=run, amount=random.randint(0, 10**6)
        )
        for unit in random.sample([None, *world.units.values()], 2):
            Allocation.objects.create(
                committee=committee, year=2022, cost=cost, unit=unit, volume_before=random.randint(0, 99),
                volume_planned=Decimal(random.randint(0, 9999)).scaleb(-2),
            )  # fmt: skip
    for year in (2020, 2021, 2022):
        FundEntry.objects.create(
            committee=committee, year=year, kind=random.choice(("carried", "opening")), decision="§ 1",
            amount=random.randint(-(10**6), 10**6), decided_on=date(year + random.randint(0, 1), 3, 1),
        )  # fmt: skip
    for start, end in ((date(2022, 1, 1), date(2022, 4, 1)), (date(2022, 1, 1), date(2022, 9, 1)),
                       (date(2021, 1, 1), date(2021, 9, 1)), (date(2022, 2, 1), date(2022, 3, 1))):  # fmt: skip
        for kind, reason in (("hired", "utokning"), ("left", "pension"), ("left", "okänd")):
            for unit in random.sample([None, *world.units.values()], 2):
                move(world, kind, reason, random.randint(0, 40), start, end, unit=unit)
    for code, value in (("anstallda", 400), ("chefer", 20), ("arsarbetare", 351), ("heltid", 72)):
        for year in (2021, 2022):
            StaffValue.objects.create(
                committee=committee, period_start=date(year, 8, 1), period_end=date(year, 9, 1), measure=code,
                employment=random.choice(("alla", "visstid_tim")) if code == "arsarbetare" else "alla",
                value=value + random.randint(0, 9),
            )  # fmt: skip


def move(world: World, kind: str, reason: str, count: int, start: date, end: date, **more: Any) -> StaffMove:
    """So many people who came or went in a period."""
    return StaffMove.objects.create(
        committee=world.committee,
        kind=kind,
        reason=reason,
        count=count,
        period_start=start,
        period_end=end,
        **more,
    )
