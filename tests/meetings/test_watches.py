"""The balance list: taken up, due by its rhythms, reported, paused, waiting for conditions, ended; who may what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from roder import access, tasks
from roder.access import NotAllowedError
from roder.access.models import AuditRecord
from roder.core.models import StaleRecordError
from roder.meetings.models import Meeting, MinuteItem, Rhythm, Watch
from roder.meetings.rules.rhythms import read_rhythm
from roder.meetings.services import watch_times, watches
from roder.meetings.services.watches import Plan, WatchFault
from roder.organisation.models import Mandate
from roder.tasks.models import Task
from tests.meetings.world import Chain

DAYS = (date(2022, 8, 30), date(2022, 9, 27), date(2022, 10, 25), date(2022, 12, 13))


def plan(kind: str, text: str) -> Plan:
    reading = read_rhythm(text, date(2022, 8, 1))
    waits = tasks.Condition(text=reading.waits.text) if reading.waits else None
    return kind, text, reading.rule, waits


def add(chain: Chain, *rhythms: Plan, title: str = "Kö till särskilt boende", **more: object) -> Watch:
    """A watch from 1 August 2022, with meetings that autumn."""
    for day in DAYS:
        if not Meeting.objects.filter(date=day, body=chain.committee).exists():
            chain.new_meeting(day)
    values = {"opened_on": date(2022, 8, 1), **more}
    return watches.add_watch(chain.committee, title, chain.by("secretary"), rhythms=rhythms, **values)  # type: ignore[arg-type]


def due(watch: Watch) -> list[date | None]:
    """The days that the watch's open tasks are due."""
    rows = watch_times.tasks_of([watch.pk]).filter(kind=watch_times.TASK).order_by("due_at")
    return [watches.tasks_due(task) for task in rows]


def report(chain: Chain, watch: Watch, on: date, **more: object) -> object:
    return watches.report_watch(watch, chain.by("secretary"), on=on, **more)  # type: ignore[arg-type]


def test_each_rhythm_has_its_task(chain: Chain) -> None:
    watch = add(chain, plan("MI", "Varje nämnd utom i augusti"), plan("B", "April och oktober"))
    assert due(watch) == [date(2022, 9, 27), date(2022, 10, 25)]
    task = watch_times.tasks_of([watch.pk]).order_by("due_at")[0]
    assert (task.role, task.committee, task.what) == (
        "head_administration", chain.committee, "Återrapportera: Kö till särskilt boende",
    )  # fmt: skip


def test_a_report_opens_the_next(chain: Chain) -> None:
    watch = add(chain, plan("MI", "Varje nämnd"), plan("B", "Oktober"))
    report(chain, watch, date(2022, 8, 30))
    assert due(watch) == [date(2022, 9, 27), date(2022, 10, 25)]
    report(chain, watch, date(2022, 8, 30))  # twice is once
    assert (watch.reports.count(), due(watch)[0]) == (1, date(2022, 9, 27))
    # Missed in September, reported in October: both rhythms, and what was missed is not asked for again.
    report(chain, watch, date(2022, 10, 25))
    assert due(watch)[0] == date(2022, 12, 13)
    assert due(watch)[1] == date(2023, 10, 31)  # no meetings are known yet: the last day of the month


def test_what_is_once_ends(chain: Chain) -> None:
    watch = add(chain, plan("B", "September 2022"))
    report(chain, watch, date(2022, 9, 27))
    assert due(watch) == []
    watch_times.put_all_right(chain.committee)
    assert due(watch) == []


def test_no_meeting_that_month_is_the_next(chain: Chain) -> None:
    watch = add(chain, plan("MI", "November 2022"))
    assert due(watch) == [date(2022, 12, 13)]
    rule = watch_times.rule_of(watch.rhythms.get())
    assert isinstance(rule, tasks.AtMeetings)
    assert rule.put_off(date(2022, 12, 13))


def test_a_moved_meeting_takes_its_watches_along(chain: Chain) -> None:
    watch = add(chain, plan("MI", "Varje nämnd"))
    Meeting.objects.filter(date=DAYS[0]).update(date=date(2022, 9, 1))
    assert watch_times.put_all_right(chain.committee) == 1
    assert due(watch) == [date(2022, 9, 1)]
    Meeting.objects.filter(date=date(2022, 9, 1)).update(state="cancelled")
    watch_times.put_all_right()
    assert due(watch) == [DAYS[1]]


def test_paused_rests_and_is_counted_anew(chain: Chain) -> None:
    watch = add(chain, plan("MI", "Varje nämnd"))
    with pytest.raises(WatchFault, match="Skriv varför"):
        watches.pause_watch(watch, chain.by("secretary"), " ")
    watches.pause_watch(watch, chain.by("secretary"), "Ingen information att lämna.")
    assert watch_times.task_of(watch.rhythms.get()).paused_at is not None  # type: ignore[union-attr]
    assert watches.due_at(chain.meeting) == []
    today = timezone.localdate()
    chain.new_meeting(today + timedelta(days=10))
    watches.resume_watch(watch, chain.by("secretary"))
    assert due(watch) == [today + timedelta(days=10)]
    with pytest.raises(WatchFault, match="pausat uppdrag"):
        watches.resume_watch(watch, chain.by("secretary"))


def test_paused_from_the_start_has_no_task(chain: Chain) -> None:
    watch = add(chain, ("MI", "Paus", None, None), paused_why="Vilar tills vidare.")
    assert (watch.state, due(watch)) == ("paused", [])


def test_a_condition_is_asked_about_every_year_and_then_comes(chain: Chain) -> None:
    watch = add(chain, plan("MI", "När myndigheten är klar"))
    rhythm = watch.rhythms.get()
    assert due(watch) == [None]
    question = watch_times.task_of(rhythm, watch_times.QUESTION)
    assert question is not None
    assert watches.tasks_due(question) > timezone.localdate() + timedelta(days=360)  # type: ignore[operator]
    watches.condition_holds(rhythm, chain.by("sas"), note="Beslut väntas till hösten.")
    again = watch_times.task_of(rhythm, watch_times.QUESTION)
    assert again is not None
    assert watches.tasks_due(again) > timezone.localdate() + timedelta(days=360)  # type: ignore[operator]
    assert again.pk != question.pk
    day = timezone.localdate() + timedelta(days=5)
    chain.new_meeting(day)
    watches.condition_came(rhythm, chain.by("secretary"))
    assert due(watch) == [day]
    assert watch_times.task_of(rhythm, watch_times.QUESTION) is None
    with pytest.raises(WatchFault, match="väntar inte"):
        watches.condition_came(rhythm, chain.by("secretary"))
    # Reported once: that was it.
    Meeting.objects.filter(date=day).update(date=timezone.localdate())
    report(chain, watch, timezone.localdate())
    assert due(watch) == []


def test_waits_for_a_case(chain: Chain) -> None:
    condition = tasks.Condition(record=chain.case, states=("carried_out", "closed"), field="phase")
    watch = add(chain, ("B", "När ärendet är beslutat", None, condition))
    assert due(watch) == [None]
    day = timezone.localdate() + timedelta(days=3)
    chain.new_meeting(day)
    type(chain.case).objects.filter(pk=chain.case.pk).update(phase="carried_out")
    assert tasks.reached(chain.case) == 1
    watch_times.put_all_right()
    assert due(watch) == [day]
    assert watch_times.task_of(watch.rhythms.get(), watch_times.QUESTION) is None


def test_suggested_put_on_the_agenda_and_reported_from_it(chain: Chain) -> None:
    by = chain.by("secretary")
    old = add(chain, plan("MI", "Varje nämnd"))
    new = add(chain, plan("B", "September 2022"), title="Nära vård")
    add(chain, plan("B", "Oktober"), title="Inte än")
    assert [watch for watch, _ in watches.due_at(chain.meeting)] == [old, new]
    item = chain.new_item(chain.meeting, "Kö till särskilt boende")
    watches.put_on_agenda(item, old, by)
    assert [watch for watch, _ in watches.due_at(chain.meeting)] == [new]
    assert list(watches.watches_of_item(item, by)) == [old]
    assert watches.ended_items(old, by) == []
    moment = timezone.now()
    Meeting.objects.filter(pk=chain.meeting.pk).update(state="ended", opened_at=moment, ended_at=moment)
    assert watches.ended_items(old, by) == [item]
    made = watches.report_watch(old, by, on=date(2022, 9, 27), item=item)
    assert (made[0].meeting, made[0].item) == (chain.meeting, item)
    assert watches.ended_items(old, by) == []
    assert due(old) == [date(2022, 10, 25)]


def test_another_bodys_meeting_has_no_suggestions(chain: Chain) -> None:
    add(chain, plan("MI", "Varje nämnd"))
    assert watches.due_at(chain.new_meeting(date(2022, 9, 20), chain.subcommittee)) == []


def test_ended_with_words(chain: Chain) -> None:
    by = chain.by("secretary")
    watch = add(chain, plan("MI", "Varje nämnd"))
    with pytest.raises(WatchFault, match="Skriv hur"):
        watches.finish_watch(watch, by, "  ")
    with pytest.raises(WatchFault, match="ligga mellan"):
        watches.finish_watch(watch, by, "Klart.", on=date(2022, 7, 1))
    watches.finish_watch(watch, by, "Slutrapporterad.")
    assert (watch.state, due(watch)) == ("done", [])
    assert Task.objects.filter(subject_id=watch.pk, state="cancelled").count() == 1
    for deed in (
        lambda: report(chain, watch, date(2022, 8, 30)),
        lambda: watches.drop_watch(watch, by, "Struken."),
        lambda: watches.change_watch(watch, by, watch.revision, title="Ny"),
    ):
        with pytest.raises(WatchFault, match="redan avslutat"):
            deed()
    other = add(chain, title="Samhall")
    with pytest.raises(WatchFault, match="Skriv varför uppdraget stryks"):
        watches.drop_watch(other, by, "")
    assert watches.drop_watch(other, by, "Ersatt av ett annat uppdrag.").state == "dropped"


def test_bad_input(chain: Chain) -> None:
    by, today = chain.by("secretary"), timezone.localdate()
    watch = add(chain, plan("MI", "Varje nämnd"))
    with pytest.raises(WatchFault, match="inte varit än"):
        watches.report_watch(watch, by, on=today + timedelta(days=1))
    with pytest.raises(ValidationError) as caught:
        watches.report_watch(watch, by, on=today, note="Gäller 19121212-1212.")
    assert "note" in caught.value.message_dict
    with pytest.raises(ValidationError):
        watches.add_watch(chain.committee, "", by)
    elsewhere = Meeting.objects.create(
        committee=chain.board, body=chain.board, date=date(2022, 9, 1), starts="09:00"
    )
    Mandate.objects.create(
        person=by, role="secretary", body=chain.board, valid=DateRange(date(2020, 1, 1), None)
    )
    with pytest.raises(WatchFault, match="annan nämnd"):
        watches.put_on_agenda(chain.new_item(elsewhere, "x"), watch, chain.by("secretary"))
    with pytest.raises(WatchFault, match="annan nämnd"):
        watches.add_watch(chain.board, "Ny", chain.by("secretary"), case=chain.case)


def test_two_who_change_at_once(chain: Chain) -> None:
    by = chain.by("secretary")
    watch = add(chain, plan("MI", "Varje nämnd"), plan("B", "Oktober"))
    other = Watch.objects.get(pk=watch.pk)
    kept = watch.rhythms.get(kind="MI").pk
    watches.change_watch(
        watch, by, watch.revision, title="Kö", rhythms=[plan("MI", "Varje nämnd"), plan("B", "December 2022")]
    )
    assert watch.rhythms.filter(pk=kept).exists()
    assert due(watch) == [date(2022, 8, 30), date(2022, 12, 13)]
    with pytest.raises(StaleRecordError):
        watches.change_watch(other, by, other.revision, title="Annan")


def test_from_a_paragraph_and_a_secret_case(chain: Chain) -> None:
    case = chain.new_case("Hemligt namn", secret=True)
    watch = add(chain, plan("MI", "Varje nämnd"), title="Hemligt namn", case=case)
    assert watch.number_text == case.number
    task = watch_times.tasks_of([watch.pk]).get()
    assert "Hemligt" not in task.what
    assert watches.due_at(chain.meeting, chain.by("member"))  # members have the right to secrets
    assert watches.due_at(chain.meeting, chain.by("sas")) == []
    with pytest.raises(NotAllowedError):
        watches.condition_holds(watch.rhythms.get(), chain.by("sas"))


def test_decided_in_a_secret_point(chain: Chain) -> None:
    item = chain.new_item(chain.meeting, "Hemlig punkt", secret=True)
    paragraph = MinuteItem.objects.create(
        item=item, body=chain.committee, year=2022, number=71, heading="Hemlig"
    )
    watch = add(chain, plan("MI", "Varje nämnd"), title="Hemlig följd", paragraph=paragraph)
    assert (watch.decided_on, watch.section) == ([date(2022, 9, 27)], "§ 71")
    assert access.may(chain.by("member"), access.Action.VIEW, watch)
    for record in (watch, watch.rhythms.get()):
        assert not access.may(chain.by("sas"), access.Action.VIEW, record)
    assert "Hemlig" not in watch_times.tasks_of([watch.pk]).get().what


def test_the_point_it_was_decided_in_and_other_bodies_are_no_report(chain: Chain) -> None:
    by, moment = chain.by("secretary"), timezone.now()
    decided = chain.new_item(chain.meeting, "Taxa", chain.case)
    paragraph = MinuteItem.objects.create(
        item=decided, body=chain.committee, year=2022, number=72, heading="Taxa"
    )
    watch = add(chain, plan("MI", "Varje nämnd"), paragraph=paragraph)
    sub = chain.new_item(chain.new_meeting(date(2022, 10, 11), chain.subcommittee), "Taxa", chain.case)
    later = chain.new_item(Meeting.objects.get(date=DAYS[2]), "Taxa", chain.case)
    Meeting.objects.update(state="ended", opened_at=moment, ended_at=moment)
    assert watch.case == chain.case
    assert watches.ended_items(watch, by) == [later]
    assert [list(watches.watches_of_item(one, by)) for one in (decided, later)] == [[], [watch]]
    assert sub.case == chain.case


@pytest.mark.parametrize("role", ["member", "chair", "sas", "unit_manager", "auditor"])
def test_only_those_who_keep_the_list_change_it(chain: Chain, role: str) -> None:
    watch, by = add(chain, plan("MI", "Varje nämnd")), chain.by(role)
    rhythm: Rhythm = watch.rhythms.get()
    for deed in (
        lambda: watches.add_watch(chain.committee, "Ny", by),
        lambda: watches.change_watch(watch, by, watch.revision, title="Ny"),
        lambda: watches.report_watch(watch, by, on=date(2022, 8, 30)),
        lambda: watches.pause_watch(watch, by, "Vila"),
        lambda: watches.resume_watch(watch, by),
        lambda: watches.finish_watch(watch, by, "Klar"),
        lambda: watches.condition_came(rhythm, by),
    ):
        with pytest.raises(NotAllowedError):
            deed()


@pytest.mark.parametrize("role", ["secretary", "head_administration", "quality_strategist"])
def test_those_who_keep_it(chain: Chain, role: str) -> None:
    watch = watches.add_watch(chain.committee, "Nytt uppdrag", chain.by(role), origin="audit")
    assert watch.get_origin_display() == "revision"


def test_notes_to_conditions_are_kept_on_their_tasks_and_not_in_the_trail(chain: Chain) -> None:
    watch = add(chain, plan("MI", "När myndigheten är klar"))
    rhythm = watch.rhythms.get()
    question, waits = watch_times.task_of(rhythm, watch_times.QUESTION), watch_times.task_of(rhythm)
    assert question is not None and waits is not None
    for deed in (watches.condition_holds, watches.condition_came):
        for note, says in (
            ("Gäller 19121212-1212.", "personnummer"),
            ("Nej\x00.", "NUL"),
            ("Lång. " * 60, "högst 300"),
        ):
            with pytest.raises(ValidationError, match=says) as refused:
                deed(rhythm, chain.by("secretary"), note=note)
            assert set(refused.value.message_dict) == {"note"}
    watches.condition_holds(rhythm, chain.by("sas"), note=" Väntas i vår. ")
    watches.condition_came(rhythm, chain.by("secretary"), note="Myndigheten är klar.")
    question.refresh_from_db()
    waits.refresh_from_db()
    assert (question.note, waits.note) == ("Väntas i vår.", "Myndigheten är klar.")
    told = AuditRecord.objects.filter(deed__startswith="watch.condition")
    assert [one.detail for one in told] == [{}, {}]
