"""Sessions in the database, as Django keeps them; each is read with a question whose plan is kept."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as Stored
from django.utils import timezone

from roder.core.prepared import rows_of

_KEY = re.compile(r"[a-z0-9]{8,40}")
_SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(Stored):
    """A session of somebody's."""

    def _validate_session_key(self, key: str | None) -> bool:
        """Only what we have given out: a cookie is anybody's to write, and the database takes no NUL."""
        return key is not None and _KEY.fullmatch(key) is not None

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing when there is none or it has ended."""
        found = rows_of(_SESSION, (self.session_key, timezone.now())) if self.session_key else []
        if found:
            held: dict[str, Any] = self.decode(found[0][0])
            return held
        self._session_key = None
        return {}
