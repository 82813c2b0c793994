"""Addresses of the first start: they stand outside the committees, since there is none."""

from __future__ import annotations

from django.urls import path

from roder.setup import views

urlpatterns = [
    path("", views.begin, name="begin"),
    path("forsta/<str:token>/", views.start, name="start"),
]
