"""Roder and its database server may be killed at any moment: it goes on, and nothing saved is lost."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import psycopg
import pytest

from roder.core.postgres import PostgresError, ensure_running, is_running
from roder.core.postgres.account import choose
from roder.core.postgres.keeper import server_processes
from roder.core.postgres.program import bundled
from tests.core.postgres.tools import Client, eventually, keeper, kill, outcome, postmaster, query, stopped

WRITER = """
import pathlib, sys, psycopg
from roder.core.postgres import ensure_running
server = ensure_running(pathlib.Path(sys.argv[1]))
with psycopg.connect(server.dsn, autocommit=True) as connection:
    connection.execute("CREATE TABLE saved (n int)")
    connection.execute("INSERT INTO saved SELECT generate_series(1, 5000)")
with psycopg.connect(server.dsn) as connection:
    connection.execute("INSERT INTO saved SELECT generate_series(1, 7)")
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        while True:  # a backend may need a moment to see that its postmaster is gone
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        print("lost", flush=True)
    connection = psycopg.connect(ensure_running(server.data_dir).dsn)
    print(connection.execute("SELECT count(*) FROM saved").fetchone()[0], flush=True)
    connection.close()
    sys.stdin.read()
"""


def test_the_server_is_killed_and_those_who_use_it_go_on(data: Path) -> None:
    writer = Client(data, WRITER)
    before = postmaster(data)
    kill(before)
    writer.say("go on")
    writer.expect("lost")
    writer.expect("5000")
    assert postmaster(data) != before
    assert query(data, "SELECT count(*) FROM saved") == [(5000,)]
    writer.leave()


def test_roder_is_killed_while_it_writes(data: Path) -> None:
    Client(data, WRITER).kill()
    assert query(data, "SELECT count(*) FROM saved") == [(5000,)]


def test_everything_is_killed_at_once(data: Path) -> None:
    writer = Client(data, WRITER)
    pids = [keeper(data), *server_processes(str(data / "postgres" / "cluster"))]
    assert len(pids) > 5
    writer.kill()
    for pid in pids:
        kill(pid)
    assert query(data, "SELECT count(*) FROM saved") == [(5000,)]


def test_the_keeper_is_killed(data: Path) -> None:
    with ensure_running(data):
        before = postmaster(data)
        kill(keeper(data))
        assert eventually(lambda: not server_processes(str(data / "postgres" / "cluster")))
        assert query(data, "SELECT 1") == [(1,)]
        assert postmaster(data) != before


def test_keeper_and_server_are_killed(data: Path) -> None:
    writer = Client(data, WRITER)
    both = keeper(data), postmaster(data)
    for pid in both:
        kill(pid)
    writer.say("go on")
    writer.expect("lost")
    writer.expect("5000")
    writer.leave()


def test_when_all_users_are_killed_the_server_goes_away(data: Path) -> None:
    clients = [Client(data) for _ in range(3)]
    for client in clients:
        client.kill()
    assert stopped(data)
    assert not server_processes(str(data / "postgres" / "cluster"))


def test_killed_while_the_database_is_made(new: Path) -> None:
    client = Client(new, ready=False)
    assert eventually(lambda: bool(list((new / "postgres").glob("cluster.new-*"))))
    client.kill()
    assert query(new, "SELECT current_user") == [("roder",)]
    assert not list((new / "postgres").glob("cluster.new-*"))


def test_killed_again_and_again(data: Path) -> None:
    query(data, "CREATE TABLE saved (n int)")
    with ensure_running(data):
        for round_ in range(5):
            query(data, f"INSERT INTO saved VALUES ({round_})")
            kill(postmaster(data))
        assert query(data, "SELECT count(*) FROM saved") == [(5,)]


def test_a_backend_busy_with_a_long_query_does_not_stop_the_recovery(data: Path) -> None:
    """It does not look up from its work, so it does not see that the postmaster is gone."""
    with ensure_running(data) as server, ThreadPoolExecutor() as pool:
        connection = psycopg.connect(server.dsn)
        busy = pool.submit(connection.execute, "SELECT count(*) FROM generate_series(1, 1000000000000)")
        active = (
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%1000000000000)' AND state = 'active'"
        )
        assert eventually(lambda: query(data, active) == [(1,)])
        kill(postmaster(data))
        assert query(data, "SELECT 1") == [(1,)]
        assert isinstance(busy.exception(), psycopg.OperationalError)
        connection.close()


@pytest.mark.parametrize("content", ["{pid}\n/elsewhere\n17\n5432\n", "", "nonsense\n", "-1\n"])
def test_a_stale_pid_file_is_seen_through(data: Path, content: str) -> None:
    """The pid may be used again by any program, which is neither waited for nor killed."""
    with subprocess.Popen(["sleep", "600"]) as bystander:
        text = content.format(pid=bystander.pid)
        (data / "postgres" / "cluster" / "postmaster.pid").write_text(text)
        (data / "postgres" / "run" / ".s.PGSQL.5432").write_text("")
        (data / "postgres" / "run" / ".s.PGSQL.5432.lock").write_text(text)
        assert query(data, "SELECT 1") == [(1,)]
        assert stopped(data)
        assert bystander.poll() is None
        bystander.kill()


def test_a_dead_server_that_nobody_has_buried_is_not_alive(data: Path) -> None:
    """A zombie keeps its pid until its parent asks for it."""
    with ensure_running(data):
        pid = postmaster(data)
    assert stopped(data)
    with subprocess.Popen(["true"]) as zombie:
        assert eventually(lambda: ") Z " in Path(f"/proc/{zombie.pid}/stat").read_text())
        pid = zombie.pid
        (data / "postgres" / "cluster" / "postmaster.pid").write_text(f"{pid}\n")
        assert query(data, "SELECT 1") == [(1,)]


def test_somebody_elses_server_on_the_folder_is_left_alone(data: Path) -> None:
    account = choose(data / "postgres" / "cluster")
    with ensure_running(data):
        pass
    assert stopped(data)
    folder = data / "postgres"
    foreign = subprocess.Popen(
        [bundled().bin / "postgres", "-D", folder / "cluster", "-k", folder / "run", "-p", "5433", "-h", ""],
        cwd="/",
        stderr=subprocess.PIPE,
        **account.popen_arguments,
    )
    assert foreign.stderr is not None
    assert any(b"ready to accept" in line for line in foreign.stderr)
    with pytest.raises(PostgresError, match=f"process {foreign.pid}"):
        ensure_running(data)
    assert foreign.poll() is None
    foreign.send_signal(signal.SIGINT)
    foreign.communicate()
    assert query(data, "SELECT 1") == [(1,)]


def test_many_start_at_once_and_get_the_same_server(data: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        clients = list(pool.map(lambda _: Client(data), range(8)))
    assert len({keeper(data) for _ in clients}) == 1
    log = (data / "postgres" / "server.log").read_text()
    assert log.count("starting PostgreSQL") == 1 + template_starts(log)
    for client in clients:
        client.leave()


def template_starts(log: str) -> int:
    """Starts in the log of the template that the test's folder is a copy of."""
    return log.count('role "roder" does not exist')


def test_starting_and_stopping_in_a_hurry(data: Path) -> None:
    """Each release may stop the server under the feet of the one who comes next."""

    def churn(number: int) -> None:
        for _ in range(15):
            assert query(data, f"SELECT {number}") == [(number,)]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(churn, range(4)))
    assert stopped(data)


def gone(pids: list[int], cluster: str) -> bool:
    """Whether none of the processes is left."""
    return set(pids).isdisjoint(server_processes(cluster))


def test_django_goes_on_by_itself_when_the_server_is_killed(data: Path) -> None:
    code = """
import pathlib, sys
from django.conf import settings
settings.configure(DATABASES={"default": {
    "ENGINE": "roder.core.postgres.backend", "RODER_DATA_DIR": sys.argv[1],
    "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True,
}})
import django
django.setup()
from django.core.signals import request_finished, request_started
from django.db import connection

def request():
    request_started.send(None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM saved")
        count = cursor.fetchone()[0]
    request_finished.send(None)
    return count

with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE saved AS SELECT generate_series(1, 5000)")
print(request(), flush=True)
for line in sys.stdin:
    print(request(), flush=True)
"""
    cluster = str(data / "postgres" / "cluster")
    client = Client(data, code, ready=False)
    client.expect("5000")
    for with_keeper in (False, True):
        before = server_processes(cluster)
        for pid in [keeper(data)] * with_keeper + [postmaster(data)]:
            kill(pid)
        assert eventually(partial(gone, before, cluster))
        client.say("next request")
        client.expect("5000")
    client.leave()
    assert stopped(data)


def test_another_program_that_stands_in_the_folder_is_not_the_server(data: Path) -> None:
    """Only a program named postgres that works in the folder is one of its processes."""
    cluster = data / "postgres" / "cluster"
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], cwd=cluster, stdin=-1
    ) as bystander:
        assert bystander.pid not in server_processes(str(cluster))
        assert outcome(data) == "ready"
        assert stopped(data)
        assert bystander.poll() is None
        bystander.kill()
    assert not is_running(data)
    assert cluster.is_dir()
