"""What the addresses of members, the session, letters and trails are opened with."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from roder.meetings.models import AgendaItem, BodyMember, Case, Meeting, MinuteItem, Presence, Watch
from roder.meetings.services import letters, session
from roder.organisation.models import Body, Person


def samples(body: Body, people: dict[str, Person]) -> dict[str, list[Any]]:
    """One of each, which exists: an open meeting where a proposal is put and voted on, and a letter in a case. A
    decision, a case and a watch are there already."""
    by = people["secretary"]
    seats = [
        BodyMember.objects.create(
            body=body, committee=body, name=f"Plats {n}", party="S", post="member", order=70 + n,
            valid=DateRange(date(2019, 1, 1), date(2023, 1, 1)),
        )
        for n in range(2)
    ]  # fmt: skip
    meeting = Meeting.objects.create(
        committee=body, body=body, date=date(2022, 6, 14), starts=time(9), state="summoned"
    )
    session.open_meeting(meeting, by)
    for seat in seats:
        Presence.objects.create(meeting=meeting, member=seat, status="present", serves=True)
    item = AgendaItem.objects.create(meeting=meeting, position=1, title="Taxa", kind="decision")
    proposal = session.propose(item, "reject", seats[:1], "", by)
    vote = session.start_vote(item, "bifall", "avslag", by)
    case = Case.objects.filter(committee=body, secret=False).order_by("pk")[0]
    letter = letters.new_letter(case, by, dated_on=date(2022, 6, 1))
    decision = MinuteItem.objects.filter(item__meeting__committee=body, attested_at__isnull=False).order_by(
        "pk"
    )[0]
    watch = Watch.objects.filter(committee=body).order_by("pk")[0]
    return {
        "meetings:ledamoter": [], "meetings:ledamoter-detail": [seats[0].pk], "meetings:member_new": [],
        "meetings:member_edit": [seats[0].pk], "meetings:session": [meeting.pk], "meetings:session_live": [meeting.pk],
        "meetings:session_open": [meeting.pk], "meetings:session_end": [meeting.pk],
        "meetings:session_item": [item.pk], "meetings:session_deed": [item.pk, "yrkande"],
        "meetings:session_undo": [item.pk, "yrkande", proposal.pk], "meetings:vote": [vote.pk],
        "meetings:letter_new": [case.pk], "meetings:letter": [letter.pk], "meetings:letter_edit": [letter.pk],
        "meetings:letter_version": [letter.pk], "meetings:letter_best_interests": [letter.pk],
        "meetings:letter_file": [letter.versions.get().pk, "pdf"],
        "meetings:letter_from_report": ["manadsuppfoljning", "2022-05", 1],
        "meetings:beslut": [], "meetings:trail": [decision.pk], "meetings:trail_case": [case.pk],
        "meetings:trail_watch": [watch.pk],
    }  # fmt: skip
