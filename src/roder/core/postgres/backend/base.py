"""Django's PostgreSQL backend on the embedded server (setting ENGINE "roder.core.postgres.backend")."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base
from django.utils.asyncio import async_unsafe
from psycopg import OperationalError

from roder.core.postgres.server import has_share, recover


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects like Django's own; starts the server first, and once more if the connection is refused.

    The entry in DATABASES has RODER_DATA_DIR, the data folder of the server (see `django_settings`). A
    request in flight when the server is killed fails; the next one finds the server running again.
    """

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a new connection. Raises PostgresError if the server cannot be started."""
        data_dir = Path(self.settings_dict["RODER_DATA_DIR"])
        if not has_share(data_dir):
            recover(data_dir)
        try:
            return super().get_new_connection(conn_params)
        except OperationalError:
            recover(data_dir)
            return super().get_new_connection(conn_params)
