"""What the addresses of critical factors, audits, evidence, inspections and incidents are opened with."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from roder import questionnaires
from roder.control.models import (
    Audit,
    CriticalFactor,
    Evidence,
    FactorMeasure,
    Incident,
    Inspection,
    Recommendation,
)
from roder.control.services import audits
from roder.measures.models import Measure
from roder.organisation.models import Body, Person, Unit

FORM = Path(__file__).parents[2] / "examples" / "formular" / "revision-fragor.yaml"


def samples(body: Body, people: dict[str, Person], unit: Unit, year: int = 2022) -> dict[str, list[Any]]:
    """A row of each kind; the audit has its form begun."""
    by = people["quality_strategist"]
    audit = Audit.objects.create(committee=body, year=year, title="Provgranskning", auditor="Revisorerna")
    questionnaires.load_set(FORM, body, by)
    audits.begin_form(audit, by)
    advice = Recommendation.objects.create(committee=body, audit=audit, text="Gör en plan")
    proof = Evidence.objects.create(
        committee=body, subject_kind="control.audit", subject_id=audit.pk, document="Planen"
    )
    inspection = Inspection.objects.create(
        committee=body, unit=unit, title="Provtillsyn", held_on=date(year, 3, 1)
    )
    incident = Incident.objects.create(
        committee=body, unit=unit, title="Provincident", what="Fel adress", discovered_at=timezone.now()
    )
    factor = CriticalFactor.objects.create(
        committee=body, year=year, perspective="ekonomi", title="Provfaktor"
    )
    measure = Measure.objects.filter(committee=body).first() or Measure.objects.create(
        committee=body, code="prov", title="Prov", unit="%"
    )
    row = FactorMeasure.objects.create(factor=factor, measure=measure)
    return {
        "control:audits": [], "control:audit": [audit.pk], "control:audit_new": [], "control:audit_edit": [audit.pk],
        "control:audit_form": [audit.pk], "control:audit_begin": [audit.pk],
        "control:audit_deed": ["granskning", audit.pk, "bedomning"],
        "control:evidence_renumber": [audit.pk], "control:evidence_pick": ["granskning", audit.pk],
        "control:evidence_remove": [proof.pk],
        "control:recommendations": [], "control:recommendation": [advice.pk],
        "control:inspections": [], "control:inspection": [inspection.pk], "control:inspection_new": [],
        "control:inspection_edit": [inspection.pk],
        "control:incidents": [], "control:incident": [incident.pk], "control:incident_new": [],
        "control:factors": [], "control:factor_new": [], "control:factor_year": ["ta-med"],
        "control:factor": [factor.pk], "control:factor_edit": [factor.pk], "control:factor_remove": [factor.pk],
        "control:factor_measure": [factor.pk], "control:factor_measure_remove": [row.pk],
        "control:factor_review": [factor.pk, "2022-08"],
    }  # fmt: skip
