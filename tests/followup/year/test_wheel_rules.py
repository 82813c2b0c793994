"""Laws of the wheel: its numbers, its places, what the law asks for, and how days are written."""

from __future__ import annotations

from datetime import date, timedelta
from math import hypot, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.followup.rules import wheel as rules
from roder.followup.rules.wheel import Event, Ring

DAYS = st.dates(date(2022, 1, 1), date(2023, 2, 28))
EVENTS = st.lists(
    st.builds(
        lambda day, ring, length, title: Event(day, title, ring, end=day + timedelta(days=length) if length else None),
        DAYS, st.sampled_from(Ring), st.integers(0, 40), st.sampled_from("abc"),
    ),
    max_size=60,
)  # fmt: skip


@given(EVENTS)
def test_every_event_has_one_number_and_numbers_follow_the_days(events: list[Event]) -> None:
    stops = rules.stops(events)
    assert [stop.number for stop in stops] == list(range(1, len(stops) + 1))
    assert [stop.day for stop in stops] == sorted(stop.day for stop in stops)
    assert sum(len(stop.events) for stop in stops) == len(events)
    assert len({(stop.day, stop.ring) for stop in stops}) == len(stops)


@given(EVENTS)
def test_no_mark_covers_another_and_each_stays_in_its_ring(events: list[Event]) -> None:
    marks = rules.placed(rules.stops(events), 2022)
    assert len(marks) == len(rules.stops(events))
    for place, one in enumerate(marks):
        inner, outer = rules.BANDS[one.stop.ring]
        far = hypot(one.x - rules.CENTRE, one.y - rules.CENTRE)
        assert inner - 0.2 <= far - rules.MARK
        assert far + rules.MARK <= outer + 0.2
        assert one.hollow is (one.stop.day.year == 2023)
        for other in marks[place + 1 :]:
            if other.stop.ring == one.stop.ring:
                assert hypot(one.x - other.x, one.y - other.y) >= 2 * rules.MARK


@given(DAYS)
def test_the_year_goes_once_around(day: date) -> None:
    assert 0 <= rules.turn(day) < 2 * pi
    assert (day.month - 1) / 12 <= rules.turn(day) / (2 * pi) < day.month / 12


@given(EVENTS)
def test_groups_become_one_and_nothing_is_lost(events: list[Event]) -> None:
    grouped = [
        Event(one.day, one.title, one.ring, end=one.end, group=one.title, many="{n} enheter", key=str(place))
        for place, one in enumerate(events)
    ]
    merged = rules.merged(grouped)
    assert sum(one.count for one in merged) == len(events)
    assert merged == sorted(merged, key=rules.order)


def test_what_is_done_of_a_group_is_told() -> None:
    day = date(2022, 3, 31)
    parts = [
        Event(
            day,
            "Signering",
            Ring.QUALITY,
            group="g",
            many="{n} enheter",
            whom=name,
            done=done,
            record=("a.b", 1),
        )
        for name, done in (("Ek", True), ("Ask", False), ("Alm", True))
    ]
    [one] = rules.merged(parts)
    assert (one.whom, one.done, one.record) == ("3 enheter, 2 klara", False, None)
    [all_done] = rules.merged([parts[0], parts[2]])
    assert (all_done.whom, all_done.done) == ("2 enheter", True)
    assert rules.merged(parts[:1]) == parts[:1]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2022, 8, 12), date(2022, 8, 12), "12 augusti 2022"),
        (date(2022, 8, 12), date(2022, 8, 23), "12–23 augusti 2022"),
        (date(2022, 3, 28), date(2022, 4, 2), "28 mars–2 april 2022"),
        (date(2022, 12, 30), date(2023, 1, 2), "30 december 2022–2 januari 2023"),
        (date(2024, 2, 1), date(2024, 2, 29), "februari 2024"),
    ],
)
def test_days_in_words(first: date, last: date, words: str) -> None:
    assert rules.when(first, last) == words


def test_how_an_event_stands() -> None:
    today = date(2022, 8, 20)
    phase = Event(date(2022, 8, 12), "Enhetschefernas uppföljning", Ring.FOLLOW_UP, end=date(2022, 8, 23))
    assert phase.standing(today) == ("Pågår", "near")
    assert phase.standing(date(2022, 8, 11)) == ("Kommer", "none")
    assert phase.standing(date(2022, 8, 24)) == ("Passerat", "none")
    check = Event(date(2022, 8, 12), "Kontroll", Ring.CONTROL, done=False)
    assert check.standing(today) == ("Försenat", "bad")
    assert Event(date(2022, 8, 12), "Kontroll", Ring.CONTROL, done=True).standing(today) == ("Klart", "good")
    with pytest.raises(ValueError, match="före"):
        Event(date(2022, 8, 12), "Bakvänt", Ring.CONTROL, end=date(2022, 8, 11))


def test_the_law_asks_for_its_dates_and_a_model_may_say_it_otherwise() -> None:
    start, end = rules.span_of(2022)
    found = rules.statutory(start, end)
    assert (start, end) == (date(2022, 1, 1), date(2023, 2, 28))
    assert [one.day for one in found if one.role == "mas"] == [date(2022, 3, 1)]
    quarters = [(one.day, one.last, one.title.rpartition(", ")[2]) for one in found if one.end]
    assert quarters == [
        (date(2022, 1, 1), date(2022, 1, 31), "kvartal 4 2021"),
        (date(2022, 4, 1), date(2022, 4, 30), "kvartal 1 2022"),
        (date(2022, 7, 1), date(2022, 7, 31), "kvartal 2 2022"),
        (date(2022, 10, 1), date(2022, 10, 31), "kvartal 3 2022"),
        (date(2023, 1, 1), date(2023, 1, 31), "kvartal 4 2022"),
    ]  # fmt: skip
    assert not rules.statutory(start, end, {"ivo_kvartal", "patientsakerhetsberattelse"})


def test_the_new_act_takes_over_in_july_2025() -> None:
    found = [one for one in rules.statutory(date(2025, 1, 1), date(2025, 12, 31)) if one.end]
    assert ["2001:453" in one.note for one in found] == [True, True, False, False]
    assert len({one.key for one in found}) == 4
