"""The kinds of task of audits, inspections and incidents, and where their records are shown."""

from __future__ import annotations

from datetime import timedelta

from roder import tasks

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_TO_HEAD = ((7 * _DAY, "head_administration"),)

tasks.kind(
    "control.audit_answer",
    label="Besvara granskningen",
    remind=(30 * _DAY, 7 * _DAY, 2 * _DAY),
    escalate=_TO_HEAD,
)
tasks.kind(
    "control.recommendation",
    label="Åtgärda rekommendationen",
    remind=(30 * _DAY, 7 * _DAY),
    escalate=_TO_HEAD,
)
tasks.kind(
    "control.inspection_answer", label="Svara tillsynsmyndigheten", remind=(14 * _DAY, 3 * _DAY, _DAY),
    escalate=((_DAY, "head_administration"),),
)  # fmt: skip
tasks.kind(
    "control.incident_report", label="Anmäl incidenten", remind=(24 * _HOUR, 4 * _HOUR),
    escalate=((timedelta(0), "head_administration"),), clock=True,
)  # fmt: skip

tasks.place("control.audit", lambda one: ("control:audit", [one.pk]))
tasks.place("control.recommendation", lambda one: ("control:recommendation", [one.pk]))
tasks.place("control.inspection", lambda one: ("control:inspection", [one.pk]))
tasks.place("control.incident", lambda one: ("control:incident", [one.pk]))
tasks.place("control.criticalfactor", lambda one: ("control:factor", [one.pk]))
