"""The jobs of the meetings room: a document is read and made into PDF when it has come; every module ``jobs_…`` beside
this one declares its part's."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from roder.core.jobs import job


@job(queue="files")
def make_pdf(version_id: int) -> None:
    """Read a document's version for search and make the PDF that a pack takes. Done twice it does the same."""
    from roder.meetings.models import DocumentVersion  # noqa: PLC0415 - rooms are loaded first
    from roder.meetings.papers import letter  # noqa: PLC0415 - loads the renderers
    from roder.meetings.services import documents  # noqa: PLC0415

    rows = DocumentVersion.objects.select_related("file_version__blob", "document")
    version = rows.filter(pk=version_id).first()
    if version is None:
        return
    documents.read(version)
    documents.make_pdf(version, letter.pdf_of)


@job(queue="files")
def make_pack(meeting_id: int, public: bool, by_id: int | None = None) -> None:
    """Make a meeting's pack: nobody waits in the browser for a thousand pages. Done twice it gives the same one."""
    from roder.meetings.models import Meeting  # noqa: PLC0415 - rooms are loaded first
    from roder.meetings.papers import pack  # noqa: PLC0415 - loads the renderers
    from roder.organisation.models import Person  # noqa: PLC0415

    meeting = Meeting.objects.filter(pk=meeting_id).exclude(state=Meeting.State.CANCELLED).first()
    if meeting is not None:
        by = Person.objects.filter(pk=by_id).first() if by_id else None
        pack.make_pack(meeting, by, public=public)


for _part in sorted(Path(__file__).parent.glob("jobs_*.py")):
    import_module(f"roder.meetings.{_part.stem}")
