"""What the addresses of means are opened with."""

from __future__ import annotations

from datetime import date
from typing import Any

from roder.economy.models import Allocation, FundEntry, PrepaidIncome, StaffMove, UnitCost
from roder.organisation.models import Body
from roder.steering.models import Occasion, Support


def samples(body: Body, occasion: Occasion) -> dict[str, list[Any]]:
    """Every address of means with a row that exists."""
    support, _ = Support.objects.get_or_create(
        committee=body, code="provinsats", defaults={"label": "Provinsats"}
    )
    cost = UnitCost.objects.create(committee=body, year=2022, support=support, amount=1)
    made: dict[str, Any] = {
        "forutbetalda-rader": PrepaidIncome.objects.create(occasion=occasion, project="Prov", budget=1),
        "apriser": cost,
        "volymplan": Allocation.objects.create(
            committee=body, year=2022, cost=cost, volume_before=1, volume_planned=2
        ),
        "fondbeslut": FundEntry.objects.create(
            committee=body, year=2022, kind="opening", amount=1, decided_on=date(2022, 1, 1), decision="§ 1"
        ),
        "personalrorelser": StaffMove.objects.create(
            committee=body, period_start=date(2022, 1, 1), period_end=date(2022, 2, 1), kind="left", reason="pension",
            count=1,
        ),
    }  # fmt: skip
    found: dict[str, list[Any]] = {
        f"economy:{name}": []
        for name in ("prepaid", "state_grants", "allocation", "funds", "fund_entry", "volume_forecast")
    }
    for name, row in made.items():
        found |= {f"economy:{name}": [], f"economy:{name}-detail": [row.pk]}
        if name != "personalrorelser":
            found[f"economy:{name}-edit"] = [row.pk]
        if name not in ("personalrorelser", "fondbeslut"):
            found[f"economy:{name}-new"] = []
    return found
