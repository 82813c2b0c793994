"""Pages of action plans: all of the administration's, and one unit's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from roder import access
from roder.access.matrix import Action, Resource
from roder.core.models import StaleRecordError
from roder.core.register import history
from roder.followup.models import ActionPlan
from roder.followup.pages import plan_forms as forms
from roder.followup.rules import plans as rules
from roder.followup.services import plans as services
from roder.organisation.models import Unit
from roder.steering.models import Activity, Goal
from roder.web.scope import CommitteeRequest, committee_page

STATES = (("", "Alla"), ("klar", "Klara"), ("forsenad", "Försenade"), ("kvar", "Inte klara"))


@dataclass
class Line:
    """A unit's or a goal's activities with their degree of completion."""

    of: Any
    degree: rules.Degree = field(default_factory=rules.Degree)
    plan: ActionPlan | None = None


@dataclass(frozen=True)
class Shown:
    """An activity as it is shown."""

    row: Activity
    state: tuple[str, str]
    when: str


def shown(row: Activity, today: date) -> Shown:
    """An activity with how it stands today."""
    when = f"Kvartal {row.quarter}" if row.quarter else "Under året"
    return Shown(row, rules.standing(services.work(row), today), when)


def _degree(rows: Iterable[Activity], today: date) -> rules.Degree:
    return rules.degree((services.work(row) for row in rows), today)


def _in_state(row: Activity, wanted: str, today: date) -> bool:
    if not wanted:
        return True
    if wanted == "forsenad":
        return rules.standing(services.work(row), today)[1] == "bad"
    return (row.done_on is not None) == (wanted == "klar")


@committee_page(Resource.ACTION_PLANS)
def compiled(request: CommitteeRequest) -> HttpResponse:
    """Every unit's plan: how many activities, how many should be done by now, how many are. A constant number of
    queries."""
    scope, today = request.scope, timezone.localdate()
    plans = {
        one.unit_id: one
        for one in access.visible(
            request.user, ActionPlan.objects.filter(committee=scope.committee, year=scope.year)
        ).select_related("unit")
    }
    rows = list(
        access.visible(request.user, Activity.objects.filter(committee=scope.committee, year=scope.year))
        .select_related("goal", "unit")
        .order_by("goal__level", "goal__position", "goal_id", "quarter", "pk")
    )
    goals = {one.goal_id: one.goal for one in rows}
    units: dict[int, Unit] = {one.unit.pk: one.unit for one in rows if one.unit}
    units |= {pk: one.unit for pk, one in plans.items()}
    goal, unit = request.GET.get("mal", ""), request.GET.get("enhet", "")
    state = request.GET.get("lage", "")
    picked = [
        row
        for row in rows
        if (not goal or str(row.goal_id) == goal)
        and (not unit or (row.unit.code if row.unit else "") == unit)
        and _in_state(row, state, today)
    ]
    expected = services.expected(scope.committee, scope.year)
    asked = services.may_plan(request.user, scope.committee)
    wanted = list(expected)
    seen = access.units_where(request.user, Action.VIEW, Resource.ACTION_PLANS, scope.committee)
    open_to = set(seen.values_list("pk", flat=True))  # whether others have a plan is not theirs to be told
    without = [one for one in wanted if one.pk in open_to and one.pk not in plans and one.pk not in units]
    everywhere = asked.filter(pk__in=[one.pk for one in wanted]).count() == len(wanted) if wanted else False
    context = {
        "today": today,
        "whole": _degree(picked, today),
        "by_unit": _by_unit(picked, plans, units, today, filtered=bool(goal or unit or state)),
        "by_goal": _by_goal(picked, goals, today),
        "activities": [shown(row, today) for row in picked],
        "decided": sum(one.state == ActionPlan.State.DECIDED for one in plans.values()),
        "plans": len(plans),
        "without": without,
        "decide_by": services.decide_by(scope.committee, scope.year),
        "goals": sorted(goals.values(), key=lambda one: (one.level, one.position)),
        "units": sorted(units.values(), key=lambda one: one.name),
        "states": STATES,
        "chosen": {"goal": goal, "unit": unit, "state": state},
        "filtered": bool(goal or unit or state),
        "may_ask": everywhere and any(one.pk not in plans for one in wanted),
        "own": list(asked.order_by("name")[:200]) if not everywhere else [],
    }
    return render(request, "followup/plans/compiled.html", context)


def _by_unit(
    rows: Iterable[Activity],
    plans: dict[int, ActionPlan],
    units: dict[int, Unit],
    today: date,
    *,
    filtered: bool,
) -> list[Line]:
    """The units with activities (and, without a filter, those with an empty plan) by name; what is the whole
    administration's own first."""
    found: dict[int | None, list[Activity]] = defaultdict(list)
    for row in rows:
        found[row.unit_id].append(row)
    keys: list[int | None] = [None] if None in found else []
    keys += [one.pk for one in sorted(units.values(), key=_name) if one.pk in found or not filtered]
    return [
        Line(units[pk] if pk else None, _degree(found[pk], today), plans.get(pk) if pk else None)
        for pk in keys
    ]


def _name(unit: Unit) -> str:
    return unit.name


def _by_goal(rows: Iterable[Activity], goals: dict[int, Goal], today: date) -> list[Line]:
    found: dict[int, list[Activity]] = defaultdict(list)
    for row in rows:
        found[row.goal_id].append(row)
    return [Line(goals[pk], _degree(inside, today)) for pk, inside in found.items()]


@require_POST
@committee_page(Resource.ACTION_PLANS, Action.EDIT)
def ask(request: CommitteeRequest) -> HttpResponse:
    """Ask every unit for its plan."""
    scope = request.scope
    count = services.ask(scope.committee, scope.year, request.user)
    said = (
        f"{count} enheter har fått uppgiften att besluta sin handlingsplan."
        if count
        else "Alla är redan tillfrågade."
    )
    messages.success(request, said)
    return redirect(scope.url("followup:plans"))


# --- a unit's plan ---------------------------------------------------------------------------------------------------


@committee_page(Resource.ACTION_PLANS)
def plan(request: CommitteeRequest, code: str) -> HttpResponse:
    """A unit's plan for the year: goal by goal what it does, why, who, when, how it is followed up and how far it has
    come."""
    scope = request.scope
    unit = get_object_or_404(Unit.objects.select_related("committee"), committee=scope.committee, code=code)
    edits = services.may_plan(request.user, scope.committee).filter(pk=unit.pk).exists()
    of_unit = ActionPlan.objects.filter(unit=unit, year=scope.year).select_related("decided_by")
    found = access.visible(request.user, of_unit).first()
    if found is None and of_unit.exists():
        access.require(request.user, Action.VIEW, of_unit[0])
    made: dict[str, Any] = {}
    if edits:
        made = {
            "activity": forms.ActivityForm(goals=services.goals_for(scope.committee, scope.year)),
            "introduction": forms.IntroductionForm(
                initial={"introduction": found.introduction, "revision": found.revision}
                if found
                else {"revision": 0}
            ),
            "decide": forms.DecideForm(initial={"revision": found.revision if found else 0}),
            "reopen": forms.ReopenForm(initial={"revision": found.revision if found else 0}),
        }
    if request.method == "POST":
        if not edits:
            raise access.NotAllowedError("Dina mandat ger inte rätt att ändra enhetens handlingsplan.")
        answer = _deed(request, unit, found, made)
        if answer is not None:
            return answer
    refused = any(form.errors for form in made.values())
    return render(
        request, "followup/plans/plan.html", _plan_context(request, unit, found, edits, made),
        status=422 if refused else 200,
    )  # fmt: skip


def _plan_context(
    request: CommitteeRequest, unit: Unit, found: ActionPlan | None, edits: bool, made: dict[str, Any]
) -> dict[str, Any]:
    scope, today = request.scope, timezone.localdate()
    rows = list(access.visible(request.user, services.activities_of(unit, scope.year)))
    groups: dict[int, list[Shown]] = defaultdict(list)
    for row in rows:
        groups[row.goal_id].append(shown(row, today))
    goals = {row.goal_id: row.goal for row in rows}
    return {
        "unit": unit,
        "plan": found,
        "groups": [(goals[pk], inside) for pk, inside in groups.items()],
        "degree": _degree(rows, today),
        "edits": edits,
        "forms": made,
        "draft": found is None or found.state == ActionPlan.State.DRAFT,
        "decide_by": services.decide_by(scope.committee, scope.year),
        "today": today,
        "events": history.of(found) if found else [],
        "goals_exist": services.goals_for(scope.committee, scope.year).exists() if edits else True,
    }


def _deed(
    request: CommitteeRequest, unit: Unit, found: ActionPlan | None, made: dict[str, Any]
) -> HttpResponse | None:
    """Do what was asked (``deed``); None when the page is to be shown again with what is wrong."""
    scope, deed = request.scope, request.POST.get("deed", "")
    back = scope.url("followup:plan", unit.code)
    kinds: dict[str, Any] = {
        "introduction": forms.IntroductionForm, "decide": forms.DecideForm, "reopen": forms.ReopenForm,
    }  # fmt: skip
    if deed == "activity":
        form = forms.ActivityForm(request.POST, goals=services.goals_for(scope.committee, scope.year))
    elif deed in kinds:
        form = kinds[deed](request.POST)
    else:
        return redirect(back)
    made[deed] = form
    if not form.is_valid():
        return None
    values = {**form.cleaned_data}
    revision = values.pop("revision", 0)
    try:
        said = _do(deed, unit, found, request, values, revision)
    except ValidationError as error:
        forms.told(form, error)
        return None
    except StaleRecordError as stale:
        forms.clash(form, stale, request.POST)
        return None
    messages.success(request, said)
    return redirect(back)


def _do(
    deed: str,
    unit: Unit,
    found: ActionPlan | None,
    request: CommitteeRequest,
    values: dict[str, Any],
    revision: int,
) -> str:
    by, year = request.user, request.scope.year
    if deed == "activity":
        services.add_activity(unit, year, by, **values)
        return "Aktiviteten är tillagd."
    if found is None:
        found = services.begin(unit, year, by, values.get("introduction", ""))
        revision = found.revision
    if deed == "introduction":
        services.change(found, by, values["introduction"], revision)
        return "Inledningen är sparad."
    if deed == "decide":
        services.decide(found, by, revision, values["decided_on"])
        return "Planen är beslutad."
    services.reopen(found, by, values["reason"], revision)
    return "Planen är ett utkast igen."
