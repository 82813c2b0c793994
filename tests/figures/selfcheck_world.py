"""Self-checks for a world: rounds and actions, one by one or drawn from a seed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from roder.organisation.models import Unit
from roder.quality.models import QualityPlan, SelfCheck, SelfCheckRound
from roder.questionnaires.models import QuestionSet
from roder.tasks.models import Action
from tests.figures.world import World


def moment(day: date) -> datetime:
    """Noon of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def self_check(world: World, unit: Unit, year: int) -> SelfCheck:
    """A check in the unit's plan of a year, made when there is none."""
    asked, _ = QuestionSet.objects.get_or_create(
        committee=world.committee, code="koll", defaults={"title": "Koll", "audience": "object"}
    )
    plan, _ = QualityPlan.objects.get_or_create(committee=world.committee, unit=unit, year=year)
    return SelfCheck.objects.create(
        plan=plan,
        title="Koll",
        question_set=asked,
        method="Stickprov",
        interval="month",
        first_on=date(year, 1, 31),
    )


def made_round(
    check: SelfCheck, due: date, done: date | None = None, method: str = "yes", **more: Any
) -> SelfCheckRound:
    """A round of a check."""
    return SelfCheckRound.objects.create(
        control=check, committee_id=check.plan.committee_id, unit_id=check.plan.unit_id,
        number=check.rounds.count() + 1, opens_on=due - timedelta(days=20), due_on=due,
        done_at=moment(done) if done else None, method_followed=method if done else "", **more,
    )  # fmt: skip


def action(after: SelfCheckRound, added: date, effect: str = "", stated: date | None = None) -> Action:
    """An action after a round, added on a day."""
    made = Action(
        committee_id=after.committee_id, unit_id=after.unit_id, role="unit_manager", finding="Brist", what="Gör något",
        done_at=moment(stated) if stated else None, effect=effect, effect_text="Så" if effect else "",
        effect_at=moment(stated) if stated else None,
    )  # fmt: skip
    made.subject = after
    made.save()
    Action.objects.filter(pk=made.pk).update(created_at=moment(added))
    return made


def generated_self_checks(world: World, random: Random) -> None:
    """Rounds and actions with holes in them."""
    for unit in world.units.values():
        check = self_check(world, unit, 2022)
        for month in range(1, 13):
            due = date(2022, month, random.randint(10, 28))
            done = due + timedelta(days=random.randint(-9, 20)) if random.random() < 0.7 else None
            sampled = random.randint(1, 10) if done else 0
            one = made_round(
                check, due, done, random.choice(("yes", "partly", "no")), sampled=sampled,
                found=random.randint(0, sampled),
            )  # fmt: skip
            if random.random() < 0.5:
                stated = due + timedelta(days=random.randint(0, 60)) if random.random() < 0.6 else None
                action(one, due, random.choice(("yes", "partly", "no")) if stated else "", stated)
