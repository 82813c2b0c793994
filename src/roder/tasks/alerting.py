"""Who is to hear of a task when: the kind's reminders, the moment it is late, and the line above."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from roder.tasks import kinds
from roder.tasks.models import State, Task
from roder.tasks.rules import Alert, Due, alerts


def alerts_of(task: Task) -> tuple[Alert, ...]:
    """Everything that is to happen around the task's due moment, in order; nothing without one."""
    if task.due_at is None:
        return ()
    declared = kinds.known(task.kind)
    if not declared.alerts:
        return ()
    due = Due(task.due_at, task.whole_day)
    return alerts(due, declared.remind, kinds.line_above(task.role, declared.escalate))


def schedule(task: Task, now: datetime | None = None, *, quiet: bool = False) -> tuple[int, datetime | None]:
    """How many of its alerts are over, and when the clockwork has to look at the task next.

    What was past already when the task got its due moment is not told one by one, only the last of it, and a reminder
    not at all. ``quiet``: nothing of it is told.
    """
    if task.due_at is None or task.paused_at is not None or task.state == State.WAITING:
        return 0, None
    every = alerts_of(task)
    past = sum(alert.at <= (now or timezone.now()) for alert in every)
    done = past - 1 if past and every[past - 1].kind != "remind" and not quiet else past
    return done, every[done].at if done < len(every) else None
