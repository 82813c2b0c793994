"""Risks, internal control with its results, and recommendations of auditors. Read only."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query, Router

from roder import access
from roder.access.matrix import Action, Resource
from roder.api import values
from roder.api.answers import ALSO, unit_out
from roder.api.auth import Token, person
from roder.api.control_answers import (
    AnalysisPage,
    AnalysisRow,
    ControlPage,
    ControlPlanPage,
    ControlPlanRow,
    ControlPointPage,
    ControlPointRow,
    ControlRoundPage,
    ControlRoundRow,
    ControlRow,
    RecommendationPage,
    RecommendationRow,
    RiskPage,
    RiskRow,
)
from roder.api.scopes import Scope
from roder.api.values import After, Code, Committee, Day, Limit, Number
from roder.control.models import (
    Control,
    ControlPlan,
    ControlPoint,
    ControlRound,
    Recommendation,
    Risk,
    RiskAnalysis,
)
from roder.control.rules import scales
from roder.control.services import risks as risk_services
from roder.control.services.scales import scale_of
from roder.organisation.models import Person

router = Router(tags=["Risk och kontroll"])

M = TypeVar("M", bound=models.Model)
YEAR = Annotated[int | None, Query(ge=1900, le=2100, description="Året som planen gäller.")]


def _rows(
    user: Person, resource: Resource, rows: QuerySet[M], committee: str | None, wanted: dict[str, Any]
) -> QuerySet[M]:
    """The rows that the person may see, of the committee and with the values asked for. Raises NotAllowedError for
    those who have nothing to do with them."""
    access.require(user, Action.VIEW, resource)
    found = values.within(user, access.visible(user, rows), committee)
    given = {name: value for name, value in wanted.items() if value is not None}
    return found.filter(**given).select_related("committee")


def _named(one: Any, names: str) -> dict[str, Any]:
    return {
        "id": one.pk,
        "committee": one.committee.slug,
        **{name: getattr(one, name) for name in names.split()},
    }


# --- risks -----------------------------------------------------------------------------------------------------------


@router.get(
    "/risk-analyses",
    auth=Token(Scope.RISKS_READ),
    response={200: AnalysisPage, **ALSO},
    summary="Lista riskanalyser",
)
def list_analyses(
    request: HttpRequest,
    committee: Committee = None,
    year: YEAR = None,
    after: After = None,
    limit: Limit = 50,
) -> AnalysisPage:
    """Nämndernas riskanalyser, den senast öppnade först."""
    rows = _rows(person(request), Resource.RISKS, RiskAnalysis.objects.all(), committee, {"year": year})
    found, place = values.a_page(rows, "created_at", after, limit)
    items = []
    for one in found:
        scale = scale_of(one.scale_id)
        size = [len(scale.likelihood.steps), len(scale.impact.steps)]
        named = _named(one, "year title state decided_on decision")
        items.append(AnalysisRow(**named, scale=scale.label, scale_size=size))
    return AnalysisPage(items=items, next=place)


@router.get("/risks", auth=Token(Scope.RISKS_READ), response={200: RiskPage, **ALSO}, summary="Lista risker")
def list_risks(
    request: HttpRequest,
    committee: Committee = None,
    year: YEAR = None,
    analysis: Annotated[Number | None, Query(description="Riskanalysens id.")] = None,
    code: Annotated[Code | None, Query(description="Riskens id genom åren, till exempel R-0007.")] = None,
    state: Literal["suggested", "active", "retired"] | None = None,
    handling: Literal["none", "goal", "control_point", "critical_factor", "assignment", "immediate_action"]
    | None = None,
    value_from: Annotated[
        int | None, Query(ge=0, le=10_000, description="Riskvärdet är minst detta.")
    ] = None,
    in_plan: bool | None = None,
    after: After = None,
    limit: Limit = 50,
) -> RiskPage:
    """Riskerna, de senast införda först, med vad regeln föreslår och var valet avviker från den."""
    wanted = {
        "analysis__year": year, "analysis": analysis, "code": code, "state": state, "handling": handling,
        "value__gte": value_from, "in_plan": in_plan,
    }  # fmt: skip
    rows = _rows(person(request), Resource.RISKS, Risk.objects.all(), committee, wanted)
    rows = rows.select_related("committee", "analysis", "previous", "unit")
    found, place = values.a_page(rows, "created_at", after, limit)
    return RiskPage(items=[_risk(one) for one in found], next=place)


def _risk(one: Risk) -> RiskRow:
    scale = scale_of(one.scale_id)
    level = scales.level(scale, one.likelihood, one.impact)
    moved = risk_services.movement_of(one)
    names = (
        "code number text category process state likelihood impact value handling handling_reason in_plan plan_reason "
        "obligatory common responsible"
    )
    return RiskRow(
        **_named(one, names), analysis=one.analysis_id, year=one.analysis.year, level=level.label if level else None,
        previous_value=moved.before, movement=moved.direction,
        proposed=list(scales.proposals(scale, one.likelihood, one.impact)), departure=risk_services.departs(one),
        unit=unit_out(one.unit),
    )  # fmt: skip


# --- the plan --------------------------------------------------------------------------------------------------------


@router.get(
    "/control-plans",
    auth=Token(Scope.CONTROLS_READ),
    response={200: ControlPlanPage, **ALSO},
    summary="Lista internkontrollplaner",
)
def list_plans(
    request: HttpRequest,
    committee: Committee = None,
    year: YEAR = None,
    state: Literal["draft", "adopted", "concluded"] | None = None,
    after: After = None,
    limit: Limit = 50,
) -> ControlPlanPage:
    """Nämndernas planer, den senast öppnade först."""
    rows = _rows(
        person(request),
        Resource.CONTROLS,
        ControlPlan.objects.all(),
        committee,
        {"year": year, "state": state},
    )
    found, place = values.a_page(rows, "created_at", after, limit)
    names = "year title state adopted_on decision"
    items = [ControlPlanRow(**_named(one, names), analysis=one.analysis_id) for one in found]
    return ControlPlanPage(items=items, next=place)


@router.get(
    "/control-points",
    auth=Token(Scope.CONTROLS_READ),
    response={200: ControlPointPage, **ALSO},
    summary="Lista kontrollpunkter",
)
def list_points(
    request: HttpRequest,
    committee: Committee = None,
    year: YEAR = None,
    plan: Annotated[Number | None, Query(description="Planens id.")] = None,
    risk: Annotated[Number | None, Query(description="Riskens id i listan över risker.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> ControlPointPage:
    """Kontrollpunkterna, de senast införda först."""
    wanted = {"plan__year": year, "plan": plan, "risk": risk}
    rows = _rows(person(request), Resource.CONTROLS, ControlPoint.objects.all(), committee, wanted)
    found, place = values.a_page(rows.select_related("committee", "plan"), "created_at", after, limit)
    names = "number title area process obligatory by_committee"
    items = [
        ControlPointRow(**_named(one, names), plan=one.plan_id, year=one.plan.year, risk=one.risk_id)
        for one in found
    ]
    return ControlPointPage(items=items, next=place)


@router.get(
    "/controls",
    auth=Token(Scope.CONTROLS_READ),
    response={200: ControlPage, **ALSO},
    summary="Lista kontroller",
)
def list_controls(
    request: HttpRequest,
    committee: Committee = None,
    year: YEAR = None,
    point: Annotated[Number | None, Query(description="Kontrollpunktens id.")] = None,
    state: Literal["planned", "handed_over", "withdrawn"] | None = None,
    method: Literal["sample", "all", "interview", "survey", "documents", "analysis"] | None = None,
    after: After = None,
    limit: Limit = 50,
) -> ControlPage:
    """Kontrollmomenten, de senast införda först."""
    wanted = {"point__plan__year": year, "point": point, "state": state, "method": method}
    rows = _rows(person(request), Resource.CONTROLS, Control.objects.all(), committee, wanted)
    found, place = values.a_page(
        rows.select_related("committee", "point__plan", "unit"), "created_at", after, limit
    )
    names = (
        "number what method scope scope_number scope_share frequency times_a_year responsible owner_role occasions "
        "state state_reason"
    )
    items = [
        ControlRow(
            **_named(one, names), point=one.point_id, plan=one.point.plan_id, year=one.point.plan.year,
            unit=unit_out(one.unit),
        )
        for one in found
    ]  # fmt: skip
    return ControlPage(items=items, next=place)


@router.get(
    "/control-rounds",
    auth=Token(Scope.CONTROLS_READ),
    response={200: ControlRoundPage, **ALSO},
    summary="Lista genomförda och planerade kontroller",
)
def list_rounds(
    request: HttpRequest,
    committee: Committee = None,
    control: Annotated[Number | None, Query(description="Kontrollmomentets id.")] = None,
    occasion: Annotated[Code | None, Query(description="Uppföljningens kod, till exempel 2022-08.")] = None,
    state: Annotated[
        Code | None, Query(description="open, done, moved, handed_over eller cancelled.")
    ] = None,
    due_from: Annotated[Day | None, Query(description="Ska vara klar denna dag eller senare.")] = None,
    due_before: Annotated[Day | None, Query(description="Ska vara klar före denna dag.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> ControlRoundPage:
    """Varje gång en kontroll görs, med resultatet. Den som ska vara klar senast står först."""
    wanted = {
        "control": control, "occasion__code": occasion, "state": state, "due_on__gte": due_from,
        "due_on__lt": due_before,
    }  # fmt: skip
    rows = _rows(person(request), Resource.CONTROLS, ControlRound.objects.all(), committee, wanted)
    rows = rows.select_related("committee", "occasion")
    found, place = values.a_page(rows, "due_on", after, limit, date.fromisoformat)
    names = "number period_from period_to due_on state checked deviating result action done_at moved_to moved_reason"
    items = [
        ControlRoundRow(
            **_named(one, names), control=one.control_id, occasion=one.occasion.code if one.occasion else None
        )
        for one in found
    ]
    return ControlRoundPage(items=items, next=place)


# --- recommendations -------------------------------------------------------------------------------------------------


@router.get(
    "/recommendations",
    auth=Token(Scope.AUDITS_READ),
    response={200: RecommendationPage, **ALSO},
    summary="Lista rekommendationer",
)
def list_recommendations(
    request: HttpRequest,
    committee: Committee = None,
    audit: Annotated[Number | None, Query(description="Granskningens id.")] = None,
    state: Literal["open", "accepted", "done", "declined"] | None = None,
    due_before: Annotated[Day | None, Query(description="Ska vara klar före denna dag.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> RecommendationPage:
    """Revisorernas och tillsynens rekommendationer med nämndens svar, de senast införda först."""
    wanted = {"audit": audit, "state": state, "due_on__lt": due_before}
    rows = _rows(person(request), Resource.AUDITS, Recommendation.objects.all(), committee, wanted)
    found, place = values.a_page(rows, "created_at", after, limit)
    names = "number text answer responsible owner_role due_on state done_on effect"
    items = [
        RecommendationRow(**_named(one, names), audit=one.audit_id, inspection=one.inspection_id)
        for one in found
    ]
    return RecommendationPage(items=items, next=place)
