"""Addresses of the room of comparisons."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from roder.access.matrix import Resource
from roder.kolada.pages import views
from roder.web.scope import Entry

navigation: tuple[Entry, ...] = (
    Entry("Mål och resultat", "Jämförelser", "kolada:benchmarks", Resource.MEASURES, order=40),
)
urlpatterns: list[URLPattern | URLResolver] = [
    path("jamforelser/", views.benchmarks, name="benchmarks"),
    path("jamforelser/hamta/", views.fetch, name="fetch"),
    path("jamforelser/<int:pk>/", views.benchmark, name="benchmark"),
]
