"""Uppföljning av kritiska verksamhetsfaktorer: the register by perspective with outcome, target and grading."""

from __future__ import annotations

from typing import ClassVar

from roder.core.words import small_first
from roder.reports.base import Comments, Report, Section
from roder.reports.control_parts import has_factors
from roder.reports.factor_parts import FactorCounts, FactorTables
from roder.reports.facts import Facts
from roder.reports.facts_control import ControlFacts


class FactorFollowUp(Report):
    """What the committee hears of the critical factors. Budgetanvisningen, kritiska verksamhetsfaktorer."""

    slug = "kvf-uppfoljning"
    title = "Kritiska verksamhetsfaktorer"
    kinds = frozenset({"interim", "annual"})
    by_year = True
    place = 2
    file_names: ClassVar = {"annual": "kvf-uppfoljning-ar"}
    sections: ClassVar = (
        Section(
            "Sammanfattning",
            (
                FactorCounts(),
                Comments(
                    "sammanfattning", ask="Vad är viktigast att veta?", required=False, about="document"
                ),
            ),
            when=has_factors,
        ),
        Section("Faktorer per perspektiv", (FactorTables(),), when=has_factors),
    )

    @classmethod
    def heading(cls, facts: Facts) -> str:
        """Which occasion the follow-up is for."""
        name = facts.occasion
        return f"{cls.title}, {small_first(name)}"

    @classmethod
    def has_material(cls, control: ControlFacts | None) -> bool:
        """Whether any critical factor of the year has an outcome, or anything is said of it."""
        factors = [factor for one in (control.perspectives if control else ()) for factor in one.factors]
        return any(factor.analysis or any(row.outcome_year for row in factor.rows) for factor in factors)
