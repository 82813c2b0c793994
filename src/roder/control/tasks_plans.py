"""The task of a round of a control, and where the plan's records are shown."""

from __future__ import annotations

from datetime import timedelta

from roder import tasks
from roder.control.services.rounds import TASK
from roder.tasks.models import Task


def _page(task: Task) -> tuple[str, list[int]]:
    return "control:round", [task.subject_id]


tasks.kind(TASK, label="Gör kontrollen", url=_page, remind=(timedelta(days=14), timedelta(days=3)))
tasks.place("control.controlpoint", lambda one: ("control:point", [one.pk]))
tasks.place("control.control", lambda one: ("control:control", [one.pk]))
tasks.place("control.controlplan", lambda one: ("control:plan", []))
