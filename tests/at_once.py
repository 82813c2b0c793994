"""Deeds at once, each on a connection of its own: for tests with the fixture ``committed``."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection, connections, transaction


def alone(deed: Callable[[], Any]) -> Any:
    """The deed on a connection that is closed after it."""
    try:
        connections["default"].ensure_connection()
        return deed()
    finally:
        connections.close_all()


def together(deed: Callable[[], Any], times: int = 4) -> list[Any]:
    """The deed by several at once; what each gave, or the exception that it raised."""
    start = Barrier(times)

    def one() -> Any:
        start.wait(10)
        return deed()

    with ThreadPoolExecutor(times) as pool:
        futures = [pool.submit(alone, one) for _ in range(times)]
        return [future.exception(30) or future.result() for future in futures]


def meanwhile(first: Callable[[], Any], then: Callable[[], Any]) -> Future[Any]:
    """What became of a deed that began beside another that ends when the deed waits or is done."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            future = pool.submit(alone, then)
            while not future.done() and not _somebody_waits():
                pass
        future.exception(30)
        return future


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])
