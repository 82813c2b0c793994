"""The addresses of the access room: who may do what, and the trail of what was done."""

from __future__ import annotations

from django.urls import path

from roder.access import views
from roder.access.matrix import Resource
from roder.web.scope import Entry

navigation = (
    Entry("System", "Behörigheter", "access:matrix", Resource.ORGANISATION, order=80, needs_committee=False),
    Entry("System", "Spår", "access:trail", Resource.AUDIT, order=81, needs_committee=False),
)

urlpatterns = [
    path("behorigheter/", views.matrix, name="matrix"),
    path("spar/", views.trail, name="trail"),
]
