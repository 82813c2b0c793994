"""What status outcomes speak for, and what a goal lacks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.steering.rules import (
    GoalFacts,
    Lack,
    MeasureState,
    StatusStep,
    lacks,
    needs_reason,
    propose,
    too_many,
)

INTERIM = (
    StatusStep("ej", "Ej uppfyllt", 1, "bad"),
    StatusStep("delvis", "Delvis uppfyllt", 2, "near"),
    StatusStep("hog", "I hög grad uppfyllt", 3, "near"),
    StatusStep("helt", "Helt uppfyllt", 4, "good"),
    StatusStep("ej_utv", "Ej utvärderad", 5, "none"),
)
YEAR_END = (INTERIM[0], INTERIM[3])
met, missed, unknown = (MeasureState("a", value) for value in (True, False, None))


@pytest.mark.parametrize(
    ("states", "code"),
    [
        ([met], "helt"),
        ([missed], "ej"),
        ([met, missed, missed], "delvis"),
        ([met, met, missed], "hog"),
        ([met, unknown], "ej_utv"),
        ([], "ej_utv"),
    ],
)
def test_proposal_at_the_interim_report(states: list[MeasureState], code: str) -> None:
    assert propose(states, INTERIM).code == code


def test_year_end_has_two_steps_so_partly_met_is_not_met() -> None:
    assert propose([met, missed], YEAR_END).code == "ej"


def test_missing_outcome_at_year_end_proposes_nothing() -> None:
    proposal = propose([unknown], YEAR_END)
    assert proposal.code == ""
    assert "Utfall eller målvärde saknas för a" in proposal.reason


@given(st.lists(st.booleans(), min_size=1, max_size=20))
def test_highest_only_when_all_are_met_and_more_met_is_never_worse(flags: list[bool]) -> None:
    order = {step.code: step.order for step in INTERIM}
    code = propose([MeasureState("x", flag) for flag in flags], INTERIM).code
    assert (code == "helt") == all(flags)
    better = propose(
        [MeasureState("x", True), *[MeasureState("x", flag) for flag in flags[1:]]], INTERIM
    ).code
    assert order[better] >= order[code]


def test_departing_from_the_proposal_needs_a_reason() -> None:
    assert needs_reason("helt", "ej")
    assert not needs_reason("helt", "helt")
    assert not needs_reason("helt", "")
    assert not needs_reason("", "ej")


def test_a_goal_without_measure_owner_and_link_is_warned_of() -> None:
    bare = GoalFacts(False, False, (), (), False, False)
    assert lacks(bare) == [Lack.NO_MEASURE, Lack.NO_OWNER, Lack.NO_LINK]


def test_a_complete_goal_lacks_nothing() -> None:
    assert lacks(GoalFacts(True, True, (), (), True, True)) == []


def test_warnings_name_the_measure() -> None:
    found = lacks(GoalFacts(True, True, ("Trivs hemma",), ("Telefon",), True, True))
    assert found == [
        "Målvärdet är sämre än nuläget: Trivs hemma.",
        "Nyckeltalet publiceras först efter delårsbokslutet och kan inte bedömas då: Telefon.",
    ]


def test_more_goals_than_the_model_allows() -> None:
    assert too_many(8, 7, "mål") == "8 mål, men styrmodellen medger högst 7."
    assert too_many(7, 7, "mål") == ""
    assert too_many(9, None, "mål") == ""
