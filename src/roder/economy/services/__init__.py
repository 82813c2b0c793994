"""What people do with the economy: make a forecast, adopt or redistribute a budget, follow up investments.

Every deed is one transaction with a line in the audit trail. A locked report does not stop a forecast from being
changed: the report keeps its own snapshot and text, and the pages say that it is locked. Amounts are in kronor.
"""

from __future__ import annotations

from roder.economy.services.budgets import (
    Adopted,
    LineKey,
    adopt_budget,
    amounts_of,
    budget_at,
    version_in_force,
)
from roder.economy.services.common import EntryFaultsError
from roder.economy.services.forecasts import (
    ForecastEntry,
    remove_forecast_line,
    save_forecast,
    save_forecast_line,
)
from roder.economy.services.investments import (
    InvestmentAmounts,
    InvestmentEntry,
    save_investment_line,
    save_investments,
)

__all__ = [
    "Adopted",
    "EntryFaultsError",
    "ForecastEntry",
    "InvestmentAmounts",
    "InvestmentEntry",
    "LineKey",
    "adopt_budget",
    "amounts_of",
    "budget_at",
    "remove_forecast_line",
    "save_forecast",
    "save_forecast_line",
    "save_investment_line",
    "save_investments",
    "version_in_force",
]
