"""Questions that every page asks, planned by the database once for a connection and not once for every page.

For most of what a page asks, planning costs the database several times what answering does. A question whose text is
the same every time is therefore sent with its values apart from it, and its plan is kept (``PREPARE``). Behind a
connection pooler that hands out a new connection for each transaction that cannot be done: RODER_POOLER says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import NotSupportedError, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg import ClientCursor, Cursor

Rows = list[tuple[Any, ...]]


class _Said:
    """What was asked, for Django's log of questions."""

    def __init__(self, connection: Any, sql: str, params: Sequence[Any]) -> None:
        self._parts = connection, sql, params

    @property
    def query(self) -> bytes:
        """The question with its values in it."""
        connection, sql, params = self._parts
        return ClientCursor(connection).mogrify(sql, params).encode()


class _Cursor(ServerBindingCursor, Cursor[Any]):
    """A cursor that prepares what it executes."""

    #: pgtrigger and pghistory put statements of their own before those of a cursor without a name; what is only read
    #: needs none, and two statements cannot be prepared as one.
    name = "prepared"

    def execute(self, query: Any, params: Any = None, **options: Any) -> _Cursor:
        """Execute. Only here are statements prepared: Django's own hold their values, and are new every time."""
        self.connection.prepare_threshold = 0
        try:
            return super().execute(query, params, prepare=True)
        finally:
            self.connection.prepare_threshold = None
            self._query: Any = _Said(self.connection, query, params)


def rows_of(sql: str, params: Sequence[Any], using: str = "default") -> Rows:
    """The rows that answer a question whose text is the same every time. It may only read."""
    connection: Any = connections[using]
    if settings.POOLER:
        return _plainly(connection, sql, params)
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    try:
        with (
            connection.wrap_database_errors,
            connection._prepare_cursor(_Cursor(connection.connection)) as cursor,
        ):
            cursor.execute(sql, params)
            found: Rows = cursor.fetchall()
            return found
    except NotSupportedError:  # a table has been changed since, and the answer is no longer of the same kind
        if connection.in_atomic_block:
            raise
        connection.close()
        return _plainly(connection, sql, params)


def _plainly(connection: Any, sql: str, params: Sequence[Any]) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: Rows = cursor.fetchall()
        return found
