"""When goals and groups of goals are fulfilled."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.economy.rules import good_economy as rules

GOALS = st.lists(st.sampled_from([True, False, None]), max_size=9)
RULES = st.sampled_from([rules.MAJORITY, rules.ALL, rules.AT_LEAST])


@pytest.mark.parametrize(
    ("rule", "goals", "at_least", "expected"),
    [
        ("majority", [True, True, True, False, False], None, True),
        ("majority", [True, True, False, False], None, False),
        ("majority", [True, True, None, False, False], None, None),
        ("majority", [True, True, True, None, None], None, True),
        ("all", [True, True], None, True),
        ("all", [True, None], None, None),
        ("all", [None, False], None, False),
        ("at_least", [True, True, False], 2, True),
        ("at_least", [True, None, False], 2, None),
        ("at_least", [True, False, False], 2, False),
        ("", [True, True], None, None),
    ],
)
def test_rules_of_groups(
    rule: str, goals: list[bool | None], at_least: int | None, expected: bool | None
) -> None:
    assert rules.group_fulfilled(rule, goals, at_least) is expected


@pytest.mark.parametrize(
    ("measures", "expected"),
    [([], None), ([True], True), ([True, False], False), ([None, False], False), ([True, None], None)],
)
def test_a_goal_is_met_when_every_measure_is(measures: list[bool | None], expected: bool | None) -> None:
    assert rules.goal_met(measures) is expected


@given(RULES, GOALS, st.integers(1, 9), st.booleans())
def test_what_is_said_stays_when_the_unknown_comes(
    rule: str, goals: list[bool | None], at_least: int, comes: bool
) -> None:
    """A verdict is given only when nothing unknown can change it."""
    before = rules.group_fulfilled(rule, goals, at_least)
    after = rules.group_fulfilled(rule, [comes if one is None else one for one in goals], at_least)
    assert after is not None
    assert before in (None, after)


@given(
    st.sampled_from([">", ">=", "=", "<=", "<"]),
    st.decimals(-100, 100, places=3),
    st.decimals(-100, 100, places=3),
)
def test_goals_are_met_as_they_are_printed(operator: str, outcome: Decimal, against: Decimal) -> None:
    same = rules.is_met(operator, outcome, outcome, 1)
    assert same is (operator in (">=", "=", "<="))
    opposite = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}.get(operator)
    if opposite:
        assert rules.is_met(operator, outcome, against, 1) is not rules.is_met(opposite, outcome, against, 1)
    assert rules.is_met(operator, None, against) is None


def test_an_unknown_operator_is_no_verdict() -> None:
    with pytest.raises(ValueError, match="finns inte"):
        rules.is_met("~", Decimal(1), Decimal(1))
