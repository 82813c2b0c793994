"""What the start page says, by role: the state in sentences made from figures, and what is mine to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone

from roder import access
from roder.access import Action, Resource
from roder.core.numbers import Unit, format_value
from roder.economy.models import ForecastLine
from roder.economy.pages.operations import bottom_row
from roder.figures import At, LiveSource, compared_with, compute
from roder.measures.proposals import MeasureYear, measures_of, years_of
from roder.organisation.models import Role
from roder.reports.kinds import report_class, reports_for
from roder.reports.models import Report
from roder.steering import services
from roder.steering.assess_views import assessed_occasions
from roder.steering.chain import statuses
from roder.steering.models import Assessment, Goal, Occasion
from roder.web.scope import Scope

SHOWN_MEASURES = 5
SHOWN_REPORTS = 6
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
class Tile:
    """A part of the state: a heading, what it comes to, a sentence, and where it leads."""

    title: str
    big: str
    text: str
    url: str
    tone: str = "none"


@dataclass
class Start:
    """The whole page. Lists that are empty are not shown."""

    roles: str
    tiles: list[Tile] = field(default_factory=list)
    todo: list[dict[str, Any]] = field(default_factory=list)
    measures: list[tuple[MeasureYear, list[Decimal | None]]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    coming: list[Occasion] = field(default_factory=list)


def start_page(scope: Scope) -> Start:
    """The page for the person, with what their mandates let them see."""
    roles = scope.roles()
    page = Start(", ".join(sorted(str(Role(role).label) for role in roles)))
    goals = list(access.visible(scope.user, services.goals_of(scope.committee, scope.year)))
    judged = latest_judged(assessed_occasions(scope))
    if scope.may(Action.VIEW, Resource.GOALS):
        page.tiles.append(goal_tile(scope, goals, judged))
    if scope.may(Action.VIEW, Resource.ECONOMY) and (tile := forecast_tile(scope)):
        page.tiles.append(tile)
    if scope.may(Action.VIEW, Resource.MEASURES):
        page.measures = measures_now(goals, scope.year)
    reports = visible_reports(scope)
    page.reports = [entry(scope, report) for report in reports if report.state == Report.State.LOCKED][
        :SHOWN_REPORTS
    ]
    page.todo = todo(scope, reports, goals, judged) if roles & WRITERS else []
    today = timezone.localdate()
    page.coming = [one for one in scope.occasions if one.cut_off >= today]
    return page


def latest_judged(occasions: list[Occasion]) -> Occasion | None:
    """The latest occasion at which something was assessed, else the latest begun, else the first to come."""
    said = set(
        Assessment.objects.filter(occasion__in=occasions).values_list("occasion_id", flat=True).distinct()
    )
    begun = [one for one in occasions if one.cut_off <= timezone.localdate()]
    otherwise = begun or occasions[:1]
    return next((one for one in reversed(occasions) if one.pk in said), otherwise[-1] if otherwise else None)


def goal_tile(scope: Scope, goals: list[Goal], occasion: Occasion | None) -> Tile:
    """ "1 av 5 mål helt uppfyllt vid delårsbokslut 2022; 4 saknar bedömning": counted, never written."""
    url = scope.url("steering:chain")
    if not goals:
        return Tile("Mål", "Inga mål", f"Nämnden har inga mål för {scope.year}.", url)
    found = statuses(occasion, goals)
    scale = services.scale_for(services.model_of(occasion), "goal", occasion.kind) if occasion else []
    counts = [
        (step, sum(1 for _, said in found.values() if said and said.code == step.code)) for step in scale
    ]
    good = sum(count for step, count in counts if step.tone == "good")
    unjudged = len(goals) - sum(count for step, count in counts if step.tone != "none")
    parts = [
        f"{count} {step.label.lower()}"
        for step, count in counts
        if count and step.tone not in ("good", "none")
    ]
    if unjudged:
        parts.append(f"{unjudged} utan bedömning av utfallet")
    text = "; ".join(parts) if parts else "Alla mål är uppfyllda"
    where = f" vid {occasion.name.lower()}" if occasion else ""
    tone = "good" if good == len(goals) else "none"
    return Tile(
        "Mål", f"{good} av {len(goals)} uppfyllda", f"{text[:1].upper()}{text[1:]}{where}.", url, tone
    )


def forecast_tile(scope: Scope) -> Tile | None:
    """The forecast of the year's result at the latest occasion that has one, and how it has changed."""
    with_lines = set(
        ForecastLine.objects.filter(occasion__in=scope.occasions)
        .values_list("occasion_id", flat=True)
        .distinct()
    )
    reported = [one for one in scope.occasions if one.pk in with_lines]
    url = scope.url("economy:operations")
    if not reported:
        return Tile("Ekonomi", "iu.", f"Ingen prognos är registrerad för {scope.year}.", url)
    occasion = reported[-1]
    row = bottom_row(services.model_of(occasion).accounts.rows)
    with LiveSource(scope.committee) as source:
        at = At.of(occasion)
        variance = compute("ekonomi.drift.prognosavvikelse", source, at).get(row.code)
        change = compute("ekonomi.drift.prognosforandring", source, at).get(row.code)
        before = compared_with(source, at)
    value = variance.value if variance else None
    if value is None:
        return Tile("Ekonomi", "iu.", f"Prognosen vid {occasion.name.lower()} är inte fullständig.", url)
    text = f"{row.label} mot budget vid {occasion.name.lower()}"
    if change and change.value is not None and before:
        text += f"; {format_value(change.value, Unit.MKR, sign=True, suffix=True)} sedan {before[1].lower()}"
    tone = "good" if value >= 0 else "bad"
    return Tile("Ekonomi", format_value(value, Unit.MKR, sign=True, suffix=True), f"{text}.", url, tone)


def measures_now(goals: list[Goal], year: int) -> list[tuple[MeasureYear, list[Decimal | None]]]:
    """The goals' first measures with their outcomes over the years, for small lines."""
    linked = measures_of(goals)
    chosen = {m.pk: m for goal in goals for m in linked.get(goal.pk, [])}
    years = years_of(list(chosen.values())[:SHOWN_MEASURES], year)
    return [
        (one, [row.value for of, row in sorted(one.outcomes.items()) if of <= year]) for one in years.values()
    ]


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
        for one in scope.occasions:
            if one.cut_off > timezone.localdate() or one.kind == Occasion.Kind.PLAN:
                continue
            for kind in reports_for(one.kind):
                if (one.pk, kind.slug) not in made:
                    waiting.append(
                        {
                            "what": f"Öppna rapporten: {one.name.lower()}",
                            "url": scope.url("reports:list"),
                            "due": one.cut_off,
                        }
                    )
    return sorted(waiting, key=lambda line: line["due"])
