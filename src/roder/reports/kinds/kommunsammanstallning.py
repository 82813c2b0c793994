"""Sammanställning för kommunen: what all the committees have reported at an interim or annual occasion."""

from __future__ import annotations

from typing import ClassVar

from roder.core.words import small_first
from roder.reports.base import Comments, Report, Section
from roder.reports.compile_parts import (
    ACCOUNTS,
    FORECASTS,
    INVESTMENT_ACCOUNTS,
    INVESTMENT_FORECASTS,
    Assessed,
    ControlOverview,
    Delivered,
    FactorOverview,
    Money,
    PerStatus,
    assignments,
    committees,
    goals,
    net_row,
    result_row,
    total_row,
)
from roder.reports.facts import Facts


class MunicipalCompilation(Report):
    """What the council is told of all committees together. Uppföljningsanvisningar, delårsbokslut and årsbokslut."""

    slug = "kommunsammanstallning"
    title = "Sammanställning för kommunen"
    kinds = frozenset({"interim", "annual"})
    by_year = True
    place = 9
    compiles = True
    asked_for = False
    file_names: ClassVar = {"interim": "kommunsammanstallning-delar", "annual": "kommunsammanstallning"}
    sections: ClassVar = (
        Section(
            "Samlad bedömning",
            (
                Comments(
                    "samlad",
                    ask="Hur bedöms kommunens mål, ekonomi och interna kontroll tillsammans?",
                    about="document",
                ),
                Delivered(),
            ),
        ),
        Section(
            "Mål",
            (
                PerStatus("mal.antal_per_status", "Mål per bedömning"),
                Assessed("Mål", "Mål", goals),
                Comments("mal", ask="Vad visar nämndernas mål tillsammans?", required=False),
            ),
        ),
        Section(
            "Uppdrag",
            (
                PerStatus("uppdrag.antal_per_status", "Uppdrag per bedömning"),
                Assessed("Uppdrag", "Uppdrag", assignments),
                Comments("uppdrag", ask="Vilka uppdrag kräver ett nytt beslut?", required=False),
            ),
        ),
        Section(
            "Ekonomi",
            (
                Money("Årets resultat per nämnd", result_row, ACCOUNTS, FORECASTS),
                Money("Nettokostnad per nämnd", net_row, ACCOUNTS, FORECASTS),
                Money("Investeringar per nämnd", total_row, INVESTMENT_ACCOUNTS, INVESTMENT_FORECASTS),
                Comments("ekonomi", ask="Vilka nämnder avviker mest, och varför?", required=False),
                Comments(
                    "namnd",
                    ask="Vad behöver fullmäktige veta om nämndens ekonomi?",
                    title="Kommentarer per nämnd",
                    per=committees,
                    required=False,
                ),
            ),
        ),
        Section(
            "Internkontroll",
            (
                ControlOverview(),
                Comments("internkontroll", ask="Är den interna kontrollen tillräcklig?", required=False),
            ),
        ),
        Section(
            "Kritiska verksamhetsfaktorer",
            (
                FactorOverview(),
                Comments("kvf", ask="Vilka faktorer är gemensamma för nämnderna?", required=False),
            ),
        ),
    )

    @classmethod
    def heading(cls, facts: Facts) -> str:
        """Which occasion is compiled."""
        name = facts.occasion
        return f"{cls.title}, {small_first(name)}"
