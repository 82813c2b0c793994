"""An analysis with a risk, a plan with a point, a control and a round of it, and a recommendation."""

from __future__ import annotations

from datetime import date

from roder.control.models import (
    Audit,
    Control,
    ControlPlan,
    ControlPoint,
    ControlRound,
    Recommendation,
    Risk,
    RiskAnalysis,
)
from roder.organisation.models import Body, Unit
from roder.steering.models import SteeringModelVersion
from tests.control.world import make_scale


def fill_control(body: Body, unit: Unit) -> None:
    """Make them, with a unit where there may be one."""
    scale = make_scale(body, SteeringModelVersion.objects.filter(committee=body)[0], "vasentlighet")
    analysis = RiskAnalysis.objects.create(committee=body, year=2022, title="Riskanalys", scale=scale)
    risk = Risk.objects.create(
        committee=body, analysis=analysis, scale=scale, number="1", text="Rekrytering", likelihood=1, impact=3,
        handling="goal", previous_value=6, unit=unit,
    )  # fmt: skip
    plan = ControlPlan.objects.create(
        committee=body, year=2022, title="Internkontrollplan", analysis=analysis
    )
    point = ControlPoint.objects.create(committee=body, plan=plan, risk=risk, number="1", title="Rekrytering")
    control = Control.objects.create(
        committee=body, point=point, what="Att referenser tas", method="sample", scope="share", scope_share="12.5",
        responsible="Enhetschef", owner_role="unit_manager", unit=unit, occasions=["interim"],
    )  # fmt: skip
    ControlRound.objects.create(
        committee=body, control=control, number=1, due_on=date(2022, 8, 31), checked=10, deviating=2
    )
    audit = Audit.objects.create(
        committee=body, year=2022, title="Grundläggande granskning", received_on=date(2022, 3, 1)
    )
    Recommendation.objects.create(
        committee=body, audit=audit, number=1, text="Att riskerna gås igenom varje år"
    )
