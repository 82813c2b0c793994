"""What the addresses of forecasts, recovery plans and good economic management are opened with."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from roder import tasks
from roder.economy.services import recovery
from roder.organisation.models import Body, Person, Unit
from roder.steering.models import Occasion


def samples(body: Body, people: dict[str, Person], occasion: str = "2022-05") -> dict[str, list[Any]]:
    """One of each, which exists: a unit of the committee, and a draft of the committee's plan with a measure."""
    by = people["controller"]
    unit = Unit.objects.filter(committee=body).order_by("code").values_list("code", flat=True).first()
    plan = recovery.open_plan(Occasion.objects.get(committee=body, code=occasion), by)
    measure = recovery.measures_of(plan).first() or recovery.add_measure(
        plan, by, what="Se över scheman", owner=tasks.Owner("head_administration", committee=body),
        due=date(2022, 10, 31), amount=Decimal(100_000),
    )  # fmt: skip
    own: list[Any] = []
    return {
        **{f"economy:{name}": own for name in ("forecast_units", "recovery_plans", "good_economy")},
        "economy:forecast_sum": [occasion],
        "economy:unit_forecast": [occasion, unit],
        "economy:recovery": [occasion],
        "economy:recovery_measure": [measure.pk],
    }
