"""The balance list's kinds of task: what is to be reported back, and whether a condition still holds."""

from __future__ import annotations

from datetime import timedelta

from roder import tasks
from roder.meetings.services.watch_times import QUESTION, TASK
from roder.tasks.models import Task


def _page(task: Task) -> tuple[str, list[int]]:
    return "meetings:watch", [task.subject_id]


tasks.kind(
    TASK, label="Återrapportera till nämnden", url=_page, remind=(timedelta(days=21), timedelta(days=7))
)
tasks.kind(QUESTION, label="Svara om villkoret håller", url=_page, remind=(timedelta(days=7),))
tasks.place("meetings.watch", lambda watch: ("meetings:watch", [watch.pk]))
