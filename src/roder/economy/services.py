"""What people do with the economy: make a forecast, adopt or redistribute a budget, follow up investments.

Every deed is one transaction with a line in the audit trail. A locked report does not stop a forecast from being
changed: the report keeps its own snapshot and text, and the pages say that it is locked. Amounts are in kronor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from roder import access
from roder.access import Action, Resource
from roder.core.models import StaleRecordError
from roder.economy import rules
from roder.economy.models import BudgetLine, BudgetVersion, ForecastLine, InvestmentLine
from roder.organisation.models import Body, Person, Unit
from roder.steering.models import AccountGroup, InvestmentCategory, Occasion, ServiceCode, Term

#: The largest amount a column holds, in kronor.
LIMIT = Decimal(10) ** 14
ORE = Decimal("0.01")


# --- budgets --------------------------------------------------------------------------------------------------------


def version_in_force(
    committee: Body | int, year: int, cut_off: date, *, planned: bool = False
) -> BudgetVersion | None:
    """The budget version of a year that applies at a cut-off; with ``planned`` the first one of a year to come."""
    versions = BudgetVersion.objects.filter(committee=committee, year=year).order_by("applies_from")
    return rules.in_force([(version.applies_from, version) for version in versions], cut_off, planned=planned)


def budget_at(occasion: Occasion) -> BudgetVersion | None:
    """The budget version that an occasion's forecast is held against."""
    planned = occasion.kind == Occasion.Kind.PLAN
    return version_in_force(occasion.committee_id, occasion.year, occasion.cut_off, planned=planned)


LineKey = tuple[int | None, int | None, int]  #: (unit, service, group), by id


def amounts_of(version: BudgetVersion) -> dict[LineKey, Decimal]:
    """A version's amounts by unit, service and account group, in print order."""
    lines = version.lines.order_by("group__position", "service__position", "unit__code")
    return {(line.unit_id, line.service_id, line.group_id): line.amount for line in lines}


@dataclass(frozen=True)
class Adopted:
    """A new budget version, and what one should know of it before it is printed."""

    version: BudgetVersion
    remarks: tuple[str, ...]


@transaction.atomic
def adopt_budget(
    committee: Body,
    year: int,
    amounts: Mapping[LineKey, Decimal],
    by: Person,
    *,
    code: str,
    name: str,
    applies_from: date,
    decision: str,
    decided_on: date | None = None,
    source: str = "",
) -> Adopted:
    """Adopt a budget for a year, or redistribute it, as a new version; the versions before stay as they were.

    Raises NotAllowedError; ValidationError by field when the decision's reference or the amounts are missing, when a
    group is another committee's, or when a version with the same code or first day exists. The remarks say whether
    the municipal contribution (kommunbidrag) and the sum are the same as in the version before: a redistribution
    leaves both as they were, another frame is the council's to decide. Alingsås, månadsuppföljning mars 2022.
    """
    access.require(by, Action.EDIT, Resource.ECONOMY, committee)
    errors: dict[str, str] = {}
    if not decision.strip():
        errors["decision"] = "Skriv vilket beslut budgeten bygger på (datum och paragraf)."
    if not amounts:
        errors["amounts"] = "En budgetversion behöver minst ett belopp."
    _same_committee(errors, "amounts", committee.pk, AccountGroup, {key[2] for key in amounts})
    _same_committee(errors, "amounts", committee.pk, ServiceCode, {key[1] for key in amounts if key[1]})
    _same_committee(errors, "amounts", committee.pk, Unit, {key[0] for key in amounts if key[0]})
    for amount in amounts.values():
        _check_amount(errors, "amounts", amount)
    if errors:
        raise ValidationError(errors)
    before = version_in_force(committee, year, applies_from)
    version = BudgetVersion(
        committee=committee,
        year=year,
        code=code.strip(),
        name=name.strip(),
        applies_from=applies_from,
        decided_on=decided_on,
        decision=decision.strip(),
        source=source,
    )
    version.full_clean()
    version.save()
    BudgetLine.objects.bulk_create(
        BudgetLine(
            version=version,
            unit_id=unit,
            service_id=service,
            group_id=group,
            amount=amount.quantize(ORE),
            source=source or decision.strip(),
            registered_by=by,
        )
        for (unit, service, group), amount in amounts.items()
    )
    access.require(by, Action.EDIT, version)
    access.record(by, "budget_adopted", version, year=year, code=version.code, decision=version.decision)
    return Adopted(version, _remarks(before, amounts))


CONTRIBUTION = "kommunbidrag"


def _remarks(before: BudgetVersion | None, after: Mapping[LineKey, Decimal]) -> tuple[str, ...]:
    """What differs from the version before, in words."""
    from roder.core.numbers import Unit as Shown  # noqa: PLC0415 - ``Unit`` is the organisation's here
    from roder.core.numbers import format_value  # noqa: PLC0415

    if before is None:
        return ()
    then = amounts_of(before)
    contribution = set(AccountGroup.objects.filter(code=CONTRIBUTION).values_list("pk", flat=True))
    frames = [
        rules.whole_sum(a for key, a in amounts.items() if key[2] in contribution)
        for amounts in (then, after)
    ]
    remarks = []
    if frames[0] is not None or frames[1] is not None:
        moved = (frames[1] or rules.ZERO) - (frames[0] or rules.ZERO)
        if moved:
            text = format_value(moved, Shown.TKR, sign=True, suffix=True)
            remarks.append(
                f"Kommunbidraget ändras med {text} mot {before.name}. Det är fullmäktige som beslutar om ramen."
            )
        else:
            remarks.append(f"Kommunbidraget är oförändrat mot {before.name}.")
    if not rules.is_redistribution(then, after):
        gap = sum(after.values(), rules.ZERO) - sum(then.values(), rules.ZERO)
        text = format_value(gap, Shown.TKR, sign=True, suffix=True)
        remarks.append(f"Summan av raderna skiljer {text} från {before.name}: det är mer än en omfördelning.")
    return tuple(remarks)


# --- forecasts ------------------------------------------------------------------------------------------------------


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
    _check_amount(errors, "amount", amount)
    if unit is not None and not cause.strip() and "amount" not in errors:
        planned = _budgeted(occasion, group, unit, service)
        if rules.needs_cause(amount, planned, of_unit=True):
            errors["cause"] = "Prognosen är sämre än budgeten. Skriv vad det beror på."
    if errors:
        raise ValidationError(errors)
    key = {"occasion": occasion, "unit": unit, "service": service, "group": group}
    existing = ForecastLine.objects.filter(**key).first()
    values = {"amount": amount.quantize(ORE), "cause": cause.strip()}
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


class EntryFaultsError(Exception):
    """Some rows could not be saved, and so none was. By row: faults by field, or what somebody else saved."""

    def __init__(self) -> None:
        super().__init__("Inget är sparat.")
        self.faults: dict[str, dict[str, list[str]]] = {}
        self.stale: dict[str, Any] = {}

    def add(self, key: str, error: ValidationError) -> None:
        """Note a row's faults; those of no field stand under ''."""
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        self.faults[key] = found


def save_forecast(
    occasion: Occasion, entries: Iterable[ForecastEntry], by: Person, unit: Unit | None = None
) -> list[ForecastLine]:
    """Save all rows of a forecast, or none of them. Rows that are as they were are left alone.

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
        if faults.faults or faults.stale:
            raise faults
    return saved


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


# --- investments ----------------------------------------------------------------------------------------------------


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
            _check_amount(errors, name, amount)
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
    faults: Mapping[str, str] = field(default_factory=dict)


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


# --- common ---------------------------------------------------------------------------------------------------------


def _check_amount(errors: dict[str, str], name: str, amount: Decimal) -> None:
    if not amount.is_finite() or abs(amount) >= LIMIT:
        errors[name] = "Beloppet är för stort."
    elif amount != amount.quantize(ORE):
        errors[name] = "Beloppet har fler decimaler än hela ören."


def _same_committee(
    errors: dict[str, str], name: str, committee_id: int, model: type[Term] | type[Unit], ids: set[Any]
) -> None:
    known = set(
        model._default_manager.filter(committee_id=committee_id, pk__in=ids).values_list("pk", flat=True)
    )
    if ids - known:
        errors[name] = f"{model._meta.verbose_name} från en annan nämnd kan inte användas.".capitalize()
