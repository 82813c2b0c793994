"""Delårsbokslut: goals, assignments, internal control, economy and staff after eight months (31 August)."""

from __future__ import annotations

from typing import ClassVar

from roder.reports.base import Col, Comments, FigureTable, Report, Section, account_groups
from roder.reports.control_parts import (
    Departures,
    RiskCounts,
    RiskRegister,
    has_analysis,
    has_factors,
    has_plan,
)
from roder.reports.control_plan_parts import Conclusion, FollowUpTable, ImmediateActions, Summary
from roder.reports.factor_parts import FactorCounts, FactorTables
from roder.reports.parts import (
    SICK_LEAVE,
    SICK_LEAVE_LAST_YEAR,
    VOLUME,
    VOLUME_HOURS,
    Assignments,
    Goals,
    SickLeaveChart,
    StatusCount,
    Volumes,
    figure_lines,
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
        Section(
            "Verksamhet",
            (Comments("verksamhet", ask="Vad har hänt i verksamheten, bra och dåligt?", about="document"),),
        ),
        Section(
            "Måluppföljning",
            (
                StatusCount("mal.antal_per_status", "Bedömning av nämndens mål"),
                Goals(judged=True, ask="Varför bedöms målet så, och vad görs nu?"),
            ),
            content="goals",
        ),
        Section(
            "Uppdrag",
            (
                StatusCount("uppdrag.antal_per_status", "Bedömning av nämndens uppdrag"),
                Assignments(judged=True, ask="Vad är gjort, och blir uppdraget klart i tid?"),
            ),
            content="assignments",
        ),
        Section(
            "Riskanalys",
            (RiskCounts(), RiskRegister(), Departures()),
            content="risk_analysis",
            optional=True,
            when=has_analysis,
        ),
        Section(
            "Uppföljning av internkontroll",
            (
                Summary(),
                FollowUpTable(),
                Conclusion(),
                Comments("internkontroll", ask="Vad säger årets kontroller tillsammans?", required=False),
            ),
            content="controls",
            optional=True,
            when=has_plan,
        ),
        Section(
            "Omedelbara åtgärder",
            (ImmediateActions(),),
            content="immediate_actions",
            optional=True,
            when=has_plan,
        ),
        Section(
            "Kritiska verksamhetsfaktorer",
            (
                FactorCounts("Delårsbokslut"),
                FactorTables("Delårsbokslut"),
                Comments("kvf", ask="Vilka faktorer behöver nämnden känna till, och varför?", required=False),
            ),
            content="critical_factors",
            optional=True,
            when=has_factors,
        ),
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
        Section(
            "Personal",
            (
                Comments(
                    "personal",
                    ask="Hur går det att rekrytera och behålla kompetens?",
                    subject="rekrytering",
                    title="Rekryteringsbehov och kompetensförsörjning",
                    about="document",
                ),
                Comments(
                    "personal",
                    ask="Vad görs för arbetsmiljön?",
                    subject="arbetsmiljo",
                    title="Arbetsmiljö",
                    about="document",
                ),
                FigureTable(
                    "Sjukfrånvaro",
                    "Grupp",
                    figure_lines(SICK_LEAVE),
                    (
                        Col("fore", "{last_year}", SICK_LEAVE_LAST_YEAR),
                        Col("nu", "{year}", SICK_LEAVE),
                        Col("diff", "Förändring, procentenheter", "personal.sjukfranvaroforandring"),
                    ),
                    unit_note="procent",
                    notes=("Förändringen är räknad på de registrerade värdena före avrundning.",),
                    anchor="sjukfranvaro",
                ),
                SickLeaveChart(),
                Comments(
                    "personal",
                    ask="Hur har sjukfrånvaron utvecklats, varför, och vad görs?",
                    subject="sjukfranvaro",
                    title="Kommentar till sjukfrånvaron",
                ),
            ),
            content="staff",
        ),
    )
