"""Addresses of key figures."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Resource
from roder.measures import views
from roder.measures.register import measures, values
from roder.web.scope import Entry

navigation = (Entry("Mål och resultat", "Nyckeltal", "measures:nyckeltal", Resource.MEASURES, order=30),)

urlpatterns = [
    *measures.urls("measures"),
    *values.urls("measures"),
    path("nyckeltal/<int:pk>/", views.measure, name="measure"),
]
