"""Addresses of official letters."""

from __future__ import annotations

from django.urls import path

from roder.meetings.pages import letters as views
from roder.web.scope import Entry

navigation: tuple[Entry, ...] = ()  # letters are found in their cases

REPORT = "skrivelser/av-rapport/<slug:kind>/<slug:code>/<int:number>/"

patterns = [
    path("skrivelser/ny/<int:pk>/", views.new, name="letter_new"),
    path(REPORT, views.from_report, name="letter_from_report"),
    path("skrivelser/fil/<int:pk>/<slug:form>/", views.file, name="letter_file"),
    path("skrivelser/<int:pk>/", views.letter, name="letter"),
    path("skrivelser/<int:pk>/skriv/", views.edit, name="letter_edit"),
    path("skrivelser/<int:pk>/ny-version/", views.version, name="letter_version"),
    path("skrivelser/<int:pk>/barnets-basta/", views.best_interests, name="letter_best_interests"),
]
