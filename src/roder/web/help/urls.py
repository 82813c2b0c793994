"""Addresses of the help. Open without login: it is the published documentation."""

from __future__ import annotations

from django.urls import path

from roder.web.help import views

urlpatterns = [
    path("", views.contents, name="contents"),
    path("bilder/<str:name>", views.picture, name="picture"),
    path("<slug:slug>/", views.page, name="page"),
]
