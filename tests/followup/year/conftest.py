"""The small municipality and its people, as in the tests of the web."""

from tests.web.conftest import as_role, world

__all__ = ["as_role", "world"]
