"""The embedded PostgreSQL: a real server that starts with Roder and stops when its last process has left.

    with ensure_running() as server:
        psycopg.connect(server.dsn)

Django: `DATABASES = {"default": django_settings()}`; the server is started at the first connection, and again
when it is lost. Nothing here imports Django (but `roder.core.postgres.backend`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from roder.core.postgres.errors import PostgresError
from roder.core.postgres.server import (
    Server,
    connection_params,
    ensure_running,
    has_share,
    is_running,
    layout_of,
    recover,
    release_shares,
    wait_until_stopped,
)

__all__ = [
    "PostgresError",
    "Server",
    "django_settings",
    "ensure_running",
    "has_share",
    "is_running",
    "recover",
    "release_shares",
    "wait_until_stopped",
]


def django_settings(data_dir: Path | None = None) -> dict[str, Any]:
    """Return an entry for Django's DATABASES that uses the embedded server of `data_dir`. Starts nothing.

    Connections are kept, and tested before each request, so that a restarted server is noticed.
    Raises PostgresError when the data folder cannot be created.
    """
    layout = layout_of(data_dir)
    return {
        "ENGINE": "roder.core.postgres.backend",
        **connection_params(layout),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "RODER_DATA_DIR": str(layout.root.parent),
    }
