"""Names and constants as SQL takes them: the same for DuckDB and PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.db import connection


def quoted(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Any) -> str:
    """A constant as SQL takes it (text, number, truth value or nothing)."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def copy(cursor: Any, statement: str, parameters: list[Any] | None = None) -> Any:
    """COPY through Django's cursor. Its debug cursor takes no parameters, so psycopg's own is asked."""
    with connection.wrap_database_errors:
        return cursor.cursor.copy(statement, parameters)
