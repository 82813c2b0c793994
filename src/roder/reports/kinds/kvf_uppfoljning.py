"""Uppföljning av kritiska verksamhetsfaktorer: the register by perspective with outcome, target and grading."""

from __future__ import annotations

from typing import ClassVar

from roder.reports.base import Comments, Report, Section
from roder.reports.control_parts import has_factors
from roder.reports.factor_parts import FactorCounts, FactorTables
from roder.reports.facts import Facts


class FactorFollowUp(Report):
    """What the committee hears of the critical factors. Budgetanvisningen, kritiska verksamhetsfaktorer."""

    slug = "kvf-uppfoljning"
    title = "Kritiska verksamhetsfaktorer"
    kinds = frozenset({"interim", "annual"})
    by_year = True
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
        return f"{cls.title}, {name[:1].lower()}{name[1:]}"

    @classmethod
    def concerns(cls, facts: Facts) -> bool:
        """Whether the year has critical factors."""
        return facts.control is not None and bool(facts.control.perspectives)
