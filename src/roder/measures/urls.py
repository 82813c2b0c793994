"""Addresses of key figures."""

from __future__ import annotations

from django.urls import path

from roder.access.matrix import Resource
from roder.measures import register, views
from roder.web.scope import Entry

navigation = (Entry("Mål och resultat", "Nyckeltal", "measures:list", Resource.MEASURES, order=30),)

urlpatterns = [
    path("nyckeltal/", register.measures, name="list"),
    path("nyckeltal/varden/", register.values, name="values"),
    path("nyckeltal/<int:pk>/", views.measure, name="measure"),
]
