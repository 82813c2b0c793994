"""Who is expected, what is missing, and how far a sheet has come: pure rules, for any tree and any shares."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from roder.core.words import listed
from roder.followup.rules import words
from roder.followup.rules.expect import Shared, Tree, expected, receivers
from roder.followup.rules.missing import Answer, missing_of
from roder.followup.rules.states import Progress, counted, progress_of, sentence

ADMIN, DEPARTMENT, OTHER = 1, 2, 3
units = st.integers(10, 15)
subjects = st.tuples(st.just("mal"), st.integers(1, 4))


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """An administration, two departments, and units under one of the three."""
    parents: dict[int, int | None] = {ADMIN: None, DEPARTMENT: ADMIN, OTHER: ADMIN}
    for unit in range(10, 16):
        parents[unit] = draw(st.sampled_from([ADMIN, DEPARTMENT, OTHER]))
    return Tree(parents, frozenset(range(10, 16)), frozenset({DEPARTMENT, OTHER}))


shares = st.lists(
    st.builds(
        Shared,
        subjects,
        st.one_of(st.none(), units, st.sampled_from([ADMIN, DEPARTMENT, OTHER])),
        st.booleans(),
    )
)
every = [("mal", number) for number in range(1, 5)]


@given(trees(), shares)
def test_a_department_has_everything_that_its_units_have(tree: Tree, told: list[Shared]) -> None:
    found = expected(every, {every[0]: tree.taking_part}, told, tree)
    for unit, keys in found.items():
        assert keys == sorted(keys) and len(set(keys)) == len(keys)
        for above in tree.above(unit):
            if above in tree.summarising:
                assert set(keys) <= set(found[above])
    assert set(found) <= tree.taking_part


@given(trees(), shares)
def test_what_is_shared_reaches_whom_it_names_and_nobody_else(tree: Tree, told: list[Shared]) -> None:
    found = expected(every, dict.fromkeys(every, tree.taking_part), told, tree)
    for key in every:
        own = [one for one in told if one.subject == key]
        named = set().union(*(receivers(one, tree) for one in own)) if own else tree.taking_part
        have = {unit for unit in tree.reporting if key in found.get(unit, [])}
        assert have == named & tree.reporting


@given(trees(), shares, shares)
def test_one_share_more_never_takes_a_share_away(tree: Tree, told: list[Shared], more: list[Shared]) -> None:
    fewer, all_of_them = expected(every, {}, told, tree), expected(every, {}, [*told, *more], tree)
    for unit, keys in fewer.items():
        assert set(keys) <= set(all_of_them[unit])


def test_a_ring_in_the_tree_ends() -> None:
    assert Tree({1: 2, 2: 3, 3: 1}, frozenset({1})).above(1) == [2, 3]


answers = st.lists(st.builds(Answer, st.text("abc", min_size=1), st.booleans(), st.booleans(), st.booleans()))


@given(answers, st.booleans(), st.booleans())
def test_nothing_is_missing_when_every_line_is_answered(
    rows: list[Answer], graded: bool, summary: bool
) -> None:
    found = missing_of(rows, graded=graded, summary=summary, sums_up=False)
    silent = [one for one in rows if not one.skipped and (not one.comment or (graded and not one.status))]
    all_skipped = bool(rows) and all(one.skipped for one in rows) and not summary
    assert bool(found) == bool(silent or all_skipped)
    assert all(one.endswith(".") for one in found)


@given(answers, st.booleans())
def test_a_summary_asks_for_a_text_or_every_comment(rows: list[Answer], graded: bool) -> None:
    assert missing_of(rows, graded=graded, summary=True, sums_up=True) == []
    whole = bool(rows) and all(one.comment or one.skipped for one in rows)
    assert (missing_of(rows, graded=graded, summary=False, sums_up=True) == []) == whole


def test_progress_has_a_word_a_symbol_and_a_tone() -> None:
    assert len({one.symbol for one in Progress}) == len({one.label for one in Progress}) == len(Progress)
    assert {one.tone for one in Progress} == {"good", "near", "bad", "none"}
    assert progress_of("open", written=False) is Progress.ASSIGNED
    assert progress_of("open", written=True) is Progress.WRITING
    assert (
        progress_of("marked_ready", written=True).reported
        and not progress_of("returned", written=True).reported
    )
    assert progress_of("done", written=True, included=True) is Progress.INCLUDED
    assert progress_of("cancelled", written=True) is Progress.LEFT
    assert sentence(counted([])) == "Inga uppgifter."
    assert sentence(counted([Progress.READY])) == "1 uppgift: 1 klarmarkerad."


def test_words_of_a_round() -> None:
    last, today = date(2023, 1, 19), date(2022, 12, 30)
    assert (
        words.opened_title("Årsbokslut 2022", 1, last, today)
        == "Årsbokslut 2022: 1 uppgift, klart senast 19 januari 2023"
    )
    assert words.opened_title("Årsbokslut 2022", 2, None) == "Årsbokslut 2022: 2 uppgifter"
    assert "De är för enheter" in words.opened_body(0, 2) and "2 av dem är" in words.opened_body(1, 2)
    assert "chefsuppdraget" not in words.opened_body(3, 0)
    assert listed([str(number) for number in range(12)]).endswith("9 och 2 till") and listed(["a"]) == "a"
