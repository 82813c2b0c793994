"""Making a forecast for the whole year, with its cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from roder import access
from roder.access import Action, Resource
from roder.core.models import StaleRecordError
from roder.core.persons import checked_text
from roder.economy import rules
from roder.economy.models import ForecastLine
from roder.economy.rules import forecast as forecast_rules
from roder.economy.services.budgets import budget_at
from roder.economy.services.committee_forecast import CommitteeForecast, committee_sum
from roder.economy.services.common import ORE, EntryFaultsError, check_amount
from roder.economy.services.forecast_status import (
    UnitForecast,
    forecast_before,
    missing_for,
    missing_for_units,
    unit_forecasts,
)
from roder.organisation.models import Person, Unit
from roder.steering.models import AccountGroup, Occasion, ServiceCode

__all__ = [
    "CommitteeForecast", "ForecastEntry", "UnitForecast", "committee_sum", "forecast_before", "missing_for",
    "missing_for_units", "remove_forecast_line", "save_forecast", "save_forecast_line", "unit_forecasts",
]  # fmt: skip


@transaction.atomic
def save_forecast_line(
    occasion: Occasion,
    group: AccountGroup,
    amount: Decimal,
    cause: str,
    by: Person,
    *,
    unit: Unit | None = None,
    service: ServiceCode | None = None,
    expected_revision: int | None = None,
) -> ForecastLine:
    """Save the forecast for the whole year of an account group, in kronor, with its cause.

    The committee's lines (``unit`` None) are central adjustments, or the whole forecast where units make none: they
    take the right to edit the economy. A unit's lines may be saved by whoever may comment the unit's economy: the
    unit's own manager and those above. A unit's forecast that is worse than its budget must say why.
    ``expected_revision`` is what the form was opened with (None: there was no line yet).

    Raises NotAllowedError; ValidationError by field; StaleRecordError when somebody else has saved since.
    """
    action = Action.EDIT if unit is None else Action.COMMENT
    access.require(by, action, Resource.ECONOMY, occasion.committee_id)
    errors: dict[str, str] = {}
    for name, part in (("group", group), ("service", service), ("unit", unit)):
        if part is not None and part.committee_id != occasion.committee_id:
            errors[name] = f"{part} hör till en annan nämnd."
    check_amount(errors, "amount", amount)
    try:
        cause = checked_text(cause, "cause")
    except ValidationError as error:
        errors |= {name: " ".join(told) for name, told in error.message_dict.items()}
    if unit is not None and not cause and "amount" not in errors:
        planned = _budgeted(occasion, group, unit, service)
        if rules.needs_cause(amount, planned, of_unit=True):
            errors["cause"] = "Prognosen är sämre än budgeten. Skriv vad det beror på."
    if errors:
        raise ValidationError(errors)
    key = {"occasion": occasion, "unit": unit, "service": service, "group": group}
    existing = ForecastLine.objects.filter(**key).first()
    values = {"amount": amount.quantize(ORE), "cause": cause}
    if existing is None:
        if expected_revision is not None:
            raise ValidationError("Raden har tagits bort sedan du öppnade sidan. Ladda om sidan.")
        line, created = ForecastLine.objects.get_or_create(**key, defaults={**values, "registered_by": by})
        if not created:  # somebody else was first, in the same moment
            raise StaleRecordError(line)
    else:
        access.require(by, action, existing)
        if expected_revision is None:
            raise StaleRecordError(existing)
        if existing.revision == expected_revision and all(
            getattr(existing, n) == v for n, v in values.items()
        ):
            return existing
        line = existing.save_over(expected_revision, **values, registered_by=by, registered_at=timezone.now())
    access.require(by, action, line)
    access.record(
        by, "forecast_saved", line, occasion=occasion.code, group=group.code, amount=str(line.amount)
    )
    return line


def _budgeted(
    occasion: Occasion, group: AccountGroup, unit: Unit, service: ServiceCode | None
) -> Decimal | None:
    version = budget_at(occasion)
    if version is None:
        return None
    return (
        version.lines.filter(unit=unit, service=service, group=group).values_list("amount", flat=True).first()
    )


@transaction.atomic
def remove_forecast_line(line: ForecastLine, by: Person, expected_revision: int) -> None:
    """Take a forecast line back: the row is missing again, not zero. History keeps what it was.

    Raises NotAllowedError, and StaleRecordError when somebody else has saved since ``expected_revision`` was read.
    """
    access.require(by, Action.EDIT if line.unit_id is None else Action.COMMENT, line)
    detail = {"occasion": line.occasion.code, "group": line.group.code, "amount": str(line.amount)}
    access.record(by, "forecast_removed", line, **detail)
    gone, _ = ForecastLine.objects.filter(pk=line.pk, revision=expected_revision).delete()
    if not gone:
        raise StaleRecordError(ForecastLine.objects.get(pk=line.pk))


@dataclass(frozen=True)
class ForecastEntry:
    """What somebody has typed for one row of the forecast. ``amount`` None: no forecast for the row."""

    key: str
    group: AccountGroup
    service: ServiceCode | None
    amount: Decimal | None
    cause: str
    revision: int | None


def save_forecast(
    occasion: Occasion, entries: Sequence[ForecastEntry], by: Person, unit: Unit | None = None
) -> list[ForecastLine]:
    """Save all rows of a forecast, or none of them. Rows that are as they were are left alone. A unit without a budget
    says on at least one row what a negative forecast builds on.

    Raises NotAllowedError, and EntryFaultsError with every row's faults.
    """
    saved: list[ForecastLine] = []
    faults = EntryFaultsError()
    with transaction.atomic():
        for entry in entries:
            try:
                line = _save_entry(occasion, entry, by, unit)
            except ValidationError as error:
                faults.add(entry.key, error)
            except StaleRecordError as stale:
                faults.stale[entry.key] = stale.current
            else:
                if line is not None:
                    saved.append(line)
        if unit is not None and saved and not faults.faults and _says_nothing(occasion, unit):
            faults.add(_first_key(entries), ValidationError({"cause": forecast_rules.NO_BUDGET}))
        if faults.faults or faults.stale:
            raise faults
    return saved


def _says_nothing(occasion: Occasion, unit: Unit) -> bool:
    return any(forecast_rules.says_nothing(one.parts.values()) for one in unit_forecasts(occasion, [unit]))


def _first_key(entries: Sequence[ForecastEntry]) -> str:
    """The row that a fault of the whole forecast stands at: the first with an amount."""
    return next(entry.key for entry in entries if entry.amount is not None)


def _save_entry(
    occasion: Occasion, entry: ForecastEntry, by: Person, unit: Unit | None
) -> ForecastLine | None:
    if entry.amount is not None:
        return save_forecast_line(
            occasion,
            entry.group,
            entry.amount,
            entry.cause,
            by,
            unit=unit,
            service=entry.service,
            expected_revision=entry.revision,
        )
    if entry.cause.strip():
        raise ValidationError({"amount": "Skriv beloppet, eller ta bort orsaken."})
    if entry.revision is not None:
        line = ForecastLine.objects.filter(
            occasion=occasion, unit=unit, service=entry.service, group=entry.group
        ).first()
        if line is not None:
            remove_forecast_line(line, by, entry.revision)
    return None
