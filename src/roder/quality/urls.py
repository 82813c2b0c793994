"""Addresses of the quality room: deviations here, the others in modules of their own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from roder.access.matrix import Action, Resource
from roder.quality.pages import complaint_urls, lex_urls, provider_urls
from roder.quality.pages.deviation import answer_set, case_page
from roder.quality.pages.deviation_deeds import action_page, deed_page
from roder.quality.pages.deviation_register import deviations
from roder.quality.pages.deviation_report import mine, report_page, reported
from roder.quality.selfchecks import urls as selfcheck_urls
from roder.quality.statistics import urls as statistics_urls
from roder.web.scope import Entry

#: The other parts, each with its own ``patterns`` and ``navigation``, in the order of their addresses.
_PARTS = (lex_urls, complaint_urls, provider_urls, selfcheck_urls, statistics_urls)

navigation = (
    Entry(
        "Kvalitet", "Rapportera en händelse", "quality:report", Resource.DEVIATIONS, Action.REPORT, order=1
    ),
    Entry("Kvalitet", "Mina rapporter", "quality:mine", Resource.DEVIATIONS, Action.REPORT, order=2),
    Entry("Kvalitet", "Avvikelser", "quality:avvikelser", Resource.DEVIATIONS, order=10),
    *(entry for part in _PARTS for entry in part.navigation),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("avvikelser/rapportera/", report_page, name="report"),
    path("avvikelser/mina/", mine, name="mine"),
    path("avvikelser/rapporterad/<int:pk>/", reported, name="reported"),
    *deviations.urls("quality"),
    path("avvikelser/<int:pk>/", case_page, name="deviation"),
    path("avvikelser/<int:pk>/atgard/<int:action>/<slug:slug>/", action_page, name="action"),
    path("avvikelser/<int:pk>/fragor/<slug:code>/", answer_set, name="deviation_questions"),
    path("avvikelser/<int:pk>/<slug:slug>/", deed_page, name="deed"),
    *(pattern for part in _PARTS for pattern in part.patterns),
]
