"""Adopting a budget, redistributing it, and knowing which version applies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from roder import access
from roder.access import Action, Resource
from roder.core.numbers import Unit as Printed
from roder.core.numbers import format_value
from roder.economy import rules
from roder.economy.models import BudgetLine, BudgetVersion
from roder.economy.services.common import ORE, check_amount, same_committee
from roder.organisation.models import Body, Person, Unit
from roder.steering.models import AccountGroup, Occasion, ServiceCode


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
    same_committee(errors, "amounts", committee.pk, AccountGroup, {key[2] for key in amounts})
    same_committee(errors, "amounts", committee.pk, ServiceCode, {key[1] for key in amounts if key[1]})
    same_committee(errors, "amounts", committee.pk, Unit, {key[0] for key in amounts if key[0]})
    for amount in amounts.values():
        check_amount(errors, "amounts", amount)
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
            text = format_value(moved, Printed.TKR, sign=True, suffix=True)
            remarks.append(
                f"Kommunbidraget ändras med {text} mot {before.name}. Det är fullmäktige som beslutar om ramen."
            )
        else:
            remarks.append(f"Kommunbidraget är oförändrat mot {before.name}.")
    if not rules.is_redistribution(then, after):
        gap = sum(after.values(), rules.ZERO) - sum(then.values(), rules.ZERO)
        text = format_value(gap, Printed.TKR, sign=True, suffix=True)
        remarks.append(f"Summan av raderna skiljer {text} från {before.name}: det är mer än en omfördelning.")
    return tuple(remarks)
