"""What the start page says, by role: what is mine to do, the state in tiles, my unit, and the year's occasions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from roder import access, tasks
from roder.access import Action, Resource
from roder.economy.models import ForecastLine
from roder.measures.proposals import measured
from roder.organisation.models import Role
from roder.quality.models import Deviation
from roder.quality.rules.deviations import FLOW
from roder.reports.kinds import report_class, reports_for
from roder.reports.models import Report
from roder.steering import services
from roder.steering.assess_views import assessed_occasions
from roder.steering.chain import statuses
from roder.steering.models import Assessment, Goal, Occasion
from roder.web import measure_lines, start_committee
from roder.web.measure_lines import Line
from roder.web.scope import Scope
from roder.web.start_committee import Decided, MeetingCard, UnitForecasts
from roder.web.tiles import (
    Tile,
    assignment_tile,
    control_tile,
    forecast_tile,
    goal_tile,
    measure_tile,
    quality_tile,
)

STEP_KINDS = tuple(f"quality.{rule.code}" for rule in FLOW)
CLOCKS = 8
REPORTED = 3
WRITERS = {
    "controller",
    "quality_strategist",
    "head_administration",
    "head_department",
    "unit_manager",
    "sas",
    "mas",
}
#: Those who come for the whole: goals, economy, quality and control in four tiles.
OVERSEERS = {"member", "chair", "head_administration", "secretary", "auditor", "central_office"}
#: Those who come for the meeting and its decisions.
DECIDERS = {"member", "chair", "secretary"}
#: Those who answer for the units' forecasts.
FORECASTERS = {"controller", "head_administration", "head_department"}
#: Those who see an event seldom: to report it is not the first thing on their page.
SELDOM = OVERSEERS | FORECASTERS | {"quality_strategist", "administrator"}
TASKS = 6
#: Where the roles that neither decide nor report begin: what, why, and the page. Shown as far as the mandate reaches.
BEGINNINGS: dict[str, tuple[tuple[str, str, str, Resource], ...]] = {
    "administrator": (
        ("Personer", "Lägg till dem som ska in.", "organisation:personer", Resource.ORGANISATION),
        ("Mandat", "Ge och avsluta roller, med datum.", "organisation:mandat", Resource.ORGANISATION),
        (
            "Organisation",
            "Lägg till, flytta och avsluta enheter.",
            "organisation:tree",
            Resource.ORGANISATION,
        ),
        ("Styrmodell", "Läs in en ny version och jämför.", "steering:model", Resource.STEERING),
    ),
    "auditor": (
        ("Granskningar", "Nämndens svar, med bevis för varje ja.", "control:audits", Resource.AUDITS),
        ("Internkontrollplan", "Vad som kontrolleras och vad det visade.", "control:plan", Resource.CONTROLS),
        ("Beslut", "Från beslut till vad det blev av det.", "meetings:beslut", Resource.MEETINGS),
        ("Siffror och uttag", "Varje siffra, ner till raderna.", "figures:catalogue", Resource.FIGURES),
    ),
    "quality_strategist": (
        ("Målkedjan", "Från vision till aktiviteter.", "steering:chain", Resource.GOALS),
        ("Riskanalys", "Årets risker och vad de leder till.", "control:risks", Resource.RISKS),
        ("Internkontrollplan", "Kontrollerna och uppföljningen.", "control:plan", Resource.CONTROLS),
        ("Styrmodell", "Skalor, tillfällen och regler.", "steering:model", Resource.STEERING),
    ),
}


@dataclass(frozen=True)
class Beginning:
    """A page that a role begins at."""

    title: str
    text: str
    url: str


@dataclass(frozen=True)
class Written:
    """A report of an occasion: its latest version."""

    report: Report
    title: str
    url: str


@dataclass(frozen=True)
class Turn:
    """An occasion of the year: whether a forecast has come in, and what has been written."""

    occasion: Occasion
    forecast: bool
    reports: tuple[Written, ...]


@dataclass
class Start:
    """The whole page. Lists that are empty are not shown."""

    roles: str
    tiles: list[Tile] = field(default_factory=list)
    todo: list[dict[str, Any]] = field(default_factory=list)
    mine: list[Line] = field(default_factory=list)
    measures: list[Line] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    reports: bool = False  # may report a deviation
    quarters: bool = False  # an external provider: leaves counts every quarter
    reports_first: bool = False  # and that is what they come for
    clocks: list[Any] = field(default_factory=list)  # steps of deviations that are mine, the first due first
    reported: list[Deviation] = field(default_factory=list)  # what I have reported last
    tasks: list[Any] = field(default_factory=list)  # what waits for me, late first
    more_tasks: bool = False
    meeting: MeetingCard | None = None
    decided: list[Decided] = field(default_factory=list)
    units: UnitForecasts | None = None
    beginnings: list[Beginning] = field(default_factory=list)


def start_page(scope: Scope) -> Start:
    """The page for the person, with what their mandates let them see."""
    roles = scope.roles()
    page = Start(", ".join(sorted(str(Role(role).label) for role in roles)))
    page.reports = scope.may(Action.REPORT, Resource.DEVIATIONS)
    page.reports_first = page.reports and not roles <= SELDOM
    if scope.may(Action.COMMENT, Resource.DEVIATIONS):
        page.clocks = tasks.clock_lines(scope.user, CLOCKS, only=STEP_KINDS)
    elif page.reports:
        mine = Deviation.objects.filter(committee=scope.committee, reporter=scope.user.pk)
        page.reported = list(mine.order_by("-reported_at").prefetch_related("matters__type")[:REPORTED])
    waiting = tasks.open_for(scope.user).exclude(kind__in=STEP_KINDS if page.clocks else ())
    found = list(waiting[: TASKS + 1])
    page.tasks, page.more_tasks = tasks.lines(found[:TASKS]), len(found) > TASKS
    page.quarters = "provider" in roles and scope.may(Action.EDIT, Resource.PROVIDER_REPORTS)
    _of_the_committee(page, scope, roles)
    goals = list(access.visible(scope.user, services.goals_of(scope.committee, scope.year)))
    judged = latest_judged(assessed_occasions(scope))
    reported: set[int] = set()
    whole = bool(roles & OVERSEERS)
    if scope.may(Action.VIEW, Resource.GOALS):
        page.tiles.append(goal_tile(scope, goals, judged))
    if scope.may(Action.VIEW, Resource.MEASURES):
        known = measured(goals, scope.year).years
        page.tiles += [] if whole else measure_tile(scope, known)
        page.measures = [measure_lines.of_year(scope, one) for one in known.values()][: measure_lines.SHOWN]
        page.mine = measure_lines.of_my_units(scope)
    if scope.may(Action.VIEW, Resource.GOALS) and not whole:
        page.tiles += assignment_tile(scope)
    if scope.may(Action.VIEW, Resource.ECONOMY):
        reported = with_forecast(scope)
        page.tiles.append(forecast_tile(scope, reported))
    if whole and scope.may(Action.VIEW, Resource.QUALITY):
        page.tiles.append(quality_tile(scope))
    if whole and scope.may(Action.VIEW, Resource.CONTROLS):
        page.tiles.append(control_tile(scope))
    reports = visible_reports(scope)
    page.todo = todo(scope, reports, goals, judged) if roles & WRITERS else []
    page.turns = [
        Turn(one, one.pk in reported, latest_of(scope, [row for row in reports if row.occasion_id == one.pk]))
        for one in scope.follow_ups
    ]
    return page


def _of_the_committee(page: Start, scope: Scope, roles: set[str]) -> None:
    """The next meeting and the latest decisions for those who decide; the units' forecasts for those who answer for
    them; where to begin for those who do neither."""
    if roles & DECIDERS and scope.may(Action.VIEW, Resource.MEETINGS):
        page.meeting = start_committee.meeting_card(scope)
        page.decided = start_committee.decided(scope)
    page.beginnings = [
        Beginning(title, text, scope.url(name))
        for role in sorted(roles & set(BEGINNINGS))
        for title, text, name, resource in BEGINNINGS[role]
        if scope.may(Action.VIEW, resource)
    ]
    if roles & FORECASTERS and scope.may(Action.VIEW, Resource.ECONOMY):
        page.units = start_committee.unit_table(scope)


def latest_of(scope: Scope, reports: list[Report]) -> tuple[Written, ...]:
    """The latest version of each kind of report, by name. ``reports`` has the latest version of a kind first."""
    found: dict[str, Written] = {}
    for report in reports:
        if report.kind not in found:
            url = scope.url("reports:version", report.kind, report.occasion.code, report.number)
            found[report.kind] = Written(report, report_class(report.kind).title, url)
    return tuple(found.values())


def with_forecast(scope: Scope) -> set[int]:
    """The year's occasions that have a forecast."""
    rows = ForecastLine.objects.filter(occasion__in=[one.pk for one in scope.follow_ups]).order_by()
    return set(rows.values_list("occasion_id", flat=True).distinct())


def latest_judged(occasions: list[Occasion]) -> Occasion | None:
    """The latest occasion at which something was assessed, else the latest begun, else the first to come."""
    said = set(
        Assessment.objects.filter(occasion__in=occasions).values_list("occasion_id", flat=True).distinct()
    )
    begun = [one for one in occasions if one.cut_off <= timezone.localdate()]
    otherwise = begun or occasions[:1]
    return next((one for one in reversed(occasions) if one.pk in said), otherwise[-1] if otherwise else None)


def visible_reports(scope: Scope) -> list[Report]:
    """The year's reports that the person may see, latest occasion first."""
    rows = Report.objects.filter(occasion__in=[one.pk for one in scope.occasions]).select_related("occasion")
    return list(
        access.visible(scope.user, rows).defer("document").order_by("-occasion__cut_off", "kind", "-number")
    )


def entry(scope: Scope, report: Report) -> dict[str, Any]:
    """A line of the list of reports."""
    kind = report_class(report.kind)
    return {
        "title": f"{kind.title} – {report.occasion.name}",
        "url": scope.url("reports:report", report.kind, report.occasion.code),
        "when": report.locked_at,
        "number": report.number,
    }


def todo(
    scope: Scope, reports: list[Report], goals: list[Goal], judged: Occasion | None
) -> list[dict[str, Any]]:
    """What waits: drafts to finish, and goals that nobody has assessed at an occasion whose cut-off has passed."""
    waiting: list[dict[str, Any]] = []
    for report in reports:
        if report.state == Report.State.DRAFT:
            line = entry(scope, report)
            waiting.append(
                {**line, "what": f"Skriv klart och lås: {line['title']}", "due": report.occasion.cut_off}
            )
    if judged and judged.cut_off <= timezone.localdate():
        said = statuses(judged, goals)
        bare = [goal for goal in goals if goal.pk not in said]
        waiting += [
            {
                "what": f"Bedöm målet ”{goal.title}” vid {judged.name.lower()}",
                "url": scope.url("steering:goal", goal.pk, tillfalle=judged.code),
                "due": judged.cut_off,
            }
            for goal in bare
        ]
    if scope.may(Action.EDIT, Resource.DRAFTS):
        made = {(report.occasion_id, report.kind) for report in reports}
        for one in scope.follow_ups:
            if one.cut_off > timezone.localdate() or one.kind == Occasion.Kind.PLAN:
                continue
            for kind in reports_for(one.kind):
                if kind.asked_for and (one.pk, kind.slug) not in made:
                    waiting.append(
                        {
                            "what": f"Öppna rapporten: {one.name.lower()}",
                            "url": scope.url("reports:list"),
                            "due": one.cut_off,
                        }
                    )
    return sorted(waiting, key=lambda line: line["due"])
