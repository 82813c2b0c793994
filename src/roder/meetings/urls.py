"""Addresses of the meetings room: one part of the chain in each module of ``pages``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from roder.meetings.pages import (
    agenda_urls,
    case_urls,
    letter_urls,
    minutes_urls,
    session_urls,
    trail_urls,
    watch_urls,
)

#: The parts, each with its own ``patterns`` and ``navigation``, in the order of their addresses.
_PARTS = (case_urls, letter_urls, agenda_urls, session_urls, minutes_urls, watch_urls, trail_urls)

navigation = tuple(entry for part in _PARTS for entry in part.navigation)
urlpatterns: list[URLPattern | URLResolver] = [pattern for part in _PARTS for pattern in part.patterns]
