"""Conditions, reading and checking of answers, and points: pure rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.core.days import FIRST_DAY, LAST_DAY
from roder.questionnaires import rules
from roder.questionnaires.check import check_text
from roder.questionnaires.shape import Condition, QuestionSet
from tests.questionnaires.conftest import ROUND

TODAY = date(2022, 9, 1)


def the_set() -> QuestionSet:
    found = check_text(ROUND).set
    assert found is not None
    return found


SET = the_set()
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "plan": st.sampled_from(["ja", "delvis", "nej", ""]),
    "varfor": st.text(max_size=20),
    "antal": st.decimals(0, 1000, places=1).map(str),
    "hur": st.lists(st.sampled_from(["a", "b"]), unique=True),
    "steg": st.integers(1, 5),
}
ANSWERS = st.fixed_dictionaries({}, optional=VALUES)


def leaf() -> st.SearchStrategy[Condition]:
    return st.one_of(
        st.builds(
            lambda one: Condition.model_validate({"question": "plan", "is": one}),
            st.sampled_from(["ja", "nej"]),
        ),
        st.builds(
            lambda low: Condition.model_validate({"question": "steg", "at_least": low}), st.integers(1, 5)
        ),
        st.builds(
            lambda one: Condition.model_validate({"question": "varfor", "answered": one}), st.booleans()
        ),
    )


@given(leaf(), leaf(), ANSWERS)
def test_conditions_are_put_together_as_logic_says(
    one: Condition, two: Condition, answers: dict[str, Any]
) -> None:
    first, second = rules.holds(one, answers), rules.holds(two, answers)
    assert rules.holds(Condition(all=(one, two)), answers) == (first and second)
    assert rules.holds(Condition(any=(one, two)), answers) == (first or second)
    negated = Condition.model_validate({"not": one.model_dump(by_alias=True, exclude_defaults=True)})
    assert rules.holds(negated, answers) == (not first)


@given(ANSWERS)
def test_what_is_kept_is_shown_and_answered_and_keeping_twice_changes_nothing(
    answers: dict[str, Any],
) -> None:
    kept = rules.kept(SET, answers)
    assert set(kept) <= rules.shown(SET, answers)
    assert all(rules.is_answered(value) for value in kept.values())
    assert rules.kept(SET, kept) == kept


@given(ANSWERS)
def test_a_final_answer_has_every_fault_of_the_draft_and_points_within_what_can_be_had(
    answers: dict[str, Any],
) -> None:
    draft = rules.faults(SET, answers, final=False, today=TODAY)
    final = rules.faults(SET, answers, final=True, today=TODAY)
    assert draft.items() <= final.items()
    score = rules.score(SET, rules.kept(SET, answers))
    assert score is not None
    assert 0 <= score.given <= score.most


@given(st.decimals(-(10**9), 10**9, places=2))
def test_numbers_are_read_as_swedes_write_them(number: Decimal) -> None:
    written = f"{number:,.2f}".replace(",", "\u00a0").replace(".", ",").replace("-", "\u2212")
    assert rules.read_number(written) == number


@given(st.dates(FIRST_DAY, LAST_DAY))
def test_dates_are_read_in_both_ways(day: date) -> None:
    assert (
        rules.read_date(day.isoformat())
        == rules.read_date(day.strftime("%Y%m%d").zfill(8))
        == day.isoformat()
    )


@pytest.mark.parametrize(
    ("code", "value", "says"),
    [
        ("plan", "kanske", "Välj ett av svaren"),
        ("antal", "många", "är inget tal"),
        ("antal", "1.25", "högst 1 decimaler"),
        ("antal", "-1", "minst 0"),
        ("hur", ["c"], "Välj bland svaren"),
        ("steg", 9, "från 1 till 5"),
        ("steg", True, "från 1 till 5"),
        ("dag", "2022-02-30", "inget datum som finns"),
        ("dag", "2022-09-02", "har inte varit än"),
        ("bevis", {"page": "3"}, "vilket dokument"),
        ("rader", [{"kronor": "5"}], "Rad 1, Vad: saknas"),
        ("rader", [{"vad": "x", "kronor": "fem"}], "Rad 1, Kronor"),
        ("rader", [{"vad": "x"}] * 51, "högst 50"),
        ("varfor", "x" * 20_001, "högst 20000"),
    ],
)
def test_each_fault_is_said_at_its_question(code: str, value: Any, says: str) -> None:
    answers = {"plan": "nej", "varfor": "För att", code: value}
    assert says in rules.faults(SET, answers, final=False, today=TODAY)[code]


def test_a_hidden_question_is_neither_required_nor_kept() -> None:
    answers = {"plan": "ja", "varfor": "glömd text"}
    assert rules.faults(SET, answers, final=True, today=TODAY) == {}
    assert rules.kept(SET, answers) == {"plan": "ja"}
    assert rules.faults(SET, {"plan": "nej"}, final=True, today=TODAY) == {"varfor": "Skriv ett svar."}


def test_a_bad_answer_is_a_remark() -> None:
    assert rules.remarks(SET, {"plan": "nej", "varfor": "x"}) == ("plan",)
    assert rules.remarks(SET, {"plan": "ja"}) == ()
