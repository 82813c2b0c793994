"""What the addresses of minutes, paragraphs, notices and dispatch are opened with."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from roder.meetings.models import AgendaItem, BodyMember, Meeting, MinuteItem, Presence
from roder.meetings.services import dispatch, minutes
from roder.organisation.models import Body, Person

#: these addresses have no year in them
PUBLIC = {"notices:board", "notices:whole", "notices:single"}


def samples(body: Body, people: dict[str, Person]) -> dict[str, list[Any]]:
    """One of each, which exists: attested minutes whose notice is up, with one item attested at once."""
    by = people["secretary"]
    seats = [
        BodyMember.objects.create(
            body=body, committee=body, name=f"Ledamot {n}", party="M", post=post, order=90 + n,
            valid=DateRange(date(2019, 1, 1), date(2023, 1, 1)),
        )
        for n, post in enumerate(("vice_chair", "member"))
    ]  # fmt: skip
    meeting = Meeting.objects.create(
        committee=body, body=body, date=date(2022, 12, 13), starts=time(9), state="ended",
        opened_at=datetime(2022, 12, 13, 8, tzinfo=UTC), ended_at=datetime(2022, 12, 13, 9, tzinfo=UTC),
    )  # fmt: skip
    for seat in seats:
        Presence.objects.create(meeting=meeting, member=seat, status="present", serves=True)
    for position, title in enumerate(("Information", "Information två"), start=1):
        AgendaItem.objects.create(meeting=meeting, position=position, title=title, kind="information")
    record = minutes.open_minutes(meeting, by, chair=seats[0], attesters=[seats[1]])
    first, _ = MinuteItem.objects.filter(item__meeting=meeting).order_by("number")
    first = minutes.edit_paragraph(
        first, by, first.revision, immediate=True, recipients=[{"name": "Akten", "purpose": "FK"}]
    )
    for seat in seats:
        minutes.attest_at_once(first, seat, by, on_paper=meeting.date)
    minutes.post_notice(record, by, timezone.localdate(), paragraph=first)
    minutes.check(record, by)
    for seat in seats:
        minutes.attest(record, seat, by, on_paper=meeting.date)
    minutes.post_notice(record, by, timezone.localdate())
    line = dispatch.add_recipient(first, by, "Registrator", "FK")
    pk = meeting.pk
    return {
        "meetings:minutes": [pk], "meetings:minutes_open": [pk], "meetings:minutes_arrange": [pk],
        "meetings:minutes_deed": [pk, "granska"], "meetings:minutes_file": [pk, "pdf"], "meetings:notice_file": [pk],
        "meetings:paragraph": [first.pk], "meetings:paragraph_write": [first.pk],
        "meetings:paragraph_attest": [first.pk], "meetings:extract": [first.pk], "meetings:dispatch_add": [first.pk],
        "meetings:to_send": [], "meetings:dispatches": [pk], "meetings:dispatch_deed": [line.pk, "skickat"],
        "notices:board": [body.slug], "notices:whole": [body.slug, record.pk],
        "notices:single": [body.slug, first.pk],
    }  # fmt: skip
