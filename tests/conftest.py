"""What every test may use. Tests run on an embedded PostgreSQL of their own, or on the server of DATABASE_URL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import hypothesis
import pgtrigger
import pytest

# No deadline: a busy machine is not a fault. `HYPOTHESIS_PROFILE=long` looks ten times as far.
hypothesis.settings.register_profile("suite", max_examples=50, deadline=None)
hypothesis.settings.register_profile("long", max_examples=500, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

_OWN_DATA = "RODER_DATA_DIR" not in os.environ
if _OWN_DATA:  # before settings are read
    _home = Path(tempfile.mkdtemp(prefix="roder-test-"))
    _home.chmod(0o711)
    os.environ["RODER_DATA_DIR"] = str(_home)
os.environ["RODER_TESTING"] = "1"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Named here and not in pyproject.toml: there, pytest-django reads the settings before this file has been read.
os.environ["DJANGO_SETTINGS_MODULE"] = "roder.core.settings"
django.setup()

from django.conf import settings  # noqa: E402 - read after the environment is set
from django.db import connections  # noqa: E402

# The session's server stays where it is when a test gives itself a data directory of its own for files.
connections.databases["default"]["RODER_DATA_DIR"] = os.environ["RODER_DATA_DIR"]

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # scrypt is meant to be slow


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
def _may_be_emptied() -> Iterator[None]:
    """Lets the audit trail be emptied when a test with real transactions is over."""
    with pgtrigger.ignore("access.AuditRecord:not_emptied"):
        yield


@pytest.fixture
def committed(_may_be_emptied: None, transactional_db: None) -> Iterator[None]:
    """Real transactions, seen by other connections; everything is emptied afterwards (slow: a second)."""
    yield
    with connections["default"].cursor() as cursor:  # the queue's tables are not Django's to empty
        cursor.execute("DELETE FROM procrastinate_jobs; DELETE FROM procrastinate_workers")


def pytest_unconfigure() -> None:
    """Stop the server of this session, then take away the data directory that it made."""
    if _OWN_DATA:
        from roder.core.postgres import release_shares, wait_until_stopped

        connections.close_all()
        release_shares()
        wait_until_stopped()
        shutil.rmtree(os.environ["RODER_DATA_DIR"], ignore_errors=True)
