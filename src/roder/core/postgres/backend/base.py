"""Django's PostgreSQL backend on the embedded server (setting ENGINE "roder.core.postgres.backend")."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base
from django.utils.asyncio import async_unsafe
from psycopg import OperationalError

from roder.core.postgres.server import connection_params, has_share, layout_of, recover


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects like Django's own; starts the server first, and once more if the connection is refused.

    The entry in DATABASES needs no more than ENGINE; RODER_DATA_DIR in it names another data folder than
    Roder's own. A request in flight when the server is killed fails; the next one finds it running again
    (with CONN_HEALTH_CHECKS).
    """

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        chosen = settings_dict.get("RODER_DATA_DIR")
        layout = layout_of(Path(chosen) if chosen else None)
        self.data_dir = layout.root.parent
        for name, value in connection_params(layout).items():
            settings_dict[name] = settings_dict.get(name) or value
        super().__init__(settings_dict, alias)

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a new connection. Raises PostgresError if the server cannot be started."""
        if not has_share(self.data_dir):
            recover(self.data_dir)
        try:
            return super().get_new_connection(conn_params)
        except OperationalError:
            recover(self.data_dir)
            return super().get_new_connection(conn_params)
