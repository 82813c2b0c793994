"""The kinds of task before a meeting, and where the days come from that a body meets."""

from __future__ import annotations

from datetime import timedelta

from roder import tasks
from roder.meetings.services.calendar import DOCUMENTS, PRESIDIUM, SUMMONS, meeting_days

_LATE = ((timedelta(days=3), "head_administration"),)

# A whole year is planned at once: nobody is told of thirty tasks, but reminded before each.
tasks.kind(
    DOCUMENTS, "Handlingar in till sammanträde", by_hand=True, tells=False, remind=(timedelta(days=3),), escalate=_LATE
)  # fmt: skip
tasks.kind(PRESIDIUM, "Presidium", by_hand=True, tells=False, remind=(timedelta(days=2),), escalate=())
tasks.kind(SUMMONS, "Skicka kallelse", tells=False, remind=(timedelta(days=2),), escalate=_LATE)
tasks.place("meetings.meeting", lambda meeting: ("meetings:meeting", [meeting.pk]))
tasks.place("meetings.agendaitem", lambda item: ("meetings:meeting", [item.meeting_id]))
tasks.use_meetings(meeting_days)
