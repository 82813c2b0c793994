"""The task of the year's risk analysis, and where risks and analyses are shown."""

from __future__ import annotations

from datetime import timedelta

from roder import tasks

_DAY = timedelta(days=1)

tasks.kind("control.risk_analysis", label="Besluta riskanalysen", remind=(30 * _DAY, 7 * _DAY))
tasks.place("control.riskanalysis", lambda one: ("control:risks", []))
tasks.place("control.risk", lambda one: ("control:risk", [one.pk]))
