"""Handlingsplaner: every unit's plan in one document, with the degree of completion where it is followed up."""

from __future__ import annotations

from typing import ClassVar

from roder.core.words import small_first
from roder.reports.base import Comments, Report, Section
from roder.reports.facts import Facts
from roder.reports.facts_year import YearFacts
from roder.reports.plan_parts import BY_GOAL, BY_UNIT, Completion, Plans, has_activities


class ActionPlansReport(Report):
    """The units' action plans compiled for the administration. Verksamhetsplan, fortsatt process VP/HP."""

    slug = "handlingsplaner"
    title = "Handlingsplaner"
    kinds = frozenset({"plan", "interim", "annual"})
    by_year = True
    place = 4
    file_names: ClassVar = {"interim": "handlingsplaner-delar", "annual": "handlingsplaner-ar"}
    sections: ClassVar = (
        Section(
            "Sammanfattning",
            (
                Completion(),
                Comments(
                    "sammanfattning",
                    ask="Vad är viktigast att veta om planerna?",
                    required=False,
                    about="document",
                ),
            ),
            when=has_activities,
        ),
        Section("Aktiviteter per mål", (BY_GOAL,), when=has_activities),
        Section("Aktiviteter per enhet", (BY_UNIT,), when=has_activities),
        Section("Enheternas planer", (Plans(),), when=has_activities),
    )

    @classmethod
    def has_year(cls, year: YearFacts | None) -> bool:
        """Whether any plan of the year has an activity."""
        return year is not None and any(one.goals for one in year.plans)

    @classmethod
    def heading(cls, facts: Facts) -> str:
        """Which year, and which occasion it is followed up at."""
        if facts.kind == "plan":
            return f"{cls.title} {facts.year}"
        name = facts.occasion
        return f"{cls.title}, {small_first(name)}"
