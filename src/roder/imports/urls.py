"""Addresses of reading files in."""

from __future__ import annotations

from django.urls import path, re_path

from roder.access.matrix import Action, Resource
from roder.imports import views
from roder.imports.register import batches
from roder.web.scope import Entry

navigation = (
    Entry("Register", "Inläsning av filer", "imports:inlasning", Resource.IMPORTS, Action.IMPORT, order=90),
)

_KIND = r"(?P<kind>[a-z]+)"
_FILE = r"(?P<sha256>[0-9a-f]{64})"

urlpatterns = [
    *batches.urls("imports"),
    path("inlasning/ny/", views.choose, name="choose"),
    path("inlasning/<int:pk>/", views.batch, name="batch"),
    path("inlasning/<int:pk>/angra/", views.take_back, name="undo"),
    re_path(rf"^inlasning/{_KIND}/$", views.upload, name="upload"),
    re_path(rf"^inlasning/{_KIND}/mall\.csv$", views.heading, name="heading"),
    re_path(rf"^inlasning/{_KIND}/mall\.xlsx$", views.workbook, name="workbook"),
    re_path(rf"^inlasning/{_KIND}/{_FILE}/$", views.review, name="review"),
    re_path(rf"^inlasning/{_KIND}/{_FILE}/fel\.csv$", views.faults, name="faults"),
]
