"""The embedded PostgreSQL starts by itself, is shared by processes, and stops when the last has left."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import psycopg
import pytest

from roder.core.postgres import django_settings, ensure_running, is_running, startup
from roder.core.postgres.account import Account
from roder.core.postgres.layout import Layout
from roder.core.postgres.server import layout_of
from tests.core.postgres.conftest import Template
from tests.core.postgres.tools import (
    NOBODY,
    ROOT,
    SOURCES,
    Client,
    kill,
    outcome,
    postmaster,
    query,
    reachable_tmp,
    stopped,
)


def test_first_start_makes_the_database_and_is_quick(template: Template) -> None:
    assert template.first_start < 10, "about 1 s on an idle computer, 3 s is the promise; tests share theirs"
    assert (template.data / "postgres" / "cluster" / "PG_VERSION").read_text().strip() == "18"


def test_it_is_a_private_server_that_keeps_what_is_saved(data: Path) -> None:
    with ensure_running(data) as server, psycopg.connect(server.dsn) as connection:
        setting = {
            name: connection.execute("SELECT current_setting(%s)", [name]).fetchone()[0]  # type: ignore[index]
            for name in ("listen_addresses", "fsync", "synchronous_commit", "server_encoding", "is_superuser")
        }
        found = connection.execute("SELECT current_user, current_database(), upper('åäö')").fetchone()
    assert setting == {
        "listen_addresses": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "server_encoding": "UTF8",
        "is_superuser": "off",
    }
    assert found == ("roder", "roder", "ÅÄÖ")
    for folder in (data / "postgres", data / "postgres" / "run", data / "postgres" / "cluster"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_swedish_words_are_found_whatever_their_form_and_case(data: Path) -> None:
    found = query(data, "SELECT to_tsvector('swedish', 'ÅTGÄRDERNA') @@ to_tsquery('swedish', 'åtgärd')")
    assert found == [(True,)]


def test_rows_are_still_there_at_the_next_start(data: Path) -> None:
    query(data, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    assert stopped(data)
    assert query(data, "SELECT count(*) FROM kept") == [(1000,)]


def test_joining_a_running_server_is_quick(data: Path) -> None:
    with ensure_running(data):
        taken = []
        for _ in range(5):
            begin = time.monotonic()
            ensure_running(data).release()
            taken.append(time.monotonic() - begin)
    assert min(taken) < 0.05


def test_another_process_joins_and_the_last_to_leave_stops_the_server(data: Path) -> None:
    starter = Client(data)
    first = postmaster(data)
    joiner = Client(data)
    assert postmaster(data) == first
    starter.leave()
    assert query(data, "SELECT 1") == [(1,)], "the joiner keeps the server when the starter is gone"
    assert postmaster(data) == first
    joiner.leave()
    assert stopped(data)


def test_a_user_that_is_killed_no_longer_counts(data: Path) -> None:
    Client(data).kill()
    assert stopped(data)


def test_each_share_in_a_process_counts(data: Path) -> None:
    one, two = ensure_running(data), ensure_running(data)
    one.release()
    one.release()
    assert is_running(data)
    assert query(data, "SELECT 1") == [(1,)]
    two.release()
    assert stopped(data)


def test_a_forked_child_keeps_the_share_of_its_parent(data: Path) -> None:
    code = """
import os, pathlib, sys
from roder.core.postgres import ensure_running
server = ensure_running(pathlib.Path(sys.argv[1]))
if os.fork():
    server.release()
    os._exit(0)
print("ready", flush=True)
sys.stdin.read()
"""
    client = Client(data, code)
    client.process.wait()
    assert query(data, "SELECT 1") == [(1,)]
    assert is_running(data)
    client.leave()
    assert stopped(data)


def test_connections_that_did_not_register_do_not_keep_the_server(data: Path) -> None:
    server = ensure_running(data)
    with psycopg.connect(server.dsn):
        server.release()
        assert stopped(data)


def test_a_dropped_database_is_made_again(data: Path) -> None:
    with ensure_running(data) as server:
        host = server.params["HOST"]
        with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute("DROP DATABASE roder")
        assert query(data, "SELECT current_database()") == [("roder",)]


def test_a_path_too_long_for_a_socket_gets_a_short_private_folder(data: Path) -> None:
    long = data.parent / ("d" * 100)
    data.rename(long)
    try:
        with ensure_running(long) as server:
            folder = Path(server.params["HOST"])
            assert folder.parent == Path("/tmp")  # noqa: S108
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            assert folder.stat().st_uid == (long / "postgres" / "cluster").stat().st_uid
            with psycopg.connect(server.dsn) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
            assert outcome(long) == "ready"
        assert stopped(long)
    finally:
        long.rename(data)
    folder.rmdir()


def test_settings_for_django_name_the_server_without_starting_it(data: Path) -> None:
    settings = django_settings(data)
    assert settings["ENGINE"] == "roder.core.postgres.backend"
    assert settings["HOST"] == str(data / "postgres" / "run")
    assert settings["RODER_DATA_DIR"] == str(data)
    assert not is_running(data)


def test_recover_keeps_one_share_until_it_is_released(data: Path) -> None:
    code = """
import pathlib, sys
from roder.core.postgres import has_share, recover, release_shares
path = pathlib.Path(sys.argv[1])
recover(path), recover(path)
assert has_share(path)
print("ready", flush=True)
sys.stdin.readline()
release_shares()
assert not has_share(path)
print("released", flush=True)
sys.stdin.read()
"""
    client = Client(data, code)
    assert is_running(data)
    client.say("release")
    client.expect("released")
    assert stopped(data)
    client.leave()


def test_nothing_here_needs_django() -> None:
    code = "import sys, roder.core.postgres; sys.exit('django' in sys.modules or 'psycopg' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(SOURCES)}, check=False)
    assert done.returncode == 0


def test_an_ordinary_user_makes_and_uses_a_database() -> None:
    with reachable_tmp(owner=NOBODY) as folder:
        client = Client(folder / "data", as_ordinary=True)
        if ROOT:
            assert (folder / "data" / "postgres" / "cluster").stat().st_uid == NOBODY
        client.leave()
        assert stopped(folder / "data")


@pytest.mark.skipif(not ROOT, reason="only root can be two users")
def test_root_and_an_ordinary_user_share_the_users_server() -> None:
    with reachable_tmp(owner=NOBODY) as folder:
        data = folder / "data"
        assert outcome(data, as_ordinary=True) == "ready"
        assert stopped(data)
        with ensure_running(data):
            assert Path(f"/proc/{postmaster(data)}").stat().st_uid == NOBODY
            assert outcome(data, as_ordinary=True) == "ready"
        assert stopped(data)
        assert outcome(data, as_ordinary=True) == "ready", "root left nothing behind that shuts the user out"
        assert stopped(data)


@pytest.mark.skipif(not ROOT, reason="an ordinary user runs the server himself")
def test_root_runs_the_server_as_another_user(data: Path) -> None:
    with ensure_running(data):
        owner = Path(f"/proc/{postmaster(data)}").stat().st_uid
        assert owner != 0
        locks = [path for path in (data / "postgres").iterdir() if path.suffix == ".lock"]
        assert {path.stat().st_uid for path in locks} == {owner}


@pytest.mark.skipif(not ROOT, reason="root only")
def test_root_gives_a_restored_database_to_the_servers_user(data: Path) -> None:
    for path in [data / "postgres", *(data / "postgres").rglob("*")]:
        os.chown(path, 0, 0, follow_symlinks=False)
    assert query(data, "SELECT 1") == [(1,)]


@pytest.mark.skipif(not ROOT, reason="root only")
def test_root_without_the_right_to_look_at_other_users_processes(data: Path) -> None:
    """As in a container: the working directories of the server's processes cannot be read by root there."""
    code = """
import os, signal, subprocess, sys, pathlib
from roder.core.postgres import ensure_running
data = pathlib.Path(sys.argv[1])
server = ensure_running(data)
pid = int((data / "postgres/cluster/postmaster.pid").read_text().split()[0])
try:
    os.readlink(f"/proc/{pid}/cwd")
except PermissionError:
    os.kill(pid, signal.SIGKILL)
ensure_running(data)
print("ready", flush=True)
sys.stdin.read()
"""
    limited = (
        f"import os; os.execvp('setpriv', {['setpriv', '--bounding-set=-sys_ptrace', sys.executable]!r} + "
    )
    limited += f"['-c', {code!r}, {str(data)!r}])"
    client = Client(data, limited)
    assert query(data, "SELECT 1") == [(1,)]
    client.leave()


def test_a_request_to_stop_is_obeyed(data: Path) -> None:
    """When the computer is shut down everybody gets SIGTERM; the server must end in order."""
    with ensure_running(data):
        parent = int(Path(f"/proc/{postmaster(data)}/stat").read_text().rsplit(")", 1)[1].split()[1])
        kill(parent, 15)
        assert stopped(data)
        assert "database system is shut down" in (data / "postgres" / "server.log").read_text()


def test_a_folder_that_does_not_exist_is_made(new: Path) -> None:
    assert query(new / "deep" / "er", "SELECT 1") == [(1,)]
    assert stopped(new / "deep" / "er")


@pytest.mark.parametrize(
    "name", ["data", "d" * 100]
)  # the second has its socket in a short folder under /tmp
def test_many_that_start_at_once_for_the_first_time_make_the_folders_together(name: str) -> None:
    """Nobody holds a lock yet: the locks lie in the folder that is made."""
    with reachable_tmp() as folder, ThreadPoolExecutor(8) as threads:
        for number in range(60):
            layout = layout_of(folder / str(number) / name)
            gate = Barrier(8)

            def prepare(layout: Layout = layout, gate: Barrier = gate) -> Account:
                gate.wait()
                return startup.prepare(layout)

            accounts = [one.result() for one in [threads.submit(prepare) for _ in range(8)]]
            assert len(set(accounts)) == 1
            assert (
                stat.S_IMODE(layout.root.stat().st_mode)
                == stat.S_IMODE(layout.socket_dir.stat().st_mode)
                == 0o700
            )
            assert layout.root.stat().st_uid == layout.socket_dir.stat().st_uid == accounts[0].uid
            shutil.rmtree(layout.socket_dir)
