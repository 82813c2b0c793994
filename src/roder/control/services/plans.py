"""The plan of internal control: opened, filled from the risk analysis or last year's plan, and adopted once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from roder import access
from roder.access import Action, Resource
from roder.control.models import (
    Control,
    ControlPlan,
    ControlPoint,
    ControlRound,
    PointReview,
    Risk,
    RiskAnalysis,
)
from roder.control.models.risks import Handling
from roder.control.rules import plans as rules
from roder.control.services import risks
from roder.control.services.plan_controls import (
    FIELDS,
    add_control,
    edit_control,
    hand_over,
    move_control,
    remove_control,
    withdraw,
)
from roder.control.services.plan_parts import PlanFault, adopted, created, locked, needed, saved, trimmed
from roder.organisation.models import Body, Person

__all__ = [
    "PlanFault", "add_control", "add_point", "adopt", "carry_over", "change_plan", "edit_control", "edit_point",
    "hand_over", "lacks", "move_control", "open_plan", "point_of", "points_from_analysis", "remove_control",
    "remove_point", "wanted_risks", "withdraw", "withdraw_point",
]  # fmt: skip

POINT_FIELDS = ("title", "number", "risk", "area", "process", "obligatory", "by_committee")


# --- opened and filled -----------------------------------------------------------------------------------------------


@transaction.atomic
def open_plan(
    committee: Body,
    year: int,
    by: Person,
    *,
    analysis: RiskAnalysis | None = None,
    title: str = "Internkontrollplan",
    introduction: str = "",
    source: str = "",
) -> ControlPlan:
    """Begin a committee's plan for a year, as a draft. Without ``analysis`` it follows from the year's own, if there is
    one.

    Raises NotAllowedError; PlanFault when the committee has a plan for the year, or the analysis is another's.
    """
    access.require(by, Action.EDIT, Resource.CONTROLS, committee)
    if analysis is None:
        analysis = RiskAnalysis.objects.filter(committee=committee, year=year).first()
    elif analysis.committee_id != committee.pk:
        raise PlanFault({"analysis": "Riskanalysen hör till en annan nämnd. Välj en av nämndens egna."})
    if ControlPlan.objects.filter(committee=committee, year=year).exists():
        raise PlanFault(f"Nämnden har redan en internkontrollplan för {year}. Öppna den i stället.")
    plan: ControlPlan = created(
        ControlPlan(
            committee=committee, year=year, title=title.strip(), analysis=analysis, source=source,
            introduction=introduction.strip(),
        )
    )  # fmt: skip
    access.record(by, "control_plan.opened", plan, year=year)
    return plan


@transaction.atomic
def change_plan(
    plan: ControlPlan,
    by: Person,
    expected_revision: int,
    *,
    title: str,
    introduction: str,
    analysis: RiskAnalysis | None,
) -> ControlPlan:
    """Change a draft's own texts and which analysis it follows from.

    Raises NotAllowedError; PlanFault when it is adopted; StaleRecordError."""
    access.require(by, Action.EDIT, plan)
    _draft(plan)
    if analysis is not None and analysis.committee_id != plan.committee_id:
        raise PlanFault({"analysis": "Riskanalysen hör till en annan nämnd. Välj en av nämndens egna."})
    saved(plan, expected_revision, title=title.strip(), introduction=introduction.strip(), analysis=analysis)
    access.record(by, "control_plan.changed", plan)
    return plan


def _draft(plan: ControlPlan) -> ControlPlan:
    """The plan, held. Raises PlanFault when it is adopted."""
    found = locked(plan)
    if adopted(found):
        raise PlanFault("Planen är antagen. Ändra den med flytta, lämna över, låt utgå eller lägg till.")
    return found


def wanted_risks(plan: ControlPlan) -> list[Risk]:
    """The risks that the analysis sends to the plan and that no point takes up: obligatory ones, those decided into it,
    and those handled as control points when nobody has decided. One query."""
    if plan.analysis_id is None:
        return []
    sent = Q(in_plan=True) | (Q(in_plan=None) & (Q(handling=Handling.CONTROL_POINT) | Q(obligatory=True)))
    rows = Risk.objects.filter(sent, analysis=plan.analysis_id, state=Risk.State.ACTIVE)
    taken = ControlPoint.objects.filter(plan=plan, risk__isnull=False).values("risk")
    return list(rows.exclude(pk__in=taken).order_by("position", "pk"))


def point_of(risk: Risk) -> dict[str, Any]:
    """What a point that comes of a risk takes from it."""
    return {
        "risk": risk, "title": risk.text[:300], "area": risk.category, "process": risk.process,
        "obligatory": risk.obligatory,
    }  # fmt: skip


@transaction.atomic
def points_from_analysis(plan: ControlPlan, by: Person) -> list[ControlPoint]:
    """Make a point of every risk that the analysis sends to the plan and that has none. Gives the new ones.

    Raises NotAllowedError; PlanFault for a plan that is adopted or follows from no analysis."""
    access.require(by, Action.EDIT, plan)
    plan = _draft(plan)
    if plan.analysis_id is None:
        raise PlanFault("Planen har ingen riskanalys. Välj en under Ändra planen först.")
    made = [_new_point(plan, by, point_of(risk)) for risk in wanted_risks(plan)]
    access.record(by, "control_plan.filled", plan, points=len(made))
    return made


@transaction.atomic
def add_point(plan: ControlPlan, by: Person, *, reason: str = "", **fields: Any) -> ControlPoint:
    """Add a point: ``title`` and what else ``POINT_FIELDS`` names; without a number it gets the next one. In an adopted
    plan only with the reason.

    Raises NotAllowedError; PlanFault at the field.
    """
    access.require(by, Action.EDIT, plan)
    plan = locked(plan)
    if adopted(plan):
        reason = needed(reason, text="Planen är antagen. Skriv varför punkten läggs till.")
    made = _new_point(plan, by, {**_point_fields(plan, fields), "added_reason": " ".join(reason.split())})
    access.record(by, "control_point.added", made, after_adoption=adopted(plan))
    return made


def _point_fields(plan: ControlPlan, fields: dict[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - set(POINT_FIELDS)
    if unknown:
        raise TypeError(f"en kontrollpunkt har inte {', '.join(sorted(unknown))}")
    found = trimmed(fields)
    risk = found.get("risk")
    if not found.get("title") and risk is not None:
        found["title"] = risk.text[:300]
    if not found.get("title"):
        raise PlanFault({"title": "Skriv vad punkten gäller, eller välj en risk."})
    if risk is not None and risk.committee_id != plan.committee_id:
        raise PlanFault({"risk": "Risken hör till en annan nämnd. Välj en av nämndens egna."})
    return found


def _new_point(plan: ControlPlan, by: Person, values: dict[str, Any]) -> ControlPoint:
    taken = list(plan.points.values_list("number", "position"))
    if not values.get("number"):
        values["number"] = rules.next_number(number for number, _ in taken)
    position = max((place for _, place in taken), default=0) + 1
    point = ControlPoint(committee=plan.committee, plan=plan, position=position, **values)
    made: ControlPoint = created(point, told_at="number")
    if made.risk is not None:
        risks.created_from(made.risk, made, by)
    return made


@transaction.atomic
def edit_point(point: ControlPoint, by: Person, expected_revision: int, **fields: Any) -> ControlPoint:
    """Change a point of a draft. Raises NotAllowedError; PlanFault at the field; StaleRecordError."""
    access.require(by, Action.EDIT, point)
    plan = _draft(point.plan)
    now = {name: getattr(point, name) for name in POINT_FIELDS}
    values = _point_fields(plan, {**now, **fields})
    if not values["number"]:
        raise PlanFault({"number": "Skriv punktens nummer."})
    twin = plan.points.filter(number=values["number"]).exclude(pk=point.pk)
    if twin.exists():
        raise PlanFault({"number": "Numret finns redan i planen. Välj ett annat."})
    saved(point, expected_revision, **values)
    if point.risk is not None:
        risks.created_from(point.risk, point, by)
    access.record(by, "control_point.changed", point)
    return point


@transaction.atomic
def remove_point(point: ControlPoint, by: Person) -> None:
    """Take a point with its controls out of a draft.

    Raises NotAllowedError; PlanFault when the plan is adopted or the point has results."""
    access.require(by, Action.EDIT, point)
    plan = locked(point.plan)
    if (
        PointReview.objects.filter(point=point).exists()
        or ControlRound.objects.filter(control__point=point).exists()
    ):
        raise PlanFault(
            f"Punkt {point.number} har resultat och kan inte tas bort. Låt den utgå med ett skäl i stället."
        )
    if adopted(plan):
        raise PlanFault("Planen är antagen. Låt punkten utgå med ett skäl i stället.")
    access.record(by, "control_point.removed", point, plan=plan.pk)
    for control in point.controls.all():
        control.delete()
    point.delete()


@transaction.atomic
def withdraw_point(point: ControlPoint, by: Person, reason: str) -> list[Control]:
    """Let every control of a point go out, with the reason. What is done stays. Gives those that went out.

    Raises NotAllowedError; PlanFault without a reason, or when none is left."""
    access.require(by, Action.EDIT, point)
    why = needed(reason, text="Skriv varför punkten utgår.")
    rows = list(point.controls.filter(state=Control.State.PLANNED).select_related("point__plan"))
    if not rows:
        raise PlanFault("Punkten har ingen kontroll kvar som kan utgå.")
    for control in rows:
        withdraw(control, by, why)
    access.record(by, "control_point.withdrawn", point)
    return rows


# --- adopted ---------------------------------------------------------------------------------------------------------


def lacks(plan: ControlPlan) -> tuple[rules.Missing, ...]:
    """What the plan lacks before it can be adopted, all at once. Three queries."""
    points: dict[int, tuple[ControlPoint, list[rules.ControlFacts]]] = {
        point.pk: (point, []) for point in ControlPoint.objects.filter(plan=plan)
    }
    for one in Control.objects.filter(point__plan=plan, state=Control.State.PLANNED).order_by("number"):
        told = bool(one.occasions or one.months or one.reported_text.strip())
        points[one.point_id][1].append(
            rules.ControlFacts(one.what, one.responsible, one.owner_role, told, one.method, one.frame_text)
        )
    facts = [
        rules.PointFacts(point.pk, point.number, point.title, tuple(controls))
        for point, controls in points.values()
    ]
    left = [rules.RiskFacts(one.number, one.text, one.obligatory) for one in wanted_risks(plan)]
    return rules.missing(facts, left)


@transaction.atomic
def adopt(
    plan: ControlPlan, by: Person, on: date, decision: str, *, expected_revision: int | None = None
) -> ControlPlan:
    """Adopt the plan: the committee's decision, once. Two at the same time wait for each other, and the second is told
    who was first.

    Raises NotAllowedError; PlanFault with everything that is missing, for a day that has not come, or a plan that is
    adopted already; StaleRecordError when the plan was changed after ``expected_revision``.
    """
    access.require(by, Action.DECIDE, plan)
    now = locked(plan)
    if adopted(now):
        known = f" ({now.decision})" if now.decision else ""
        raise PlanFault(f"Planen antogs redan {now.adopted_on}{known}. Den antas bara en gång.")
    if on > timezone.localdate():
        raise PlanFault({"on": "Dagen har inte varit än. Skriv dagen då nämnden beslutade."})
    if stops := [one.text for one in lacks(now) if one.stops]:
        raise PlanFault({"__all__": stops})
    saved(now, expected_revision, state=ControlPlan.State.ADOPTED, adopted_on=on, decision=decision.strip())
    access.record(by, "control_plan.adopted", now, on=on.isoformat())
    plan.refresh_from_db()
    return plan


# --- carried over ----------------------------------------------------------------------------------------------------


@transaction.atomic
def carry_over(plan: ControlPlan, before: ControlPlan, by: Person) -> list[ControlPoint]:
    """Copy an earlier plan's points with the controls that are still made into a draft. A point whose risk has retired
    in the new analysis stays behind, and so does one that the plan has already. Gives the new points.

    Raises NotAllowedError; PlanFault when the plan is adopted or the earlier one is another committee's.
    """
    access.require(by, Action.EDIT, plan)
    plan = _draft(plan)
    if before.committee_id != plan.committee_id or before.pk == plan.pk:
        raise PlanFault("Välj en av nämndens tidigare planer.")
    rows = Risk.objects.filter(analysis=plan.analysis_id) if plan.analysis_id else Risk.objects.none()
    by_code = {one.code: one for one in rows}
    has = list(plan.points.values_list("risk__code", "title", "number"))
    codes, titles, numbers = (
        {one[0] for one in has} - {None},
        {one[1] for one in has},
        {one[2] for one in has},
    )
    made = []
    for point in before.points.select_related("risk").prefetch_related("controls"):
        risk = by_code.get(point.risk.code) if point.risk else None
        retired = risk is not None and risk.state == Risk.State.RETIRED
        live = [one for one in point.controls.all() if one.state == Control.State.PLANNED]
        if retired or not live or point.title in titles or (point.risk and point.risk.code in codes):
            continue
        values = {name: getattr(point, name) for name in POINT_FIELDS} | {"risk": risk}
        if values["number"] in numbers:
            values["number"] = ""
        new = _new_point(plan, by, values)
        numbers.add(new.number)
        for number, control in enumerate(live, start=1):
            kept = {name: getattr(control, name) for name in FIELDS}
            created(Control(committee=plan.committee, point=new, number=number, **kept))
        made.append(new)
    access.record(by, "control_plan.carried_over", plan, before=before.pk, points=len(made))
    return made
