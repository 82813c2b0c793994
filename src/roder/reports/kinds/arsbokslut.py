"""Årsbokslut: everything that the committee planned for the year, as it came out (31 December)."""

from __future__ import annotations

from typing import ClassVar

from roder.reports.base import Comments, Report, Section, account_groups
from roder.reports.control_parts import Departures, RiskCounts, RiskRegister, has_analysis
from roder.reports.economy_parts import (
    GOOD_ECONOMY,
    RELIABILITY_SECTION,
    RESULT_FUND,
    STATE_GRANTS,
    StaffMoves,
    prepaid_section,
)
from roder.reports.parts import VOLUME, VOLUME_HOURS, Volumes
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
    ACCOUNTS_CHART,
    ACCOUNTS_TABLE,
    ACCOUNTS_VARIANCE,
    INVESTMENT_ACCOUNTS_TABLE,
    OUTCOME_CHANGE,
)
from roder.reports.staff_parts import PrivateProviders, StaffYear


class AnnualReport(Report):
    """What the committee gives the council of the year. Uppföljningsanvisningar, årsbokslut."""

    slug = "arsbokslut"
    title = "Årsbokslut"
    kinds = frozenset({"annual"})
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
        control_section(whole_year=True),
        IMMEDIATE,
        factor_section("Årsbokslut"),
        DEPARTMENTS,
        Section(
            "Ekonomi – drift",
            (
                Comments("drift", ask="Hur gick året ekonomiskt, i stort?", subject="sammanfattning"),
                ACCOUNTS_TABLE,
                ACCOUNTS_CHART,
                Comments(
                    "bokslut",
                    ask="Varför avviker bokslutet från budgeten?",
                    title="Utfall per kontogrupp",
                    per=account_groups,
                    because=ACCOUNTS_VARIANCE,
                ),
                Comments(
                    "utfall",
                    ask="Vad förklarar skillnaden mot föregående års bokslut?",
                    title="Jämförelse mellan åren",
                    per=account_groups,
                    because=OUTCOME_CHANGE,
                    required=False,
                ),
            ),
            content="operations",
        ),
        RELIABILITY_SECTION,
        Section(
            "Investeringar",
            (
                INVESTMENT_ACCOUNTS_TABLE,
                Comments(
                    "investeringar",
                    ask="Vad har investeringarna gått till, och varför avviker de från budgeten?",
                    subject="utfall",
                ),
            ),
            content="investments",
        ),
        prepaid_section(whole_year=True),
        STATE_GRANTS,
        GOOD_ECONOMY,
        RESULT_FUND,
        Section(
            "Volymer",
            (
                Volumes(VOLUME, "Platser och personer", "antal"),
                Volumes(VOLUME_HOURS, "Timmar i månaden", "timmar"),
                Comments("volymer", ask="Hur har volymerna ändrats under året?", required=False),
            ),
            content="volumes",
            optional=True,
        ),
        Section(
            "Personal",
            (
                StaffYear(),
                StaffMoves(),
                Comments(
                    "personal",
                    ask="Hur har personalens storlek och sammansättning ändrats, och varför?",
                    subject="sammansattning",
                    about="document",
                ),
                *RECRUITING,
                Comments(
                    "personal",
                    ask="Vilka arbetsskador och tillbud är vanligast, ökar de, och vad görs?",
                    subject="arbetsskador",
                    title="Arbetsskador och tillbud",
                    about="document",
                ),
                *SICK_LEAVES,
            ),
            content="staff",
        ),
        Section(
            "Privata utförare",
            (
                PrivateProviders(),
                Comments(
                    "privata_utforare", ask="Hur har de privata utförarna följts upp, och vad visade det?"
                ),
            ),
            content="private_providers",
            optional=True,
        ),
    )
