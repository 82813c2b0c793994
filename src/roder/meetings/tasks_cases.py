"""The kinds of task of cases: prepare one, answer a referral by its day."""

from __future__ import annotations

from datetime import timedelta

from roder import tasks

_DAY = timedelta(days=1)

tasks.kind("meetings.case_prepare", label="Bered ärende", escalate=())
tasks.kind(
    "meetings.case_answer",
    label="Besvara ärende",
    remind=(14 * _DAY, 3 * _DAY),
    escalate=((_DAY, "secretary"), (7 * _DAY, "head_administration")),
)

tasks.place("meetings.case", lambda one: ("meetings:case", [one.pk]))
tasks.place("meetings.document", lambda one: ("meetings:document", [one.pk]))
