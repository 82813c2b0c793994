"""The register of rounds: every self-check of the year, planned and done."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from roder.core.register import Column, Filter, Register
from roder.organisation.models import Unit
from roder.quality.models import SelfCheckRound
from roder.quality.models.selfchecks import ProcessStep
from roder.web.scope import Scope


def _page(row: SelfCheckRound, scope: Scope) -> str:
    return scope.url("quality:round", row.pk)


def state_of(row: SelfCheckRound) -> str:
    """Where a round stands, in words."""
    if row.skipped_at:
        return "Utebliven"
    if row.done_at:
        return "Klar" if timezone.localtime(row.done_at).date() <= row.due_on else "Klar för sent"
    if row.due_on < timezone.localdate():
        return "Försenad"
    return "Öppen" if row.opened_at else "Planerad"


def _step(row: SelfCheckRound) -> str:
    return ProcessStep(row.control.risk.step).label if row.control.risk else ""


def _units(scope: Scope) -> Any:
    return Unit.objects.filter(committee=scope.committee).order_by("name")


rounds = Register(
    SelfCheckRound,
    name="egenkontroller",
    title="Egenkontroller",
    lead="Årets omgångar av egenkontroll: planerade, gjorda i tid eller inte, och vad de visade.",
    rows=lambda rows, scope: rows.filter(
        committee=scope.committee, control__plan__year=scope.year
    ).select_related("control__risk", "unit"),
    columns=(
        Column("control", link=_page, sort=("control__title",)),
        Column("unit"),
        Column("number"),
        Column("due_on"),
        Column("opened_at", title="Läge", kind="text", value=state_of, sort=("done_at", "due_on")),
        Column("done_at"),
        Column("sampled"),
        Column("found"),
        Column("method_followed"),
        Column(
            "skipped_why",
            title="Steg i processen",
            kind="text",
            value=_step,
            sort=("control__risk__step",),
            shown=False,
        ),
    ),
    filters=(Filter("unit", options=_units), "due_on", "method_followed"),
    search=("control__title",),
    order=("due_on", "id"),
    detail=False,
    empty="Här kommer årets omgångar när en enhets kvalitetsplan är beslutad.",
)
