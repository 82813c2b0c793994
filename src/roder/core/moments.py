"""Moments as the database gives them, read by Python's own reader: a list of fifty rows has hundreds of them, and the
usual way takes them to pieces one by one, in a tenth of the page's time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import BaseTzLoader


class Moment(BaseTzLoader):
    """Reads what is in UTC at once; anything else (infinity, years before our era) as before."""

    timezone = UTC

    def load(self, data: Any) -> datetime:
        """The moment, in UTC."""
        text = bytes(data)
        if text.endswith(b"+00"):
            try:
                return datetime.fromisoformat(text.decode())
            except ValueError:
                pass
        found: datetime = super().load(data)
        return found


def use(connection: Any, **_: Any) -> None:
    """Read moments so on a new connection."""
    connection.connection.adapters.register_loader("timestamptz", Moment)
