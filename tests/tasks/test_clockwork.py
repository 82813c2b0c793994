"""Reminders, lateness and escalation: at their time, to the right people, and never twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from roder import tasks
from roder.organisation.models import Deputy
from roder.steering.models import Occasion, SteeringModelVersion
from roder.tasks import clockwork, kinds
from roder.tasks.models import Notice, State, Task
from roder.tasks.rules import EveryMeeting, InMonths
from tests.tasks.conftest import Town

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(town: Town) -> list[tuple[str, str]]:
    """Who has been told what, since the task was opened."""
    rows = Notice.objects.exclude(title__startswith="Ny uppgift").order_by("pk")
    return [(one.recipient.name, one.title.partition(":")[0]) for one in rows.select_related("recipient")]


def clock(town: Town, **more: object) -> Task:
    now = timezone.now()
    return tasks.open_task(
        "prov.klocka", town.home, owner=tasks.Owner("licensed", unit=town.home), due=now + 2 * HOUR, what="Bedöm",
        at=now, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_reminded_then_late_then_the_line_above_and_nobody_twice(town: Town) -> None:
    task = clock(town)
    assert task.due_at is not None
    steps = [
        (task.due_at - HOUR, []),
        (task.due_at - timedelta(minutes=20), [("Nora", "Påminnelse")]),
        (task.due_at + timedelta(minutes=1), [("Nora", "Försenat")]),
        (task.due_at + DAY, [("Ewa", "Försenat, till dig som enhetschef")]),
        (task.due_at + 3 * DAY, [("Dag", "Försenat, till dig som avdelningschef")]),
        (task.due_at + 30 * DAY, []),
    ]
    expected: list[tuple[str, str]] = []
    for moment, new in steps:
        expected += new
        for _ in range(2):  # run again: nothing more
            clockwork.attend(moment)
        assert told(town) == expected
    task.refresh_from_db()
    assert task.attend_at is None


def test_after_a_night_without_worker_only_what_matters_is_told(town: Town) -> None:
    task = clock(town)
    assert task.due_at is not None
    clockwork.attend(task.due_at + 2 * DAY)
    assert told(town) == [("Nora", "Försenat"), ("Ewa", "Försenat, till dig som enhetschef")]


def test_done_or_paused_is_silent(town: Town) -> None:
    task = clock(town)
    assert task.due_at is not None
    tasks.pause("prov.klocka", town.home, "Väntar på regionen")
    clockwork.attend(task.due_at + 9 * DAY)
    assert told(town) == [] and not tasks.open_for(town.people["nora"]).exists()
    tasks.resume("prov.klocka", town.home)
    assert list(tasks.open_for(town.people["nora"])) == [task]
    tasks.complete("prov.klocka", town.home, town.people["nora"])
    clockwork.attend(task.due_at + 9 * DAY)
    assert told(town) == []


def test_a_moved_task_reminds_anew(town: Town) -> None:
    task = clock(town)
    assert task.due_at is not None
    clockwork.attend(task.due_at + timedelta(minutes=1))
    tasks.reschedule("prov.klocka", town.home, task.due_at + DAY)
    clockwork.attend(task.due_at + DAY - timedelta(minutes=5))
    assert told(town) == [("Nora", "Försenat"), ("Nora", "Påminnelse")]


def test_the_line_above_skips_the_owners_own_level(town: Town) -> None:
    task = tasks.open_task(
        "prov.hand", town.home, owner=tasks.Owner("unit_manager", unit=town.home), due=timezone.now() + HOUR
    )
    assert task.due_at is not None
    clockwork.attend(task.due_at + 5 * DAY)
    assert told(town) == [("Ewa", "Försenat"), ("Dag", "Försenat, till dig som avdelningschef")]


def test_a_post_that_nobody_holds_does_not_fall_between_chairs(town: Town) -> None:
    town.people["nora"].mandates.all().delete()
    clock(town)
    notice = Notice.objects.get()
    assert notice.recipient == town.people["ewa"]
    assert "Ingen har uppdraget legitimerad personal just nu" in notice.body


def test_deputies_are_told_too_but_not_the_deputy_of_one_who_is_not_asked(town: Town) -> None:
    today = timezone.localdate()
    Deputy.objects.create(
        person=town.people["nora"], stand_in=town.people["ingen"], valid=DateRange(today, today + DAY)
    )
    Deputy.objects.create(
        person=town.people["dag"], stand_in=town.people["maja"], valid=DateRange(today, today + DAY)
    )
    clock(town)
    assert set(Notice.objects.values_list("recipient__name", flat=True)) == {"Nora", "Ingen"}


def test_what_waits_for_another_record_opens_when_it_is_there(town: Town) -> None:
    first = tasks.open_task("prov.hand", town.home, owner=tasks.Owner("mas"))
    waiting = tasks.open_task(
        "prov.hand", town.home, key="sedan", owner=tasks.Owner("mas"),
        condition=tasks.Condition(record=first, states=["done"]), rule=tasks.Within(3, "working_days"),
    )  # fmt: skip
    assert waiting.state == State.WAITING and waiting.due_at is None
    clockwork.attend()
    waiting.refresh_from_db()
    assert waiting.state == State.WAITING
    tasks.complete("prov.hand", town.home, None)
    clockwork.attend()
    waiting.refresh_from_db()
    assert waiting.state == State.OPEN and waiting.due_at is not None and waiting.whole_day


def test_a_text_is_confirmed_by_a_person(town: Town) -> None:
    task = tasks.open_task(
        "prov.hand", town.home, owner=tasks.Owner("mas"), condition=tasks.Condition("Regionen har svarat")
    )
    clockwork.attend()
    assert not tasks.open_for(town.people["maja"]).exists()
    tasks.confirm(task, town.people["maja"])
    assert tasks.open_for(town.people["maja"]).exists()


def test_what_recurs_comes_back_when_it_is_done(town: Town) -> None:
    tasks.open_task("prov.hand", town.home, owner=tasks.Owner("mas"), rule=InMonths((3, 9)), recurs=True)
    first = tasks.complete("prov.hand", town.home, town.people["maja"])
    [second] = tasks.open_for(town.people["maja"])
    assert first is not None and first.due_at is not None and second.due_at is not None
    assert timedelta(days=180) < second.due_at - first.due_at < timedelta(days=190)


def test_what_recurs_and_is_struck_does_not_come_back(town: Town) -> None:
    tasks.open_task("prov.hand", town.home, owner=tasks.Owner("mas"), rule=InMonths((3, 9)), recurs=True)
    tasks.complete("prov.hand", town.home, town.people["maja"])
    tasks.cancel("prov.hand", town.home, "Det behövs inte längre.", by=town.people["maja"])
    assert clockwork.nightly() == (0, 0)
    assert not tasks.open_for(town.people["maja"])


def test_every_meeting_waits_for_the_next_year_to_be_known(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [timezone.localdate() + 20 * DAY]
    monkeypatch.setattr(kinds, "_MEETINGS", [lambda body: known])
    tasks.open_task(
        "prov.hand",
        town.committee,
        owner=tasks.Owner("secretary"),
        rule=EveryMeeting(days_before=7),
        recurs=True,
    )
    tasks.complete("prov.hand", town.committee, None)
    assert not tasks.of(town.committee).filter(state=State.OPEN).exists()
    clockwork.nightly()
    assert not tasks.of(town.committee).filter(state=State.OPEN).exists()
    known.append(timezone.localdate() + 60 * DAY)
    assert clockwork.nightly() == (1, 0)
    assert clockwork.nightly() == (0, 0)


def test_what_is_about_something_gone_is_struck(town: Town) -> None:
    version = SteeringModelVersion.objects.create(
        committee=town.committee, year=2022, version=1, content={}, source="", sha256="0" * 64
    )
    occasion = Occasion.objects.create(
        committee=town.committee, model=version, year=2022, code="2022-08", kind="interim", name="Delår",
        cut_off=date(2022, 8, 31),
    )  # fmt: skip
    task = tasks.open_task("prov.hand", occasion, owner=tasks.Owner("mas"))
    occasion.delete()
    assert clockwork.nightly() == (0, 1)
    task.refresh_from_db()
    assert task.state == State.CANCELLED
