"""The addresses of the organisation under a committee and year."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Resource
from roder.organisation import views
from roder.organisation.register import mandates, people, units
from roder.web.scope import Entry

navigation = (
    Entry("Register", "Organisation", "organisation:tree", Resource.ORGANISATION, order=10),
    Entry("Register", "Enheter", "organisation:enheter", Resource.ORGANISATION, order=11),
    Entry("Register", "Personer", "organisation:personer", Resource.ORGANISATION, order=12),
    Entry("Register", "Mandat", "organisation:mandat", Resource.ORGANISATION, order=13),
)

urlpatterns = [
    path("organisation/", views.tree, name="tree"),
    path("enheter/<int:pk>/placera/", views.place, name="place"),
    path("mandat/ge/", views.give_mandate, name="mandate-new"),
    path("mandat/<int:pk>/avsluta/", views.end_mandate, name="mandate-end"),
    *units.urls("organisation"),
    *people.urls("organisation"),
    *mandates.urls("organisation"),
]
