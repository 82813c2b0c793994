"""What can be answered, what is late, and how fast the public may send."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.quality.rules import complaints as rules

ON = date(2022, 6, 1)


@pytest.mark.parametrize(
    ("acknowledged", "answered", "anonymous", "days", "counted"),
    [
        (date(2022, 4, 1), None, False, 30, True),
        (date(2022, 5, 2), None, False, 30, False),  # on the last day it is not late
        (date(2022, 5, 1), None, False, 30, True),
        (date(2022, 4, 1), date(2022, 5, 30), False, 30, False),
        (date(2022, 4, 1), date(2022, 6, 2), False, 30, True),  # answered after the day it is counted on
        (date(2022, 4, 1), None, True, 30, False),
        (None, None, False, 30, False),
        (date(2022, 4, 1), None, False, None, False),
    ],
)
def test_unanswered(
    acknowledged: date | None, answered: date | None, anonymous: bool, days: int | None, counted: bool
) -> None:
    assert rules.unanswered(acknowledged, answered, anonymous, ON, days) is counted


def test_praise_and_the_anonymous_may_be_closed_without_an_answer() -> None:
    assert rules.must_be_answered("klagomal", False)
    assert not rules.must_be_answered("berom", False)
    assert not rules.must_be_answered("klagomal", True)
    assert not rules.can_be_answered(True)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)), st.integers(1, 7200))
def test_a_window_holds_its_moment_and_ends_soon(when: datetime, seconds: int) -> None:
    at, limit = when.replace(tzinfo=UTC), rules.Limit(5, seconds)
    start = limit.window(at)
    assert start <= at < start + timedelta(seconds=seconds)
    assert 0 < limit.left(at) <= seconds
    assert limit.window(start) == start


@pytest.mark.parametrize(
    ("address", "one"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("<script>", "okänd"),
        ("", "okänd"),
    ],
)
def test_a_household_is_one_sender(address: str, one: str) -> None:
    assert rules.sender(address) == one


@pytest.mark.parametrize(
    "text", ["anna@example.se", "070-123 45 67", "+46 70 123 45 67", "0322-61 60 00", "0701234567"]
)
def test_reachable(text: str) -> None:
    assert rules.is_email_or_telephone(text)


@pytest.mark.parametrize(
    "text", ["Anna", "191212121212", "121212-1212", "19121212-1212", "ring mig", "@", "a@b"]
)
def test_not_reachable(text: str) -> None:
    assert not rules.is_email_or_telephone(text)


def test_how_long_to_wait_in_words() -> None:
    assert rules.wait_words(5) == "en minut"
    assert rules.wait_words(599) == "10 minuter"
