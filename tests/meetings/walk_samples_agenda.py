"""What the addresses of meetings, agendas, summons and packs are opened with."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from roder.meetings.papers.pack import make_pack
from roder.meetings.services import agenda
from roder.organisation.models import Body, Person


def samples(body: Body, people: dict[str, Person]) -> dict[str, list[Any]]:
    """One of each, which exists: the meeting is summoned, so that its members see it."""
    by = people["secretary"]
    made = agenda.plan_meeting(body, body, date(2022, 11, 29), time(14), by, place="Rådhuset")
    item = agenda.add_item(made, by, kind="decision", title="Ny taxa")
    agenda.summon(made, by)
    pack = make_pack(made, by, public=True)
    return {
        "meetings:meetings": [], "meetings:plan": [], "meetings:meeting": [made.pk],
        "meetings:meeting_change": [made.pk], "meetings:meeting_cancel": [made.pk], "meetings:agenda": [made.pk],
        "meetings:summons": [made.pk], "meetings:summons_file": [made.pk], "meetings:pack": [made.pk],
        "meetings:pack_file": [pack.pk], "meetings:item": [item.pk], "meetings:note": [item.pk],
    }  # fmt: skip
