"""Addresses of the room of follow-up: one part in each module of ``pages``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from roder.followup.pages import plan_urls, round_urls, wheel_urls

#: The parts, each with its own ``patterns`` and ``navigation``, in the order of their addresses.
_PARTS = (round_urls, wheel_urls, plan_urls)

navigation = tuple(entry for part in _PARTS for entry in part.navigation)
urlpatterns: list[URLPattern | URLResolver] = [pattern for part in _PARTS for pattern in part.patterns]
