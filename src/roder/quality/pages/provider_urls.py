"""Addresses of the providers' corner."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Resource
from roder.quality.pages import providers as views
from roder.web.scope import Entry

navigation = (
    Entry("Kvalitet", "Utförarnas kvartal", "quality:providers", Resource.PROVIDER_REPORTS, order=40),
)

patterns = [
    path("utforare/", views.overview, name="providers"),
    path("utforare/<int:pk>/", views.quarter, name="provider_quarter"),
    path("utforare/oppna/", views.open_quarter, name="provider_open"),
]
