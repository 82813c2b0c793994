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
from roder.web import measure_lines
from roder.web.measure_lines import Line
from roder.web.scope import Scope
from roder.web.tiles import Tile, assignment_tile, forecast_tile, goal_tile, measure_tile

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


@dataclass(frozen=True)
class Turn:
    """An occasion of the year: whether a forecast has come in, and what has been written."""

    occasion: Occasion
    forecast: bool
    reports: tuple[Report, ...]


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
    clocks: list[Any] = field(default_factory=list)  # steps of deviations that are mine, the first due first
    reported: list[Deviation] = field(default_factory=list)  # what I have reported last


def start_page(scope: Scope) -> Start:
    """The page for the person, with what their mandates let them see."""
    roles = scope.roles()
    page = Start(", ".join(sorted(str(Role(role).label) for role in roles)))
    page.reports = scope.may(Action.REPORT, Resource.DEVIATIONS)
    if scope.may(Action.COMMENT, Resource.DEVIATIONS):
        page.clocks = tasks.clock_lines(scope.user, CLOCKS, only=STEP_KINDS)
    elif page.reports:
        mine = Deviation.objects.filter(committee=scope.committee, reporter=scope.user.pk)
        page.reported = list(mine.order_by("-reported_at").prefetch_related("matters__type")[:REPORTED])
    goals = list(access.visible(scope.user, services.goals_of(scope.committee, scope.year)))
    judged = latest_judged(assessed_occasions(scope))
    reported: set[int] = set()
    if scope.may(Action.VIEW, Resource.GOALS):
        page.tiles.append(goal_tile(scope, goals, judged))
    if scope.may(Action.VIEW, Resource.MEASURES):
        known = measured(goals, scope.year).years
        page.tiles += measure_tile(scope, known)
        page.measures = [measure_lines.of_year(scope, one) for one in known.values()][: measure_lines.SHOWN]
        page.mine = measure_lines.of_my_units(scope)
    if scope.may(Action.VIEW, Resource.GOALS):
        page.tiles += assignment_tile(scope)
    if scope.may(Action.VIEW, Resource.ECONOMY):
        reported = with_forecast(scope)
        page.tiles.append(forecast_tile(scope, reported))
    reports = visible_reports(scope)
    page.todo = todo(scope, reports, goals, judged) if roles & WRITERS else []
    page.turns = [
        Turn(one, one.pk in reported, tuple(report for report in reports if report.occasion_id == one.pk))
        for one in scope.follow_ups
    ]
    return page


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
