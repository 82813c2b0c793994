"""What every test may use. Tests run on an embedded PostgreSQL of their own, or on the server of DATABASE_URL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import django
import hypothesis
import pgtrigger
import pytest

# No deadline: a busy machine is not a fault. The suite tries the same examples every time, so that what it says is
# about the change at hand; `HYPOTHESIS_PROFILE=long` looks for new ones, ten times as far.
hypothesis.settings.register_profile("suite", max_examples=50, deadline=None, derandomize=True)
hypothesis.settings.register_profile("long", max_examples=500, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

_OWN_DATA = "RODER_DATA_DIR" not in os.environ
if _OWN_DATA:  # before settings are read
    _home = Path(tempfile.mkdtemp(prefix="roder-test-"))
    _home.chmod(0o711)
    os.environ["RODER_DATA_DIR"] = str(_home)
    os.environ["RODER_TESTS_OWN_DATA"] = "1"  # inherited by the processes that tests are spread over
os.environ["RODER_TESTING"] = "1"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Named here and not in pyproject.toml: there, pytest-django reads the settings before this file has been read.
os.environ["DJANGO_SETTINGS_MODULE"] = "roder.core.settings"
django.setup()

from django.conf import settings  # noqa: E402 - read after the environment is set
from django.core.management.commands import migrate  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from roder.core.migrating import apply  # noqa: E402
from roder.core.postgres.layout import SUPERUSER  # noqa: E402

# The session's server stays where it is when a test gives itself a data directory of its own for files.
connections.databases["default"]["RODER_DATA_DIR"] = os.environ["RODER_DATA_DIR"]
_OWN_SERVER = "DATABASE_URL" not in os.environ and "RODER_TESTS_OWN_DATA" in os.environ

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # scrypt is meant to be slow


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--database-only``: what is the same on every server is left out where another server is tried."""
    parser.addoption("--database-only", action="store_true", help="bara prov som använder databasen")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that touch no database, when that is asked for."""
    if not config.getoption("--database-only"):
        return
    needs = {"db", "transactional_db"}
    kept = [
        one
        for one in items
        if needs & set(getattr(one, "fixturenames", ())) or one.get_closest_marker("django_db")
    ]
    config.hook.pytest_deselected(items=list(set(items) - set(kept)))
    items[:] = kept


def _hurry(server: Any) -> None:
    """Tell a server whose data nobody will miss not to wait for the disk. Only what a test may change while it runs is
    changed, and only on the embedded server of this session: its data directory goes when the tests do."""
    import psycopg

    with psycopg.connect(
        host=server["HOST"], port=server["PORT"], user=SUPERUSER, dbname="postgres", autocommit=True
    ) as admin:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            admin.execute(f"ALTER SYSTEM SET {setting} = off")
        admin.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """Before the test database is made: it is made as ``roder serve`` makes one, which takes a fraction of the time."""
    if _OWN_SERVER:
        with django_db_blocker.unblock():
            connections["default"].ensure_connection()  # starts it
            connections["default"].close()
        _hurry(connections.databases["default"])
    with patch.object(
        migrate.Command, "handle", lambda self, **options: apply(MigrationExecutor(connections["default"]))
    ):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """As pytest-django makes it; at the end the sessions of threads that tests have left are ended, so that the
    database can be dropped."""
    yield
    connections["default"].close()  # a test may have ended its session; a new one is opened
    with django_db_blocker.unblock(), connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def _may_be_emptied(django_db_setup: None) -> Iterator[None]:
    """Lets the audit trail be emptied when a test with real transactions is over."""
    with pgtrigger.ignore("access.AuditRecord:not_emptied"):
        yield


@pytest.fixture
def committed(_may_be_emptied: None, transactional_db: None) -> Iterator[None]:
    """Real transactions, seen by other connections; everything is emptied afterwards (slow: a second)."""
    yield
    empty_the_queue()


def empty_the_queue() -> None:
    """Take away the jobs that wait: their tables are not Django's to empty."""
    with connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs; DELETE FROM procrastinate_workers")


def pytest_unconfigure() -> None:
    """Stop the server of this session, then take away the data directory that it made."""
    if _OWN_DATA:
        from roder.core.postgres import release_shares, wait_until_stopped

        connections.close_all()
        release_shares()
        wait_until_stopped()
        shutil.rmtree(os.environ["RODER_DATA_DIR"], ignore_errors=True)
