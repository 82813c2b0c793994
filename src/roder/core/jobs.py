"""The job queue: what is done a moment later, again when it fails, or by the clock. It lies in the same database
(procrastinate), so a job is there if and only if the deed that asked for it was done.

    @job(queue="mail")
    def send(letter_id: int) -> None: ...

    @periodic("*/5 * * * *")
    def look_again() -> None: ...

    defer(send, letter_id=12)        # in the transaction one is in; taken up when that is over

A room puts its jobs in ``<room>/jobs.py``, which is read when the program starts. A job must bear to run twice: what a
killed worker had in hand is taken up again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

log = logging.getLogger("roder.jobs")

#: A job that fails is tried again after 4 s, 16 s, 1 min, 4 min, 17 min and about an hour, and then given up.
RETRY = RetryStrategy(max_attempts=7, exponential_wait=4)


@dataclass(frozen=True)
class Job:
    """A declared job. Called, it runs at once, as any function."""

    name: str
    function: Callable[..., None]
    queue: str

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        """Run it here and now."""
        self.function(*args, **kwargs)


#: Every declared job by its name.
JOBS: dict[str, Job] = {}


def _name(function: Callable[..., None]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def job(
    queue: str = "default", *, retry: RetryStrategy | bool = RETRY
) -> Callable[[Callable[..., None]], Job]:
    """Declare a job. Its arguments must be plain JSON values: the ids of records, not the records."""

    def declare(function: Callable[..., None]) -> Job:
        made = Job(_name(function), function, queue)
        JOBS[made.name] = made
        app.task(name=made.name, queue=queue, retry=retry)(function)
        return made

    return declare


def periodic(cron: str, *, queue: str = "clock") -> Callable[[Callable[[], None]], Job]:
    """Declare a job that runs by the clock (five cron fields, UTC). It never waits twice in the queue."""

    def declare(function: Callable[[], None]) -> Job:
        made = Job(_name(function), function, queue)
        JOBS[made.name] = made

        def run(timestamp: int) -> None:
            function()

        task = app.task(name=made.name, queue=queue, queueing_lock=made.name, lock=made.name)(run)
        app.periodic(cron=cron)(task)
        return made

    return declare


@contextmanager
def _as_written() -> Iterator[None]:
    """Without what pgtrigger and pghistory put before each statement: they cannot with the queue's named parameters."""
    wrappers, connection.execute_wrappers = connection.execute_wrappers, []
    try:
        yield
    finally:
        connection.execute_wrappers = wrappers


def defer(wanted: Job, *, at: datetime | None = None, once: str = "", **arguments: Any) -> bool:
    """Put a job in the queue, in the transaction one is in: it is taken up after commit, and never if that fails.

    ``at``: not before that moment. ``once``: not when one with the same text waits already. Gives whether it was put.
    """
    options: dict[str, Any] = {"schedule_at": at} if at else {}
    if once:
        options["queueing_lock"] = f"{wanted.name}:{once}"
    try:
        with transaction.atomic(), _as_written():
            app.configure_task(wanted.name, allow_unknown=False, **options).defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


@app.periodic(cron="* * * * *")
@app.task(
    name="roder.core.jobs.take_up_stalled", queue="clock", queueing_lock="take_up_stalled", pass_context=True
)
async def take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Put back in the queue what a worker had in hand when it was killed."""
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs():
        log.warning("jobbet %s (%s) tas upp igen: den som körde det är borta", stalled.id, stalled.task_name)
        await manager.retry_job(stalled)


@app.periodic(cron="40 2 * * *")
@app.task(name="roder.core.jobs.forget_old", queue="clock", queueing_lock="forget_old", pass_context=True)
async def forget_old(context: JobContext, timestamp: int) -> None:
    """Forget what was done, and after a month what failed."""
    await context.app.job_manager.delete_old_jobs(nb_hours=24 * 2)
    await context.app.job_manager.delete_old_jobs(
        nb_hours=24 * 30, include_failed=True, include_cancelled=True, include_aborted=True
    )


# --- for tests, and for those who have no worker -------------------------------------------------------------------

_WAITING = """
    SELECT id, task_name, args FROM procrastinate_jobs
    WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= %s)
    ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""


def run_pending(now: datetime | None = None, *, most: int = 1000) -> list[str]:
    """Run everything that waits, here and now, in the transaction one is in, without threads. Gives the jobs' names.

    For tests. What a job raises is raised here. Raises RuntimeError when ``most`` jobs did not empty the queue.
    """
    from django.utils import timezone  # noqa: PLC0415 - settings must be ready

    done: list[str] = []
    while len(done) < most:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_WAITING, [now or timezone.now()])
            row = cursor.fetchone()
            if row is None:
                return done
            number, name, arguments = row
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [number])
            values = json.loads(arguments) if isinstance(arguments, str) else arguments
            JOBS[name](**{key: value for key, value in values.items() if key != "timestamp"})
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [number])
        done.append(name)
    raise RuntimeError(f"kön tog inte slut efter {most} jobb; de sista: {done[-3:]}")


def waiting() -> list[tuple[str, dict[str, Any]]]:
    """What waits in the queue: the jobs' names and arguments, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        return [
            (name, json.loads(arguments) if isinstance(arguments, str) else arguments)
            for name, arguments in cursor.fetchall()
        ]
