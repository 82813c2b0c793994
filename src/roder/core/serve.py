"""Serving the web, and bringing the database up to date."""

from __future__ import annotations

import gc
import os
import socket
import sys
import threading
from contextlib import suppress

import click

from roder.core.faults import UserFault
from roder.core.locks import Lock

ARENA_MAX = -8  # M_ARENA_MAX of malloc.h


def bring_up_to_date() -> None:
    """Apply migrations that are missing. Cheap when there are none; safe when several processes start at once."""
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    def behind() -> MigrationExecutor | None:
        executor = MigrationExecutor(connection)
        return executor if executor.migration_plan(executor.loader.graph.leaf_nodes()) else None

    if not behind():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [Lock.MIGRATION])
        try:
            if executor := behind():
                from roder.core.migrating import apply  # noqa: PLC0415

                apply(executor)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [Lock.MIGRATION])


@click.command()
def migrate() -> None:
    """Skapa eller uppgradera databasen."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    click.echo("Databasen är uppdaterad.")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Django-kommandon för felsökning, till exempel: roder manage shell."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roder.core.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["roder manage", *arguments])


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adress att lyssna på.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Antal webbprocesser."
)
@click.option(
    "--jobs/--no-jobs",
    default=None,
    help="Kör jobben i kön bredvid webben. Utan valet: ja med den inbyggda databasen, annars inte.",
)
def serve(host: str, port: int, workers: int, jobs: bool | None) -> None:
    """Starta webben (och databasen, om ingen annan är angiven)."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from roder.figures import sweep  # noqa: PLC0415

    for line in sweep():  # what a crash left half-done
        click.echo(line)
    call_command("collectstatic", interactive=False, verbosity=0)
    for line in _first_start(host, port):
        click.echo(line)
    connections.close_all()  # none is left open when the web processes are forked
    beside = not os.environ.get("DATABASE_URL") if jobs is None else jobs
    click.echo(f"Roder finns på http://{host}:{port}/ – avsluta med Ctrl+C")
    run_server(host, port, workers, jobs=beside)


def _first_start(host: str, port: int) -> list[str]:
    """Where to begin, as long as nobody can log in."""
    from roder.setup import first  # noqa: PLC0415

    if not first.nobody_yet():
        return []
    base = os.environ.get("RODER_BASE_URL") or f"http://{host}:{port}"
    return [
        f"Ingen är upplagd än. Öppna {first.address(base)} och börja där. "
        f"Adressen gäller en gång, i {first.HOURS} timmar."
    ]


def preload(*, jobs: bool = False) -> None:
    """Read every page's code before the web processes are forked: once instead of once in each, in memory they share.

    A worker that is started anew (granian replaces one that dies) has it at once, too.
    """
    from importlib import import_module  # noqa: PLC0415

    from django.urls import get_resolver  # noqa: PLC0415

    import_module("roder.core.wsgi")
    _ = get_resolver().url_patterns
    os.register_at_fork(after_in_child=_start_warm_up)
    if jobs:
        from roder.core.worker import start_beside_the_web  # noqa: PLC0415

        os.register_at_fork(after_in_child=start_beside_the_web)
    _spare_memory()
    gc.set_threshold(10_000, 10, 10)  # a page makes thousands of objects and keeps none: a tenth less time
    gc.collect()
    gc.freeze()  # what is here now stays, so collecting must not touch (and thereby copy) its pages in each worker


def _spare_memory() -> None:
    """Let the C library keep two heaps and not eight for each core (each thread would leave its own half empty), and
    give back what reading the code has left. Where it is another library, that does as it does."""
    import ctypes  # noqa: PLC0415

    with suppress(OSError, AttributeError, TypeError):
        library = ctypes.CDLL(None)
        library.mallopt(ARENA_MAX, 2)
        library.malloc_trim(0)


def _start_warm_up() -> None:
    """In a new web process (never before the fork: a thread that holds a lock then would hold it for ever in the
    child), beside its first requests."""
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def _warm_up() -> None:
    """Load what takes a second to load, so that the first person to ask for a figure or a chart need not wait."""
    import ibis  # noqa: F401, PLC0415

    from roder.reports.charts import warm_up  # noqa: PLC0415

    warm_up()
    _spare_memory()


def require_free(host: str, port: int) -> None:
    """Raise UserFault when something listens there already: the server shares a port, and people would be sent to
    one or the other at random."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or error
            fault = f"porten {port} på {host} går inte att använda ({reason}). Välj en annan med --port."
            raise UserFault(fault) from error


def run_server(host: str, port: int, workers: int, *, jobs: bool = False) -> None:
    """Serve until told to stop. A web process that dies is replaced. With ``jobs`` one of them works off the queue."""
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.server import Server  # noqa: PLC0415

    from roder.reports.render import drawer  # noqa: PLC0415

    require_free(host, port)
    drawer.start()
    preload(jobs=jobs)
    sys.stdout.flush()
    try:
        Server(
            "roder.core.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=4,
            respawn_failed_workers=True,
            websockets=False,
            log_access=False,
        ).serve()
    except OSError as error:
        raise UserFault(
            f"porten {port} på {host} går inte att använda ({error}). Välj en annan med --port."
        ) from error
