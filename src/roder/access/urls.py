"""The addresses of the access room: who may do what, and the trail of what was done."""

from __future__ import annotations

from django.urls import path

from roder.access import views
from roder.access.matrix import Action, Resource
from roder.access.pages import visits
from roder.web.scope import Entry

navigation = (
    Entry("System", "Behörigheter", "access:matrix", Resource.ORGANISATION, order=80, needs_committee=False),
    Entry(
        "System",
        "Inloggningar",
        "access:visits",
        Resource.ORGANISATION,
        Action.ADMINISTER,
        82,
        needs_committee=False,
    ),
    Entry("System", "Spår", "access:trail", Resource.AUDIT, order=81, needs_committee=False),
)

urlpatterns = [
    path("behorigheter/", views.matrix, name="matrix"),
    path("spar/", views.trail, name="trail"),
    path("inloggningar/", visits.visits, name="visits"),
    path("inloggningar/<int:pk>/koppla/", visits.link, name="visit-link"),
    path("inloggningar/<int:pk>/koppla-bort/", visits.unlink, name="visit-unlink"),
]
