"""Chapters that the interim report and the year's accounts have in common, as the follow-up instructions list them."""

from __future__ import annotations

from dataclasses import dataclass

from roder.reports.base import Col, Comments, FigureTable, Page, Part, Section
from roder.reports.control_parts import has_factors, has_plan
from roder.reports.control_plan_parts import (
    Conclusion,
    FollowUpTable,
    ImmediateActions,
    Summary,
)
from roder.reports.department_parts import Departments, has_departments
from roder.reports.document import Heading
from roder.reports.factor_parts import FactorCounts, FactorTables
from roder.reports.parts import (
    SICK_LEAVE,
    SICK_LEAVE_LAST_YEAR,
    Assignments,
    Goals,
    SickLeaveChart,
    StatusCount,
    figure_lines,
)
from roder.reports.plan_followed import PlanFollowed


@dataclass(frozen=True)
class Headed:
    """Parts under a heading of the second level."""

    title: str
    parts: tuple[Part, ...]

    def write(self, page: Page) -> None:
        """Write the heading and the parts."""
        page.add(Heading(2, self.title))
        for part in self.parts:
            part.write(page)


OPERATIONS = Section(
    "Verksamhet",
    (Comments("verksamhet", ask="Vad har hänt i verksamheten, bra och dåligt?", about="document"),),
)
GOALS = Section(
    "Måluppföljning",
    (
        StatusCount("mal.antal_per_status", "Bedömning av nämndens mål"),
        Goals(judged=True, ask="Varför bedöms målet så, och vad görs nu?"),
    ),
    content="goals",
)
ASSIGNMENTS = Section(
    "Uppdrag",
    (
        StatusCount("uppdrag.antal_per_status", "Bedömning av nämndens uppdrag"),
        Assignments(judged=True, ask="Vad är gjort, och blir uppdraget klart i tid?"),
    ),
    content="assignments",
)
IMMEDIATE = Section(
    "Omedelbara åtgärder",
    (ImmediateActions(),),
    content="immediate_actions",
    optional=True,
    when=has_plan,
)
#: What the departments tell, when they have reported in a round.
DEPARTMENTS = Section("Uppföljning per avdelning", (Departments(),), when=has_departments)


#: Whether the year's plan of internal control was followed, and what the committee says of it.
PLAN_FOLLOWED = (
    PlanFollowed(),
    Comments(
        "internkontroll",
        subject="planen",
        ask="När och hur har nämnden följt planen? Om den inte följts: varför?",
        required=False,
    ),
)


def control_section(*, whole_year: bool) -> Section:
    """The follow-up of internal control; at the year's end also whether the plan was followed."""
    concluded = (
        Conclusion(),
        Comments("internkontroll", ask="Vad säger årets kontroller tillsammans?", required=False),
    )
    followed = (Headed("Har planen följts?", PLAN_FOLLOWED), Headed("Slutsats", concluded))
    return Section(
        "Uppföljning av internkontroll",
        (Summary(), FollowUpTable(), *(followed if whole_year else concluded)),
        content="controls",
        optional=True,
        when=has_plan,
    )


def factor_section(report: str) -> Section:
    """The critical factors that the steering model says are told in a report, by its printed name."""
    return Section(
        "Kritiska verksamhetsfaktorer",
        (
            FactorCounts(report),
            FactorTables(report),
            Comments("kvf", ask="Vilka faktorer behöver nämnden känna till, och varför?", required=False),
        ),
        content="critical_factors",
        optional=True,
        when=has_factors,
    )


RECRUITING = (
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
)
SICK_LEAVES = (
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
)
