"""How a balance list says when: the printed phrases are read, said again, and what cannot be read is said."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.meetings.rules.rhythms import QUARTERS, YEAR, RhythmFault, Waits, read_rhythm, words
from roder.tasks.rules import (
    BREAK,
    SWEDEN,
    AtMeetings,
    DueRule,
    EveryMeeting,
    EveryQuarter,
    FirstMeeting,
    InMonths,
    OnDay,
    Within,
    from_data,
    to_data,
)

TODAY = date(2023, 12, 13)


def months(*numbers: int, year: int | None = None) -> AtMeetings:
    return AtMeetings(tuple((one, one) for one in numbers), year)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Varje nämnd", EveryMeeting()),
        ("varje sammanträde", EveryMeeting()),
        ("Varje nämnd\nförutom feb och\ndecember", EveryMeeting(except_months=(2, 12))),
        ("Alla sammanträden utom i juni, juli och augusti.", EveryMeeting(except_months=(6, 7, 8))),
        ("Maj, delår, november, bokslut", months(2, 5, 9, 11)),
        ("April, augusti och december", months(4, 8, 12)),
        ("April, Maj och november", months(4, 5, 11)),
        ("årligen i mars", months(3)),
        ("November 2023", months(11, year=2023)),
        ("Mars 2024", months(3, year=2024)),
        ("Q4 2023 dec", months(12, year=2023)),
        ("Q1 2024", AtMeetings(((1, 3),), 2024)),
        ("kvartal 1 och kvartal 3", AtMeetings(((1, 3), (7, 9)))),
        ("andra halvåret 2024", AtMeetings(((7, 12),), 2024)),
        ("tertial 2", AtMeetings(((5, 8),))),
        ("våren 2025", AtMeetings(((1, 6),), 2025)),
        ("januari–april", AtMeetings(((1, 4),))),
        ("Årligen", AtMeetings(YEAR)),
        ("varje kvartal", AtMeetings(QUARTERS)),
        ("under 2025", AtMeetings(YEAR, 2025)),
        ("27 mars 2024", OnDay(date(2024, 3, 27))),
        ("senast 2024-03-27", OnDay(date(2024, 3, 27))),
        ("27/3", OnDay(date(2024, 3, 27))),
        ("sammanträdet 27 mars 2024", FirstMeeting(date(2024, 3, 27))),
        ("Nästa nämnd", FirstMeeting(date(2023, 12, 14))),
        ("senast 15 januari varje år", InMonths((1,), 15)),
        ("30 dagar efter varje kvartal", EveryQuarter(30)),
        ("inom tre månader", Within(3, "months")),
    ],
)
def test_reads(text: str, rule: DueRule) -> None:
    assert read_rhythm(text, TODAY).rule == rule


def test_pause_and_conditions() -> None:
    assert read_rhythm("Paus", TODAY).paused
    waits = read_rhythm("När myndigheten är klar", TODAY)
    assert (waits.rule, waits.waits) == (None, Waits("När myndigheten är klar"))
    case = read_rhythm("När ärende VON.2023.55 är beslutat", TODAY).waits
    assert case == Waits("När ärende VON.2023.55 är beslutat", "VON.2023.55", "carried_out")


def test_the_month_of_the_accounts_is_the_municipalitys_own() -> None:
    reading = read_rhythm("delår och bokslut", TODAY, {"delår": 10, "bokslut": 3})
    assert reading.rule == months(3, 10)
    assert reading.notes == ("delår läses som oktober", "bokslut läses som mars")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Skriv när"),
        ("Varje nämnd ibland", "går inte att läsa"),
        ("kanske i mars", "”kanske”"),
        ("Varje nämnd utom fredagar", "”fredagar”"),
        ("Q5 2024", "”q5”"),
        ("Q1 dec 2024", "utanför kvartalet"),
        ("mars 2024 och april 2025", "flera år"),
        ("mars 2024 varje år", "det ena"),
        ("31 februari 2024", "finns inte i kalendern"),
        ("30 februari varje år", "finns inte i kalendern"),
        ("1 mars och 15 april varje år", "olika dagar"),
        ("1 mars 2024 och 2 april 2024", "flera dagar"),
        ("sista april", "”sista”"),
        ("inom åttio dagar", "”åttio”"),
        ("inom ² dagar", "”²”"),
    ],
)
def test_says_what_it_could_not_read(text: str, says: str) -> None:
    with pytest.raises(RhythmFault, match=says):
        read_rhythm(text, TODAY)


_MONTHS = st.integers(1, 12)
_YEARS = st.none() | st.integers(2000, 2099)
_DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
#: Spans that do not lie in each other: a month in a quarter says when in the quarter.
_SPANS = st.one_of(
    st.sets(_MONTHS, min_size=1).map(lambda found: tuple((one, one) for one in sorted(found))),
    st.sets(st.sampled_from(QUARTERS), min_size=1).map(lambda found: tuple(sorted(found))),
    st.tuples(_MONTHS, _MONTHS).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: (pair,)),
)
_RULES = st.one_of(
    st.sets(_MONTHS).map(lambda found: EveryMeeting(except_months=tuple(sorted(found)))),
    st.builds(AtMeetings, _SPANS, _YEARS),
    st.builds(FirstMeeting, _DAYS),
    st.builds(OnDay, _DAYS),
    st.builds(
        InMonths,
        st.sets(_MONTHS, min_size=1).map(lambda found: tuple(sorted(found))),
        st.none() | st.integers(1, 28),
    ),
    st.builds(EveryQuarter, st.integers(0, 90)),
    st.builds(Within, st.integers(0, 600), st.sampled_from(("days", "working_days", "weeks", "months", "years"))),
)  # fmt: skip


@given(_RULES)
def test_what_is_said_is_read_as_the_same(rule: DueRule) -> None:
    assert read_rhythm(words(rule), TODAY).rule == rule
    assert from_data(to_data(rule)) == rule


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        reading = read_rhythm(text, TODAY)
    except RhythmFault as fault:
        assert str(fault)
    else:
        assert reading.paused or reading.rule or reading.waits


@given(
    st.builds(AtMeetings, _SPANS, st.integers(2023, 2026) | st.none()),
    st.sets(st.dates(date(2022, 1, 1), date(2027, 12, 31)), max_size=30),
    st.dates(date(2023, 1, 1), date(2026, 12, 31)),
)
def test_meetings_of_months_go_forward(rule: AtMeetings, meetings: set[date], begun: date) -> None:
    due = rule.due(datetime(begun.year, begun.month, begun.day, 12, tzinfo=SWEDEN), meetings)
    assert due is not None
    if rule.year is None:
        assert due.day >= begun
    assert due.day in meetings or not any(due.day < day <= due.day + BREAK for day in meetings)
    following = rule.following(due, meetings)
    assert following is None or following.day > due.day
    assert following is not None or rule.year is not None
