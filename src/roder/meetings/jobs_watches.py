"""The balance list is counted anew: soon after a meeting is planned, moved or cancelled, and every night."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from roder.core.jobs import defer, job, periodic
from roder.meetings.models import Meeting
from roder.meetings.services.watch_times import put_all_right
from roder.organisation.models import Body


@job()
def count_anew(committee_id: int) -> None:
    """What the committee's watches are due, from its meetings as they are now."""
    put_all_right(Body.objects.get(pk=committee_id))


@periodic("35 3 * * *")
def count_watches() -> None:
    """Every night: what has no task gets one, and a meeting that was moved takes its watches along."""
    put_all_right()


@receiver(post_save, sender=Meeting, dispatch_uid="watches_count_anew")
def _meeting_saved(instance: Meeting, **_: Any) -> None:
    """A meeting of the committee itself: one job, however many meetings are planned at once."""
    if instance.body_id == instance.committee_id:
        defer(count_anew, once=str(instance.committee_id), committee_id=instance.committee_id)
