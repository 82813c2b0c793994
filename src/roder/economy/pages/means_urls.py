"""Addresses of means: prepaid income, state grants, resource allocation, the result fund, volume forecasts."""

from __future__ import annotations

from django.urls import URLPattern, path

from roder.access.matrix import Resource
from roder.economy.pages import means as views
from roder.economy.pages.means_registers import REGISTERS
from roder.web.scope import Entry

navigation = (
    Entry("Ekonomi", "Förutbetalda intäkter", "economy:prepaid", Resource.ECONOMY, order=110),
    Entry("Ekonomi", "Resursfördelning", "economy:allocation", Resource.ECONOMY, order=120),
    Entry("Ekonomi", "Resultatfond", "economy:funds", Resource.ECONOMY, order=130),
)

patterns: list[URLPattern] = [
    path("ekonomi/forutbetalda/", views.prepaid, name="prepaid"),
    path("statsbidrag/belopp/", views.state_grants, name="state_grants"),
    path("ekonomi/resursfordelning/", views.allocation, name="allocation"),
    path("ekonomi/resultatfond/", views.fund, name="funds"),
    path("ekonomi/resultatfond/nytt-beslut/", views.fund_entry, name="fund_entry"),
    path("ekonomi/volymer/prognos/", views.volume_forecast, name="volume_forecast"),
    *(pattern for one in REGISTERS for pattern in one.urls("economy")),
]
