"""What a forecast lacks, what it adds up to, and how near the accounts it came. Pure; amounts are in kronor.

Källa: Policyn för ekonomistyrning (nämndens och enheternas ansvar); Uppföljningsanvisningarna, prognossäkerhet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar

from roder.core.numbers import Unit, format_value, round_half_away
from roder.core.words import joined
from roder.economy.rules.amounts import ZERO, Amount, needs_cause, row_sums, variance


class PrintedRow(Protocol):
    """A row of the operating table: its sign (``cost``, ``revenue``, ``result``) and the rows that it adds."""

    @property
    def code(self) -> str: ...
    @property
    def sign(self) -> str: ...
    @property
    def sum_of(self) -> tuple[str, ...]: ...


R = TypeVar("R", bound=PrintedRow)


def bottom_row(rows: Sequence[R]) -> R:
    """The row that everything ends in: the result where there is one, else the last sum, else the last row."""
    results = [row for row in rows if row.sign == "result" and row.sum_of]
    sums = [row for row in rows if row.sum_of]
    return (results or sums or list(rows))[-1]


def printed_rows(rows: Sequence[PrintedRow], amounts: Mapping[str, Amount]) -> dict[str, Amount]:
    """Every printed row's amount, from those of the account groups."""
    return row_sums({row.code: row.sum_of for row in rows}, amounts)


# --- a unit -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One row of a unit's forecast: what was budgeted, what is forecast, why they differ."""

    label: str
    budget: Amount
    forecast: Amount
    cause: str = ""

    @property
    def variance(self) -> Amount:
        """Forecast minus budget; missing if either is."""
        return variance(self.forecast, self.budget)


def unit_variance(parts: Iterable[Part]) -> Amount:
    """How much better (plus) or worse than its budget a unit's whole forecast is.

    Missing without a budget, and while a budgeted row has no forecast. What is forecast where nothing is budgeted
    counts in full: a budget says all that the unit has been given.
    """
    rows = list(parts)
    budgets = [row.budget for row in rows if row.budget is not None]
    if not budgets or any(row.forecast is None for row in rows if row.budget is not None):
        return None
    return sum((row.forecast for row in rows if row.forecast is not None), ZERO) - sum(budgets, ZERO)


#: What a unit is asked that has nothing to compare its forecast with.
NO_BUDGET = "Enheten har ingen budget att jämföra med. Skriv på minst en rad vad prognosen bygger på."


def says_nothing(parts: Iterable[Part]) -> bool:
    """Whether a unit without a budget forecasts a cost and says nowhere what it builds on: it counts in the committee's
    result, and there is no budget that would have asked why."""
    rows = list(parts)
    if any(row.budget is not None or row.cause.strip() for row in rows):
        return False
    return sum((row.forecast for row in rows if row.forecast is not None), ZERO) < 0


def lacks(parts: Iterable[Part], *, has_action: bool, money: Unit = Unit.TKR, digits: int = 0) -> list[str]:
    """What a unit has left to write before its forecast is whole, in Swedish; nothing when it is.

    A forecast for every budgeted row; the cause of every row that is worse than its budget; an action when the unit as
    a whole is worse than its budget. Of a unit without a budget, what a negative forecast builds on.
    """
    rows = list(parts)
    if all(row.forecast is None for row in rows):
        return ["Prognosen är inte lämnad. Lämna den under Ekonomi, Prognos per enhet."]

    def said(amount: Decimal) -> str:
        return format_value(abs(amount), money, digits, suffix=True)

    if says_nothing(rows):
        return [NO_BUDGET]
    found = []
    if without := [row.label for row in rows if row.budget is not None and row.forecast is None]:
        found.append(f"Prognos saknas för {joined(without)}. Skriv ett belopp, 0 om ingenting väntas.")
    for row in rows:
        worse = row.variance
        if (
            worse is not None
            and needs_cause(row.forecast, row.budget, of_unit=True)
            and not row.cause.strip()
        ):
            found.append(f"{row.label}: prognosen är {said(worse)} sämre än budgeten. Skriv orsaken.")
    total = unit_variance(rows)
    if total is None or total >= 0:
        return found
    if not any(row.cause.strip() for row in rows) and not found:
        found.append(f"Enhetens prognos är {said(total)} sämre än budgeten. Skriv orsaken på minst en rad.")
    if not has_action:
        found.append(f"Enhetens prognos är {said(total)} sämre än budgeten. Lägg till minst en åtgärd.")
    return found


# --- the committee ----------------------------------------------------------------------------------------------------


def is_deficit(amount: Amount, money: Unit = Unit.TKR, digits: int = 0) -> bool:
    """Whether a variance is negative as it is printed: less than half a unit of print is no deficit."""
    return amount is not None and round_half_away(amount / money.divisor, digits) < 0


def reliability(accounts: Amount, forecast: Amount) -> Amount:
    """How far from the forecast the accounts came: accounts minus forecast; plus is better than forecast.

    Uppföljningsanvisningarna, årsbokslut, tabellen Prognossäkerhet (kolumnen Avvikelse från bokslut).
    """
    return None if accounts is None or forecast is None else accounts - forecast


def expected_effect(amounts: Iterable[Amount]) -> Decimal:
    """What a plan's measures are counted to give together; those without an amount add nothing."""
    return sum((amount for amount in amounts if amount is not None), ZERO)


def covered(deficit: Amount, effect: Decimal) -> Amount:
    """What remains of a deficit (negative) when a plan's measures have given what they should; at most zero."""
    return None if deficit is None else min(ZERO, deficit + effect)
