"""The rules of cases and of differences between versions."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.meetings.rules import cases, differences
from roder.meetings.rules.cases import PHASES, Loose
from roder.meetings.rules.differences import Change

COURSES = sorted(cases.COURSES)


@given(st.sampled_from(PHASES), st.sampled_from(COURSES), st.sampled_from(PHASES))
def test_a_case_never_goes_backwards(phase: str, course: str, to: str) -> None:
    if not cases.move_fault(phase, course, to):
        assert cases.place(to) > cases.place(phase)
        assert to in cases.next_phases(phase)
        assert course != "withdrawn"


def test_phases_may_be_skipped_forwards() -> None:
    assert not cases.move_fault("registered", "active", "committee")
    assert "Avsluta" in cases.move_fault("registered", "active", "closed")
    assert "går inte tillbaka" in cases.move_fault("committee", "active", "prepared")
    assert "redan" in cases.move_fault("committee", "active", "committee")
    assert "återkallat" in cases.move_fault("committee", "withdrawn", "council")
    assert "Öppna det igen" in cases.move_fault("closed", "active", "council")
    assert "finns inte" in cases.move_fault("registered", "active", "limbo")


def test_what_it_waits_for_and_the_unions_come_before_the_decision() -> None:
    assert not cases.move_fault("prepared", "active", "committee", ["2022.005 VON"], union_missing=True)
    waits = cases.move_fault("committee", "active", "council", ["2022.005 VON", "2022.006 VON"])
    assert "väntar på 2022.005 VON och 2022.006 VON" in waits
    assert "Facklig samverkan" in cases.move_fault(
        "committee", "active", "carried_out", (), union_missing=True
    )
    assert not cases.move_fault("council", "active", "carried_out", ["2022.005 VON"], union_missing=True)


@given(st.sampled_from(PHASES), st.sampled_from(COURSES), st.sampled_from(COURSES))
def test_courses_change_only_to_another_and_never_when_closed(phase: str, course: str, to: str) -> None:
    if not cases.course_fault(phase, course, to):
        assert phase != "closed"
        assert course != to
        assert course != "withdrawn" or to == "active"


EDGES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20)


@given(EDGES)
def test_a_circle_is_found_before_it_arises_and_only_then(wanted: list[tuple[int, int]]) -> None:
    waits: dict[int, list[int]] = {}

    def reaches(at: int, goal: int, seen: set[int]) -> bool:
        return at == goal or any(
            reaches(one, goal, seen | {at}) for one in waits.get(at, ()) if one not in seen
        )

    for case, on in wanted:
        found = cases.circle(waits, case, on)
        assert (found is not None) == reaches(on, case, set())
        if found is None:
            waits.setdefault(case, []).append(on)
        else:
            assert found[:2] == [case, on]
            assert found[-1] == case
            assert all(after in waits[before] for before, after in pairwise(found[1:]))


def test_the_circle_is_named() -> None:
    found = cases.circle({2: [3], 3: [1]}, 1, 2)
    assert found == [1, 2, 3, 1]
    words = cases.circle_words(found, lambda one: f"2022.00{one} VON")
    assert (
        "2022.001 VON väntar på 2022.002 VON, som väntar på 2022.003 VON, som väntar på 2022.001 VON" in words
    )
    assert "sig självt" in cases.circle_words([1, 1], str)


@pytest.mark.parametrize(
    ("by", "on", "state"),
    [(None, None, "none"), (None, 3, "answered"), (5, None, "waiting"), (3, None, "late"), (5, 5, "answered"),
     (3, 4, "answered_late")],
)  # fmt: skip
def test_the_state_of_an_answer(by: int | None, on: int | None, state: str) -> None:
    days = [date(2022, 5, one) if one else None for one in (by, on)]
    assert cases.answer_state(days[0], days[1], date(2022, 5, 4)) == state


def test_what_closing_needs() -> None:
    loose = Loose(
        must_answer=True, waits_for=["A"], watches=["B"], asked=["C"], coming_items=["D"], union_missing=True
    )
    assert len(cases.closing_faults(loose)) == 6
    assert cases.closing_faults(Loose()) == []
    withdrawn = Loose(withdrawn=True, must_answer=True, waits_for=["A"], asked=["C"], union_missing=True)
    assert cases.closing_faults(withdrawn) == []
    assert cases.is_waiting("prepared", "active", "committee")
    assert not cases.is_waiting("prepared", "withdrawn", "committee")
    assert not cases.is_waiting("committee", "active", "committee")


PARAGRAPHS = st.lists(
    st.sampled_from(["Ett", "Ett två tre", "Ett två fyra", "Fem sex sju", "Åtta"]), max_size=8
)


@given(PARAGRAPHS, PARAGRAPHS)
def test_a_difference_holds_both_versions_whole(old: list[str], new: list[str]) -> None:
    found = differences.difference(old, new)
    assert [one.old for one in found if one.old] == old
    assert [one.new for one in found if one.new] == new
    assert (differences.count(found) == 0) == (old == new)


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_words_of_a_change_make_up_both_texts(old: str, new: str) -> None:
    parts = differences.words(old, new)
    assert "".join(part.text for part in parts if part.op != "added") == old
    assert "".join(part.text for part in parts if part.op != "removed") == new


def test_four_changes_became_nine() -> None:
    """A letter of 15 September lists four changes; that of 22 September nine, two of the four put otherwise."""
    four = [
        "Ändringar:",
        *(f"Punkt {n} ändras så att enhetschefen beslutar om ärenden av slag {n}." for n in range(1, 5)),
    ]
    nine = [
        *four,
        *(f"Ny rad för delegat {n}, med rätt att besluta i brådskande fall." for n in range(5, 10)),
    ]
    nine[2] = nine[2].replace("enhetschefen", "avdelningschefen")
    found = differences.difference(four, nine)
    assert [one.op for one in found].count("added") == 5
    changed = next(one for one in found if one.op == "changed")
    assert [p for p in differences.words(changed.old, changed.new) if p.op != "equal"] == [
        ("removed", "enhetschefen"), ("added", "avdelningschefen"),
    ]  # fmt: skip


def test_a_paragraph_written_anew_is_two() -> None:
    assert differences.difference(["Alla ska med"], ["Ingen vet varför"]) == [
        Change("removed", "Alla ska med", ""), Change("added", "", "Ingen vet varför"),
    ]  # fmt: skip
    many = differences.difference([f"gammal {n}" for n in range(90)], [f"ny {n}" for n in range(90)])
    assert len(many) == 180


def test_the_lines_of_a_pdf_become_paragraphs() -> None:
    lines = [
        "Rubrik", "", "Nämnden har behandlat frågan vid två samman-", "träden och funnit att förslaget håller för den",
        "tid som avses.", "Nästa stycke börjar här och går vidare en bit till", "1. Första punkten", "2. Andra punkten",
    ]  # fmt: skip
    assert differences.from_lines(lines) == [
        "Rubrik",
        "Nämnden har behandlat frågan vid två sammanträden och funnit att förslaget håller för den tid som avses.",
        "Nästa stycke börjar här och går vidare en bit till",
        "1. Första punkten",
        "2. Andra punkten",
    ]
    assert differences.from_lines([]) == []
