"""The state in tiles: each a number and a sentence, counted from what is registered and never written by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from roder import access
from roder.control.models import ControlPlan
from roder.control.rules.outcomes import WITH, WITHOUT
from roder.control.services import follow_up, outcomes
from roder.core.numbers import MISSING, Unit, format_number, format_value
from roder.core.words import capital_first, day_words
from roder.economy.rules.forecast import bottom_row
from roder.figures import At, LiveSource, compared_with, compute
from roder.measures.proposals import MeasureYear
from roder.quality.statistics import queries, rules
from roder.quality.statistics.choice import Choice, usual
from roder.quality.statistics.views import practice
from roder.steering import services
from roder.steering.chain import statuses
from roder.steering.models import Goal, Occasion
from roder.web.scope import Scope


@dataclass(frozen=True)
class Tile:
    """A part of the state: a heading, what it comes to, a sentence, where it leads, and its status in a word."""

    title: str
    big: str
    text: str
    url: str
    tone: str = "none"
    status: str = ""


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
        f"{step.label.lower()}: {count}"
        for step, count in counts
        if count and step.tone not in ("good", "none")
    ]
    if unjudged:
        parts.append(f"{unjudged} utan bedömning av utfallet")
    text = "; ".join(parts) if parts else "Alla mål är uppfyllda"
    where = f" vid {occasion.name.lower()}" if occasion else ""
    tone, word = ("good", "Alla uppfyllda") if good == len(goals) else ("none", "")
    return Tile("Mål", f"{good} av {len(goals)} uppfyllda", f"{capital_first(text)}{where}.", url, tone, word)


def assignment_tile(scope: Scope) -> list[Tile]:
    """How many assignments the committee has, and when the next is due; nothing when there are none."""
    rows = list(access.visible(scope.user, services.assignments_of(scope.committee, scope.year)))
    if not rows:
        return []
    today = timezone.localdate()
    coming = sorted(row.due_on for row in rows if row.due_on and row.due_on >= today)
    given = Counter(str(row.get_giver_display()) for row in rows)
    text = capital_first(", ".join(f"{count} från {giver}" for giver, count in given.most_common()) + ".")
    if coming:
        text += f" Närmast ska ett vara klart {day_words(coming[0], today)}."
    return [Tile("Uppdrag", f"{len(rows)} uppdrag", text, scope.url("steering:assignments"))]


def measure_tile(scope: Scope, known: dict[int, MeasureYear]) -> list[Tile]:
    """How many of the goals' measures reach their targets; nothing when the goals have no measures."""
    if not known:
        return []
    met = sum(1 for one in known.values() if one.met is True)
    missed = sum(1 for one in known.values() if one.met is False)
    missing = len(known) - met - missed
    parts = []
    if missed:
        parts.append(f"{missed} når inte målvärdet")
    if missing:
        parts.append(f"{missing} saknar utfall eller målvärde")
    text = capital_first("; ".join(parts) or "alla når sina målvärden")
    big = f"{met} av {len(known)} når målet"
    return [Tile("Målens nyckeltal", big, f"{text} {scope.year}.", scope.url("measures:nyckeltal"))]


def forecast_tile(scope: Scope, reported: set[int]) -> Tile:
    """The forecast of the year's result at the latest occasion that has one, and how it has changed.

    ``reported`` are the occasions that have a forecast.
    """
    url = scope.url("economy:operations")
    with_forecast = [one for one in scope.follow_ups if one.pk in reported]
    if not with_forecast:
        return Tile("Ekonomi", MISSING, f"Ingen prognos är registrerad för {scope.year}.", url)
    occasion = with_forecast[-1]
    row = bottom_row(services.model_of(occasion).accounts.rows)
    with LiveSource(scope.committee) as source:
        at = At.of(occasion)
        variance = compute("ekonomi.drift.prognosavvikelse", source, at).get(row.code)
        change = compute("ekonomi.drift.prognosforandring", source, at).get(row.code)
        before = compared_with(source, at)
    value = variance.value if variance else None
    if value is None:
        return Tile("Ekonomi", MISSING, f"Prognosen vid {occasion.name.lower()} är inte fullständig.", url)
    text = f"{row.label} mot budget vid {occasion.name.lower()}"
    if change and change.value is not None and before:
        moved = format_value(change.value, Unit.MKR, sign=True, suffix=True) if change.value else "oförändrat"
        text += f"; {moved} sedan {before[1].lower()}"
    tone, word = ("good", "I balans") if value >= 0 else ("bad", "Underskott")
    big = format_value(value, Unit.MKR, sign=True, suffix=True)
    return Tile("Ekonomi", big, f"{text}.", url, tone, word)


def quality_tile(scope: Scope) -> Tile:
    """How many deviations were reported, against the same part of the year before, and how many are closed. Small
    numbers are not said, as on the page of statistics."""
    url = scope.url("quality:statistics")
    period = usual(scope.year, timezone.localdate())
    choice = Choice(period, period.years_before(1))
    now, then = queries.totals(scope.committee, choice)
    said = practice(scope)
    if not now.deviations:
        return Tile("Kvalitet", "Inga avvikelser", f"Ingen är rapporterad {period.text}.", url)
    if rules.small(now.deviations, said.below):
        return Tile("Kvalitet", "Få avvikelser", f"Färre än {said.below} rapporterade {period.text}.", url)
    parts = [f"rapporterade {period.text}"]
    if then.deviations and not rules.small(then.deviations, said.below):
        change = Decimal(now.deviations - then.deviations) * 100 / then.deviations
        parts.append(
            f"{format_value(change, Unit.PERCENT, 0, sign=True, suffix=True)} mot {choice.compared.text}"
        )
    open_ones, tone, word = now.deviations - now.closed, "none", ""
    if not rules.small(now.closed, said.below) and not rules.small(open_ones, said.below):
        share = Decimal(now.closed) * 100 / now.deviations
        parts.append(f"{format_value(share, Unit.PERCENT, 0, suffix=True)} är avslutade")
        if said.closed is not None:
            tone, word = ("good", "Når målet") if share >= said.closed else ("bad", "Når inte målet")
            parts[-1] += f" (målet är {said.closed}\u00a0%)"
    text = f"{capital_first(', '.join(parts))}."
    return Tile("Kvalitet", _deviations(now.deviations), text, url, tone, word)


def _deviations(count: int) -> str:
    return f"{format_number(Decimal(count))} {'avvikelse' if count == 1 else 'avvikelser'}"


def control_tile(scope: Scope) -> Tile:
    """How far the year's plan of internal control has been followed up, and with what outcome."""
    url = scope.url("control:plan")
    plans = access.visible(scope.user, ControlPlan.objects.filter(committee=scope.committee))
    plan = plans.filter(year=scope.year).first()
    if plan is None:
        return Tile(
            "Intern kontroll", "Ingen plan", f"Nämnden har ingen internkontrollplan för {scope.year}.", url
        )
    lines = follow_up.table(plan)
    found = follow_up.counts(plan, lines=lines)
    big = f"{found.followed_up} av {found.points} följda upp"
    if not found.points:
        return Tile("Intern kontroll", "Inga punkter", "Planen har inga kontrollpunkter än.", url)
    if not found.followed_up:
        return Tile("Intern kontroll", big, "Ingen kontrollpunkt är följd upp än.", url)
    said = [one.review for one in lines if one.review is not None and not one.out]
    text = f"{outcomes.words_among(said).tally(found.without, found.with_remarks)}."
    followed = [one for one in map(outcomes.word_of, said) if one.outcome in (WITHOUT, WITH)]
    worst = min(followed, key=lambda word: ("bad", "near", "good", "none").index(word.tone))
    return Tile("Intern kontroll", big, text, url, "near" if found.with_remarks else "good", worst.short)
