"""Reads the annual wheel and the action plans of an occasion's year to plain facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from roder.followup import wheel
from roder.followup.models import ActionPlan
from roder.followup.rules.plans import standing
from roder.followup.rules.wheel import Event, span_of, stops, when
from roder.followup.services.plans import expected as plans_of
from roder.followup.services.plans import work
from roder.organisation.models import Role
from roder.reports.document import Tone
from roder.reports.facts_year import ActivityFact, GoalActivities, PlanFact, WheelFact, YearFacts
from roder.steering.models import Activity, Occasion

#: The kinds of occasion at which the plans are compiled.
PLANS_AT = (Occasion.Kind.PLAN, Occasion.Kind.INTERIM, Occasion.Kind.ANNUAL)
#: The key of what is the whole administration's own, as the figures have it.
WHOLE = "hela"
TONES: dict[str, Tone] = {"good": "good", "near": "near", "bad": "bad", "none": "none"}


def fact(event: Event, number: int) -> WheelFact:
    """An event as it is told, with the number of its mark."""
    return WheelFact(
        number=number,
        day=event.day,
        last=event.last,
        when=when(event.day, event.last) + (f" kl. {event.clock}" if event.clock else ""),
        title=event.title,
        whom=event.whom,
        ring_code=event.ring.value,
        ring=event.ring.label,
        role=str(Role(event.role).label) if event.role in Role.values else event.role,
        body=event.body,
        note=event.note,
    )


def gather_year(occasion: Occasion) -> YearFacts | None:
    """The wheel where the year is planned, and the plans where they are planned or followed up; nothing elsewhere. A
    constant number of queries."""
    if occasion.kind not in PLANS_AT:
        return None
    facts = _plans(occasion)
    if occasion.kind != Occasion.Kind.PLAN:
        return facts
    found = wheel.events(occasion.committee, *span_of(occasion.year))
    return replace(facts, wheel=tuple(fact(one, stop.number) for stop in stops(found) for one in stop.events))


# --- action plans ----------------------------------------------------------------------------------------------------


def _plans(occasion: Occasion) -> YearFacts:
    committee, year, day = occasion.committee, occasion.year, occasion.cut_off
    plans = {
        one.unit_id: one
        for one in ActionPlan.objects.filter(committee=committee, year=year).select_related("unit")
    }
    rows = list(
        Activity.objects.filter(committee=committee, year=year)
        .select_related("goal", "unit")
        .order_by("goal__level", "goal__position", "goal_id", "quarter", "pk")
    )
    found: dict[int | None, list[Activity]] = {}
    for row in rows:
        found.setdefault(row.unit_id, []).append(row)
    units = {row.unit_id: row.unit for row in rows if row.unit}
    units |= {pk: one.unit for pk, one in plans.items() if one.introduction}
    order: list[int | None] = [None] if None in found else []
    order += sorted(units, key=lambda pk: (units[pk].kind != "administration", units[pk].name))
    expected = list(plans_of(committee, year))
    return YearFacts(
        plans=tuple(
            PlanFact(
                unit=units[pk].code if pk else WHOLE,
                name=units[pk].name if pk else "Hela förvaltningen",
                decided=_decided(plans.get(pk) if pk else None),
                introduction=plans[pk].introduction if pk in plans else "",
                goals=_goals(found.get(pk, ()), day),
            )
            for pk in order
        ),
        goals=tuple({row.goal.code: (row.goal.code, str(row.goal)) for row in rows}.values()),
        without=tuple(one.name for one in expected if one.pk not in plans and one.pk not in units),
        decided=sum(_is_decided(one, occasion) for one in plans.values()),
        expected=len(expected),
    )


def _is_decided(plan: ActionPlan, occasion: Occasion) -> bool:
    """Whether it counts as decided at the occasion: at a follow-up as of its cut-off; where the year is planned as it
    stands, for the plans are decided after that cut-off, and each says its own day."""
    if plan.decided_on is None:
        return False
    return occasion.kind == Occasion.Kind.PLAN or plan.decided_on <= occasion.cut_off


def _decided(plan: ActionPlan | None) -> str:
    if plan is None:
        return ""
    return f"Beslutad {plan.decided_on}" if plan.decided_on else "Utkast"


def _goals(rows: Iterable[Activity], day: date) -> tuple[GoalActivities, ...]:
    found: dict[str, list[ActivityFact]] = {}
    for row in rows:
        found.setdefault(str(row.goal), []).append(_activity(row, day))
    return tuple(GoalActivities(goal, tuple(inside)) for goal, inside in found.items())


def _activity(row: Activity, day: date) -> ActivityFact:
    state, tone = standing(work(row), day)
    return ActivityFact(
        code=str(row.pk),
        what=row.what,
        why=row.why,
        who=row.who,
        when=f"Kv. {row.quarter}" if row.quarter else "Året",
        how=row.followed_how,
        said=row.followed_up,
        state=state,
        tone=TONES[tone],
    )
