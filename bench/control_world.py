"""Twenty committees with their internal control: as many risks and controls as a middle-sized municipality has."""

from __future__ import annotations

from datetime import date
from typing import Any

YEAR = 2022
OCCASION = "2022-08"
RISKS, POINTS, CONTROLS = 20, 20, 100  # of each committee


def add_committees(committee: Any, count: int) -> list[Any]:
    """Committees of the same municipality, each with the example's steering model and occasions."""
    from roder.organisation.models import Body
    from roder.steering.models import Occasion, SteeringModelVersion

    model = committee.steering_models.latest("pk")
    made = []
    for number in range(1, count + 1):
        body = Body.objects.create(
            municipality=committee.municipality, name=f"Nämnd {number:02}",
            slug=f"namnd-{number:02}", kind=Body.Kind.COMMITTEE,
        )  # fmt: skip
        version = SteeringModelVersion.objects.create(
            committee=body, year=model.year, version=1, content=model.content, source=model.source,
            sha256=model.sha256,
        )  # fmt: skip
        Occasion.objects.bulk_create(
            Occasion(
                committee=body, model=version, year=one.year, code=one.code, kind=one.kind, name=one.name,
                cut_off=one.cut_off,
            )
            for one in Occasion.objects.filter(committee=committee, model=model)
        )  # fmt: skip
        made.append(body)
    return made


def fill(committee: Any, *, risks: int = RISKS, controls: int = CONTROLS) -> None:
    """An adopted plan with points, controls, rounds made and points followed up, and a conclusion."""
    from django.utils import timezone

    from roder.control.models import (
        Control,
        ControlPlan,
        ControlPoint,
        ControlRound,
        PlanReview,
        PointReview,
        Risk,
        RiskAnalysis,
    )
    from roder.control.services.scales import scale_for
    from roder.steering.models import Occasion

    occasion = Occasion.objects.get(committee=committee, code=OCCASION)
    scale = scale_for(committee, YEAR)
    analysis = RiskAnalysis.objects.create(committee=committee, year=YEAR, title="Riskanalys", scale=scale)
    rows = Risk.objects.bulk_create(
        Risk(
            committee=committee, analysis=analysis, scale=scale, number=str(number), code=f"R-{number:04}",
            text=f"Risk nummer {number} med en ganska lång beskrivning av vad som kan hända i verksamheten",
            category=("Ekonomi", "Personal", "Verksamhet")[number % 3], likelihood=1 + number % 4,
            impact=1 + number // 4 % 4, handling="control_point", responsible="Avdelningschef", position=number,
        )
        for number in range(1, risks + 1)
    )  # fmt: skip
    plan = ControlPlan.objects.create(
        committee=committee, year=YEAR, title="Internkontrollplan", analysis=analysis, state="adopted",
        adopted_on=date(YEAR - 1, 12, 15),
    )  # fmt: skip
    points = ControlPoint.objects.bulk_create(
        ControlPoint(
            committee=committee, plan=plan, risk=risk, number=f"IK{risk.position}", title=risk.text,
            area=risk.category, position=risk.position,
        )
        for risk in rows
    )  # fmt: skip
    made = Control.objects.bulk_create(
        Control(
            committee=committee, point=points[number % len(points)], number=1 + number // len(points),
            what=f"Kontroll {number}: att rutinen är känd och följs", method="sample", scope="number", scope_number=5,
            frequency="Två gånger per år", times_a_year=2, responsible="Avdelningschef",
            owner_role="head_department", occasions=["interim", "annual"],
        )
        for number in range(controls)
    )  # fmt: skip
    ControlRound.objects.bulk_create(
        ControlRound(
            committee=committee, control=control, occasion=occasion, number=1, due_on=occasion.cut_off,
            state="done", checked=5, deviating=control.number % 3, result="Fem granskade.", done_at=timezone.now(),
        )
        for control in made
    )  # fmt: skip
    PointReview.objects.bulk_create(
        PointReview(
            committee=committee, point=point, occasion=occasion, outcome="with" if point.position % 3 == 0 else "without",
            result="Kontrollerna är gjorda och resultatet är redovisat.", action="Rutinen gås igenom.",
        )
        for point in points
    )  # fmt: skip
    PlanReview.objects.create(
        committee=committee, plan=plan, occasion=occasion, conclusion="mostly", reasons="De flesta kontroller är utan brist.",
        concluded_on=date(YEAR, 9, 27),
    )  # fmt: skip
