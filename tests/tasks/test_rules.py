"""Due rules against the Swedish calendar and the change of clocks, by cases from the almanac and by chance."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roder.tasks.rules import (
    SWEDEN,
    AtMeetings,
    Due,
    DueRule,
    DueRuleError,
    EveryMeeting,
    EveryQuarter,
    FirstMeeting,
    InMonths,
    OnDay,
    Within,
    add_months,
    add_working_days,
    alerts,
    by_day,
    day_of,
    end_of,
    from_data,
    is_working_day,
    lateness,
    next_working_day,
    to_data,
)

MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SWEDEN)


@pytest.mark.parametrize(
    "day",
    [
        "2024-03-29",  # Good Friday
        "2024-04-01",  # Easter Monday
        "2024-05-01",
        "2024-05-09",  # Ascension Day
        "2024-06-06",
        "2024-06-21",  # midsummer eve
        "2024-12-24",
        "2024-12-25",
        "2024-12-26",
        "2024-12-31",
        "2025-01-01",
        "2025-01-06",
        "2026-06-19",  # midsummer eve, the earliest day it can be
        "2024-11-02",  # All Saints' Day, a Saturday
    ],
)
def test_days_that_are_no_working_days(day: str) -> None:
    assert not is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    "day", ["2024-03-28", "2024-05-10", "2024-06-20", "2024-12-23", "2024-12-27", "2024-04-30"]
)
def test_days_between_that_are_working_days(day: str) -> None:
    assert is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("began", "due"),
    [
        ("2024-03-26T10:00", "2024-03-27T10:00"),  # an ordinary Tuesday: 24 hours
        ("2024-03-28T16:00", "2024-04-03T00:00"),  # Maundy Thursday: Good Friday and Easter are passed over
        ("2024-04-05T15:00", "2024-04-09T00:00"),  # a Friday: Monday, to its end
        ("2024-04-06T02:00", "2024-04-09T00:00"),  # a Saturday night
        ("2024-04-07T22:00", "2024-04-08T22:00"),  # a Sunday evening: Monday is a working day, so 24 hours
        ("2024-12-23T08:00", "2024-12-28T00:00"),  # the day before Christmas Eve
    ],
)
def test_24_hours_or_the_next_working_day(began: str, due: str) -> None:
    found = Within(24, "hours", or_next_working_day=True).due(at(began))
    assert found is not None and found.at == at(due)


@pytest.mark.parametrize(
    ("began", "due"),
    [
        ("2024-03-31T00:30", "2024-03-31T03:30"),  # the clock goes from 02 to 03
        ("2024-10-27T01:30", "2024-10-27T02:30"),  # 02 to 03 comes twice: 01.30 + 2 h is the second 02.30
        ("2024-07-01T23:00", "2024-07-02T01:00"),
    ],
)
def test_two_hours_are_two_real_hours_when_the_clocks_change(began: str, due: str) -> None:
    found = Within(2, "hours").due(at(began))
    assert found is not None
    assert found.at - at(began).astimezone(UTC) == timedelta(hours=2)
    assert f"{found.at:%Y-%m-%dT%H:%M}" == due


def test_a_day_is_over_at_midnight_in_sweden_also_when_it_is_23_hours_long() -> None:
    assert end_of(date(2024, 3, 31)).astimezone(UTC) == datetime(2024, 3, 31, 22, tzinfo=UTC)
    assert end_of(date(2024, 3, 30)).astimezone(UTC) == datetime(2024, 3, 30, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "began", "last_day"),
    [
        (Within(2, "months"), "2024-12-31T12:00", "2025-02-28"),  # lex Maria: two months
        (Within(2, "months", on_working_day=True), "2024-10-24T12:00", "2024-12-27"),
        (Within(10, "working_days"), "2024-03-22T09:00", "2024-04-09"),
        (Within(1, "weeks"), "2024-02-26T09:00", "2024-03-04"),
        (Within(1, "years"), "2024-02-29T09:00", "2025-02-28"),
        (Within(0, "working_days"), "2024-03-29T09:00", "2024-04-02"),
        (InMonths((3,)), "2024-04-01T09:00", "2025-03-31"),
        (InMonths((2, 9), day=31), "2024-01-10T09:00", "2024-02-29"),
        (InMonths((2, 9), day=15), "2024-02-15T23:00", "2024-02-15"),
        (EveryQuarter(20), "2024-11-05T09:00", "2025-01-20"),
        (OnDay(date(2024, 6, 1)), "2023-01-01T09:00", "2024-06-01"),
    ],
)
def test_last_days(rule: DueRule, began: str, last_day: str) -> None:
    due = rule.due(at(began))
    assert due is not None and due.whole_day and due.day.isoformat() == last_day


MEETINGS = [date(2024, 1, 25), date(2024, 2, 22), date(2024, 3, 21), date(2024, 4, 25)]


def test_every_meeting_except_some() -> None:
    rule = EveryMeeting(days_before=7, except_months=(2,))
    first = rule.due(at("2024-01-10T09:00"), MEETINGS)
    assert first is not None and first.day == date(2024, 1, 18)
    second = rule.following(first, MEETINGS)
    assert second is not None and second.day == date(2024, 3, 14)
    assert rule.due(at("2024-05-01T09:00"), MEETINGS) is None
    assert rule.following(by_day(date(2024, 4, 18)), MEETINGS) is None


def test_quarters_follow_each_other() -> None:
    rule, due = EveryQuarter(20), by_day(date(2024, 1, 20))
    days = []
    for _ in range(4):
        following = rule.following(due)
        assert following is not None
        due = following
        days.append(due.day.isoformat())
    assert days == ["2024-04-20", "2024-07-20", "2024-10-20", "2025-01-20"]


@pytest.mark.parametrize(
    ("due", "now", "words"),
    [
        (Due(at("2024-05-02T14:00")), "2024-05-02T12:48", "1 h 12 min kvar"),
        (Due(at("2024-05-02T14:00")), "2024-05-02T12:00", "2 h kvar"),
        (Due(at("2024-05-02T14:00")), "2024-05-02T13:59:30", "mindre än 1 min kvar"),
        (Due(at("2024-05-02T14:00")), "2024-05-02T14:00:10", "nyss försenad"),
        (Due(at("2024-05-02T14:00")), "2024-05-02T14:35", "35 min sen"),
        (Due(at("2024-05-02T14:00")), "2024-05-05T14:30", "3 dagar sen"),
        (Due(at("2024-05-02T14:00")), "2024-09-05T14:30", "4 månader sen"),
        (Due(at("2020-05-02T14:00")), "2024-09-05T14:30", "4 år sen"),
        (by_day(date(2024, 5, 2)), "2024-05-02T23:59", "i dag"),
        (by_day(date(2024, 5, 2)), "2024-05-01T00:01", "i morgon"),
        (by_day(date(2024, 5, 2)), "2024-04-29T12:00", "3 dagar kvar"),
        (by_day(date(2024, 5, 2)), "2024-05-03T00:00", "1 dag sen"),
    ],
)
def test_how_late_in_words(due: Due, now: str, words: str) -> None:
    assert lateness(due, at(now)).replace("\xa0", " ") == words


def test_who_hears_when() -> None:
    due = Due(at("2024-05-02T14:00"))
    found = alerts(
        due, [timedelta(minutes=30)], [(timedelta(0), "unit_manager"), (timedelta(hours=2), "mas")]
    )
    assert [(f"{one.at:%H:%M}", one.kind, one.role) for one in found] == [
        ("13:30", "remind", ""),
        ("14:00", "late", ""),
        ("14:00", "escalate", "unit_manager"),
        ("16:00", "escalate", "mas"),
    ]
    [morning, _] = alerts(by_day(date(2024, 5, 2)), [timedelta(days=3)])
    assert f"{morning.at:%Y-%m-%d %H:%M}" == "2024-04-29 08:00"


@pytest.mark.parametrize("wrong", [lambda: Within(-1, "days"), lambda: InMonths(()), lambda: InMonths((13,)),
                                   lambda: InMonths((1,), day=32), lambda: add_working_days(date(2024, 1, 1), -1),
                                   lambda: from_data({"rule": "Annan"}), lambda: Within(1, "fortnights")])  # type: ignore[arg-type]  # fmt: skip
def test_rules_that_cannot_be(wrong: object) -> None:
    with pytest.raises(DueRuleError):
        wrong()  # type: ignore[operator]


RULES = st.one_of(
    st.builds(
        Within,
        st.integers(0, 60),
        st.sampled_from(["hours", "days", "working_days", "weeks", "months", "years"]),
        st.booleans(),
        st.booleans(),
    ),
    st.builds(OnDay, DAYS),
    st.builds(
        InMonths,
        st.lists(st.integers(1, 12), min_size=1).map(tuple),
        st.one_of(st.none(), st.integers(1, 31)),
    ),
    st.builds(EveryQuarter, st.integers(0, 60)),
    st.builds(
        EveryMeeting,
        st.integers(0, 30),
        st.lists(st.integers(1, 12)).map(tuple),
        st.lists(DAYS, max_size=3).map(tuple),
    ),
)


@given(RULES)
def test_a_rule_is_kept_as_data(rule: DueRule) -> None:
    assert from_data(to_data(rule)) == rule


@given(MOMENTS, st.integers(0, 500))
def test_hours_are_real_hours(began: datetime, hours: int) -> None:
    due = Within(hours, "hours").due(began)
    assert due is not None and due.at.astimezone(UTC) - began == timedelta(hours=hours)


@given(MOMENTS, st.sampled_from(["days", "working_days", "weeks", "months"]), st.integers(0, 40))
def test_a_longer_time_is_never_over_before_a_shorter(began: datetime, unit: str, amount: int) -> None:
    short, long = (Within(count, unit, on_working_day=True).due(began) for count in (amount, amount + 1))  # type: ignore[arg-type]
    assert short is not None and long is not None and began <= short.at <= long.at


@given(MOMENTS, st.integers(1, 72))
def test_the_generous_time_ends_on_a_working_day_and_never_before_the_hours(
    began: datetime, hours: int
) -> None:
    plain, kind = (
        Within(hours, "hours").due(began),
        Within(hours, "hours", or_next_working_day=True).due(began),
    )
    assert plain is not None and kind is not None
    assert kind.at >= plain.at
    if kind.whole_day:
        assert is_working_day(kind.day) and not is_working_day(plain.day)


@given(DAYS, st.integers(1, 30))
def test_working_days_are_counted_one_by_one(day: date, count: int) -> None:
    last = add_working_days(day, count)
    between = (day + timedelta(days=number) for number in range(1, (last - day).days + 1))
    assert is_working_day(last) and sum(map(is_working_day, between)) == count


@given(DAYS)
def test_there_is_a_working_day_within_a_week(day: date) -> None:
    assert timedelta(0) <= next_working_day(day) - day <= timedelta(days=6)


@given(DAYS, st.integers(-30, 30))
def test_months_land_in_the_month_that_is_meant(day: date, count: int) -> None:
    found = add_months(day, count)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == count
    assert found.day <= day.day


@given(DAYS)
def test_the_end_of_a_day_belongs_to_that_day(day: date) -> None:
    due = by_day(day)
    assert due.day == day and due.at.astimezone(SWEDEN).time() == time()
    assert day_of(due.at - timedelta(seconds=1)) == day


@given(RULES, MOMENTS, st.lists(DAYS, max_size=12))
def test_what_recurs_always_comes_later(rule: DueRule, began: datetime, meetings: list[date]) -> None:
    due = rule.due(began, meetings)
    following = due and rule.following(due, meetings)
    if due and following and not (isinstance(rule, Within) and rule.amount == 0):
        assert following.at > due.at


#: Meetings of 2024: none in July; two in April.
YEAR_OF_MEETINGS = [
    date(2024, *one)
    for one in ((1, 24), (2, 21), (3, 20), (4, 10), (4, 24), (5, 22), (6, 12), (8, 28), (9, 25), (11, 20), (12, 11))
]  # fmt: skip


def _all_of(rule: AtMeetings, begun: date) -> list[date]:
    due, found = rule.due(datetime(begun.year, begun.month, begun.day, tzinfo=UTC), YEAR_OF_MEETINGS), []
    while due is not None and due.day.year < 2025:
        found.append(due.day)
        due = rule.following(due, YEAR_OF_MEETINGS)
    return found


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (AtMeetings(((4, 4), (8, 8), (12, 12))), [(4, 10), (8, 28), (12, 11)]),  # the first in a month
        (AtMeetings(((7, 7),)), [(8, 28)]),  # none in July: the next
        (AtMeetings(((7, 7), (8, 8))), [(8, 28)]),  # once, not twice
        (AtMeetings(((1, 3), (10, 12))), [(3, 20), (12, 11)]),  # the last in a quarter
        (AtMeetings(((1, 12),)), [(12, 11)]),
        (AtMeetings(((3, 3), (10, 10)), 2024), [(3, 20), (11, 20)]),
    ],
)
def test_at_meetings_of_months(rule: AtMeetings, days: list[tuple[int, int]]) -> None:
    assert _all_of(rule, date(2024, 1, 1)) == [date(2024, *one) for one in days]


def test_what_was_over_when_it_began_is_not_put_off() -> None:
    december = AtMeetings(((12, 12),))
    assert _all_of(december, date(2024, 1, 5)) == [date(2024, 12, 11)]
    assert december.due(datetime(2024, 12, 20, tzinfo=UTC), YEAR_OF_MEETINGS) == by_day(date(2025, 12, 31))


def test_of_one_year_is_due_then_whenever_it_was_begun() -> None:
    rule = AtMeetings(((11, 11),), 2023)
    assert rule.due(datetime(2024, 5, 1, tzinfo=UTC), [date(2023, 11, 22)]) == by_day(date(2023, 11, 22))
    assert rule.following(by_day(date(2023, 11, 22)), YEAR_OF_MEETINGS) is None
    assert rule.due(datetime(2024, 5, 1, tzinfo=UTC), [date(2026, 7, 8)]) == by_day(date(2023, 11, 30))
    assert rule.put_off(date(2024, 1, 24))
    assert not rule.put_off(date(2023, 11, 22))


def test_first_meeting_from_a_day() -> None:
    rule = FirstMeeting(date(2024, 6, 13))
    assert rule.due(datetime(2024, 1, 1, tzinfo=UTC), YEAR_OF_MEETINGS) == by_day(date(2024, 8, 28))
    assert rule.due(datetime(2024, 1, 1, tzinfo=UTC), []) is None
    assert rule.following(by_day(date(2024, 8, 28)), YEAR_OF_MEETINGS) is None
    assert from_data(to_data(rule)) == rule
    assert from_data(to_data(AtMeetings(((1, 3), (7, 7)), 2024))) == AtMeetings(((1, 3), (7, 7)), 2024)


@pytest.mark.parametrize("spans", [(), ((3, 2),), ((0, 1),), ((12, 13),)])
def test_spans_of_months_that_cannot_be(spans: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(DueRuleError):
        AtMeetings(spans)
