"""The steering room's kind of task: a phase of an occasion; and where the days come from that a committee meets."""

from __future__ import annotations

from datetime import timedelta

from roder import tasks
from roder.steering.phases import PHASE, meetings_of

tasks.kind(PHASE, label="Uppföljning", by_hand=True, remind=(timedelta(days=3),))
tasks.place("steering.occasion", lambda occasion: ("steering:occasions", []))
tasks.place("steering.goal", lambda goal: ("steering:goal", [goal.pk]))
tasks.place("steering.assignment", lambda assignment: ("steering:assignment", [assignment.pk]))
tasks.use_meetings(meetings_of)
