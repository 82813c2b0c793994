"""The recovery plan (handlingsprogram): what is done about a forecast that is worse than the budget.

A committee may not decide a negative forecast without measures for an economy in balance (Policyn för ekonomistyrning,
nämndens ansvar); a unit's negative forecast asks for a cause and an action. A measure is an action of the common kind
(what, who, by when, what effect) with its money. Amounts are in kronor, plus is better.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from roder import access, tasks
from roder.access import Action, Resource
from roder.core.faults import UserFault
from roder.core.numbers import format_value
from roder.core.persons import LONGEST_REASON, checked_text
from roder.core.words import small_first
from roder.economy import rules
from roder.economy.models import RecoveryMeasure, RecoveryPlan
from roder.economy.rules import forecast as forecast_rules
from roder.economy.services.committee_forecast import CommitteeForecast, committee_sum
from roder.economy.services.common import ORE, check_amount
from roder.economy.services.forecast_status import unit_forecasts
from roder.organisation.models import Person, Unit
from roder.steering.models import AccountGroup, Occasion
from roder.steering.services import model_of

State = RecoveryPlan.State


class RecoveryFault(UserFault):
    """The plan cannot be changed or decided as asked. The message is Swedish."""


def _right(unit: Unit | None) -> Action:
    """The committee's plan takes the right to edit the economy, a unit's the right to comment it, as its forecast."""
    return Action.EDIT if unit is None else Action.COMMENT


def _require(plan: RecoveryPlan, by: Person) -> None:
    access.require(by, Action.EDIT if plan.unit_id is None else Action.COMMENT, plan)


def plan_of(occasion: Occasion, unit: Unit | None = None) -> RecoveryPlan | None:
    """The plan of the committee (or of a unit) at an occasion; None when there is none."""
    return RecoveryPlan.objects.filter(occasion=occasion, unit=unit).first()


def measures_of(plan: RecoveryPlan) -> QuerySet[RecoveryMeasure]:
    """The plan's measures that are not dropped, with their actions."""
    rows = plan.measures.filter(action__dropped_at=None)
    return rows.select_related("action__unit", "action__committee", "action__person", "group")


@transaction.atomic
def open_plan(occasion: Occasion, by: Person, unit: Unit | None = None) -> RecoveryPlan:
    """The plan of the committee (or of a unit) at an occasion, made if there is none.

    What the plan before it had left to do goes on: its measures come along, with what they have given so far.
    Raises NotAllowedError; RecoveryFault for a unit of another committee.
    """
    access.require(by, _right(unit), Resource.ECONOMY, occasion.committee_id)
    if unit is not None and unit.committee_id != occasion.committee_id:
        raise RecoveryFault(f"{unit} hör till en annan nämnd. Välj en enhet i nämnden.")
    found = plan_of(occasion, unit)
    if found is not None:
        _require(found, by)
        return found
    before = _plan_before(occasion, unit)
    try:
        with transaction.atomic():
            plan = RecoveryPlan.objects.create(
                committee_id=occasion.committee_id,
                occasion=occasion,
                unit=unit,
                cause=before.cause if before else "",
            )
            _require(plan, by)
    except IntegrityError:  # somebody else opened it at the same moment
        found = plan_of(occasion, unit)
        if found is None:
            raise
        return found
    if before is not None:
        RecoveryMeasure.objects.bulk_create(
            RecoveryMeasure(
                plan=plan,
                action=one.action,
                group=one.group,
                amount=one.amount,
                full_year=one.full_year,
                effect_so_far=one.effect_so_far,
                position=one.position,
            )
            for one in measures_of(before)
        )
    access.record(by, "recovery_plan.opened", plan, occasion=occasion.code)
    return plan


def _plan_before(occasion: Occasion, unit: Unit | None) -> RecoveryPlan | None:
    """The plan of the latest earlier occasion of the year, if it had any measure."""
    earlier = RecoveryPlan.objects.filter(
        committee=occasion.committee_id,
        unit=unit,
        occasion__year=occasion.year,
        occasion__cut_off__lt=occasion.cut_off,
        measures__action__dropped_at=None,
        measures__isnull=False,
    )
    return earlier.order_by("-occasion__cut_off").first()


@transaction.atomic
def save_plan(plan: RecoveryPlan, by: Person, *, cause: str, expected_revision: int) -> RecoveryPlan:
    """Write why the forecast is worse than the budget. Raises NotAllowedError, RecoveryFault (decided),
    StaleRecordError, ValidationError."""
    _require(plan, by)
    _draft(plan)
    plan.save_over(expected_revision, cause=cause.strip())
    access.record(by, "recovery_plan.changed", plan)
    return plan


@transaction.atomic
def add_measure(
    plan: RecoveryPlan,
    by: Person,
    *,
    what: str,
    owner: tasks.Owner,
    due: date | None,
    amount: Decimal | None,
    full_year: Decimal | None = None,
    group: AccountGroup | None = None,
    expected_effect: str = "",
) -> RecoveryMeasure:
    """Add a measure: its owner gets a task, and is asked for the effect when it is done.

    ``amount`` is what it is counted to give this year, in kronor, over zero. Raises NotAllowedError; RecoveryFault when
    the plan is decided; ValidationError at the field.
    """
    _require(plan, by)
    held = _draft(plan)
    errors: dict[str, str] = {}
    if not what.strip():
        errors["what"] = "Skriv vad som ska göras."
    if due is None:
        errors["due"] = "Ange när åtgärden senast ska vara genomförd."
    _check_money(errors, plan, amount, full_year, None, group)
    if errors or amount is None:
        raise ValidationError(errors)
    finding = held.cause or f"Prognosen vid {plan.occasion.name} är sämre än budgeten."
    action = tasks.add_action(
        held, by, finding=finding, what=what, owner=owner, due=due, expected_effect=expected_effect
    )
    last = plan.measures.order_by("-position").values_list("position", flat=True).first()
    measure = RecoveryMeasure(
        plan=plan,
        action=action,
        group=group,
        amount=amount.quantize(ORE),
        full_year=None if full_year is None else full_year.quantize(ORE),
        position=(last or 0) + 1,
    )
    measure.full_clean()
    measure.save()
    access.record(by, "recovery_measure.added", measure, amount=str(measure.amount))
    return measure


@transaction.atomic
def save_measure(
    measure: RecoveryMeasure,
    by: Person,
    *,
    amount: Decimal | None,
    full_year: Decimal | None,
    effect_so_far: Decimal | None,
    group: AccountGroup | None,
    expected_revision: int,
) -> RecoveryMeasure:
    """Change a measure's money. What it has given so far may be written in a decided plan too; the rest may not.

    Raises NotAllowedError, RecoveryFault, StaleRecordError, ValidationError at the field.
    """
    _require(measure.plan, by)
    held = RecoveryPlan.objects.select_for_update().get(pk=measure.plan_id)
    errors: dict[str, str] = {}
    _check_money(errors, held, amount, full_year, effect_so_far, group)
    if errors or amount is None:
        raise ValidationError(errors)
    now = (amount.quantize(ORE), None if full_year is None else full_year.quantize(ORE), group)
    if held.state == State.DECIDED and now != (measure.amount, measure.full_year, measure.group):
        raise RecoveryFault(
            "Handlingsprogrammet är beslutat. Bara effekten hittills kan ändras; öppna programmet för att ändra mer."
        )
    measure.save_over(
        expected_revision,
        amount=now[0],
        full_year=now[1],
        group=group,
        effect_so_far=None if effect_so_far is None else effect_so_far.quantize(ORE),
    )
    access.record(by, "recovery_measure.changed", measure, amount=str(measure.amount))
    return measure


@transaction.atomic
def drop_measure(measure: RecoveryMeasure, by: Person, reason: str) -> None:
    """Strike a measure that is not to be done, with the reason; history keeps it.

    Raises NotAllowedError; RecoveryFault when the plan is decided; ValidationError without a reason.
    """
    _require(measure.plan, by)
    _draft(measure.plan)
    tasks.drop_action(measure.action, by, reason)
    access.record(by, "recovery_measure.dropped", measure)


def _check_money(
    errors: dict[str, str],
    plan: RecoveryPlan,
    amount: Decimal | None,
    full_year: Decimal | None,
    so_far: Decimal | None,
    group: AccountGroup | None,
) -> None:
    if amount is None:
        errors["amount"] = "Skriv hur mycket åtgärden väntas ge i år."
    for name, value in (("amount", amount), ("full_year", full_year), ("effect_so_far", so_far)):
        if value is not None:
            check_amount(errors, name, value)
    if "amount" not in errors and amount is not None and amount <= 0:
        errors["amount"] = (
            "Åtgärden ska ge ett belopp över noll. Skriv besparingen eller intäkten utan minus."
        )
    if group is not None and group.committee_id != plan.committee_id:
        errors["group"] = f"{group} hör till en annan nämnd."


def _draft(plan: RecoveryPlan) -> RecoveryPlan:
    """The plan held against others' changes. Raises RecoveryFault when it is decided."""
    held = RecoveryPlan.objects.select_for_update().get(pk=plan.pk)
    if held.state == State.DECIDED:
        raise RecoveryFault("Handlingsprogrammet är beslutat. Öppna det igen för att ändra det.")
    return held


@transaction.atomic
def decide_plan(
    plan: RecoveryPlan, by: Person, *, on: date | None, decision: str, expected_revision: int
) -> RecoveryPlan:
    """Write down that the plan is decided: the day, and what decision (for the committee's own: the paragraph).

    Raises NotAllowedError; RecoveryFault without any measure, without cause, or when it is decided already;
    ValidationError at the field; StaleRecordError.
    """
    _require(plan, by)
    held = _draft(plan)
    errors: dict[str, str] = {}
    if on is None:
        errors["decided_on"] = "Ange vilken dag programmet beslutades."
    elif on > date.today():
        errors["decided_on"] = "Dagen ligger framåt i tiden. Ange den dag programmet beslutades."
    if plan.unit_id is None and not decision.strip():
        errors["decision"] = "Skriv vilket beslut det är (dag och paragraf)."
    if errors:
        raise ValidationError(errors)
    if not held.cause.strip():
        raise RecoveryFault("Skriv vad underskottet beror på innan programmet beslutas.")
    if not measures_of(held).exists():
        raise RecoveryFault("Programmet har inga åtgärder. Lägg till minst en innan det beslutas.")
    plan.save_over(expected_revision, state=State.DECIDED, decided_on=on, decision=decision.strip())
    access.record(by, "recovery_plan.decided", plan, on=str(on), decision=plan.decision)
    return plan


@transaction.atomic
def reopen_plan(plan: RecoveryPlan, by: Person, reason: str, expected_revision: int) -> RecoveryPlan:
    """Open a decided plan for change, with the reason. Raises NotAllowedError, RecoveryFault,
    StaleRecordError; ValidationError at ``reason`` for none, or one that cannot be kept."""
    _require(plan, by)
    why = checked_text(reason, "reason", LONGEST_REASON, required="Skriv varför programmet öppnas igen.")
    if plan.state != State.DECIDED:
        raise RecoveryFault("Programmet är ett utkast och behöver inte öppnas.")
    plan.save_over(expected_revision, state=State.DRAFT, decided_on=None, decision="")
    access.record(by, "recovery_plan.reopened", plan, reason=why)
    return plan


# --- how it stands ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """What a plan's measures are counted to give against the deficit, in kronor. ``remaining`` is at most zero."""

    deficit: rules.Amount
    expected: Decimal
    so_far: rules.Amount
    remaining: rules.Amount


def standing(variance: rules.Amount, measures: Iterable[RecoveryMeasure]) -> Standing:
    """Add up measures against a forecast's variance (a surplus is no deficit: nothing remains)."""
    rows = list(measures)
    expected = forecast_rules.expected_effect(one.amount for one in rows)
    told = [one.effect_so_far for one in rows if one.effect_so_far is not None]
    deficit = None if variance is None else min(rules.ZERO, variance)
    so_far = sum(told, rules.ZERO) if told else None
    return Standing(deficit, expected, so_far, forecast_rules.covered(deficit, expected))


def variance_at(occasion: Occasion, unit: Unit | None = None) -> rules.Amount:
    """Forecast minus budget at an occasion: of the committee's bottom row, or of a unit's whole forecast. Missing until
    every unit (or every row) is forecast."""
    if unit is not None:
        return unit_forecasts(occasion, [unit])[0].variance
    found = committee_sum(occasion)
    return found.variance_of(found.bottom.code)


def hindrance(occasion: Occasion, found: CommitteeForecast | None = None) -> str:
    """Why the forecast at an occasion cannot be decided, in Swedish; empty when it can.

    Where the steering model requires it, a committee forecast that is worse than its budget needs a decided recovery
    plan with at least one measure. The message says how much, in which row, and what to do.
    """
    if not model_of(occasion).accounts.recovery_plan_required or occasion.kind == Occasion.Kind.PLAN:
        return ""
    found = found or committee_sum(occasion)
    if not found.is_deficit or found.variance is None or occasion.kind == Occasion.Kind.ANNUAL:
        return ""
    plan = plan_of(occasion)
    if plan is not None and plan.state == State.DECIDED and measures_of(plan).exists():
        return ""
    amount = format_value(abs(found.variance), found.money, found.digits, suffix=True)
    row = found.bottom.label
    what = f"Prognosen för {small_first(row)} är {amount} sämre än budgeten vid {occasion.name}."
    if plan is None:
        where = "Ekonomi, Handlingsprogram"
        return f"{what} Gör ett handlingsprogram med minst en åtgärd under {where}, och låt det beslutas."
    if not measures_of(plan).exists():
        return (
            f"{what} Handlingsprogrammet har inga åtgärder. Lägg till minst en, och låt programmet beslutas."
        )
    return f"{what} Handlingsprogrammet är inte beslutat. Skriv in beslutet under Ekonomi, Handlingsprogram."
