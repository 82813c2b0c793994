"""The register of activities: every unit's, to filter, sort and take out."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from roder.core.register import Column, Filter, Register
from roder.followup.rules import plans as rules
from roder.followup.services.plans import goals_for, work
from roder.organisation.models import Unit
from roder.steering.models import Activity
from roder.web.scope import Scope


def _page(row: Activity, scope: Scope) -> str:
    return scope.url("followup:activity", row.pk)


def state_of(row: Activity) -> tuple[str, str]:
    """How an activity stands today: word and tone."""
    return rules.standing(work(row), timezone.localdate())


def _rows(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    return rows.filter(committee=scope.committee, year=scope.year)


def _quarter(row: Activity) -> str:
    return f"Kvartal {row.quarter}" if row.quarter else "Under året"


activities = Register(
    Activity,
    name="aktiviteter",
    title="Aktiviteter",
    lead="Allt som enheterna har planerat i sina handlingsplaner för året, och hur långt det har kommit.",
    rows=_rows,
    columns=(
        Column("what", link=_page),
        Column("goal", title="Mål"),
        Column("unit"),
        Column("who"),
        Column("quarter", title="När", kind="text", value=_quarter, sort=("quarter",)),
        Column("state", title="Läge", value=lambda row: state_of(row)[0], tone=lambda row: state_of(row)[1]),
        Column("progress", title="Genomfört, %"),
        Column("done_on"),
        Column("why", shown=False),
        Column("followed_how", shown=False),
        Column("followed_up", shown=False),
        Column("source", shown=False),
    ),
    filters=(
        Filter("unit", options=lambda scope: Unit.objects.filter(committee=scope.committee).order_by("name")),
        Filter("goal", title="Mål", options=lambda scope: goals_for(scope.committee, scope.year)),
        "quarter",
        "done_on",
    ),
    search=("what", "why", "who"),
    order=("goal__position", "quarter", "id"),
    detail=False,
    empty="Här kommer aktiviteterna när enheterna har börjat på sina handlingsplaner.",
)
