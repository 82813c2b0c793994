"""Svar till revisionen: the auditors' form with answers and evidence, and what is done about their recommendations."""

from __future__ import annotations

from typing import ClassVar

from roder.reports.base import Comments, Report, Section
from roder.reports.factor_parts import (
    AuditAnswers,
    Recommendations,
    Reviews,
    has_audits,
    has_form,
    has_reviews,
)
from roder.reports.facts import Facts
from roder.reports.facts_control import ControlFacts


class AuditAnswer(Report):
    """What the committee answers its auditors. Kommunallagen 12 kap."""

    slug = "svar-till-revisionen"
    title = "Svar till revisionen"
    kinds = frozenset({"interim", "annual"})
    by_year = True
    place = 3
    file_names: ClassVar = {"annual": "svar-till-revisionen-ar"}
    sections: ClassVar = (
        Section(
            "Nämndens svar",
            (
                Comments(
                    "svar", ask="Vad vill nämnden säga till revisorerna?", required=False, about="document"
                ),
                AuditAnswers(),
            ),
            when=has_form,
        ),
        Section("Granskningar", (Reviews(),), when=has_reviews),
        Section("Rekommendationer", (Recommendations(),), when=has_audits),
    )

    @classmethod
    def heading(cls, facts: Facts) -> str:
        """The year whose audits are answered."""
        return f"{cls.title} {facts.year}"

    @classmethod
    def has_material(cls, control: ControlFacts | None) -> bool:
        """Whether any audit has a form or a recommendation to answer."""
        audits = control.audits if control else ()
        return any(one.form or one.recommendations for one in audits)
