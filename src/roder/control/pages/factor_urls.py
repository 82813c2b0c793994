"""Addresses of critical factors."""

from __future__ import annotations

from django.urls import URLPattern, path

from roder.access.matrix import Resource
from roder.control.pages import factors
from roder.web.scope import Entry

navigation: tuple[Entry, ...] = (
    Entry("Risk och kontroll", "Kritiska faktorer", "control:factors", Resource.FACTORS, order=50),
)

patterns: list[URLPattern] = [
    path("kritiska-faktorer/", factors.register, name="factors"),
    path("kritiska-faktorer/ny/", factors.new, name="factor_new"),
    path("kritiska-faktorer/aret/<slug:code>/", factors.year_deed, name="factor_year"),
    path("kritiska-faktorer/<int:pk>/", factors.factor, name="factor"),
    path("kritiska-faktorer/<int:pk>/andra/", factors.edit, name="factor_edit"),
    path("kritiska-faktorer/<int:pk>/ta-bort/", factors.remove, name="factor_remove"),
    path("kritiska-faktorer/<int:pk>/nyckeltal/", factors.measure_new, name="factor_measure"),
    path(
        "kritiska-faktorer/nyckeltal/<int:pk>/ta-bort/", factors.measure_remove, name="factor_measure_remove"
    ),
    path("kritiska-faktorer/<int:pk>/uppfoljning/<slug:code>/", factors.review, name="factor_review"),
]
