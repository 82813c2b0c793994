"""What happens by itself: reminders, lateness, escalation, conditions that are met, and what recurs.

Every part can be run again and by two at once: a task is worked on under its row lock, its count of alerts moves in the
same transaction as the notices, and a notice has a key that the database keeps unique.
"""

from __future__ import annotations

from datetime import datetime

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from roder import access
from roder.organisation.models import Role
from roder.tasks import notices, texts
from roder.tasks.alerting import alerts_of
from roder.tasks.models import LIVE, State, Task
from roder.tasks.rules import Alert, Due
from roder.tasks.services import begin_met, open_next

AT_A_TIME = 200


def attend(now: datetime | None = None) -> int:
    """Do everything whose moment has come. Gives how many people were told something."""
    moment = now or timezone.now()
    begin_met(Task.objects.filter(state=State.WAITING, condition__has_key="kind"))
    told = 0
    while True:
        with transaction.atomic():
            rows = Task.objects.filter(attend_at__lte=moment).order_by("attend_at", "pk")
            rows = rows.select_related("unit", "committee", "person")
            batch = list(rows.select_for_update(of=("self",), skip_locked=True)[:AT_A_TIME])
            for task in batch:
                told += _attend(task, moment)
        if len(batch) < AT_A_TIME:
            return told


def _attend(task: Task, now: datetime) -> int:
    """Tell what is to be told about one task. Of several that came while nobody looked, reminders before the last are
    left out; every escalation is told."""
    every = alerts_of(task)
    ripe = [alert for alert in every[task.alerts_done :] if alert.at <= now]
    told = 0
    for place, alert in enumerate(ripe):
        last = place == len(ripe) - 1
        if alert.kind == "remind" and not last:
            continue
        told += _tell(task, alert, task.alerts_done + place, now)
    done = task.alerts_done + len(ripe)
    following = every[done].at if done < len(every) else None
    # No revision: this is not something that a person edits.
    Task.objects.filter(pk=task.pk).update(alerts_done=done, attend_at=following)
    return told


def _tell(task: Task, alert: Alert, number: int, now: datetime) -> int:
    if task.due_at is None:
        return 0
    due = Due(task.due_at, task.whole_day)
    key = f"task:{task.pk}:{number}:{task.due_at.isoformat()}"
    if alert.kind == "remind":
        return len(notices.tell(task, f"Påminnelse: {task.what}", texts.reminder(due, now), key=key))
    if alert.kind == "late":
        return len(notices.tell(task, f"Försenat: {task.what}", texts.late(due, now), key=key))
    whose = task.get_role_display().lower() if task.role else "den som har uppgiften"
    if task.unit is not None:
        whose = f"{whose}, {task.unit}"
    body = texts.escalated(due, now, whose)
    told = notices.tell(task, f"Försenat, till dig som {Role(alert.role).label}: {task.what}", body, key=key,
                        to_role=alert.role)  # fmt: skip
    access.record(None, "task.escalated", task, role=alert.role, told=len(told))
    return len(told)


def nightly() -> tuple[int, int]:
    """Open the next of what recurs where it is missing, and strike what is about records that are gone.

    Gives (opened, struck)."""
    return _reopen(), _sweep()


def _reopen() -> int:
    """A recurring task that was done when its next day was not known (the meetings of next year): it may be now."""
    opened = 0
    same = ("kind", "subject_kind", "subject_id", "key")
    closed = Task.objects.filter(recurs=True).exclude(state__in=LIVE)
    for task in closed.order_by(*same, "-closed_at", "-pk").distinct(*same):
        if task.state != State.DONE:
            continue  # it was struck: nobody waits for the next
        alive = Task.objects.filter(
            kind=task.kind,
            subject_kind=task.subject_kind,
            subject_id=task.subject_id,
            key=task.key,
            state__in=LIVE,
        )
        if not alive.exists() and open_next(task) is not None:
            opened += 1
    return opened


def _sweep() -> int:
    kinds = Task.objects.filter(state__in=LIVE).order_by().values_list("subject_kind", flat=True).distinct()
    return sum(strike_gone(kind) for kind in kinds)


def strike_gone(kind: str) -> int:
    """Strike the open tasks about records of a kind that are no longer there. Gives how many."""
    try:
        there = apps.get_model(kind)._base_manager.values("pk")
    except LookupError:
        return 0
    live = Task.objects.filter(state__in=LIVE, subject_kind=kind)
    gone = live.exclude(subject_id__in=there).values_list("pk", flat=True)[:AT_A_TIME]
    return Task.objects.filter(pk__in=list(gone), state__in=LIVE).update(
        state=State.CANCELLED,
        closed_at=timezone.now(),
        attend_at=None,
        note="Det som uppgiften gällde är borta.",
    )
