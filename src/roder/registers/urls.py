"""Addresses of the small registers."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from roder.access.matrix import Resource
from roder.registers.pages import grant_lists, lists, views
from roder.web.scope import Entry

navigation: tuple[Entry, ...] = (
    Entry("Register", "Styrdokument", "registers:styrdokument", Resource.REGISTERS, order=10),
    Entry("Register", "Föreningsbidrag", "registers:foreningsbidrag", Resource.GRANTS, order=20),
    Entry("Ekonomi", "Statsbidrag", "registers:statsbidrag", Resource.STATE_GRANTS, order=100),
    Entry("Register", "Avtal", "registers:avtal", Resource.REGISTERS, order=30),
    Entry("Register", "Tillsyn", "registers:tillsynsplaner", Resource.REGISTERS, order=35),
    Entry("Register", "It-system", "registers:it-system", Resource.REGISTERS, order=40),
    Entry("Register", "Behov och nyttor", "registers:behov-och-nyttor", Resource.REGISTERS, order=45),
    Entry("Register", "Registerutdrag", "registers:registerutdrag", Resource.RECORD_CHECKS, order=50),
)
urlpatterns: list[URLPattern | URLResolver] = [
    path("foreningsbidrag/over-aren/", views.grant_years, name="grant_years"),
    path("foreningsbidrag/<int:wanted>.<slug:kind>", views.grant_paper, name="grant_paper"),
    path("foreningsbidrag/<int:pk>/ta-emot/<int:answer>/", views.grant_take_in, name="grant_take_in"),
    path("bidragsansokningar/<int:pk>/formular/", views.grant_fill_in, name="grant_fill_in"),
    path("statsbidrag/datum/", views.state_dates, name="state_dates"),
    path("statsbidrag/lagg-till/<slug:code>/", views.state_grant_add, name="state_grant_add"),
    path("register/<slug:kind>/<int:pk>/<slug:code>/", views.deed, name="deed"),
    *(
        pattern
        for register in (
            lists.documents, grant_lists.calls, grant_lists.associations, grant_lists.applications,
            grant_lists.state_grants, lists.agreements, lists.supervision_plans, lists.supervision_visits,
            lists.systems, lists.processing, lists.needs, lists.record_checks,
        )
        for pattern in register.urls("registers")
    ),
]  # fmt: skip
