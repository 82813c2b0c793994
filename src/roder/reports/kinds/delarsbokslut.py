"""Delårsbokslut: goals, assignments, internal control, economy and staff after eight months (31 August)."""

from __future__ import annotations

from typing import ClassVar

from roder.reports.base import Comments, Report, Section, account_groups
from roder.reports.control_parts import Departures, RiskCounts, RiskRegister, has_analysis
from roder.reports.economy_parts import prepaid_section
from roder.reports.parts import VOLUME, VOLUME_HOURS, Volumes
from roder.reports.recovery_part import RECOVERY
from roder.reports.sections import (
    ASSIGNMENTS,
    DEPARTMENTS,
    GOALS,
    IMMEDIATE,
    OPERATIONS,
    RECRUITING,
    SICK_LEAVES,
    control_section,
    factor_section,
)
from roder.reports.shared import (
    CHANGE_COMMENTS,
    CHANGE_TABLE,
    FORECAST_COMMENTS,
    INVESTMENT_OUTCOME_TABLE,
    OUTCOME_CHANGE,
    OUTCOME_TABLE,
    VARIANCE_CHART,
)


class InterimReport(Report):
    """What the committee gives the council at the end of August. Uppföljningsanvisningar, delårsbokslut."""

    slug = "delarsbokslut"
    title = "Delårsbokslut"
    kinds = frozenset({"interim"})
    by_year = True
    sections: ClassVar = (
        OPERATIONS,
        GOALS,
        ASSIGNMENTS,
        Section(
            "Riskanalys",
            (RiskCounts(), RiskRegister(), Departures()),
            content="risk_analysis",
            optional=True,
            when=has_analysis,
        ),
        control_section(whole_year=False),
        IMMEDIATE,
        factor_section("Delårsbokslut"),
        DEPARTMENTS,
        Section(
            "Ekonomi – drift",
            (
                Comments("drift", ask="Hur ser ekonomin ut i stort?", subject="sammanfattning"),
                OUTCOME_TABLE,
                VARIANCE_CHART,
                FORECAST_COMMENTS,
                Comments(
                    "utfall",
                    ask="Vad förklarar utfallet för perioden jämfört med förra året?",
                    title="Utfall och jämförelse mellan åren",
                    per=account_groups,
                    because=OUTCOME_CHANGE,
                ),
            ),
            content="operations",
        ),
        Section(
            "Prognosförändring",
            (CHANGE_TABLE, CHANGE_COMMENTS),
            content="operations",
            when=lambda page: bool(page.facts.compares_with),
        ),
        RECOVERY,
        Section(
            "Investeringar",
            (
                INVESTMENT_OUTCOME_TABLE,
                Comments(
                    "investeringar", ask="Vad väntas användas under året?", subject="prognos", title="Prognos"
                ),
                Comments("investeringar", ask="Vad är använt hittills?", subject="utfall", title="Utfall"),
            ),
            content="investments",
        ),
        prepaid_section(whole_year=False),
        Section(
            "Volymer",
            (
                Volumes(VOLUME, "Platser och personer", "antal"),
                Volumes(VOLUME_HOURS, "Timmar i månaden", "timmar"),
                Comments("volymer", ask="Hur har volymerna ändrats?", required=False),
            ),
            content="volumes",
            optional=True,
        ),
        Section("Personal", (*RECRUITING, *SICK_LEAVES), content="staff"),
    )
