"""Addresses of the quality room: deviations here, the others in modules of their own."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, path

from roder.access.matrix import Action, Resource
from roder.quality.register import deviations
from roder.quality.views.case import case_page
from roder.quality.views.deeds import action_page, deed_page
from roder.quality.views.report import mine, report_page, reported
from roder.web.scope import Entry

#: The other parts of the room, each with its own ``urlpatterns`` and ``navigation``.
PARTS = ("urls_lex", "urls_complaints", "urls_providers", "selfchecks.urls", "urls_statistics")
_parts = [import_module(f"roder.quality.{one}") for one in PARTS if find_spec(f"roder.quality.{one}")]

navigation = (
    Entry(
        "Kvalitet", "Rapportera en händelse", "quality:report", Resource.DEVIATIONS, Action.REPORT, order=1
    ),
    Entry("Kvalitet", "Mina rapporter", "quality:mine", Resource.DEVIATIONS, Action.REPORT, order=2),
    Entry("Kvalitet", "Avvikelser", "quality:avvikelser", Resource.DEVIATIONS, order=10),
    *(entry for part in _parts for entry in getattr(part, "navigation", ())),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("avvikelser/rapportera/", report_page, name="report"),
    path("avvikelser/mina/", mine, name="mine"),
    path("avvikelser/rapporterad/<int:pk>/", reported, name="reported"),
    *deviations.urls("quality"),
    path("avvikelser/<int:pk>/", case_page, name="deviation"),
    path("avvikelser/<int:pk>/atgard/<int:action>/<slug:slug>/", action_page, name="action"),
    path("avvikelser/<int:pk>/<slug:slug>/", deed_page, name="deed"),
    *(pattern for part in _parts for pattern in part.urlpatterns),
]
