"""Addresses of setting up, under a committee and year."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Action, Resource
from roder.setup import views
from roder.web.scope import Entry

navigation = (
    Entry("System", "Kom igång", "setup:overview", Resource.ORGANISATION, Action.ADMINISTER, order=10),
)

urlpatterns = [
    path("kom-igang/", views.overview, name="overview"),
    path("kom-igang/namnder/", views.bodies, name="bodies"),
    path("kom-igang/personer/", views.people, name="people"),
    path("kom-igang/personer/<int:pk>/lank/", views.link, name="link"),
    path("kom-igang/diarienummer/", views.numbers, name="numbers"),
    path("kom-igang/diarienummer/exempel/", views.example, name="example"),
]
