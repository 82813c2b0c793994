"""Addresses of reading files in."""

from __future__ import annotations

from django.urls import path, re_path

from roder.access.matrix import Action, Resource
from roder.imports.pages import batches, files, mappings, one
from roder.imports.register import batches as register
from roder.web.scope import Entry

navigation = (
    Entry("Register", "Inläsning av filer", "imports:inlasning", Resource.IMPORTS, Action.IMPORT, order=90),
)

_KIND = r"(?P<kind>[a-z]+)"
_FILE = r"(?P<sha256>[0-9a-f]{64})"

urlpatterns = [
    *register.urls("imports"),
    path("inlasning/ny/", files.choose, name="choose"),
    path("inlasning/kopplingar/", mappings.listed, name="mappings"),
    path("inlasning/kopplingar/<int:pk>/", mappings.edit, name="mapping"),
    path("inlasning/kopplingar/<int:pk>/ta-bort/", mappings.remove, name="mapping-remove"),
    path("inlasning/<int:pk>/", batches.batch, name="batch"),
    path("inlasning/<int:pk>/fil/", batches.original, name="original"),
    path("inlasning/<int:pk>/angra/", batches.take_back, name="undo"),
    re_path(rf"^inlasning/{_KIND}/$", files.upload, name="upload"),
    re_path(rf"^inlasning/{_KIND}/mall\.csv$", files.heading, name="heading"),
    re_path(rf"^inlasning/{_KIND}/mall\.xlsx$", files.workbook, name="workbook"),
    re_path(rf"^inlasning/{_KIND}/rad/$", one.one_row, name="row"),
    path("inlasning/<str:kind>/rad/<int:pk>/", one.one_row, name="row-change"),
    path("inlasning/<str:kind>/rad/<int:pk>/ta-bort/", one.remove_row, name="row-remove"),
    re_path(rf"^inlasning/{_KIND}/{_FILE}/$", files.review, name="review"),
    re_path(rf"^inlasning/{_KIND}/{_FILE}/kolumner/$", mappings.columns, name="columns"),
    re_path(rf"^inlasning/{_KIND}/{_FILE}/granskning\.(?P<form>csv|xlsx)$", files.report, name="report"),
]
