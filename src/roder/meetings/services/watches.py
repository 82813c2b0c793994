"""What people do with the balance list: take something up, report it, pause it, change it, end it (7.6).

``watch_times`` says when. Every deed asks for its right, is one transaction and is written in the trail.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from roder import access, tasks
from roder.access import Action, Resource
from roder.core.persons import checked_text
from roder.meetings.models import AgendaItem, Case, MinuteItem, Rhythm, Watch, WatchReport
from roder.meetings.services import watch_times
from roder.meetings.services.watch_agenda import due_at, ended_items, put_on_agenda, watches_of_item
from roder.meetings.services.watch_times import QUESTION, TASK, Plan, WatchFault
from roder.organisation.models import Body, Person, Role, Unit
from roder.tasks.rules import SWEDEN, to_data

__all__ = [
    "Plan", "WatchFault", "add_watch", "change_watch", "condition_came", "condition_holds", "drop_watch", "due_at",
    "ended_items", "finish_watch", "pause_watch", "put_on_agenda", "report_watch", "resume_watch", "watches_of_item",
]  # fmt: skip

#: How long a note to a condition may be.
MOST_NOTE = 300


@transaction.atomic
def add_watch(
    committee: Body,
    title: str,
    by: Person,
    *,
    what: str = "",
    decided_on: Sequence[date] = (),
    section: str = "",
    paragraph: MinuteItem | None = None,
    case: Case | None = None,
    number_text: str = "",
    responsible: str = "",
    role: str = "head_administration",
    unit: Unit | None = None,
    origin: str = "decision",
    rhythms: Sequence[Plan] = (),
    opened_on: date | None = None,
    since: date | None = None,
    paused_why: str = "",
) -> Watch:
    """Take something up on the balance list. Each rhythm opens a task for the mandate (``role`` in ``unit`` or in the
    committee). From a ``paragraph`` come the day, the number and the case when they are not given.

    ``opened_on`` is the day it came to the list (today), ``since`` the day its rhythms are counted from (the same).
    With ``paused_why`` it rests from the start. Raises NotAllowedError; ValidationError at the field; WatchFault.
    """
    access.require(by, Action.EDIT, Resource.WATCHES, committee)
    case = case or (paragraph.item.case if paragraph is not None else None)
    for used in (case, paragraph):
        if used is not None:
            access.require(by, Action.VIEW, used)
    if case is not None and case.committee_id != committee.pk:
        raise WatchFault("Ärendet hör till en annan nämnd. Välj ett av nämndens egna ärenden.", "case")
    if unit is not None and unit.committee_id != committee.pk:
        raise WatchFault("Enheten hör till en annan nämnd. Välj en av nämndens egna enheter.", "unit")
    if paragraph is not None:
        decided_on = decided_on or [paragraph.item.meeting.date]
        section = section or (f"§ {paragraph.number}" if paragraph.number else "")
    last = Watch.objects.filter(committee=committee).aggregate(last=Max("position"))["last"] or 0
    opened = opened_on or watch_times.today()
    watch = Watch(
        committee=committee,
        position=last + 1,
        title=title.strip(),
        what=what.strip(),
        case=case,
        number_text=number_text.strip() or (case.number if case else ""),
        paragraph=paragraph,
        decided_on=sorted(decided_on),
        section=section.strip(),
        origin=origin,
        responsible=responsible.strip() or str(Role(role).label).capitalize(),
        role=role,
        unit=unit,
        opened_on=opened,
        state=Watch.State.PAUSED if paused_why.strip() else Watch.State.OPEN,
        paused_why=paused_why.strip(),
    )
    watch.full_clean()
    watch.save(force_insert=True)
    _write_rhythms(watch, rhythms, since or opened)
    access.record(by, "watch.added", watch, origin=origin)
    watch_times.put_right(watch, by)
    return watch


def _write_rhythms(watch: Watch, rhythms: Iterable[Plan], since: date) -> None:
    for kind, printed, rule, condition in rhythms:
        rhythm = Rhythm(
            watch=watch,
            kind=kind,
            printed=printed.strip(),
            since=since,
            rule=to_data(rule) if rule else None,
            condition=condition.data() if condition else None,
        )
        rhythm.full_clean(exclude=["watch"])
        rhythm.save(force_insert=True)


@transaction.atomic
def change_watch(
    watch: Watch,
    by: Person,
    expected_revision: int,
    *,
    rhythms: Sequence[Plan] | None = None,
    **values: Any,
) -> Watch:
    """Change a watch. ``rhythms`` (None: as they are) replace those that are there: one with the same kind, words and
    rule is kept with its history, the tasks of the others are cancelled, new ones are counted from today.

    Raises NotAllowedError; ValidationError at the field; WatchFault for a closed one; StaleRecordError.
    """
    access.require(by, Action.EDIT, watch)
    _must_live(watch)
    watch.save_over(expected_revision, **values)
    if rhythms is not None:
        wanted = list(rhythms)
        for old in watch.rhythms.all():
            same = next((one for one in wanted if _same(old, one)), None)
            if same is not None:
                wanted.remove(same)
                continue
            for kind in (TASK, QUESTION):
                tasks.cancel(kind, watch, "Återrapporteringen har ändrats.", key=str(old.pk), by=by)
            old.delete()
        _write_rhythms(watch, wanted, watch_times.today())
    access.record(by, "watch.changed", watch)
    watch_times.put_right(watch, by)
    return watch


def _same(old: Rhythm, plan: Plan) -> bool:
    kind, printed, rule, condition = plan
    return (old.kind, old.printed, old.rule, old.condition) == (
        kind,
        printed.strip(),
        to_data(rule) if rule else None,
        condition.data() if condition else None,
    )


def _must_live(watch: Watch) -> None:
    if watch.state in (Watch.State.DONE, Watch.State.DROPPED):
        raise WatchFault(f"Uppdraget är redan avslutat ({watch.get_state_display()} {watch.closed_on}).")


def _reason(text: str, field: str, message: str) -> str:
    if not text.strip():
        raise WatchFault(message, field)
    return text.strip()


@transaction.atomic
def report_watch(
    watch: Watch,
    by: Person,
    *,
    on: date,
    item: AgendaItem | None = None,
    note: str = "",
    rhythm: Rhythm | None = None,
) -> list[WatchReport]:
    """Write down that a watch was reported on a day, at an ``item`` of an agenda if it was at a meeting. Without a
    ``rhythm`` every one that was due then is reported, or else the next one; each report opens the time after.

    To report the same thing twice gives what is there. Raises NotAllowedError; WatchFault for a closed watch or a day
    to come; ValidationError at the field.
    """
    access.require(by, Action.EDIT, watch)
    watch = Watch.objects.select_for_update(of=("self",)).select_related("committee", "case", "unit").get(
        pk=watch.pk
    )  # fmt: skip
    _must_live(watch)
    if on > watch_times.today():
        raise WatchFault("Dagen har inte varit än. Skriv den dag då det redovisades.", "on")
    if item is not None:
        access.require(by, Action.VIEW, item)
        if item.meeting.committee_id != watch.committee_id:
            raise WatchFault("Punkten hör till en annan nämnds sammanträde.", "item")
    made = []
    for one in [rhythm] if rhythm is not None else _to_report(watch, on):
        there = watch.reports.filter(rhythm=one, on=on).first()
        if there is not None:
            made.append(there)
            continue
        report = WatchReport(
            watch=watch, rhythm=one, meeting=item.meeting if item else None, item=item, on=on, note=note.strip()
        )  # fmt: skip
        report.full_clean(exclude=["watch"])
        report.save(force_insert=True)
        made.append(report)
        access.record(by, "watch.reported", watch, on=on.isoformat())
        if one is not None and (task := watch_times.task_of(one)) is not None and task.state != "waiting":
            moment = datetime.combine(on, time(12), SWEDEN) if on < watch_times.today() else None
            tasks.complete(TASK, watch, by, key=str(one.pk), at=moment)
    watch_times.put_right(watch, by)
    return made


def _to_report(watch: Watch, on: date) -> list[Rhythm | None]:
    """The rhythms that were due on the day; else the next one that is due; else (nothing is) the watch itself."""
    rows = {str(one.pk): one for one in watch.rhythms.all()}
    live = list(
        watch_times.tasks_of([watch.pk]).filter(kind=TASK).exclude(state="waiting").order_by("due_at")
    )
    due = [task for task in live if (when := tasks_due(task)) is not None and when <= on]
    chosen = [rows[task.key] for task in (due or live[:1]) if task.key in rows]
    return [*chosen] or [None]


def tasks_due(task: tasks.Task) -> date | None:
    """The day a watch's task is due."""
    due = watch_times.due_of(task)
    return due.day if due else None


@transaction.atomic
def pause_watch(watch: Watch, by: Person, why: str, expected_revision: int | None = None) -> Watch:
    """Let a watch rest, with the reason: nothing is due and nobody is reminded until it is resumed.

    Raises NotAllowedError; WatchFault without a reason or when it is not open; StaleRecordError.
    """
    access.require(by, Action.EDIT, watch)
    why = _reason(why, "why", "Skriv varför uppdraget pausas.")
    if watch.state != Watch.State.OPEN:
        raise WatchFault("Bara ett uppdrag som bevakas kan pausas.")
    watch.save_over(expected_revision or watch.revision, state=Watch.State.PAUSED, paused_why=why)
    for task in watch_times.tasks_of([watch.pk]):
        tasks.pause(task.kind, watch, why, key=task.key, by=by)
    access.record(by, "watch.paused", watch)
    return watch


@transaction.atomic
def resume_watch(watch: Watch, by: Person, expected_revision: int | None = None) -> Watch:
    """Take up a watch that rested. What recurs is counted from today; a day that was set stands.

    Raises NotAllowedError; WatchFault when it does not rest; StaleRecordError.
    """
    access.require(by, Action.EDIT, watch)
    if watch.state != Watch.State.PAUSED:
        raise WatchFault("Bara ett pausat uppdrag kan tas upp igen.")
    watch.save_over(expected_revision or watch.revision, state=Watch.State.OPEN, paused_why="")
    for rhythm in watch.rhythms.all():
        rhythm.watch = watch
        if watch_times.recurs(rhythm):
            rhythm.save_over(rhythm.revision, since=watch_times.today())
    for task in watch_times.tasks_of([watch.pk]):
        tasks.resume(task.kind, watch, key=task.key, by=by)
    access.record(by, "watch.resumed", watch)
    watch_times.put_right(watch, by)
    return watch


@transaction.atomic
def finish_watch(
    watch: Watch,
    by: Person,
    why: str,
    *,
    on: date | None = None,
    dropped: bool = False,
    expected_revision: int | None = None,
) -> Watch:
    """End a watch as done, or with ``dropped`` strike it, and say how. Its tasks are cancelled.

    Raises NotAllowedError; WatchFault without words or when it is closed; ValidationError; StaleRecordError.
    """
    access.require(by, Action.EDIT, watch)
    _must_live(watch)
    why = _reason(
        why, "why", "Skriv varför uppdraget stryks." if dropped else "Skriv hur uppdraget avslutades."
    )
    day = on or watch_times.today()
    if not watch.opened_on <= day <= watch_times.today():
        raise WatchFault(f"Dagen ska ligga mellan {watch.opened_on} och i dag.", "on")
    watch.save_over(
        expected_revision or watch.revision,
        state=Watch.State.DROPPED if dropped else Watch.State.DONE, closed_on=day, closed_why=why, paused_why="",
    )  # fmt: skip
    tasks.cancel_all(watch, "Uppdraget är avslutat.", by=by)
    access.record(by, "watch.dropped" if dropped else "watch.finished", watch)
    return watch


def drop_watch(watch: Watch, by: Person, why: str, **more: Any) -> Watch:
    """Strike a watch: it is no longer to be done. As ``finish_watch``."""
    return finish_watch(watch, by, why, dropped=True, **more)


@transaction.atomic
def condition_came(rhythm: Rhythm, by: Person, *, note: str = "") -> Rhythm:
    """Confirm that what a rhythm waits for has come: its time is counted from today. The note is kept on the task.

    Raises NotAllowedError; WatchFault when it does not wait; ValidationError at ``note``.
    """
    access.require(by, Action.EDIT, rhythm.watch)
    note = checked_text(note, "note", MOST_NOTE)
    task = watch_times.task_of(rhythm)
    if task is None or task.state != "waiting":
        raise WatchFault("Den här återrapporteringen väntar inte på något villkor.")
    rhythm.save_over(rhythm.revision, since=watch_times.today())
    tasks.confirm(task, by, note)
    tasks.cancel(QUESTION, rhythm.watch, "Villkoret är uppfyllt.", key=str(rhythm.pk), by=by)
    access.record(by, "watch.condition_came", rhythm.watch)
    watch_times.put_right(rhythm.watch, by)
    return rhythm


@transaction.atomic
def condition_holds(rhythm: Rhythm, by: Person, *, note: str = "") -> Rhythm:
    """Answer the yearly question: the watch still waits for its condition. It is asked again in a year.

    Whoever may comment on watches answers; the note is kept on the question that was answered. Raises NotAllowedError;
    WatchFault when it does not wait; ValidationError at ``note``.
    """
    access.require(by, Action.COMMENT, rhythm.watch)
    note = checked_text(note, "note", MOST_NOTE)
    task = watch_times.task_of(rhythm)
    if task is None or task.state != "waiting":
        raise WatchFault("Den här återrapporteringen väntar inte på något villkor.")
    tasks.complete(QUESTION, rhythm.watch, by, key=str(rhythm.pk), note=note)
    asked = watch_times.ASKED_EVERY.due(timezone.now())  # from the answer, however late it came
    tasks.reschedule(QUESTION, rhythm.watch, asked, str(rhythm.pk), by=by)
    access.record(by, "watch.condition_held", rhythm.watch)
    return rhythm
