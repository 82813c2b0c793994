"""Addresses of files. They stand outside the committees: the record that a file belongs to says who may see it."""

from __future__ import annotations

from django.urls import path

from roder.files import views

urlpatterns = [
    path("filer/till/<str:kind>/<int:subject>/", views.attach, name="attach"),
    path("filer/<int:pk>/om/", views.file, name="file"),
    path("filer/<int:pk>/version/", views.new_version, name="version-new"),
    path("filer/<int:pk>/titel/", views.title, name="title"),
    path("filer/<int:pk>/ta-bort/", views.take_away, name="remove"),
    path("filer/<int:pk>/<int:number>/", views.download, name="download"),
    path("filer/<int:pk>/<int:number>/bild/", views.thumbnail, name="thumbnail"),
    path("filer/<int:pk>/<int:number>/aterstall/", views.bring_back, name="restore"),
]
