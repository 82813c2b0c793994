"""A committee whose two units have budgets of their own, with the real account groups of the example."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from roder.economy.models import BudgetLine, BudgetVersion, ForecastLine
from roder.organisation.models import Unit
from roder.steering.models import Occasion
from tests.economy.real import Town

TKR = 1000


class World(Town):
    """The example's committee with a budget of two units and one central line, in tkr as they are written."""

    def budgeted(self) -> World:
        """Adopt a budget: each unit revenue 1 000, staff −8 000, the rest −2 000; 18 000 from the council."""
        self.version_2022 = BudgetVersion.objects.create(
            committee=self.committee,
            year=2022,
            code="enheter",
            name="Enheternas budget 2022",
            applies_from=date(2022, 1, 1),
        )
        lines = [(unit, code, tkr) for unit in (self.unit, self.other_unit) for code, tkr in UNIT_BUDGET]
        for unit, code, tkr in [*lines, *((None, code, tkr) for code, tkr in CENTRAL_BUDGET)]:
            BudgetLine.objects.create(
                version=self.version_2022, unit=unit, group=self.group(code), amount=Decimal(tkr) * TKR
            )
        return self

    def forecast(
        self, occasion: Occasion | str, unit: Unit | None, cause: str = "", **tkr: int
    ) -> list[ForecastLine]:
        """Put in forecast lines of a unit (None: central), by account group, in tkr."""
        at = self.occasion(occasion) if isinstance(occasion, str) else occasion
        return [
            ForecastLine.objects.create(
                occasion=at, unit=unit, group=self.group(code), amount=Decimal(amount) * TKR, cause=cause
            )
            for code, amount in tkr.items()
        ]


UNIT_BUDGET = (("intakter", 1000), ("personal", -8000), ("ovriga", -2000))
CENTRAL_BUDGET = (("lokaler", 0), ("kop_tjanster", 0), ("kommunbidrag", 18000), ("finansnetto", 0))
#: The central lines of a forecast as budgeted.
AS_CENTRAL = dict(CENTRAL_BUDGET)


@pytest.fixture
def alingsas(db: None) -> Town:
    """The committee of 2022 with every forecast: also April's and August's, which the sources tell in words."""
    return Town("alingsas").fill()


@pytest.fixture
def world(db: None) -> World:
    return World("alingsas").budgeted()
