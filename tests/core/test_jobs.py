"""The queue: a job is there if and only if the deed was done, is tried again, and survives worker and database."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.test import Client

from roder.core import jobs, worker
from roder.core.jobs import JOBS, Job, defer, run_pending

DONE: list[int] = []


@pytest.fixture
def declared() -> Iterator[Job]:
    """A job of these tests only."""
    DONE.clear()

    @jobs.job(queue="prov")
    def note(number: int) -> None:
        try:
            if number < 0 and number not in DONE:
                DONE.append(number)
                raise RuntimeError("första gången går det inte")
            DONE.append(abs(number))
        finally:
            if threading.current_thread() is not threading.main_thread():
                connections.close_all()

    yield note
    del JOBS[note.name]
    del jobs.app.tasks[note.name]


@pytest.mark.django_db
def test_a_deferred_job_waits_and_is_run_here_and_now(declared: Job) -> None:
    assert defer(declared, number=1)
    assert DONE == []
    assert jobs.waiting() == [(declared.name, {"number": 1})]
    assert run_pending() == [declared.name]
    assert DONE == [1] and jobs.waiting() == []


@pytest.mark.django_db
def test_a_deed_that_fails_leaves_no_job(declared: Job) -> None:
    def deed() -> None:
        with transaction.atomic():
            defer(declared, number=1)
            raise RuntimeError("det gick inte")

    with pytest.raises(RuntimeError):
        deed()
    assert jobs.waiting() == []


@pytest.mark.django_db
def test_once_is_once_while_it_waits(declared: Job) -> None:
    assert defer(declared, number=1, once="a")
    assert not defer(declared, number=1, once="a")
    assert defer(declared, number=1, once="b")
    run_pending()
    assert defer(declared, number=1, once="a")


@pytest.mark.django_db
def test_jobs_that_make_jobs_without_end_are_stopped(declared: Job) -> None:
    @jobs.job(queue="prov")
    def again() -> None:
        defer(JOBS[name])

    name = again.name
    defer(again)
    with pytest.raises(RuntimeError, match="tog inte slut"):
        run_pending(most=5)
    del JOBS[name], jobs.app.tasks[name]


def rows(query: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


async def _caught_up() -> None:
    own = jobs.app.with_connector(jobs.app.connector.get_worker_connector())
    async with own.open_async():
        await own.run_worker_async(wait=False, install_signal_handlers=False, queues=["prov", "clock"])


def catch_up() -> None:
    """Let a worker do all there is. In a thread: a browser test in the same process may have a loop of its own."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, _caught_up()).result()


def eventually(found: Callable[[], bool], seconds: float = 15.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found():
            return True
        time.sleep(0.05)
    return False


def test_a_worker_tries_again_and_takes_up_what_a_killed_one_had(committed: None, declared: Job) -> None:
    defer(declared, number=-7)
    defer(declared, number=8)
    [(dead,)] = rows(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
    )
    rows(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE args->>'number' = '8' RETURNING 1",
        dead,
    )
    with jobs._as_written():
        jobs.app.configure_task("roder.core.jobs.take_up_stalled").defer(timestamp=0)
    catch_up()
    catch_up()
    assert sorted(DONE) == [-7, 8]
    [(status, later)] = rows(
        "SELECT status::text, scheduled_at > now() FROM procrastinate_jobs WHERE args->>'number' = '-7'"
    )
    assert (status, later) == ("todo", True)  # tried again in a while
    rows("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo' RETURNING 1")
    catch_up()
    assert sorted(DONE) == [-7, 7, 8]


def test_the_worker_survives_that_the_database_is_restarted(
    committed: None, declared: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "POLL", 0.2)
    monkeypatch.setattr(worker, "LISTEN", 0.1)
    stop = threading.Event()
    thread = threading.Thread(
        target=lambda: (worker.work(signals=False, stop=stop), connections.close_all()), daemon=True
    )
    thread.start()
    try:
        defer(declared, number=1)
        assert eventually(lambda: not rows("SELECT 1 FROM procrastinate_jobs WHERE queue_name = 'prov'"))
        assert DONE == [1]
        reach = connection.get_connection_params() | {"cursor_factory": None}
        with psycopg.connect(**reach, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), %s)",
                [connection.connection.info.backend_pid],
            )
        defer(declared, number=2)
        assert eventually(lambda: 2 in DONE)
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()


@pytest.mark.django_db
def test_health_without_login(client: Client) -> None:
    answer = client.get("/halsa/")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "worker": "missing", "waiting": 0, "failed": 0}
    rows("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    assert client.get("/halsa/").json()["worker"] == "ok"


@pytest.mark.django_db
def test_health_when_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from roder.core import health

    class Away:
        def cursor(self) -> object:
            raise OperationalError("borta")

    monkeypatch.setattr(health, "connection", Away())
    answer = client.get("/halsa/")
    assert (answer.status_code, answer.json()["database"]) == (503, "missing")
