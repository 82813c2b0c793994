"""The committee's forecast: the sum of its units' and the central adjustments, and how it stands against the budget."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from roder.core.numbers import Unit as Printed
from roder.economy import rules
from roder.economy.models import ForecastLine
from roder.economy.rules import forecast as forecast_rules
from roder.economy.services.budgets import budget_at
from roder.economy.services.forecast_status import UnitForecast, forecast_before, unit_forecasts
from roder.organisation.models import Unit
from roder.steering.modelfile.economy import AccountRow
from roder.steering.models import AccountGroup, Occasion
from roder.steering.services import model_of

Rows = Mapping[str, rules.Amount]  #: amounts in kronor by printed row


@dataclass(frozen=True)
class CommitteeForecast:
    """The forecast of a committee at an occasion, by printed row of the operating table. Amounts in kronor.

    ``previous`` is the forecast before, missing in the rows where a unit has a forecast now that it had not then.

    ``units_sum`` is what the units have reported so far, ``central`` the adjustments, ``forecast`` both together;
    ``whole`` is that sum where every unit that is expected has reported, and missing in the rows where one has not.
    """

    occasion: Occasion
    before: Occasion | None
    rows: tuple[AccountRow, ...]
    units: tuple[UnitForecast, ...]
    by_unit: Mapping[int, Rows]
    units_sum: Rows
    central: Rows
    causes: Mapping[str, str]
    forecast: Rows
    whole: Rows
    budget: Rows
    previous: Rows
    money: Printed
    digits: int

    @property
    def bottom(self) -> AccountRow:
        """The row that everything ends in."""
        return forecast_rules.bottom_row(self.rows)

    @property
    def has_units(self) -> bool:
        """Whether the forecast is made of units': else the committee's own lines are all of it."""
        return any(one.reported or one.expected for one in self.units)

    @property
    def not_reported(self) -> list[Unit]:
        """Units that are expected to forecast and have not."""
        return [one.unit for one in self.units if one.expected and not one.reported]

    @property
    def not_whole(self) -> list[Unit]:
        """Units that are expected to forecast and have not, or not all of their rows: the sum lacks them."""
        return [one.unit for one in self.units if one.expected and one.forecast is None]

    @property
    def incomplete(self) -> list[Unit]:
        """Units that have begun, but have rows, causes or actions left."""
        return [one.unit for one in self.units if one.reported and one.lacks]

    @property
    def variance(self) -> rules.Amount:
        """Forecast minus budget of the bottom row, of what is reported; plus is better than budget."""
        code = self.bottom.code
        return rules.variance(self.forecast[code], self.budget[code])

    def variance_of(self, code: str) -> rules.Amount:
        """Forecast minus budget of a row; missing until every unit has reported it."""
        return rules.variance(self.whole[code], self.budget[code])

    def change_of(self, code: str) -> rules.Amount:
        """The forecast of a row minus the one before; missing until every unit has reported it."""
        return rules.change(self.whole[code], self.previous[code])

    @property
    def is_deficit(self) -> bool:
        """Whether the forecast is worse than the budget, as it is printed."""
        return forecast_rules.is_deficit(self.variance, self.money, self.digits)


def committee_sum(occasion: Occasion) -> CommitteeForecast:
    """Add up the committee's forecast at an occasion. A constant number of queries whatever the number of units."""
    model = model_of(occasion)
    before = forecast_before(occasion)
    units = unit_forecasts(occasion, before=before)
    code_of = dict(AccountGroup.objects.filter(committee=occasion.committee_id).values_list("pk", "code"))
    rows = model.accounts.rows
    now: dict[str, Decimal] = defaultdict(Decimal)
    central: dict[str, Decimal] = defaultdict(Decimal)
    then: dict[str, Decimal] = defaultdict(Decimal)
    from_units: dict[str, Decimal] = defaultdict(Decimal)
    causes: dict[str, list[str]] = defaultdict(list)
    asked = [one for one in (occasion, before) if one is not None]
    for line in ForecastLine.objects.filter(occasion__in=asked).order_by("service__position", "pk"):
        code = code_of[line.group_id]
        if line.occasion_id != occasion.pk:
            then[code] += line.amount
            continue
        now[code] += line.amount
        if line.unit_id is not None:
            from_units[code] += line.amount
            continue
        central[code] += line.amount
        if line.cause.strip():
            causes[code].append(line.cause.strip())
    budget: dict[str, Decimal] = defaultdict(Decimal)
    version = budget_at(occasion)
    for group, amount in version.lines.values_list("group_id", "amount") if version else ():
        budget[code_of[group]] += amount
    lacking = {
        code_of[group]
        for one in units
        if one.expected
        for (_, group), part in one.parts.items()
        if part.budget is not None and part.forecast is None
    }
    whole = {code: amount for code, amount in now.items() if code not in lacking}
    if any(one.before for one in units):  # a unit that is new in the sum would look as a change
        new = {
            code_of[key[1]]
            for one in units
            for key, part in one.parts.items()
            if part.forecast is not None and key not in one.before
        }
        then = defaultdict(Decimal, {code: amount for code, amount in then.items() if code not in new})
    return CommitteeForecast(
        occasion=occasion,
        before=before,
        rows=tuple(rows),
        units=tuple(units),
        by_unit={one.unit.pk: _printed_of_unit(one, rows, code_of) for one in units},
        units_sum=forecast_rules.printed_rows(rows, _all(rows, from_units)),
        central=forecast_rules.printed_rows(rows, _all(rows, central)),
        causes={code: " ".join(texts) for code, texts in causes.items()},
        forecast=forecast_rules.printed_rows(rows, now),
        whole=forecast_rules.printed_rows(rows, whole),
        budget=forecast_rules.printed_rows(rows, budget),
        previous=forecast_rules.printed_rows(rows, then),
        money=Printed(model.accounts.print_unit),
        digits=model.accounts.digits or 0,
    )


def _all(rows: tuple[AccountRow, ...], amounts: Mapping[str, Decimal]) -> dict[str, rules.Amount]:
    """Every group's amount, nothing being nothing: parts of a sum, where a group without lines adds none."""
    return {row.code: amounts.get(row.code, rules.ZERO) for row in rows if not row.sum_of}


def _printed_of_unit(one: UnitForecast, rows: tuple[AccountRow, ...], code_of: Mapping[int, str]) -> Rows:
    """A unit's forecast by printed row. A group that it has neither budget nor forecast in adds nothing to sums; one
    that it has a budget but no forecast in makes them missing."""
    if not one.reported:
        return {row.code: None for row in rows}
    amounts = _all(rows, {})
    found: dict[str, list[rules.Amount]] = defaultdict(list)
    for (_, group), part in one.parts.items():
        found[code_of[group]].append(part.forecast)
    amounts |= {code: rules.whole_sum(parts) for code, parts in found.items()}
    return forecast_rules.printed_rows(rows, amounts)


__all__ = ["CommitteeForecast", "committee_sum"]
