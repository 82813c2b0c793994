"""Addresses of the economy: tables, entry, and the registers of the rows behind them."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from roder.access.matrix import Action, Resource
from roder.economy.pages import entry, forecast_urls, ledger_urls, means_urls, views
from roder.economy.pages.registers import REGISTERS
from roder.web.scope import Entry

#: The parts, each with its own ``patterns`` and ``navigation``, in the order of their addresses.
_PARTS = (forecast_urls, ledger_urls, means_urls)

navigation = (
    Entry("Ekonomi", "Drift och prognos", "economy:operations", Resource.ECONOMY, order=10),
    Entry("Ekonomi", "Budget", "economy:budgets", Resource.ECONOMY, order=20),
    Entry("Ekonomi", "Investeringar", "economy:investments", Resource.ECONOMY, order=30),
    Entry("Ekonomi", "Volymer", "economy:volumes", Resource.ECONOMY, order=40),
    Entry("Ekonomi", "Personal", "economy:staff", Resource.ECONOMY, order=50),
    *(
        # Others reach the rows from the tables that show them.
        Entry("Register", one.title, f"economy:{one.name}", Resource.ECONOMY, Action.EDIT, order=40 + place)
        for place, one in enumerate(REGISTERS)
    ),
    *(entry for part in _PARTS for entry in part.navigation),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("ekonomi/", views.operations, name="operations"),
    re_path(r"^ekonomi/prognos/(?P<code>[\w-]+)/$", entry.forecast, name="forecast"),
    path("ekonomi/budget/", views.budgets, name="budgets"),
    path("ekonomi/budget/ny/", entry.new_budget, name="budget-new"),
    path("ekonomi/budget/<int:pk>/", views.budget, name="budget"),
    path("ekonomi/investeringar/", views.investments, name="investments"),
    re_path(
        r"^ekonomi/investeringar/(?P<code>[\w-]+)/andra/$",
        entry.edit_investments,
        name="investments-edit",
    ),
    path("ekonomi/volymer/", views.volumes, name="volumes"),
    path("ekonomi/personal/", views.staff, name="staff"),
    *(pattern for one in REGISTERS for pattern in one.urls("economy")),
    *(pattern for part in _PARTS for pattern in part.patterns),
]
