"""Addresses of forecasts: units', the committee's sum, recovery plans, good economic management."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from roder.access.matrix import Resource
from roder.economy.pages import forecast_good, forecast_show, recovery_show
from roder.web.scope import Entry

navigation = (
    Entry("Ekonomi", "Prognos per enhet", "economy:forecast_units", Resource.ECONOMY, order=12),
    Entry("Ekonomi", "Handlingsprogram", "economy:recovery_plans", Resource.ECONOMY, order=14),
    Entry("Ekonomi", "God ekonomisk hushållning", "economy:good_economy", Resource.ECONOMY, order=60),
)

_CODE = r"(?P<code>[\w-]+)"
patterns: list[URLPattern] = [
    path("ekonomi/prognoser/", forecast_show.forecast_units, name="forecast_units"),
    re_path(rf"^ekonomi/prognoser/{_CODE}/$", forecast_show.forecast_sum, name="forecast_sum"),
    re_path(
        rf"^ekonomi/prognoser/{_CODE}/(?P<unit>[\w.-]+)/$", forecast_show.unit_forecast, name="unit_forecast"
    ),
    path("ekonomi/handlingsprogram/", recovery_show.recovery_plans, name="recovery_plans"),
    path("ekonomi/handlingsprogram/atgard/<int:pk>/", recovery_show.measure, name="recovery_measure"),
    re_path(rf"^ekonomi/handlingsprogram/{_CODE}/$", recovery_show.recovery, name="recovery"),
    path("ekonomi/god-hushallning/", forecast_good.good_economy, name="good_economy"),
]
