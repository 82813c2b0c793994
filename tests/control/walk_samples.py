"""What the addresses of the risk analysis are opened with."""

from __future__ import annotations

from typing import Any

from roder.control.models import Risk, RiskAnalysis, ScaleVersion
from roder.organisation.models import Body, Person, Unit
from roder.steering.models import SteeringModelVersion
from tests.control.world import make_scale


def scale_of(body: Body) -> ScaleVersion:
    """A scale of the committee, kept once."""
    found = ScaleVersion.objects.filter(committee=body, code="vasentlighet").first()
    model = SteeringModelVersion.objects.filter(committee=body).latest("pk")
    return found or make_scale(body, model, "vasentlighet")


def analysis_of(body: Body, year: int = 2022) -> RiskAnalysis:
    """The year's analysis with a scored risk, made once."""
    scale = scale_of(body)
    analysis, new = RiskAnalysis.objects.get_or_create(
        committee=body, year=year, defaults={"title": "Riskanalys", "scale": scale}
    )
    if new:
        Risk.objects.create(
            committee=body, analysis=analysis, scale=scale, number="1", text="En risk", likelihood=3, impact=3,
            handling="critical_factor",
        )  # fmt: skip
    return analysis


def samples(body: Body, people: dict[str, Person], unit: Unit) -> dict[str, list[Any]]:
    """Every address with a row that exists."""
    risk = analysis_of(body).risks.first()
    assert risk is not None
    return {
        "control:risks": [], "control:risk_open": [], "control:risk_matrix": [], "control:risk_departures": [],
        "control:risk_analysis": [], "control:risk": [risk.pk],
        "control:riskanalys": [], "control:riskanalys-new": [], "control:riskanalys-detail": [risk.pk],
        "control:riskanalys-edit": [risk.pk],
    }  # fmt: skip
