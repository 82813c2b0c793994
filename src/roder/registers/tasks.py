"""The kinds of task of the small registers, and where their records are shown."""

from __future__ import annotations

from datetime import timedelta

from roder import tasks

_DAY = timedelta(days=1)
_TO_HEAD = ((7 * _DAY, "head_administration"),)

tasks.kind(
    "registers.revise",
    label="Revidera styrdokumentet",
    remind=(60 * _DAY, 30 * _DAY, 7 * _DAY),
    escalate=_TO_HEAD,
)
tasks.kind(
    "registers.grant_completion", label="Kontrollera kompletteringen", remind=(2 * _DAY,), escalate=_TO_HEAD
)
tasks.kind(
    "registers.grant_report",
    label="Ta emot föreningens återrapport",
    remind=(30 * _DAY, 7 * _DAY),
    escalate=_TO_HEAD,
)
tasks.kind(
    "registers.state_apply", label="Ansök om statsbidrag", remind=(30 * _DAY, 7 * _DAY), escalate=_TO_HEAD
)
tasks.kind(
    "registers.state_requisition",
    label="Rekvirera statsbidrag",
    remind=(14 * _DAY, 3 * _DAY),
    escalate=_TO_HEAD,
)
tasks.kind(
    "registers.state_report",
    label="Återrapportera statsbidrag",
    remind=(30 * _DAY, 7 * _DAY),
    escalate=_TO_HEAD,
)
tasks.kind(
    "registers.agreement",
    label="Ta ställning till avtalet",
    remind=(60 * _DAY, 30 * _DAY, 7 * _DAY),
    escalate=_TO_HEAD,
)

tasks.place("registers.steeringdocument", lambda one: ("registers:styrdokument-detail", [one.pk]))
tasks.place("registers.grantcall", lambda one: ("registers:foreningsbidrag-detail", [one.pk]))
tasks.place("registers.grantapplication", lambda one: ("registers:bidragsansokningar-detail", [one.pk]))
tasks.place("registers.stategrant", lambda one: ("registers:statsbidrag-detail", [one.pk]))
tasks.place("registers.agreement", lambda one: ("registers:avtal-detail", [one.pk]))
