"""The plan's rules: what it lacks, what is told when, figures, and the summary in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.control.rules import plans as rules
from roder.control.rules.plans import ControlFacts, PointFacts, RiskFacts

WHOLE = ControlFacts("Att det finns", "Avdelningschef", "head_department", told=True)
CUT_OFFS = [date(2024, 4, 30), date(2024, 8, 31), date(2024, 10, 31), date(2024, 12, 31)]


def test_everything_that_is_missing_is_said_at_once() -> None:
    points = [
        PointFacts(1, "1", "Tom punkt"),
        PointFacts(2, "2", "Halv punkt", (ControlFacts("", "", "", told=False, method="sample"),)),
        PointFacts(3, "3", "Hel punkt", (WHOLE,)),
    ]
    found = rules.missing(points, [RiskFacts("4", "Delegation", True), RiskFacts("5", "Fordon", False)])
    stops = [one.text for one in found if one.stops]
    assert [one.point for one in found if one.stops] == [1, 2, 2, 2, 2, None]
    assert any("kontrollansvarig" in text for text in stops)
    assert any("Risk 4 (Delegation) är obligatorisk" in text for text in stops)
    loose = [one.text for one in found if not one.stops]
    assert len(loose) == 2
    assert found[-2:] == tuple(one for one in found if not one.stops), "det som inte hindrar kommer sist"


def test_a_plan_without_points_cannot_be_adopted() -> None:
    assert [one.stops for one in rules.missing([])] == [True]
    assert rules.missing([PointFacts(1, "1", "Hel", (WHOLE,))]) == ()


@pytest.mark.parametrize(
    ("kinds", "months", "kind", "cut_off", "told"),
    [
        (["interim"], [], "interim", date(2022, 8, 31), True),
        (["annual"], [], "interim", date(2022, 8, 31), False),
        ([], [5, 11], "monthly", date(2024, 4, 30), True),  # what is cut off in April is told in May
        ([], [5, 11], "monthly", date(2024, 10, 31), True),
        ([], [5, 11], "interim", date(2024, 8, 31), False),
        ([], [8], "interim", date(2024, 8, 31), True),
        ([], [9], "interim", date(2024, 8, 31), True),
    ],
)
def test_when_a_control_is_told(
    kinds: list[str], months: list[int], kind: str, cut_off: date, told: bool
) -> None:
    assert rules.told_at(kinds, months, kind, cut_off, CUT_OFFS) is told


def test_a_month_that_has_its_own_cut_off_is_not_told_at_the_one_before() -> None:
    cut_offs = [date(2022, 4, 30), date(2022, 5, 31)]
    assert not rules.told_at([], [5], "monthly", cut_offs[0], cut_offs)
    assert rules.told_at([], [5], "monthly", cut_offs[1], cut_offs)


def test_when_in_words() -> None:
    assert rules.told_words(["interim", "annual"], []) == "delårs- och årsbokslut"
    assert rules.told_words(["annual"], []) == "årsbokslut"
    assert rules.told_words([], [11, 5]) == "maj och november"
    assert rules.told_words(["annual"], [3, 5], "VON maj/nov") == "VON maj/nov"
    assert rules.told_words([], []) == ""


def test_the_period_begins_after_the_last_cut_off() -> None:
    assert rules.period_of(2024, date(2024, 4, 30), CUT_OFFS) == (date(2024, 1, 1), date(2024, 4, 30))
    assert rules.period_of(2024, date(2024, 8, 31), CUT_OFFS) == (date(2024, 5, 1), date(2024, 8, 31))


def test_a_day_to_move_to() -> None:
    due, today = date(2022, 8, 31), date(2022, 9, 5)
    assert "har varit" in str(rules.later_day(date(2022, 9, 4), due, today))
    assert "efter 2022-08-31" in str(rules.later_day(date(2022, 8, 31), due, date(2022, 3, 1)))
    assert rules.later_day(date(2022, 12, 31), due, today) is None


@pytest.mark.parametrize(
    ("checked", "deviating", "field"),
    [(42, 43, "deviating"), (None, 1, "checked"), (-1, None, "checked"), (3, -1, "deviating"), (42, 6, None),
     (0, 0, None), (None, None, None), (5, None, None)],
)  # fmt: skip
def test_figures_agree(checked: int | None, deviating: int | None, field: str | None) -> None:
    fault = rules.figures_fault(checked, deviating)
    assert (fault[0] if fault else None) == field


def test_figures_in_words() -> None:
    assert rules.figures_words(42, 6) == "6 av 42 har brist (14 %)"
    assert rules.figures_words(30, None) == "30 granskade"
    assert rules.figures_words(0, 0) == "0 av 0 har brist"
    assert rules.figures_words(None, None) == ""
    assert rules.share(1, 8) == 13, "en halv avrundas uppåt"


def test_the_summary_in_words() -> None:
    alingsas = rules.counts(["without", "with", "with", "without", None, None, None])
    assert alingsas == (7, 4, 2, 2, 0)
    assert rules.sentence(alingsas) == "4 av 7 punkter är följda upp: 2 utan anmärkning, 2 med."
    told = rules.sentence(rules.counts(["moved"]), assumed=1)
    assert told.startswith("0 av 1 punkt är följda upp. 1 är flyttad till senare.")
    assert "1 bedömning är antagen" in told
    assert rules.sentence(rules.counts([])) == "Planen har inga punkter."


@given(st.lists(st.sampled_from(["without", "with", "moved", None])))
def test_counts_add_up(outcomes: list[str | None]) -> None:
    found = rules.counts(outcomes)
    assert found.followed_up == found.without + found.with_remarks
    assert found.followed_up + found.moved + outcomes.count(None) == found.points == len(outcomes)
    assert rules.sentence(found)


@given(st.dates(), st.dates(), st.dates())
def test_a_good_day_is_after_today_and_the_day_that_was(to: date, due: date, today: date) -> None:
    good = rules.later_day(to, due, today) is None
    assert good == (to >= today and to > due)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.lists(st.dates(date(2000, 1, 1), date(2090, 1, 1))))
def test_periods_never_end_before_they_begin(cut_off: date, others: list[date]) -> None:
    start, end = rules.period_of(cut_off.year, cut_off, others)
    assert start <= end == cut_off
    assert end - start <= timedelta(days=366)


@given(st.lists(st.from_regex(r"\A[A-Z]{0,3}[0-9]{0,4}\.?\Z"), max_size=8))
def test_the_next_number_is_new(taken: list[str]) -> None:
    assert rules.next_number(taken) not in taken


def test_the_next_number_is_written_as_the_others() -> None:
    assert rules.next_number(["IK1", "IK7", "IK2"]) == "IK8"
    assert rules.next_number(["1.", "2."]) == "3"
    assert rules.next_number([]) == "1"
