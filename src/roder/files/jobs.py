"""The files room's jobs: content is read when it has come, and what nobody holds is swept at night."""

from __future__ import annotations

from roder.core.jobs import job, periodic
from roder.files import services, work


@job(queue="files")
def read_content(blob_id: int) -> None:
    """Read the text of content for search and make its small picture."""
    work.read(blob_id)


@periodic("50 3 * * *")
def sweep_content() -> None:
    """Take away what interrupted uploads left, and content that no file holds."""
    services.sweep()
