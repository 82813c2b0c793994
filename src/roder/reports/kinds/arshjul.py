"""Årshjul: everything that recurs in a committee's year, as a picture and as a list."""

from __future__ import annotations

from typing import ClassVar

from roder.reports.base import Comments, Report, Section
from roder.reports.facts import Facts
from roder.reports.facts_year import YearFacts
from roder.reports.year_parts import WheelChart, WheelTable, has_wheel


class AnnualWheelReport(Report):
    """The year that is planned, from January to February of the year after. Uppföljningsanvisningarna, årsplan."""

    slug = "arshjul"
    title = "Årshjul"
    kinds = frozenset({"plan"})
    by_year = True
    place = 3
    sections: ClassVar = (
        Section(
            "Året som hjul",
            (
                Comments("aret", ask="Vad är nytt eller viktigt i år?", required=False, about="document"),
                WheelChart(),
            ),
            when=has_wheel,
        ),
        Section("Året som lista", (WheelTable(),), when=has_wheel),
    )

    @classmethod
    def has_year(cls, year: YearFacts | None) -> bool:
        """Whether the year has a wheel."""
        return year is not None and bool(year.wheel)

    @classmethod
    def heading(cls, facts: Facts) -> str:
        """Which year it is for."""
        return f"{cls.title} {facts.year}/{facts.year + 1}"
