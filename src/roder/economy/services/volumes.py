"""Forecasting volumes: a total split on who runs it, as it was split in a reference month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from roder import access
from roder.access import Action, Resource
from roder.economy.models import VolumeLine
from roder.economy.rules import means as rules
from roder.organisation.models import Body, Person
from roder.steering.models import Support

Counted = Literal["count", "hours"]


def split_at(
    committee: Body | int, support: Support, day: date, counted: Counted = "count"
) -> dict[str, Decimal]:
    """How a support's measured volume was split on who runs it at a day, whole committee: run -> volume. {} when
    nothing was measured then."""
    rows = VolumeLine.objects.filter(
        committee=committee, support=support, measured_on=day, is_forecast=False, unit=None
    )
    return {run: value for run, value in rows.values_list("run", counted) if value is not None}


@transaction.atomic
def save_volume_forecast(
    committee: Body,
    support: Support,
    day: date,
    by: Person,
    *,
    reference: date,
    count: Decimal | None = None,
    hours: Decimal | None = None,
) -> list[VolumeLine]:
    """Forecast a support's volume at a day to come (places or persons, and hours a month), split as it was measured at
    ``reference``. What was forecast for the day before is replaced; history keeps it.

    Raises NotAllowedError; ValidationError by field: nothing to forecast, a negative number, a reference month in which
    nothing was measured, a day that is not after the reference.
    """
    access.require(by, Action.EDIT, Resource.ECONOMY, committee)
    errors: dict[str, str] = {}
    if support.committee_id != committee.pk:
        errors["support"] = "Insatsen hör till en annan nämnd. Välj en av nämndens egna."
    if day <= reference:
        errors["day"] = "Prognosen ska gälla en dag efter referensmånaden."
    if count is None and hours is None:
        errors["count"] = "Skriv antal, timmar eller båda."
    wanted: tuple[tuple[Counted, Decimal | None, int], ...] = (("count", count, 0), ("hours", hours, 0))
    parts: dict[Counted, dict[str, Decimal]] = {}
    for name, total, digits in wanted:
        if total is None or errors:
            continue
        try:
            parts[name] = rules.split_as(total, split_at(committee, support, reference, name), digits)
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise ValidationError(errors)
    runs = list(dict.fromkeys(run for split in parts.values() for run in split))
    key: dict[str, Any] = {
        "committee": committee, "support": support, "measured_on": day, "unit": None, "is_forecast": True,
    }  # fmt: skip
    VolumeLine.objects.filter(**key).exclude(run__in=runs).delete()
    source = f"Prognos fördelad som {reference}"
    saved = [
        VolumeLine.objects.update_or_create(
            **key,
            run=run,
            defaults={
                "count": parts.get("count", {}).get(run),
                "hours": parts.get("hours", {}).get(run),
                "source": source,
                "registered_by": by,
                "registered_at": timezone.now(),
                "batch": None,
            },
        )[0]
        for run in runs
    ]
    access.record(by, "volume.forecast", support, day=str(day), reference=str(reference))
    return saved
