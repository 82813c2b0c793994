"""Good economic management: whether each goal is met, and whether enough of them are in each group. Pure.

Källa: Kommunallagen 11 kap. 6 § (god ekonomisk hushållning); kommunens budget, avsnitt God ekonomisk hushållning:
a majority of the financial goals and of the operational goals is to be fulfilled at the year end, counted per group.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from roder.core.numbers import round_half_away

MAJORITY, ALL, AT_LEAST = "majority", "all", "at_least"


def is_met(operator: str, outcome: Decimal | None, against: Decimal | None, digits: int = 0) -> bool | None:
    """Whether an outcome meets what it is held against, both as they are printed; None when either is missing.

    Raises ValueError for an operator that is none of > >= = <= <.
    """
    if operator not in (">", ">=", "=", "<=", "<"):
        raise ValueError(f"villkoret {operator} finns inte")
    if outcome is None or against is None:
        return None
    own, other = round_half_away(outcome, digits), round_half_away(against, digits)
    return {
        ">": own > other, ">=": own >= other, "=": own == other, "<=": own <= other, "<": own < other
    }[operator]  # fmt: skip


def goal_met(measures: Sequence[bool | None]) -> bool | None:
    """Whether a goal is met: every measure of it is. One that is not is enough to miss it, whatever is unknown."""
    if any(one is False for one in measures):
        return False
    return None if not measures or any(one is None for one in measures) else True


def needed(rule: str, goals: int, at_least: int | None = None) -> int | None:
    """How many goals of a group must be met. None when the model gives the group no rule."""
    if rule == MAJORITY:
        return goals // 2 + 1
    if rule == ALL:
        return goals
    return at_least if rule == AT_LEAST else None


def group_fulfilled(rule: str, goals: Sequence[bool | None], at_least: int | None = None) -> bool | None:
    """Whether a group of goals is fulfilled. None without a rule, and while what is unknown could decide it."""
    wanted = needed(rule, len(goals), at_least)
    if wanted is None:
        return None
    met = sum(one is True for one in goals)
    if met >= wanted:
        return True
    return False if met + sum(one is None for one in goals) < wanted else None


def all_fulfilled(groups: Sequence[bool | None]) -> bool | None:
    """Whether there is good economic management: every group is fulfilled."""
    return goal_met(groups)
