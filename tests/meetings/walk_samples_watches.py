"""What the addresses of the balance list are opened with."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from roder.meetings.models import AgendaItem, Meeting
from roder.meetings.services import watches
from roder.organisation.models import Body, Person
from roder.tasks.rules import EveryMeeting


def samples(body: Body, people: dict[str, Person]) -> dict[str, list[Any]]:
    """One of each, which exists."""
    watch = watches.add_watch(
        body, "Kö till särskilt boende", people["secretary"], rhythms=[("MI", "Varje nämnd", EveryMeeting(), None)]
    )  # fmt: skip
    held = Meeting.objects.create(committee=body, body=body, date=date(2022, 10, 25), starts=time(9))
    item = AgendaItem.objects.create(
        meeting=held, position=1, kind="information", title="Kö till särskilt boende"
    )
    return {
        "meetings:watches": [], "meetings:watches_file": ["html"], "meetings:watch_new": [],
        "meetings:bevakningar": [], "meetings:watch": [watch.pk], "meetings:watch_edit": [watch.pk],
        "meetings:watch_report_item": [watch.pk, item.pk],
    }  # fmt: skip
