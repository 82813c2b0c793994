"""The kinds of task of follow-up: a unit's sheet, and a department's summary.

Nobody is told of each: a round tells a person once what it asks of them, reminds and tells who is late, and tells
whoever approves when a unit has marked all of its sheets ready (``telling``).
"""

from __future__ import annotations

from roder import tasks
from roder.followup import tasks_year  # noqa: F401 - declares the kinds of the wheel and the plans
from roder.followup.services import sheets, telling
from roder.followup.services.rounds import REPORT, SUMMARY

tasks.kind(
    REPORT, label="Följ upp", by_hand=True, tells=False, alerts=False,
    ready=sheets.check_ready, approve=sheets.check_attest, marked=telling.tell_ready,
)  # fmt: skip
tasks.kind(
    SUMMARY, label="Sammanfatta uppföljning", by_hand=True, tells=False, alerts=False,
    ready=sheets.check_ready, approve=sheets.check_attest, marked=telling.tell_ready,
)  # fmt: skip
tasks.place("followup.sheet", lambda sheet: ("followup:sheet", [sheet.pk]), also=("round__occasion",))
tasks.place("followup.round", lambda made: ("followup:round", [made.occasion.code]), also=("occasion",))
