"""Two at once: one deed is done, nothing is done twice, nobody is told twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

from django.db import connections
from django.utils import timezone

from roder import tasks
from roder.access.models import AuditRecord
from roder.tasks import clockwork
from roder.tasks.models import Notice, State, Task
from tests.tasks.conftest import build

AT_ONCE = 4


def together(deed: Callable[[], Any]) -> list[Any]:
    """The deed by several at once, each on a connection of its own."""
    start = Barrier(AT_ONCE)

    def one() -> Any:
        try:
            connections["default"].ensure_connection()
            start.wait(10)
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [future.result(30) for future in [pool.submit(one) for _ in range(AT_ONCE)]]


def test_open_complete_and_remind_at_once(committed: None) -> None:
    town = build()
    due, owner = timezone.now() - timedelta(minutes=1), tasks.Owner("licensed", unit=town.home)
    opened = together(lambda: tasks.open_task("prov.klocka", town.home, owner=owner, due=due).pk)
    assert len(set(opened)) == 1 and Task.objects.count() == 1
    assert Notice.objects.count() == 1

    together(clockwork.attend)
    assert Notice.objects.filter(title__startswith="Försenat").count() == 1

    done = together(lambda: tasks.complete("prov.klocka", town.home, town.people["nora"]))
    assert sum(one is not None for one in done) == 1
    assert AuditRecord.objects.filter(deed="task.completed").count() == 1
    assert Task.objects.get().state == State.DONE
