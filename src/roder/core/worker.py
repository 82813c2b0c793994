"""The worker: takes up jobs from the queue, inside the web or as a process of its own (``roder worker``).

Losing the database ends no worker: it tries again, and on the embedded database it is what starts it again.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import signal
import threading
import time
from pathlib import Path

import click

from roder.core.paths import data_dir

log = logging.getLogger("roder.worker")

CONCURRENT = 2  # jobs at a time
FIRST_WAIT, LONGEST_WAIT = 0.25, 30.0  # seconds between tries when the database is away
POLL = 5.0  # seconds between looks for jobs when nobody has said that there are any
LISTEN = 0.5  # seconds between looks whether it is told to stop
GRACE = 20.0  # seconds a job may go on when the worker is told to stop
LOOK = 10.0  # seconds between looks whether the web process that works is gone


async def _work(concurrent: int, signals: bool, stop: threading.Event) -> None:
    """Work until the database is lost, or until told to stop (raises CancelledError)."""
    from procrastinate import PsycopgConnector  # noqa: PLC0415 - Django must be ready
    from procrastinate.contrib.django import app  # noqa: PLC0415
    from procrastinate.contrib.django.utils import connector_params  # noqa: PLC0415

    loop = asyncio.get_running_loop()
    if signals:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
    # Few connections: each broken one is found by itself, with ever longer pauses between.
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=concurrent + 3)
    own = app.with_connector(connector)
    async with own.open_async():
        working = asyncio.create_task(
            own.run_worker_async(
                name=f"roder-{os.getpid()}",
                concurrency=concurrent,
                install_signal_handlers=False,
                delete_jobs="successful",
                fetch_job_polling_interval=POLL,
                shutdown_graceful_timeout=GRACE,
            )
        )
        while not working.done():
            if stop.is_set():
                working.cancel()
            await asyncio.wait([working], timeout=LISTEN)
        await working


def work(*, signals: bool = True, concurrent: int = CONCURRENT, stop: threading.Event | None = None) -> None:
    """Take up jobs until told to stop, by a signal or by ``stop``. Comes back after a lost database, first soon and
    then ever later.

    Whatever went wrong, jobs are waiting: it is said and tried again. The library ends its worker without an error when
    one of its helpers has lost the database.
    """
    from django.db import connection  # noqa: PLC0415

    told, pause = stop or threading.Event(), FIRST_WAIT
    while not told.is_set():
        began = time.monotonic()
        try:
            connection.ensure_connection()  # starts the embedded server when it is gone
            connection.close()
            asyncio.run(_work(concurrent, signals, told))
        except asyncio.CancelledError:
            return
        except Exception as error:
            log.warning(
                "arbetaren tappade databasen och försöker igen: %s", str(error).strip().partition("\n")[0]
            )
        pause = FIRST_WAIT if time.monotonic() - began > LONGEST_WAIT else min(pause * 2, LONGEST_WAIT)
        told.wait(pause)


def lock_path() -> Path:
    """The file whose lock says which web process works."""
    return data_dir() / "worker.lock"


def work_alone(look: float = LOOK) -> None:
    """Work in one web process of several: the others wait until the one that works is gone, and one takes over.

    The lock is the kernel's, so a killed process lets go of it. Never returns; meant for a daemon thread.
    """
    waiter = threading.Event()
    with lock_path().open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiter.wait(look)
                continue
            work(signals=False)


def start_beside_the_web() -> None:
    """Start ``work_alone`` in a thread that dies with the process."""
    threading.Thread(target=work_alone, name="worker", daemon=True).start()


@click.command()
@click.option(
    "--concurrent", default=CONCURRENT, show_default=True, type=click.IntRange(1, 32), help="Jobb åt gången."
)
def worker(concurrent: int) -> None:
    """Kör jobben i kön: brev, påminnelser, eskalering. Behövs när databasen är en egen server."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    click.echo("Arbetaren kör – avsluta med Ctrl+C")
    work(concurrent=concurrent)
