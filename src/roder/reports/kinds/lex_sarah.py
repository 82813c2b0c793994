"""Lex Sarah to a meeting: every decision since the last one, a line each, no names.

The committee that runs the activity is to hear of every report and what became of it: SOSFS 2011:5 and the social
services act's rules on misconduct. A meeting with nothing to report gets a report that says so.
"""

from __future__ import annotations

from typing import ClassVar

from roder.core.words import small_first
from roder.reports.base import Report, Section
from roder.reports.facts import Facts
from roder.reports.lex_sarah_parts import DecidedCases, Outcomes, PerMonth, Waiting, in_short, told
from roder.reports.quality_parts import Asked, Said


class LexSarahReport(Report):
    """What every meeting of the committee hears of lex Sarah. SOSFS 2011:5."""

    slug = "lex-sarah"
    title = "Lex Sarah till nämnden"
    kinds = frozenset({"meeting"})
    sections: ClassVar = (
        Section(
            "I korthet",
            (
                Said(in_short),
                Asked(
                    "korthet",
                    "",
                    "Vad behöver nämnden veta om rapporterna och besluten tillsammans?",
                    required=False,
                ),
            ),
        ),
        Section("Rapporter per månad", (PerMonth(),), when=PerMonth.any),
        Section(
            "Beslutade ärenden",
            (
                Outcomes(),
                DecidedCases(last_year=False),
                Asked("beslut", "", "Vad har gjorts med anledning av besluten?", required=False),
            ),
            when=lambda page: bool(told(page)),
        ),
        Section(
            "Rapporterade föregående år och beslutade i år",
            (DecidedCases(last_year=True),),
            when=DecidedCases(last_year=True).any,
        ),
        Section("Ärenden som väntar på beslut", (Waiting(),)),
    )

    @classmethod
    def heading(cls, facts: Facts) -> str:
        """Which meeting the report is for."""
        name = facts.occasion
        return f"Lex Sarah, rapport till {small_first(name)}"
