"""Addresses of the meetings room: one part of the chain in each module of ``pages``."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver

#: The parts, each with its own ``patterns`` and ``navigation``.
PARTS = (
    "case_urls",
    "letter_urls",
    "agenda_urls",
    "session_urls",
    "minutes_urls",
    "watch_urls",
    "trail_urls",
)
_parts = [
    import_module(f"roder.meetings.pages.{one}") for one in PARTS if find_spec(f"roder.meetings.pages.{one}")
]

navigation = tuple(entry for part in _parts for entry in part.navigation)
urlpatterns: list[URLPattern | URLResolver] = [pattern for part in _parts for pattern in part.patterns]
