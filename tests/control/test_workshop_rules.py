"""The rules of the workshop and of the self-assessment: for any scores the proposal is on the scale."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.control.rules import self_assessment as yearly
from roder.control.rules.self_assessment import Tally
from roder.control.rules.spread import STEPS, may_turn, median, spread_of, words_of

SCORES = st.dictionaries(
    st.integers(1, 60), st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=30
)


@given(SCORES)
def test_the_proposal_lies_among_the_scores_and_the_grid_holds_them_all(
    scores: dict[int, tuple[int, int]],
) -> None:
    found = spread_of(scores)
    assert found.count == len(scores) == sum(found.cells.values())
    assert found.likelihood and found.impact and found.proposed
    for axis, place in ((found.likelihood, 0), (found.impact, 1)):
        values = [one[place] for one in scores.values()]
        assert min(values) == axis.lowest <= axis.median <= axis.proposed <= axis.highest == max(values)
        assert axis.proposed - axis.median in (0, 0.5)
    assert found.lowest_value <= found.highest_value
    assert set(found.furthest) <= set(scores) and (len(scores) > 2 or not found.furthest)


@given(SCORES, st.randoms())
def test_the_order_and_the_people_do_not_matter(scores: dict[int, tuple[int, int]], chance: object) -> None:
    keys = sorted(scores)
    mixed = dict(zip(reversed(keys), (scores[key] for key in keys), strict=True))
    one, other = spread_of(scores), spread_of(mixed)
    assert (one.likelihood, one.impact, one.cells, one.rank) == (
        other.likelihood,
        other.impact,
        other.cells,
        other.rank,
    )


@given(st.lists(st.integers(1, 5), min_size=1), st.integers(1, 5))
def test_a_higher_score_never_lowers_the_median(values: list[int], more: int) -> None:
    raised = [max(one, more) for one in values]
    assert median(raised) >= median(values)


def test_how_far_apart_the_scores_are() -> None:
    def of(*scores: tuple[int, int]) -> str:
        return spread_of(dict(enumerate(scores))).agreement

    assert spread_of({}).agreement == "none" and spread_of({}).proposed is None
    assert [of((2, 2)), of((2, 2), (2, 2)), of((2, 2), (3, 2)), of((2, 2), (4, 2))] == [
        "one",
        "agreed",
        "near",
        "spread",
    ]
    assert spread_of({1: (1, 1), 2: (1, 1), 3: (4, 4)}).furthest == (3,)
    assert spread_of({1: (1, 1), 2: (4, 4)}).furthest == ()
    assert spread_of({1: (2, 2), 2: (2, 2), 3: (3, 2)}).furthest == ()
    with pytest.raises(ValueError, match="inga"):
        median([])


@given(st.sampled_from(STEPS), st.sampled_from([*STEPS, "annat"]))
def test_a_workshop_goes_one_step_on_or_back(now: str, then: str) -> None:
    if may_turn(now, then):
        assert STEPS.index(then) <= STEPS.index(now) + 1 and now != then
        assert now != "closed" or then == "deciding"


def test_words_are_the_same_whatever_their_dress() -> None:
    assert words_of("  Personal SLUTAR! ") == words_of("personal slutar") != words_of("personalen slutar")
    assert words_of("–…") == ""


@given(st.dictionaries(st.integers(2018, 2030), st.tuples(st.integers(0, 40), st.integers(0, 40))))
def test_the_finding_says_something_whatever_was_answered(years: dict[int, tuple[int, int]]) -> None:
    given_ = {year: Tally(most, min(most, good)) for year, (most, good) in years.items()}
    for year in (2018, 2024, 2030):
        assert yearly.finding({"Kontrollmiljö": given_}, year)


def test_good_answers_are_those_at_the_top() -> None:
    assert yearly.good_steps(range(1, 6)) == {"4", "5"}
    assert yearly.good_steps(range(1, 5)) == {"4"}
    assert yearly.good_steps([]) == frozenset()
    assert yearly.tally({"4": 2, "2": 1, "utgången": 7}, list("12345"), frozenset({"4", "5"})) == Tally(3, 2)
    assert yearly.mean({"4": 1, "1": 1}) == 2.5 and yearly.mean({}) is None


def test_the_finding_is_the_largest_change_else_the_weakest() -> None:
    areas = {
        "Risker": {2021: Tally(4, 2), 2022: Tally(4, 3)},
        "Miljö": {2020: Tally(10, 9), 2022: Tally(10, 4)},
    }
    assert yearly.finding(areas, 2022) == "Miljö: goda svar minskade från 90 % (2020) till 40 % (2022)"
    assert yearly.finding(areas, 2021) == "Risker har lägst andel goda svar 2021: 50 %"
    assert yearly.finding(areas, 2019) == "Ingen har svarat 2019"
    same = {"Risker": {2021: Tally(4, 2), 2022: Tally(2, 1)}}
    assert yearly.finding(same, 2022) == "Inget område har ändrats sedan 2021"
