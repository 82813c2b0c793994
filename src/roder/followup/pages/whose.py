"""Whose a sheet is: one's own by a mandate, or somebody's that one stands in for."""

from __future__ import annotations

from roder.tasks.whose import standing_in

__all__ = ["standing_in"]
