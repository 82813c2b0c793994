"""The same fixtures as the other tests of the embedded PostgreSQL."""

from __future__ import annotations

from tests.core.postgres.conftest import data, new, template

__all__ = ["data", "new", "template"]
