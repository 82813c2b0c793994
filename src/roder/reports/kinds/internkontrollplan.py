"""Internkontrollplan: the year's risks, how they are handled, and what is checked, as it is adopted with the budget."""

from __future__ import annotations

from typing import ClassVar

from roder.reports.base import Comments, Report, Section
from roder.reports.control_parts import (
    Departures,
    LeftOut,
    RiskCounts,
    RiskRegister,
    ScaleLegend,
    Text,
    analysis,
    has_analysis,
    has_plan,
    plan,
)
from roder.reports.control_plan_parts import Adopted, PlanTable
from roder.reports.facts import Facts
from roder.reports.facts_control import ControlFacts
from roder.reports.risk_matrix_part import RiskMatrix


class ControlPlanReport(Report):
    """The plan of internal control with the analysis that it follows from. Kommunallagen 6 kap. 6 §."""

    slug = "internkontrollplan"
    title = "Internkontrollplan"
    kinds = frozenset({"plan"})
    by_year = True
    place = 1
    sections: ClassVar = (
        Section(
            "Inledning",
            (
                Text(lambda page: plan(page).introduction),
                Adopted(),
                Comments(
                    "inledning", ask="Vad behöver nämnden veta om planen?", required=False, about="document"
                ),
            ),
            when=has_plan,
        ),
        Section(
            "Så värderas riskerna",
            (Text(lambda page: analysis(page).introduction), ScaleLegend()),
            when=has_analysis,
        ),
        Section(
            "Riskanalys",
            (
                RiskCounts(),
                RiskMatrix(),
                RiskRegister(),
                Comments("riskanalys", ask="Vad säger riskanalysen, och vad är nytt?", required=False),
            ),
            when=has_analysis,
        ),
        Section("Avsteg från hanteringsregeln", (Departures(),), when=has_analysis),
        Section("Internkontrollplan", (PlanTable(),)),
        Section("Risker som inte är med i planen", (LeftOut(),), when=has_analysis),
    )

    @classmethod
    def heading(cls, facts: Facts) -> str:
        """The plan's own title with its year."""
        found = facts.control.plan if facts.control else None
        return f"{found.title if found else cls.title} {facts.year}"

    @classmethod
    def has_material(cls, control: ControlFacts | None) -> bool:
        """Whether the year has a plan with points, or an analysis with risks."""
        if control is None:
            return False
        return bool((control.plan and control.plan.points) or (control.analysis and control.analysis.risks))
