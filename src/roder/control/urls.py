"""Addresses of the room of risk and control: one part in each module of ``pages``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from roder.control.pages import audit_urls, factor_urls, plan_urls, risk_urls, sample_urls, workshop_urls

#: The parts, each with its own ``patterns`` and ``navigation``, in the order of their addresses.
_PARTS = (risk_urls, workshop_urls, plan_urls, sample_urls, factor_urls, audit_urls)

navigation = tuple(entry for part in _PARTS for entry in part.navigation)
urlpatterns: list[URLPattern | URLResolver] = [pattern for part in _PARTS for pattern in part.patterns]
