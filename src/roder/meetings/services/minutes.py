"""From the session to locked minutes: opened and numbered, edited, checked, attested, locked, put up (7-meetings 7.5).

minutes = open_minutes(meeting, by, chair=…, attesters=[…], attest_on=…, attest_place="…")
edit_paragraph(paragraph, by, revision, heading=…, summary=…, points=[…], …)
check(minutes, by)
attest(minutes, member, by); attest_at_once(paragraph, member, by)
freeze(minutes, by, finished)             # papers.locking.lock draws the files and calls this
post_notice(minutes, by, on)
"""

from __future__ import annotations

from roder.meetings.rules.minutes import MinutesFault
from roder.meetings.services.attesting import attest, attest_at_once, reopen
from roder.meetings.services.minutes_draft import (
    arrange_attesting,
    check,
    edit_paragraph,
    open_minutes,
    paragraphs_of,
    present_members,
    problems,
    signers_of,
)
from roder.meetings.services.minutes_final import Finished, freeze, post_notice, read_file
from roder.meetings.services.minutes_reading import (
    attests,
    minutes_for,
    paragraphs_for,
)

__all__ = [
    "Finished",
    "MinutesFault",
    "arrange_attesting",
    "attest",
    "attest_at_once",
    "attests",
    "check",
    "edit_paragraph",
    "freeze",
    "minutes_for",
    "open_minutes",
    "paragraphs_for",
    "paragraphs_of",
    "post_notice",
    "present_members",
    "problems",
    "read_file",
    "reopen",
    "signers_of",
]
