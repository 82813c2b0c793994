"""When the rows of the balance list come back: each rhythm of an open watch has one open task, due by its rule.

The task is what stands in "Att göra", reminds and is late. What is due is counted anew from the rule, the last report
and the days the committee meets, so a meeting that is moved takes the task with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.apps import apps
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from roder import tasks
from roder.core.faults import UserFault
from roder.meetings.models import Rhythm, Watch
from roder.meetings.services import calendar
from roder.organisation.models import Body, Person
from roder.tasks.kinds import meetings_of as every_meeting_of
from roder.tasks.models import LIVE, Task
from roder.tasks.rules import SWEDEN, AtMeetings, Due, DueRule, FirstMeeting, by_day, from_data
from roder.tasks.services import due_of

TASK = "meetings.watch"
QUESTION = "meetings.watch_condition"
#: How a watch comes back: B or MI (or empty), as printed, the due rule, and what it waits for.
Plan = tuple[str, str, DueRule | None, tasks.Condition | None]
#: How often the responsible is asked whether a condition that has not come still holds.
ASKED_EVERY = tasks.Within(12, "months")


class WatchFault(UserFault):
    """Something in the balance list that the user can mend. ``field`` names the field on the form, if one."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def meeting_days(committee: Body) -> list[date]:
    """The days the committee meets: as planned here; for years that nobody has planned here, as far as other rooms
    know (the steering model)."""
    own = set(calendar.meeting_days(committee))
    years = {day.year for day in own}
    return sorted({*own, *(day for day in every_meeting_of(committee) if day.year not in years)})


def rule_of(rhythm: Rhythm) -> DueRule | None:
    """The rhythm's due rule. A condition without a time of its own is due at the first meeting after it is met."""
    if rhythm.rule:
        return from_data(rhythm.rule)
    return tasks.EveryMeeting() if rhythm.condition else None


def recurs(rhythm: Rhythm) -> bool:
    """Whether the rhythm goes on after a report."""
    rule = rule_of(rhythm)
    once = isinstance(rule, tasks.OnDay | tasks.Within | FirstMeeting)
    return bool(rhythm.rule) and not once and not (isinstance(rule, AtMeetings) and rule.year is not None)


def task_of(rhythm: Rhythm, kind: str = TASK) -> Task | None:
    """The rhythm's open task, or None."""
    rows = tasks_of([rhythm.watch_id]).filter(kind=kind, key=str(rhythm.pk))
    return rows.first()


def tasks_of(watches: Iterable[int]) -> QuerySet[Task]:
    """The open tasks of watches, by their ids."""
    rows = Task.objects.filter(subject_kind="meetings.watch", subject_id__in=list(watches), state__in=LIVE)
    return rows.select_related("unit", "committee", "person")


def expected(rhythm: Rhythm, days: list[date] | None = None) -> Due | None:
    """When the rhythm is due next: after the last report of it, or from the day it is counted from."""
    rule = rule_of(rhythm)
    if rule is None:
        return None
    watch = rhythm.watch
    known = meeting_days(watch.committee) if days is None else days
    since = rhythm.since or watch.opened_on
    last = [day for day in _reported(rhythm) if day >= since]
    if not last:
        return rule.due(datetime.combine(since, time(12), SWEDEN), known)
    if not rhythm.rule or isinstance(rule, tasks.Within):
        return None
    return rule.following(by_day(max(last)), known)


def _reported(rhythm: Rhythm) -> list[date]:
    """The days that the rhythm has been reported, and those that the reported times were due."""
    done = Task.objects.filter(
        kind=TASK,
        subject_kind="meetings.watch",
        subject_id=rhythm.watch_id,
        key=str(rhythm.pk),
        state="done",
    )
    due = [one.day for task in done if (one := due_of(task))]
    return [*due, *rhythm.watch.reports.filter(rhythm=rhythm).values_list("on", flat=True)]


def condition_of(rhythm: Rhythm) -> tasks.Condition | None:
    """What the rhythm waits for, as the tasks know it."""
    data = rhythm.condition
    if not data:
        return None
    if "kind" not in data:
        return tasks.Condition(text=data["text"])
    record = apps.get_model(data["kind"])._base_manager.filter(pk=data["id"]).first()
    if record is None:  # what it waited for is gone: somebody has to say what is to happen
        return tasks.Condition(text="Ärendet som uppdraget väntade på finns inte längre.")
    return tasks.Condition(record=record, states=data["states"], field=data["field"])


def _words(watch: Watch, kind: str) -> str:
    """What the task says. A task is seen by more people than a secret case is."""
    about = "ett uppdrag på balanslistan (sekretess)" if watch.secret else watch.title
    return (f"Svara om villkoret håller: {about}" if kind == QUESTION else f"Återrapportera: {about}")[:300]


def _owner(watch: Watch) -> tasks.Owner:
    return tasks.Owner(watch.role, unit=watch.unit, committee=watch.committee)


def _met_once(rhythm: Rhythm) -> bool:
    """Whether the condition has come: its task has begun, or has been done."""
    return (
        Task.objects.filter(
            kind=TASK, subject_kind="meetings.watch", subject_id=rhythm.watch_id, key=str(rhythm.pk)
        )
        .exclude(state__in=["waiting", "cancelled"])
        .exists()
    )


def open_rhythm(rhythm: Rhythm, by: Person | None, days: list[date] | None = None) -> Task | None:
    """Open the rhythm's task, waiting when it has a condition that has not come. None when there is no more to do."""
    watch, rule = rhythm.watch, rule_of(rhythm)
    if rule is None or watch.state != Watch.State.OPEN:
        return None
    condition = None if _met_once(rhythm) else condition_of(rhythm)
    waiting = condition is not None and not condition.met
    due = None if waiting else expected(rhythm, days)
    if due is None and not waiting and _reported(rhythm):
        return None  # it was once only, or no more meetings are known
    task = tasks.open_task(
        TASK, watch, owner=_owner(watch), due=due, what=_words(watch, TASK), key=str(rhythm.pk), rule=rule,
        recurs=recurs(rhythm), condition=condition, by=by,
    )  # fmt: skip
    if waiting:
        tasks.open_task(
            QUESTION, watch, owner=_owner(watch), what=_words(watch, QUESTION), key=str(rhythm.pk), rule=ASKED_EVERY,
            recurs=True, by=by,
        )  # fmt: skip
    return task


def put_right(watch: Watch, by: Person | None = None, days: list[date] | None = None) -> None:
    """Let the watch's tasks be what they should: one for each rhythm, due when it is due, for the right owner."""
    known = meeting_days(watch.committee) if days is None else days
    live = {(task.kind, task.key): task for task in tasks_of([watch.pk])}
    for rhythm in watch.rhythms.select_related("watch__committee", "watch__case", "watch__unit"):
        rhythm.watch = watch
        task = live.get((TASK, str(rhythm.pk)))
        if task is not None and task.what != _words(watch, TASK):
            tasks.cancel(TASK, watch, "Uppdraget har fått en annan rubrik.", key=task.key, by=by)
            task = None
        if task is None:
            task = open_rhythm(rhythm, by, known)
        elif task.state != "waiting" and task.paused_at is None:
            if rhythm.condition and (QUESTION, task.key) in live:  # it has come since somebody looked
                rhythm.save_over(rhythm.revision, since=today())
            tasks.reschedule(TASK, watch, expected(rhythm, known), task.key, by=by)
        if task is not None:
            tasks.hand_over(TASK, watch, _owner(watch), key=task.key, by=by)
            if task.state != "waiting" and (QUESTION, task.key) in live:
                tasks.cancel(QUESTION, watch, "Villkoret är uppfyllt.", key=task.key, by=by)


def put_all_right(committee: Body | None = None) -> int:
    """Count the times anew of every open watch, of one committee or of all: when meetings are planned, moved or
    cancelled, and every night. Gives how many watches were looked at."""
    rows = Watch.objects.filter(state=Watch.State.OPEN).select_related(
        "committee", "case", "unit", "paragraph__item"
    )
    if committee is not None:
        rows = rows.filter(committee=committee)
    days: dict[int, list[date]] = {}
    count = 0
    for watch in rows.order_by("committee", "pk"):
        if watch.committee_id not in days:
            days[watch.committee_id] = meeting_days(watch.committee)
        with transaction.atomic():
            put_right(watch, None, days[watch.committee_id])
        count += 1
    return count


def due_rows(committee: Body, day: date) -> QuerySet[Task]:
    """The committee's tasks of watches that are due on a day or before and wait for their report, the oldest first."""
    moment = by_day(day).at
    rows = tasks_of(Watch.objects.filter(committee=committee, state="open").values_list("pk", flat=True))
    return rows.filter(
        Q(kind=TASK), due_at__lte=moment, paused_at=None, state__in=["open", "returned"]
    ).order_by("due_at", "pk")


def today() -> date:
    """Today in Sweden."""
    return timezone.localdate()
