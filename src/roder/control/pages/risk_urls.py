"""Addresses of the risk analysis."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from roder.access.matrix import Resource
from roder.control.pages import risk_analysis, risk_page
from roder.control.pages.risk_register import register
from roder.web.scope import Entry

navigation: tuple[Entry, ...] = (
    Entry("Risk och kontroll", "Riskanalys", "control:risks", Resource.RISKS, order=10),
)

patterns: list[URLPattern | URLResolver] = [
    path("riskanalys/", risk_analysis.risks_page, name="risks"),
    path("riskanalys/oppna/", risk_analysis.open_page, name="risk_open"),
    path("riskanalys/matris/", risk_analysis.matrix_page, name="risk_matrix"),
    path("riskanalys/avsteg/", risk_analysis.departures_page, name="risk_departures"),
    path("riskanalys/skala-och-beslut/", risk_analysis.analysis_page, name="risk_analysis"),
    path("riskanalys/<int:pk>/", risk_page.risk_page, name="risk"),
    *register.urls("control"),
]
