"""The rules of minutes: numbers, days, states, what is missing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.meetings.pages.minutes_forms import read_points, read_recipient, write_points
from roder.meetings.rules import minutes as rules
from roder.meetings.rules.minutes import MinutesFault, Paragraph
from roder.tasks.rules import is_working_day

DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))


@given(st.lists(st.integers(1, 10_000), unique=True, max_size=30), st.integers(0, 400))
def test_numbers_follow_the_agenda_without_a_gap(keys: list[int], last: int) -> None:
    first = rules.first_number(last or None)
    found = rules.numbered(keys, first)
    assert first == last + 1
    assert list(found) == keys
    assert list(found.values()) == list(range(last + 1, last + 1 + len(keys)))


def test_a_year_that_began_outside_roder_and_a_number_that_is_taken() -> None:
    assert rules.first_number(None, 67) == 67
    with pytest.raises(MinutesFault, match="Nästa lediga är § 70"):
        rules.first_number(69, 67)
    with pytest.raises(MinutesFault, match="minst § 1"):
        rules.first_number(None, 0)


@given(DAYS)
def test_the_notice_stays_until_the_time_to_appeal_is_out(posted: date) -> None:
    last = rules.appeal_by(posted)
    assert is_working_day(last)
    assert timedelta(days=21) <= last - posted <= timedelta(days=21 + 6)
    assert rules.down_on(posted) == last + timedelta(days=1)


@pytest.mark.parametrize(
    ("posted", "last"),
    [
        (date(2022, 10, 4), date(2022, 10, 25)),  # a Tuesday
        (date(2022, 12, 5), date(2022, 12, 27)),  # Second Christmas Day is a Monday that year
        (date(2023, 6, 2), date(2023, 6, 26)),  # midsummer's eve
        (date(2022, 10, 1), date(2022, 10, 24)),  # put up on a Saturday
    ],
)
def test_three_weeks_from_the_day_it_was_put_up(posted: date, last: date) -> None:
    assert rules.appeal_by(posted) == last


def test_fourteen_days_to_attest_and_two_to_put_up() -> None:
    assert rules.attest_by(date(2022, 9, 27)) == date(2022, 10, 11)
    assert rules.notice_by(date(2022, 10, 3)) == date(2022, 10, 5)


STATES = st.sampled_from(list(rules.MOVES))


@given(STATES, STATES)
def test_nothing_leaves_the_lock_and_nothing_skips_attesting(state: str, to: str) -> None:
    allowed = to in rules.MOVES[state]
    assert not (state == rules.LOCKED and allowed)
    assert not (to == rules.LOCKED and allowed and state != rules.ATTESTED)
    if allowed:
        rules.require_move(state, to)
    else:
        with pytest.raises(MinutesFault, match="Protokollet är"):
            rules.require_move(state, to)


def test_every_item_has_a_number_and_a_decision_or_a_note() -> None:
    whole = [Paragraph(1, 1, "Upprop", noted=True), Paragraph(2, 2, "Taxa", points=2, must_decide=True)]
    assert rules.problems(whole) == []
    assert rules.problems([]) == [(None, "protokollet har inga paragrafer")]
    found = rules.problems(
        [Paragraph(1, None, "Upprop", noted=True), Paragraph(2, 2, "Taxa", noted=True, must_decide=True),
         Paragraph(3, 3, "Information")]
    )  # fmt: skip
    assert [key for key, _ in found] == [1, 2, 3]
    assert "nummer" in found[0][1] and "§ 2 saknar beslut" in found[1][1] and "anteckning" in found[2][1]


@given(st.integers(1, 9) | st.none(), st.sets(st.integers(1, 9), max_size=3), st.sets(st.integers(1, 9)))
def test_only_those_who_were_there_attest(chair: int | None, attesters: set[int], present: set[int]) -> None:
    fault = rules.signing_fault(chair, attesters, present)
    whole = chair is not None and attesters and chair not in attesters and {chair, *attesters} <= present
    assert (fault == "") == bool(whole)


@given(STATES, st.integers(1, 4), st.sets(st.integers(1, 4)), st.sets(st.integers(1, 4)))
def test_attesting_once_each_when_checked(state: str, member: int, signers: set[int], done: set[int]) -> None:
    fault = rules.attest_fault(state, member, signers, done)
    assert (fault == "") == (state == rules.CHECKED and member in signers and member not in done)
    assert rules.all_attested(signers, signers | done) == bool(signers)


def test_days_that_cannot_be() -> None:
    met, today = date(2022, 9, 27), date(2022, 10, 10)
    assert "före sammanträdet" in rules.paper_fault(date(2022, 9, 26), met, today)
    assert "inte varit än" in rules.paper_fault(date(2022, 10, 11), met, today)
    assert rules.paper_fault(date(2022, 10, 3), met, today) == ""
    assert "inte justerat" in rules.notice_fault(rules.CHECKED, None, today, today)
    assert "före justeringen" in rules.notice_fault(rules.ATTESTED, date(2022, 10, 3), met, today)
    assert "inte varit än" in rules.notice_fault(rules.LOCKED, met, date(2022, 10, 11), today)
    assert rules.notice_fault(rules.LOCKED, met, today, today) == ""


@given(st.lists(st.text(min_size=1, max_size=20), max_size=6))
def test_the_points_as_one_text(points: list[str]) -> None:
    text = rules.point_text(points)
    kept = [one for one in points if one.strip()]
    assert bool(text) == bool(kept)
    assert text.startswith("1. ") or len(kept) != 2


@given(st.lists(st.text(alphabet="ab \n.", min_size=1, max_size=20), max_size=5))
def test_points_are_read_as_they_were_written(given: list[str]) -> None:
    points = [
        "\n".join(line.strip() for line in one.split("\n") if line.strip()) for one in given if one.strip()
    ]
    assert read_points(write_points(points)) == points


def test_recipients_as_people_write_them() -> None:
    assert read_recipient("Kommunchef FK") == {"name": "Kommunchef", "purpose": "FK"}
    assert read_recipient("HR-chef (för åtgärd)") == {"name": "HR-chef", "purpose": "FÅ"}
    assert read_recipient(" Kansliet,  FÅ. ") == {"name": "Kansliet", "purpose": "FÅ"}
    assert read_recipient("Akten") == {"name": "Akten", "purpose": "FK"}
