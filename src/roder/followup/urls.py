"""Addresses of the room of follow-up: one part in each module of ``pages``."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver

#: The parts, each with its own ``patterns`` and ``navigation``.
PARTS = ("round_urls", "wheel_urls", "plan_urls")
_parts = [
    import_module(f"roder.followup.pages.{one}") for one in PARTS if find_spec(f"roder.followup.pages.{one}")
]

navigation = tuple(entry for part in _parts for entry in part.navigation)
urlpatterns: list[URLPattern | URLResolver] = [pattern for part in _parts for pattern in part.patterns]
