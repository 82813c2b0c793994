"""What each unit has left to write in its forecast, and how its whole forecast stands. Few queries for any number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from roder.core.numbers import Unit as Printed
from roder.economy import rules
from roder.economy.models import ForecastLine, RecoveryMeasure
from roder.economy.rules import forecast as forecast_rules
from roder.economy.services.budgets import budget_at
from roder.organisation.models import Unit
from roder.steering.models import AccountGroup, Occasion, ServiceCode
from roder.steering.services import in_model, model_of
from roder.tasks.models import Action

RowKey = tuple[int | None, int]  #: (service, account group), by id


@dataclass(frozen=True)
class UnitForecast:
    """A unit's forecast at an occasion: its rows by (service, group), whether it has actions, and what it lacks."""

    unit: Unit
    parts: Mapping[RowKey, forecast_rules.Part]
    before: Mapping[RowKey, Decimal]
    has_action: bool
    lacks: tuple[str, ...]

    @property
    def reported(self) -> bool:
        """Whether any row is forecast."""
        return any(part.forecast is not None for part in self.parts.values())

    @property
    def expected(self) -> bool:
        """Whether it has a budget, or made a forecast at the occasion before."""
        return bool(self.before) or any(part.budget is not None for part in self.parts.values())

    @property
    def budget(self) -> rules.Amount:
        """All that it is budgeted; missing without a budget."""
        return rules.whole_sum(one.budget for one in self.parts.values() if one.budget is not None)

    @property
    def forecast(self) -> rules.Amount:
        """The whole forecast; missing while a budgeted row has none."""
        parts = self.parts.values()
        if any(one.forecast is None for one in parts if one.budget is not None):
            return None
        return rules.whole_sum(one.forecast for one in parts if one.forecast is not None)

    @property
    def variance(self) -> rules.Amount:
        """Forecast minus budget; missing while either is."""
        return forecast_rules.unit_variance(self.parts.values())

    @property
    def change(self) -> rules.Amount:
        """The forecast minus the one before."""
        return rules.change(self.forecast, sum(self.before.values(), rules.ZERO) if self.before else None)


def forecast_before(occasion: Occasion) -> Occasion | None:
    """What changes are counted from: the earlier occasion of the year that the steering model compares with, else
    (also where that one has no forecast) the latest earlier one that has."""
    told = in_model(occasion)
    held = told.compares_with if told is not None else None
    earlier = Occasion.objects.filter(
        committee=occasion.committee_id, year=occasion.year, cut_off__lt=occasion.cut_off
    )
    made = ForecastLine.objects.filter(occasion__in=earlier).values("occasion_id")
    found = list(earlier.filter(pk__in=made).order_by("-cut_off", "-pk"))
    return next((one for one in found if one.code == held), found[0] if found else None)


def unit_forecasts(
    occasion: Occasion, units: Iterable[Unit] | None = None, before: Occasion | None = None
) -> list[UnitForecast]:
    """How the forecasts of units stand at an occasion (all units of the committee that have budget or forecast, where
    none are named), by unit code. ``before`` is the occasion to compare with: see ``forecast_before``.

    At most eight queries whatever the number of units.
    """
    wanted = None if units is None else {one.pk: one for one in units}
    of_units = Q(unit__isnull=False) if wanted is None else Q(unit__in=list(wanted))
    model = model_of(occasion)
    labels = _labels(occasion)
    budget: dict[int, dict[RowKey, Decimal]] = defaultdict(dict)
    version = budget_at(occasion)
    if version is not None:
        rows = version.lines.filter(of_units)
        for at, service, group, amount in rows.values_list("unit_id", "service_id", "group_id", "amount"):
            budget[at or 0][service, group] = amount
    made: dict[int, dict[RowKey, ForecastLine]] = defaultdict(dict)
    then: dict[int, dict[RowKey, Decimal]] = defaultdict(dict)
    occasions = [one for one in (occasion, before) if one is not None]
    for line in ForecastLine.objects.filter(of_units, occasion__in=occasions):
        key2 = (line.service_id, line.group_id)
        if line.occasion_id == occasion.pk:
            made[line.unit_id or 0][key2] = line
        else:
            then[line.unit_id or 0][key2] = line.amount
    acting = _acting(occasion, made)
    if wanted is None:
        wanted = Unit.objects.in_bulk({*budget, *made, *then})
    money, digits = Printed(model.accounts.print_unit), model.accounts.digits or 0
    found = []
    for unit in sorted(wanted.values(), key=lambda one: one.code):
        planned, lines = budget.get(unit.pk, {}), made.get(unit.pk, {})
        parts = {
            key: forecast_rules.Part(
                label,
                planned.get(key),
                lines[key].amount if key in lines else None,
                lines[key].cause if key in lines else "",
            )
            for key, label in labels.items()
            if key in planned or key in lines
        }
        has = unit.pk in acting
        lacks = forecast_rules.lacks(parts.values(), has_action=has, money=money, digits=digits)
        found.append(UnitForecast(unit, parts, then.get(unit.pk, {}), has, tuple(lacks)))
    return found


def missing_for_units(occasion: Occasion, units: Iterable[Unit]) -> dict[int, list[str]]:
    """What each unit's forecast lacks, in Swedish, by the unit's id; an empty list when nothing does."""
    return {one.unit.pk: list(one.lacks) for one in unit_forecasts(occasion, units)}


def missing_for(unit: Unit, occasion: Occasion) -> list[str]:
    """What is to be written before the unit's forecast at the occasion may be marked ready, in Swedish.

    Every budgeted row has a forecast; what is worse than the budget has a cause; a unit that as a whole is worse than
    its budget has an action: one of its recovery plan at the occasion, or one added to a row of its forecast.
    """
    return missing_for_units(occasion, [unit])[unit.pk]


def _labels(occasion: Occasion) -> dict[RowKey, str]:
    """What each row is called, in print order: without service first, then service by service."""
    groups = list(AccountGroup.objects.filter(committee=occasion.committee_id).order_by("position", "pk"))
    services = list(ServiceCode.objects.filter(committee=occasion.committee_id).order_by("position", "pk"))
    found: dict[RowKey, str] = {(None, group.pk): group.label for group in groups}
    for service in services:
        for group in groups:
            found[service.pk, group.pk] = f"{service.code} {service.label}, {group.label.lower()}"
    return found


def _acting(occasion: Occasion, made: Mapping[int, Mapping[RowKey, ForecastLine]]) -> set[int]:
    """The units that have an action against their deficit: in their recovery plan, or about a line of the forecast."""
    planned = RecoveryMeasure.objects.filter(
        plan__occasion=occasion, plan__unit__isnull=False, action__dropped_at=None
    )
    found = {unit for unit in planned.values_list("plan__unit_id", flat=True) if unit is not None}
    unit_of = {line.pk: unit for unit, lines in made.items() for line in lines.values()}
    about = Action.objects.filter(
        subject_kind=ForecastLine._meta.label_lower, subject_id__in=list(unit_of), dropped_at=None
    )
    return found | {unit_of[pk] for pk in about.values_list("subject_id", flat=True)}
