"""Addresses of the room of comparisons."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from roder.web.scope import Entry

navigation: tuple[Entry, ...] = ()
urlpatterns: list[URLPattern | URLResolver] = []
