"""The states of many sheets' tasks at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from roder.followup.models import Sheet
from roder.followup.rules.states import Progress, progress_of
from roder.tasks.models import Task


@dataclass(frozen=True, slots=True)
class TaskState:
    """What is known of a sheet's task: plain values, for thousands."""

    state: str
    due_at: datetime | None
    whole_day: bool
    ready_by: int | None
    closed_by: int | None
    role: str


_COLUMNS = ("subject_id", "state", "due_at", "whole_day", "ready_by_id", "closed_by_id", "role")


def tasks_about(sheets: QuerySet[Sheet] | Iterable[int]) -> QuerySet[Task]:
    """The tasks of sheets, ended ones too. With a queryset they are a condition in the query, which is cheaper for
    thousands than their numbers."""
    wanted: Any = sheets.order_by().values("pk") if isinstance(sheets, QuerySet) else list(sheets)
    return Task.objects.filter(subject_kind=Sheet.record_kind(), subject_id__in=wanted)


def task_states(sheets: QuerySet[Sheet] | Iterable[int]) -> dict[int, TaskState]:
    """Sheet -> its latest task. One query."""
    rows = tasks_about(sheets).order_by("pk")
    return {row[0]: TaskState(*row[1:]) for row in rows.values_list(*_COLUMNS)}


def progress_by(sheets: Iterable[Sheet]) -> dict[int, Progress]:
    """Sheet -> how far it has come. One query."""
    rows = list(sheets)
    tasks = task_states(one.pk for one in rows)
    return {
        one.pk: progress_of(
            tasks[one.pk].state if one.pk in tasks else "",
            written=one.written_at is not None,
            included=one.included_at is not None,
        )
        for one in rows
    }
