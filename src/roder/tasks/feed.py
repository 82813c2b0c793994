"""The calendar feed: a person's tasks behind a secret address, of which only the hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from roder import access
from roder.organisation.models import Person
from roder.tasks.addresses import addresses
from roder.tasks.ical import Entry, calendar
from roder.tasks.listing import open_for
from roder.tasks.models import Feed
from roder.tasks.services import due_of

MOST = 500  # tasks in a calendar


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_address(person: Person) -> str:
    """A new secret for the person's calendar; the one before stops working. It cannot be shown again."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        Feed.objects.update_or_create(person=person, defaults={"token_hash": _hash(token)})
        access.record(person, "calendar.address_made", person)
    return token


def close(person: Person) -> None:
    """Let the address stop working."""
    with transaction.atomic():
        if Feed.objects.filter(person=person).delete()[0]:
            access.record(person, "calendar.address_closed", person)


def person_of(token: str) -> Person | None:
    """Whose calendar a secret opens; nobody's when it is wrong or the person is no longer active."""
    found = (
        Feed.objects.filter(token_hash=_hash(token), person__is_active=True).select_related("person").first()
    )
    return found.person if found else None


def text(person: Person) -> str:
    """The person's open tasks that have a time, as a calendar. Says what and where, as the letters do."""
    rows = list(open_for(person).filter(due_at__isnull=False)[:MOST])
    urls = addresses(rows)
    host = urlsplit(settings.BASE_URL).hostname or "roder"
    entries = []
    for task in rows:
        due = due_of(task)
        if due is None:
            continue
        url = f"{settings.BASE_URL}{urls[task.pk]}"
        when = {"day": due.day} if due.whole_day else {"at": due.at}
        entries.append(Entry(f"uppgift-{task.pk}@{host}", task.what, task.changed_at, url=url, **when))
    return calendar("Roder – att göra", entries, timezone.now())
