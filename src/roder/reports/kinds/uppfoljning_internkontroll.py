"""Uppföljning av internkontroll: what the year's controls showed, at the interim report and at the year's end."""

from __future__ import annotations

from typing import ClassVar

from roder.core.words import small_first
from roder.reports.base import Comments, Report, Section
from roder.reports.control_parts import has_plan
from roder.reports.control_plan_parts import Conclusion, FollowUpTable, ImmediateActions, Measures, Summary
from roder.reports.facts import Facts
from roder.reports.facts_control import ControlFacts
from roder.reports.sections import PLAN_FOLLOWED


class ControlFollowUp(Report):
    """What the committee is told of its internal control. Uppföljningsanvisningar, internkontroll."""

    slug = "internkontroll"
    title = "Uppföljning av internkontroll"
    kinds = frozenset({"interim", "annual"})
    by_year = True
    place = 1
    file_names: ClassVar = {"interim": "internkontroll-delar", "annual": "internkontroll-ar"}
    sections: ClassVar = (
        Section(
            "Sammanfattning",
            (
                Summary(),
                Comments(
                    "sammanfattning", ask="Vad är viktigast att veta?", required=False, about="document"
                ),
            ),
            when=has_plan,
        ),
        Section("Kontrollpunkter", (FollowUpTable(), Measures()), when=has_plan),
        Section(
            "Omedelbara åtgärder",
            (
                ImmediateActions(),
                Comments("omedelbara", ask="Har riskerna minskat, och vad återstår?", required=False),
            ),
            when=has_plan,
        ),
        Section(
            "Har planen följts?",
            PLAN_FOLLOWED,
            when=lambda page: has_plan(page) and page.facts.kind == "annual",
        ),
        Section("Slutsats", (Conclusion(),), when=has_plan),
    )

    @classmethod
    def heading(cls, facts: Facts) -> str:
        """Which occasion the follow-up is for."""
        name = facts.occasion
        return f"{cls.title}, {small_first(name)}"

    @classmethod
    def has_material(cls, control: ControlFacts | None) -> bool:
        """Whether anything of the year's plan is told at the occasion."""
        return control is not None and control.plan is not None and control.plan.told
