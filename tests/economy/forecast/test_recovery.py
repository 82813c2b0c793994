"""The recovery plan: who may write it, what it must hold, and what it lets through."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from roder import tasks
from roder.access.models import AuditRecord
from roder.access.rights import NotAllowedError
from roder.core.models import StaleRecordError
from roder.economy.models import ForecastLine, RecoveryMeasure, RecoveryPlan
from roder.economy.services import forecasts, recovery
from roder.organisation.models import Unit
from tests.economy.forecast.conftest import AS_CENTRAL, World

MAY, OCTOBER = "2022-05", "2022-10"


@pytest.fixture
def deficit(world: World) -> World:
    """The committee is 1 200 tkr worse than its budget in May."""
    world.forecast(MAY, world.unit, "Vikarier", intakter=1000, personal=-9200, ovriga=-2000)
    world.forecast(MAY, world.other_unit, intakter=1000, personal=-8000, ovriga=-2000)
    world.forecast(MAY, None, **AS_CENTRAL)
    return world


def measure(world: World, plan: RecoveryPlan, role: str = "controller", **more: Any) -> RecoveryMeasure:
    values: dict[str, Any] = {
        "what": "Vakanshålla tre tjänster",
        "owner": tasks.Owner("head_administration", committee=world.committee),
        "due": date(2022, 10, 31),
        "amount": Decimal(700_000),
        **more,
    }
    return recovery.add_measure(plan, world.people[role], **values)


def decided(world: World, occasion: str = MAY, unit: Unit | None = None) -> RecoveryPlan:
    role = "controller" if unit is None else "unit_manager"
    by = world.people[role]
    plan = recovery.open_plan(world.occasion(occasion), by, unit)
    if not plan.cause:
        plan = recovery.save_plan(plan, by, cause="Vikarier kostar mer", expected_revision=plan.revision)
    if not recovery.measures_of(plan).exists():
        measure(world, plan, role)
    return recovery.decide_plan(
        plan, by, on=date(2022, 5, 19), decision="2022-05-19 § 40", expected_revision=plan.revision
    )


# --- the gate ---------------------------------------------------------------------------------------------------------


def test_a_deficit_is_stopped_until_a_plan_with_a_measure_is_decided(deficit: World) -> None:
    occasion, by = deficit.occasion(MAY), deficit.people["controller"]
    said = recovery.hindrance(occasion).replace("\u00a0", " ")
    assert said.startswith(
        "Prognosen för årets resultat är 1 200 tkr sämre än budgeten vid Månadsuppföljning maj 2022. "
        "Gör ett handlingsprogram"
    )
    plan = recovery.open_plan(occasion, by)
    assert "har inga åtgärder" in recovery.hindrance(occasion)
    made = measure(deficit, plan)
    assert "är inte beslutat" in recovery.hindrance(occasion)
    decided(deficit)
    assert recovery.hindrance(occasion) == ""
    plan.refresh_from_db()
    for reason, why in ((" ", "varför"), ("Om 19121212-1212", "personnummer")):
        with pytest.raises(ValidationError, match=why):
            recovery.reopen_plan(plan, by, reason, plan.revision)
    recovery.reopen_plan(plan, by, "Ny åtgärd", plan.revision)
    assert "är inte beslutat" in recovery.hindrance(occasion)
    recovery.drop_measure(made, by, "Gick inte")
    assert "har inga åtgärder" in recovery.hindrance(occasion)


def test_balance_and_what_rounds_to_it_are_let_through(world: World) -> None:
    world.forecast(MAY, None, **AS_CENTRAL, intakter=2000, personal=-16000, ovriga=-4000)
    assert recovery.hindrance(world.occasion(MAY)) == ""
    line = ForecastLine.objects.get(group__code="personal")
    line.amount -= 499  # prints as 0 tkr
    line.save()
    assert recovery.hindrance(world.occasion(MAY)) == ""
    line.amount -= 1
    line.save()
    assert "1 tkr sämre" in recovery.hindrance(world.occasion(MAY)).replace("\u00a0", " ")


def test_a_model_that_does_not_ask_for_it_stops_nothing(
    deficit: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasion = deficit.occasion(MAY)
    model = recovery.model_of(occasion)
    accounts = model.accounts.model_copy(update={"recovery_plan_required": None})
    monkeypatch.setattr(recovery, "model_of", lambda _: model.model_copy(update={"accounts": accounts}))
    assert recovery.hindrance(occasion) == ""


# --- writing ----------------------------------------------------------------------------------------------------------


def test_a_plan_is_opened_once_and_leaves_a_trail(deficit: World) -> None:
    by = deficit.people["controller"]
    first = recovery.open_plan(deficit.occasion(MAY), by)
    assert recovery.open_plan(deficit.occasion(MAY), by) == first
    assert AuditRecord.objects.filter(deed="recovery_plan.opened").count() == 1


@pytest.mark.parametrize(
    ("role", "whole", "own_unit"),
    [("controller", True, True), ("head_administration", False, True), ("unit_manager", False, True),
     ("member", False, False), ("secretary", False, False), ("auditor", False, False)],
)  # fmt: skip
def test_who_may_write_a_plan(deficit: World, role: str, whole: bool, own_unit: bool) -> None:
    by, occasion = deficit.people[role], deficit.occasion(MAY)
    for unit, allowed in ((None, whole), (deficit.unit, own_unit)):
        if allowed:
            assert recovery.open_plan(occasion, by, unit).unit == unit
        else:
            with pytest.raises(NotAllowedError):
                recovery.open_plan(occasion, by, unit)


def test_a_manager_writes_no_plan_for_another_unit(deficit: World) -> None:
    with pytest.raises(NotAllowedError):
        recovery.open_plan(deficit.occasion(MAY), deficit.people["unit_manager"], deficit.other_unit)
    assert not RecoveryPlan.objects.exists()


def test_a_units_plan_is_the_action_its_deficit_asks_for(deficit: World) -> None:
    occasion = deficit.occasion(MAY)
    assert len(forecasts.missing_for(deficit.unit, occasion)) == 1
    decided(deficit, MAY, deficit.unit)
    assert forecasts.missing_for(deficit.unit, occasion) == []
    # … and its owner has a task; a unit's plan is not the committee's
    assert tasks.Task.objects.filter(what__startswith="Genomför: Vakanshålla").count() == 1
    assert recovery.hindrance(occasion)


@pytest.mark.parametrize(
    ("field", "more"),
    [("amount", {"amount": None}), ("amount", {"amount": Decimal(0)}), ("amount", {"amount": Decimal(-5)}),
     ("amount", {"amount": Decimal("1.234")}), ("amount", {"amount": Decimal("NaN")}),
     ("amount", {"amount": Decimal(10) ** 15}), ("due", {"due": None}), ("what", {"what": " "})],
)  # fmt: skip
def test_a_measure_says_what_is_wrong_at_the_field(deficit: World, field: str, more: dict[str, Any]) -> None:
    plan = recovery.open_plan(deficit.occasion(MAY), deficit.people["controller"])
    with pytest.raises(ValidationError) as fault:
        measure(deficit, plan, **more)
    assert field in fault.value.message_dict
    assert not RecoveryMeasure.objects.exists()
    assert not tasks.Action.objects.exists()


def test_a_plan_is_decided_with_cause_measure_day_and_paragraph(deficit: World) -> None:
    by = deficit.people["controller"]
    plan = recovery.open_plan(deficit.occasion(MAY), by)

    def decide(on: date | None = date(2022, 5, 19), decision: str = "§ 40") -> RecoveryPlan:
        plan.refresh_from_db()
        return recovery.decide_plan(plan, by, on=on, decision=decision, expected_revision=plan.revision)

    with pytest.raises(recovery.RecoveryFault, match="vad underskottet beror på"):
        decide()
    recovery.save_plan(plan, by, cause="Vikarier", expected_revision=plan.revision)
    with pytest.raises(recovery.RecoveryFault, match="inga åtgärder"):
        decide()
    measure(deficit, plan)
    with pytest.raises(ValidationError, match="vilken dag"):
        decide(on=None)
    with pytest.raises(ValidationError, match="framåt i tiden"):
        decide(on=date.today() + timedelta(days=1))
    with pytest.raises(ValidationError, match="paragraf"):
        decide(decision=" ")
    assert decide().state == RecoveryPlan.State.DECIDED
    with pytest.raises(recovery.RecoveryFault, match="är beslutat"):
        measure(deficit, plan)
    with pytest.raises(recovery.RecoveryFault, match="är beslutat"):
        decide()


def test_only_the_effect_so_far_changes_in_a_decided_plan(deficit: World) -> None:
    by = deficit.people["controller"]
    plan = decided(deficit)
    row = recovery.measures_of(plan).get()
    values: dict[str, Any] = {"amount": row.amount, "full_year": None, "group": None}
    row = recovery.save_measure(
        row, by, **values, effect_so_far=Decimal(200_000), expected_revision=row.revision
    )
    told = recovery.standing(Decimal(-1_200_000), [row])
    assert (told.expected, told.so_far, told.remaining) == (700_000, 200_000, -500_000)
    with pytest.raises(recovery.RecoveryFault, match="Bara effekten hittills"):
        recovery.save_measure(
            row, by, **{**values, "amount": Decimal(1)}, effect_so_far=None, expected_revision=row.revision
        )
    with pytest.raises(StaleRecordError):
        recovery.save_measure(row, by, **values, effect_so_far=None, expected_revision=row.revision - 1)


def test_measures_go_on_to_the_next_occasion_with_their_effect(deficit: World) -> None:
    by = deficit.people["controller"]
    plan = decided(deficit)
    kept = recovery.measures_of(plan).get()
    struck = measure(deficit, recovery.reopen_plan(plan, by, "Mer behövs", plan.revision), what="Sälja bilen")
    recovery.drop_measure(struck, by, "Går inte")
    recovery.save_measure(
        kept,
        by,
        amount=kept.amount,
        full_year=None,
        group=None,
        effect_so_far=Decimal(5),
        expected_revision=kept.revision,
    )
    later = recovery.open_plan(deficit.occasion(OCTOBER), by)
    (gone_on,) = recovery.measures_of(later)
    assert (gone_on.action_id, gone_on.amount, gone_on.effect_so_far) == (kept.action_id, kept.amount, 5)
    assert later.cause == plan.cause
    assert later.state == RecoveryPlan.State.DRAFT
