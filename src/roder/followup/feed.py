"""The annual wheel as a calendar to subscribe to: behind a secret address, for one person and one committee."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from roder import access
from roder.followup import wheel
from roder.followup.models import WheelFeed
from roder.organisation.models import Body, Person, Role
from roder.tasks.ical import Entry, calendar

#: How far ahead a calendar reaches.
AHEAD = timedelta(days=400)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_address(person: Person, committee: Body) -> str:
    """A new secret for the person's calendar of a committee; the one before stops working. It cannot be shown again.

    Raises NotAllowedError for a committee whose wheel the person may not see."""
    access.require(person, access.Action.VIEW, access.Resource.STEERING, committee)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        WheelFeed.objects.update_or_create(
            person=person, committee=committee, defaults={"token_hash": _hash(token)}
        )
        access.record(person, "wheel.address_made", committee)
    return token


def close(person: Person, committee: Body) -> None:
    """Let the address stop working."""
    with transaction.atomic():
        if WheelFeed.objects.filter(person=person, committee=committee).delete()[0]:
            access.record(person, "wheel.address_closed", committee)


def found(token: str) -> WheelFeed | None:
    """What a secret opens: nothing when it is wrong, or when the person is no longer active or has no mandate left."""
    row = (
        WheelFeed.objects.filter(token_hash=_hash(token), person__is_active=True)
        .select_related("person", "committee")
        .first()
    )
    if row is None or not access.may(row.person, access.Action.VIEW, access.Resource.STEERING, row.committee):
        return None
    return row


def text(row: WheelFeed, year: int, role: str = "", today: date | None = None) -> str:
    """The wheel from the first of January of ``year``, as its person may see it; with ``role`` only what that role
    does. Says what and where, never the text of a case."""
    now = today or timezone.localdate()
    start = date(year, 1, 1)
    end = max(now + AHEAD, date(year + 1, 3, 1))
    host = urlsplit(settings.BASE_URL).hostname or "roder"
    moment = timezone.now()
    entries = [
        Entry(
            f"arshjul-{row.committee.slug}-{one.uid}@{host}",
            f"{one.title} ({one.whom})" if one.whom else one.title,
            moment,
            day=one.day,
            last=one.end,
            about=_about(one),
            url=f"{settings.BASE_URL}/{row.committee.slug}/{one.year or one.day.year}/arshjul/",
        )
        for one in wheel.events(row.committee, start, end, row.person, role=role)
    ]
    return calendar(f"Årshjul – {row.committee.short_name}", entries, moment)


def _about(event: wheel.Event) -> str:
    role = str(Role(event.role).label) if event.role in Role.values else ""
    parts = (
        event.ring.label,
        f"senast kl. {event.clock}" if event.clock else "",
        role,
        event.body,
    )
    return ", ".join(part for part in parts if part)
