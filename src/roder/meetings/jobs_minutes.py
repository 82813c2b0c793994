"""The jobs of minutes: extracts as letters."""

from __future__ import annotations

from roder.core.jobs import job
from roder.meetings.services import dispatch


@job(queue="mail")
def mail_extract(dispatch_id: int) -> None:
    """Mail an extract to its recipient, once."""
    dispatch.deliver(dispatch_id)
