"""The pack is made beside the pages: nobody waits in the browser for a thousand pages."""

from __future__ import annotations

from roder.core.jobs import job


@job(queue="files")
def make_pack(meeting_id: int, public: bool, by_id: int | None = None) -> None:
    """Make a meeting's pack. Done twice it gives the same one."""
    from roder.meetings.models import Meeting  # noqa: PLC0415 - rooms are loaded first
    from roder.meetings.papers import pack  # noqa: PLC0415 - loads the renderers
    from roder.organisation.models import Person  # noqa: PLC0415

    meeting = Meeting.objects.filter(pk=meeting_id).exclude(state=Meeting.State.CANCELLED).first()
    if meeting is not None:
        by = Person.objects.filter(pk=by_id).first() if by_id else None
        pack.make_pack(meeting, by, public=public)
