"""The tasks room's jobs: letters, and the clockwork that reminds, escalates and wakes what waits."""

from __future__ import annotations

from roder.core.jobs import job, periodic
from roder.tasks import clockwork, letters


@job(queue="mail")
def mail_notice(notice_id: int) -> None:
    """Send a notice as a letter, once."""
    letters.send(notice_id)


@periodic("*/2 * * * *")
def attend_tasks() -> None:
    """Remind, tell that something is late, escalate, and open what has got what it waited for."""
    clockwork.attend()


@periodic("20 3 * * *")
def nightly_tasks() -> None:
    """Open what recurs and strike what is about records that are gone."""
    clockwork.nightly()
