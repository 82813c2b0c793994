"""The balance list as it is read: each row with its rhythms, when it comes next, and how late it is.

A constant number of queries, whatever the number of rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median

from django.db.models import F, QuerySet
from django.utils import timezone

from roder.meetings.models import Rhythm, Watch, WatchReport
from roder.meetings.rules.rhythms import words
from roder.meetings.services.watch_times import QUESTION, TASK, tasks_of
from roder.tasks.models import Task
from roder.tasks.rules import AtMeetings, from_data, is_late, lateness
from roder.tasks.services import due_of


@dataclass
class Beat:
    """A rhythm of a row: how, as printed, when next. ``late`` is how late it is in words, empty when it is not."""

    rhythm: Rhythm
    due: date | None = None
    late: str = ""
    left: str = ""
    put_off: bool = False
    waits: bool = False
    waited: str = ""
    asked: bool = False

    @property
    def kind(self) -> str:
        """B, MI or nothing."""
        return self.rhythm.kind

    @property
    def meaning(self) -> str:
        """The rule in words, where they say more than what is printed."""
        if not self.rhythm.rule:
            return ""
        said = words(from_data(self.rhythm.rule))
        return "" if said == self.rhythm.printed.lower() else said

    @property
    def task_key(self) -> str:
        """The key of the rhythm's tasks."""
        return str(self.rhythm.pk)


@dataclass
class Line:
    """A row of the list."""

    watch: Watch
    beats: list[Beat] = field(default_factory=list)
    last: WatchReport | None = None

    @property
    def due(self) -> date | None:
        """The first day anything is due."""
        return min((beat.due for beat in self.beats if beat.due), default=None)

    @property
    def late(self) -> bool:
        """Whether anything is late."""
        return any(beat.late for beat in self.beats)

    @property
    def waits(self) -> bool:
        """Whether it depends on a condition that has not come."""
        return any(beat.waits for beat in self.beats)

    @property
    def ready(self) -> bool:
        """Whether everything has been reported and nothing more is to come."""
        one = self.watch.state == Watch.State.OPEN and self.last is not None
        return one and not any(beat.due or beat.waits for beat in self.beats)

    @property
    def decided(self) -> str:
        """Days of decision and paragraph, as printed."""
        days = ", ".join(day.isoformat() for day in self.watch.decided_on)
        return f"{days} {self.section}".strip()

    @property
    def section(self) -> str:
        """The paragraph: as written, or of the minutes it was decided in."""
        paragraph = self.watch.paragraph
        if self.watch.section or paragraph is None or not paragraph.number:
            return self.watch.section
        return f"§ {paragraph.number}"


def _beat(rhythm: Rhythm, tasks: dict[tuple[str, str], Task], now: datetime) -> Beat:
    beat = Beat(rhythm)
    task = tasks.get((TASK, beat.task_key))
    if task is None or task.paused_at is not None:
        return beat
    if task.state == "waiting":
        beat.waits, beat.waited = True, _span((now - task.opened_at).days)
        question = tasks.get((QUESTION, beat.task_key))
        due = due_of(question) if question else None
        beat.asked = due is not None and is_late(due, now)
        return beat
    when = due_of(task)
    if when is None:
        return beat
    beat.due, said = when.day, lateness(when, now)
    if is_late(when, now):
        beat.late = said
    else:
        beat.left = said
    rule = from_data(rhythm.rule) if rhythm.rule else None
    beat.put_off = isinstance(rule, AtMeetings) and rule.put_off(when.day)
    return beat


def _span(days: int) -> str:
    if days < 60:
        return f"{days} {'dag' if days == 1 else 'dagar'}"
    months = round(days / 30.44)
    return f"{months} månader" if months < 24 else f"{months // 12} år"


def lines(rows: QuerySet[Watch], now: datetime | None = None) -> list[Line]:
    """The rows of the list, in its order."""
    moment = now or timezone.now()
    watches = list(rows.select_related("case", "paragraph", "unit", "committee").prefetch_related("rhythms"))
    ids = [watch.pk for watch in watches]
    tasks: dict[int, dict[tuple[str, str], Task]] = {}
    for task in tasks_of(ids):
        tasks.setdefault(task.subject_id, {})[task.kind, task.key] = task
    last: dict[int, WatchReport] = {}
    for report in (
        WatchReport.objects.filter(watch__in=ids).order_by("watch_id", "-on", "-pk").distinct("watch_id")
    ):
        last[report.watch_id] = report
    return [
        Line(
            watch,
            [_beat(rhythm, tasks.get(watch.pk, {}), moment) for rhythm in watch.rhythms.all()],
            last.get(watch.pk),
        )
        for watch in watches
    ]


@dataclass(frozen=True)
class Sums:
    """The list in a few numbers. ``days`` is the median from decision to done; ``in_time`` of ``reported`` reports
    came when they were due or before."""

    open: int
    late: int
    dependent: int
    paused: int
    done: int
    days: int | None
    in_time: int
    reported: int


def sums(rows: QuerySet[Watch], shown: list[Line]) -> Sums:
    """A committee's list in numbers: ``rows`` are all its watches that somebody may see, ``shown`` the live ones."""
    ended = list(rows.filter(state=Watch.State.DONE))
    spans = [
        ((one.closed_on - min(one.decided_on or [one.opened_on])).days) for one in ended if one.closed_on
    ]
    done = Task.objects.filter(
        kind=TASK,
        subject_kind="meetings.watch",
        subject_id__in=rows.values("pk"),
        state="done",
        due_at__isnull=False,
    )
    return Sums(
        open=sum(line.watch.state == Watch.State.OPEN for line in shown),
        late=sum(line.late for line in shown),
        dependent=sum(line.waits for line in shown),
        paused=sum(line.watch.state == Watch.State.PAUSED for line in shown),
        done=len(ended),
        days=round(median(spans)) if spans else None,
        in_time=done.filter(closed_at__lt=F("due_at")).count(),
        reported=done.count(),
    )
