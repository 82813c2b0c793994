"""Addresses of the figures."""

from __future__ import annotations

from django.urls import path, re_path

from roder.access.matrix import Resource
from roder.figures import views
from roder.web.scope import Entry

navigation = (Entry("Uppföljning", "Siffror och uttag", "figures:catalogue", Resource.FIGURES, order=60),)

urlpatterns = [
    path("siffror/", views.figures, name="catalogue"),
    path("siffror/uttag/", views.take, name="take"),
    re_path(r"^siffror/(?P<name>[a-z0-9_.]+)/$", views.figure, name="figure"),
    re_path(r"^siffror/(?P<name>[a-z0-9_.]+)/historik/$", views.history, name="history"),
]
