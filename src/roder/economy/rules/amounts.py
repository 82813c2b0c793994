"""The arithmetic of budgets, forecasts, investments and volumes. Pure functions on amounts in kronor.

Costs are negative and revenue positive. A missing amount (None) is missing and never zero: what is computed from it
is missing too. Sums are taken on unrounded amounts, so a printed sum may differ by one in its last digit.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from roder.core.numbers import Unit, round_half_away

Amount = Decimal | None
K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
ZERO = Decimal(0)


def variance(forecast: Amount, budget: Amount) -> Amount:
    """Forecast minus budget of operations, in kronor; plus is better than budget.

    Uppföljningsanvisningar, månadsuppföljning, drifttabell: costs are negative, so the same sign holds on every row.
    """
    return None if forecast is None or budget is None else forecast - budget


def investment_variance(budget: Amount, forecast: Amount) -> Amount:
    """Budget minus forecast of an investment, in kronor; plus is a lower expenditure than budgeted.

    Uppföljningsanvisningar, avsnitt Investeringar: expenditure is printed without minus, hence the other order.
    """
    return None if forecast is None or budget is None else budget - forecast


def change(now: Amount, before: Amount) -> Amount:
    """This forecast (or outcome) minus the one before, in kronor; plus is an improvement of operations."""
    return None if now is None or before is None else now - before


def whole_sum(amounts: Iterable[Amount]) -> Amount:
    """The sum, missing if any part is missing or if there is no part at all."""
    total = ZERO
    there_is_any = False
    for amount in amounts:
        if amount is None:
            return None
        total += amount
        there_is_any = True
    return total if there_is_any else None


def row_sums(rows: Mapping[str, Sequence[str]], amounts: Mapping[str, Amount]) -> dict[str, Amount]:
    """Every row's amount: ``rows`` maps a row's code to the rows it adds (none: it holds an amount of its own).

    Raises ValueError when rows add each other in a circle, KeyError when a row adds one that does not exist.
    """
    found: dict[str, Amount] = {}
    under_way: set[str] = set()

    def of(code: str) -> Amount:
        if code in found:
            return found[code]
        if code in under_way:
            raise ValueError(f"raden {code} summerar sig själv")
        under_way.add(code)
        parts = rows[code]
        found[code] = whole_sum(of(part) for part in parts) if parts else amounts.get(code)
        return found[code]

    return {code: of(code) for code in rows}


def committee_forecast(units: Iterable[Amount], central: Amount = None) -> Amount:
    """The committee's forecast in kronor: the sum of its units' forecasts plus central adjustments.

    A unit that has not made its forecast leaves the sum missing; no central adjustment adds nothing.
    """
    parts = list(units)
    if central is not None:
        parts.append(central)
    return whole_sum(parts)


def total_volume(parts: Iterable[Amount]) -> Amount:
    """Own, external and other providers together (places, persons or hours); missing if any part is."""
    return whole_sum(parts)


def places(volumes: Mapping[str, Amount], supports: Sequence[str]) -> Amount:
    """A number of places that is the sum of several supports' volumes, such as the places of all homes for the old.

    Nämndens budget, volymtabeller. Missing if any of the supports is.
    """
    return whole_sum(volumes.get(code) for code in supports)


def needs_cause(forecast: Amount, budget: Amount, *, of_unit: bool) -> bool:
    """Whether a forecast must say why: a unit's that is worse than its budget.

    The committee's own negative forecast asks for a recovery plan instead. Policyn, nämndens och enheternas ansvar.
    """
    worse = variance(forecast, budget)
    return of_unit and worse is not None and worse < 0


def in_force(versions: Iterable[tuple[date, T]], cut_off: date, *, planned: bool = False) -> T | None:
    """The budget version that applies at a cut-off: the latest that has begun. ``versions`` are of one year.

    Of a year that is being planned the first version, since none has begun. None when there is no such version.
    """
    ordered = sorted(versions, key=lambda version: version[0])
    begun = [version for start, version in ordered if start <= cut_off]
    if begun:
        return begun[-1]
    return ordered[0][1] if planned and ordered else None


def rounding_gap(parts: Iterable[Amount], total: Amount, unit: Unit, digits: int = 0) -> Decimal:
    """How much the printed sum differs from the sum of the printed parts, in the last printed digit's unit (0: not)."""
    shown = [None if part is None else round_half_away(part / unit.divisor, digits) for part in parts]
    added = whole_sum(shown)
    if added is None or total is None:
        return ZERO
    return round_half_away(total / unit.divisor, digits) - added


@dataclass(frozen=True)
class Moved(Generic[K]):
    """A row of two budget versions that differs between them, in kronor."""

    key: K
    before: Amount
    after: Amount

    @property
    def change(self) -> Decimal:
        """After minus before; a row that stands in only one of them is compared with nothing."""
        return (self.after or ZERO) - (self.before or ZERO)


def moves(before: Mapping[K, Decimal], after: Mapping[K, Decimal]) -> list[Moved[K]]:
    """What differs between two budget versions, in the order of the later; rows that went away come last."""
    keys = [*after, *(key for key in before if key not in after)]
    return [Moved(key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)]


def is_redistribution(before: Mapping[K, Decimal], after: Mapping[K, Decimal]) -> bool:
    """Whether the two versions add up to the same: money has moved between rows but none has come or gone."""
    return sum(before.values(), ZERO) == sum(after.values(), ZERO)
