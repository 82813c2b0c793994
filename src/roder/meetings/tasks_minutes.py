"""The kinds of task of minutes: to attest, to put up, to lock, to send."""

from __future__ import annotations

from datetime import timedelta

from roder import tasks
from roder.meetings.services.minutes_tasks import ATTEST, DISPATCH, LOCK, NOTICE

_LATE = ((timedelta(days=2), "head_administration"),)

tasks.kind(
    ATTEST, "Justera protokoll", remind=(timedelta(days=2),), escalate=((timedelta(days=1), "secretary"),)
)
tasks.kind(NOTICE, "Sätt upp anslag om justerat protokoll", remind=(timedelta(days=1),), escalate=_LATE)
tasks.kind(LOCK, "Lås protokollet", tells=False, escalate=())
tasks.kind(
    DISPATCH,
    "Expediera beslut",
    url=lambda task: ("meetings:dispatches", [task.subject.meeting_id]),
    escalate=(),
)
tasks.place("meetings.minutes", lambda minutes: ("meetings:minutes", [minutes.meeting_id]))
tasks.place("meetings.minuteitem", lambda paragraph: ("meetings:paragraph", [paragraph.pk]))
