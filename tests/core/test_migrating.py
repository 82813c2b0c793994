"""Bringing the database up to date: once, however many processes start, and for nothing when there is nothing to do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from threading import Event
from time import monotonic

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg.conninfo import make_conninfo

from roder.core.locks import Lock
from roder.core.serve import bring_up_to_date

#: A small project of Django's own rooms: what is tried is who migrates, not what.
STARTS = """
import sys
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict
parts = conninfo_to_dict(sys.argv[1])
settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": parts["dbname"], "USER": parts["user"],
        "PASSWORD": parts.get("password", ""), "HOST": parts["host"], "PORT": parts["port"]}},
)
import django
django.setup()
from roder.core.serve import bring_up_to_date
bring_up_to_date()
"""
NAME = "roder_test_migrating"


def server(database: str) -> str:
    """Where the test's server is, as a connection string to ``database``."""
    connection.ensure_connection()
    info = connection.connection.info
    return make_conninfo(
        host=info.host, port=info.port, user=info.user, password=info.password or None, dbname=database
    )


@pytest.fixture
def empty_database(db: None, worker_id: str) -> Iterator[str]:
    name = f"{NAME}_{worker_id}"
    here = server(str(connection.settings_dict["NAME"]))
    with psycopg.connect(here, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name}")
        yield server(name)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_two_processes_that_start_at_once_migrate_once(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [Lock.MIGRATION])
        starting = [
            subprocess.Popen(
                [sys.executable, "-c", STARTS, empty_database],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            for _ in range(2)
        ]
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
        deadline = monotonic() + 60
        for _ in count():
            found = other.execute(waiting, [Lock.MIGRATION]).fetchone()
            if found == (2,) or monotonic() > deadline:
                break
            Event().wait(0.02)
        assert found == (2,), "båda har sett att databasen är efter och väntar på sin tur"
        other.execute("SELECT pg_advisory_unlock(%s)", [Lock.MIGRATION])
        said = [one.communicate(timeout=60)[0].decode() for one in starting]
        assert [one.returncode for one in starting] == [0, 0], said
        twice = "SELECT app, name FROM django_migrations GROUP BY app, name HAVING count(*) > 1"
        assert other.execute(twice).fetchall() == []
        assert other.execute("SELECT count(*) > 5 FROM django_migrations").fetchone() == (True,)


def test_an_up_to_date_database_costs_a_question_or_two(db: None) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        bring_up_to_date()
    assert len(asked) <= 3, [query["sql"] for query in asked]
    assert not any("advisory" in query["sql"] for query in asked)
