"""Which units are small, where the steering model grades small units by bands of their own."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Sum

from roder.economy.models import BudgetLine
from roder.economy.services.budgets import budget_at
from roder.measures.grading import has_small_units, is_small
from roder.organisation.models import Unit
from roder.steering.modelfile import SteeringModel
from roder.steering.models import Occasion


def small_units(model: SteeringModel, units: Iterable[int], occasion: Occasion) -> set[int]:
    """The units that any of the model's rules counts as small: by its list, or by their staff budget at the occasion.

    No query when the model has no such rule, else three however many units. The staff budget is that of the account
    groups that are named after staff ("Personalkostnader").
    """
    if not has_small_units(model):
        return set()
    wanted = list(units)
    if not wanted:
        return set()
    budgets = _staff_budgets(wanted, occasion)
    rows = Unit.objects.filter(pk__in=wanted).values_list("pk", "code", "name")
    return {
        pk
        for pk, code, name in rows
        if any(is_small(rule, code, name, budgets.get(pk)) for rule in model.grading_rules)
    }


def _staff_budgets(units: list[int], occasion: Occasion) -> dict[int, Decimal]:
    version = budget_at(occasion)
    if version is None:
        return {}
    rows = (
        BudgetLine.objects.filter(version=version, unit__in=units, group__label__istartswith="personal")
        .order_by()
        .values_list("unit_id")
        .annotate(total=Sum("amount"))
    )
    return {unit: total for unit, total in rows if unit is not None}
