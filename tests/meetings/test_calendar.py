"""The days before a meeting, and planning from a list."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from roder import tasks
from roder.access.rights import NotAllowedError
from roder.core.models import StaleRecordError
from roder.meetings.models import Meeting
from roder.meetings.rules.calendar import Lead, deadlines, read_days
from roder.meetings.services import agenda, calendar
from roder.tasks.models import Notice, Task
from roder.tasks.rules import is_working_day
from tests.meetings.world import Chain

DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))


@given(DAYS)
def test_deadlines_are_working_days_in_order_and_never_too_late(day: date) -> None:
    found = deadlines(day)
    assert found.documents_by <= found.presidium_on <= found.summons_by < day
    for one, before in ((found.documents_by, 14), (found.presidium_on, 10), (found.summons_by, 7)):
        assert is_working_day(one)
        assert timedelta(days=before) <= day - one <= timedelta(days=before + 6)


def test_christmas_moves_the_deadlines_to_before_christmas() -> None:
    found = deadlines(date(2023, 1, 3))  # a Tuesday: 27 and 24 December, and 20 December 2022
    assert found.summons_by == date(2022, 12, 27)
    assert found.presidium_on == date(2022, 12, 23)  # 24 December is no working day
    assert found.documents_by == date(2022, 12, 20)


def test_a_lead_that_goes_forwards_is_refused() -> None:
    with pytest.raises(ValueError, match="går inte"):
        Lead(7, 10, 14)


@given(st.lists(DAYS, unique=True, max_size=12))
def test_a_written_list_is_read_back(days: list[date]) -> None:
    found, faults = read_days("\n".join(day.isoformat() for day in days), 2022)
    assert [one.day for one in found] == sorted(days)
    assert not faults


def test_a_list_as_people_write_it() -> None:
    text = "Sammanträden\n\n2023-01-24 14.00\ntisdag 21 februari kl. 13:30\n• 28/3\n25 apr 2023, kl 9\n31/2\n28 mars"
    found, faults = read_days(text, 2023)
    assert [(one.day, one.starts) for one in found] == [
        (date(2023, 1, 24), time(14, 0)),
        (date(2023, 2, 21), time(13, 30)),
        (date(2023, 3, 28), None),
        (date(2023, 4, 25), time(9, 0)),
    ]
    assert [one.line for one in faults] == [1, 7, 8]
    assert "31/2" in str(faults[1]) and "almanackan" in str(faults[1])
    assert "redan" in str(faults[2])


# --- in the database ------------------------------------------------------------------------------------------------


def _plan(chain: Chain, day: date = date(2090, 10, 25)) -> Meeting:
    """A meeting to come."""
    return agenda.plan_meeting(
        chain.committee, chain.committee, day, time(14, 0), chain.by("secretary"), place="Rådhuset"
    )


def test_a_planned_meeting_has_deadlines_and_tasks(chain: Chain) -> None:
    made = _plan(chain)
    assert made.documents_by == date(2090, 10, 11)
    opened = Task.objects.filter(subject_kind="meetings.meeting", subject_id=made.pk)
    assert {one.kind for one in opened} == {calendar.DOCUMENTS, calendar.PRESIDIUM, calendar.SUMMONS}
    assert {one.role for one in opened} == {"secretary"}
    assert not Notice.objects.exists()


def test_a_meeting_twice_at_the_same_time_is_refused(chain: Chain) -> None:
    _plan(chain)
    with pytest.raises(ValidationError, match="redan ett sammanträde"):
        _plan(chain)


def test_a_body_of_another_house_is_refused(chain: Chain) -> None:
    with pytest.raises(calendar.MeetingFault, match="har inte sina sammanträden här"):
        agenda.plan_meeting(
            chain.world.other, chain.committee, date(2090, 1, 10), time(9), chain.by("secretary")
        )


@pytest.mark.parametrize("role", ["member", "chair", "controller", "auditor", "head_administration"])
def test_only_the_secretary_plans(chain: Chain, role: str) -> None:
    with pytest.raises(NotAllowedError):
        agenda.plan_meeting(chain.committee, chain.committee, date(2090, 1, 10), time(9), chain.by(role))


def test_a_year_is_planned_and_what_is_there_stays(chain: Chain) -> None:
    _plan(chain, date(2090, 1, 24))
    days, _ = read_days("2090-01-24\n2090-02-21 kl 9\n2090-03-28", 2090)
    made, known = agenda.plan_year(
        chain.committee, chain.committee, days, time(14), chain.by("secretary"), place="Rådhuset"
    )
    assert [(one.date, one.starts) for one in made] == [
        (date(2090, 2, 21), time(9)),
        (date(2090, 3, 28), time(14)),
    ]
    assert known == [date(2090, 1, 24)]


def test_tasks_for_every_meeting_follow_the_meetings(chain: Chain) -> None:
    made = _plan(chain)
    rule = tasks.EveryMeeting(days_before=3)
    due = rule.due(calendar.timezone.now(), calendar.meeting_days(chain.committee))
    assert due is not None and due.day == made.date - timedelta(days=3)
    agenda.cancel_meeting(made, chain.by("secretary"), "För få ärenden")
    assert made.date not in list(calendar.meeting_days(chain.committee))


def test_a_moved_meeting_moves_its_days_and_tasks(chain: Chain) -> None:
    made, by = _plan(chain), chain.by("secretary")
    later = made.date + timedelta(days=7)
    agenda.change_meeting(
        made, by, made.revision, date=later, starts=made.starts, place="Brunnsgården",
        documents_by=made.documents_by, presidium_on=made.presidium_on, summons_by=made.summons_by,
    )  # fmt: skip
    made.refresh_from_db()
    assert (made.date, made.place, made.documents_by) == (later, "Brunnsgården", date(2090, 10, 18))
    task = Task.objects.get(kind=calendar.DOCUMENTS, subject_id=made.pk)
    assert tasks.rules.day_of(task.due_at, whole_day=True) == date(2090, 10, 18)  # type: ignore[attr-defined]


def test_two_who_change_a_meeting(chain: Chain) -> None:
    made, by = _plan(chain), chain.by("secretary")
    seen = made.revision
    values = {"date": made.date, "starts": made.starts}
    agenda.change_meeting(made, by, seen, place="A", **values)  # type: ignore[arg-type]
    with pytest.raises(StaleRecordError):
        agenda.change_meeting(made, by, seen, place="B", **values)  # type: ignore[arg-type]


def test_days_in_the_wrong_order_are_said_at_the_field(chain: Chain) -> None:
    made = _plan(chain)
    with pytest.raises(ValidationError) as caught:
        agenda.change_meeting(
            made, chain.by("secretary"), made.revision, date=made.date, starts=made.starts, place="",
            documents_by=made.date, summons_by=made.summons_by,
        )  # fmt: skip
    assert "documents_by" in caught.value.message_dict


def test_a_cancelled_meeting_has_no_tasks_and_needs_a_reason(chain: Chain) -> None:
    made, by = _plan(chain), chain.by("secretary")
    with pytest.raises(ValidationError, match="varför"):
        agenda.cancel_meeting(made, by, " ")
    agenda.cancel_meeting(made, by, "För få ärenden")
    assert not Task.objects.filter(subject_kind="meetings.meeting", subject_id=made.pk, state="open").exists()
    with pytest.raises(calendar.MeetingFault, match="inställt"):
        agenda.cancel_meeting(made, by, "igen")
