"""Following up investments per project."""

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
from roder.economy.models import InvestmentLine
from roder.economy.services.common import ORE, EntryFaultsError, check_amount
from roder.organisation.models import Person, Unit
from roder.steering.models import InvestmentCategory, Occasion


@dataclass(frozen=True)
class InvestmentAmounts:
    """A project's amounts in kronor: expenditure, without minus. None: not stated."""

    budget: Decimal | None = None
    forecast: Decimal | None = None
    outcome: Decimal | None = None
    outcome_last_year: Decimal | None = None


@transaction.atomic
def save_investment_line(
    occasion: Occasion,
    year: int,
    category: InvestmentCategory,
    project: str,
    amounts: InvestmentAmounts,
    by: Person,
    *,
    unit: Unit | None = None,
    position: int | None = None,
    expected_revision: int | None = None,
) -> InvestmentLine:
    """Save a project's investment at an occasion. ``expected_revision`` None: the project is new.

    Raises NotAllowedError; ValidationError by field (unknown category, no name, amount that is too large);
    StaleRecordError when somebody else has saved since.
    """
    access.require(by, Action.EDIT, Resource.ECONOMY, occasion.committee_id)
    errors: dict[str, str] = {}
    if category.committee_id != occasion.committee_id:
        errors["category"] = f"{category} hör till en annan nämnd."
    if not project.strip():
        errors["project"] = "Skriv vad projektet heter."
    values = {name: getattr(amounts, name) for name in ("budget", "forecast", "outcome", "outcome_last_year")}
    for name, amount in values.items():
        if amount is not None:
            check_amount(errors, name, amount)
    if not errors and all(amount is None for amount in values.values()):
        errors["budget"] = "Skriv minst ett belopp."
    if errors:
        raise ValidationError(errors)
    values = {name: None if amount is None else amount.quantize(ORE) for name, amount in values.items()}
    key = {"occasion": occasion, "year": year, "category": category, "project": project.strip(), "unit": unit}
    existing = InvestmentLine.objects.filter(**key).first()
    if existing is None:
        if expected_revision is not None:
            raise ValidationError("Projektet har tagits bort sedan du öppnade sidan. Ladda om sidan.")
        place = (
            InvestmentLine.objects.filter(occasion=occasion, year=year).count()
            if position is None
            else position
        )
        line = InvestmentLine(**key, **values, position=place, registered_by=by)
        line.full_clean(exclude=["registered_at"])
        line.save()
    else:
        if expected_revision is None:
            raise StaleRecordError(existing)
        if existing.revision == expected_revision and all(
            getattr(existing, n) == v for n, v in values.items()
        ):
            return existing
        line = existing.save_over(expected_revision, **values, registered_by=by, registered_at=timezone.now())
    access.require(by, Action.EDIT, line)
    access.record(by, "investment_saved", line, occasion=occasion.code, year=year)
    return line


@dataclass(frozen=True)
class InvestmentEntry:
    """What somebody has typed for one project."""

    key: str
    category: InvestmentCategory
    project: str
    amounts: InvestmentAmounts
    revision: int | None
    unit: Unit | None = None


def save_investments(
    occasion: Occasion, entries: Sequence[InvestmentEntry], by: Person
) -> list[InvestmentLine]:
    """Save all projects of an occasion's year, or none of them. Raises NotAllowedError and EntryFaultsError."""
    faults = EntryFaultsError()
    saved = []
    with transaction.atomic():
        for entry in entries:
            try:
                saved.append(
                    save_investment_line(
                        occasion,
                        occasion.year,
                        entry.category,
                        entry.project,
                        entry.amounts,
                        by,
                        unit=entry.unit,
                        expected_revision=entry.revision,
                    )
                )
            except ValidationError as error:
                faults.add(entry.key, error)
            except StaleRecordError as stale:
                faults.stale[entry.key] = stale.current
        if faults.faults or faults.stale:
            raise faults
    return saved
