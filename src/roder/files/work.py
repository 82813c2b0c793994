"""What is done with content when it has been stored: its text is read for search, a small picture is made."""

from __future__ import annotations

import logging

from roder.files import disk, extract
from roder.files.models import Blob, StoredFile

log = logging.getLogger(__name__)


def read_later(blob: Blob) -> None:
    """See to it that the content is read, by the job queue when the transaction is over."""
    from roder.core.jobs import defer  # noqa: PLC0415 - jobs need every room
    from roder.files.jobs import read_content  # noqa: PLC0415

    defer(read_content, blob_id=blob.pk)


def read(pk: int) -> None:
    """Read the text of content and make its picture. Done twice it does the same; content that is gone is left."""
    from roder.files.services import index  # noqa: PLC0415 - services start this work

    blob = Blob.objects.filter(pk=pk).first()
    if blob is None:
        return
    path = disk.path_of(blob.sha256)
    try:
        blob.text = extract.text_of(path, blob.type)
        blob.text_state = Blob.TextState.DONE
    except extract.UnreadableError as error:
        log.warning(
            "innehåll %s: texten kan inte läsas (%s)",
            blob.sha256[:12],
            type(error.__cause__ or error).__name__,
        )
        blob.text, blob.text_state = "", Blob.TextState.FAILED
    try:
        picture = extract.thumbnail_of(path, blob.type)
    except extract.UnreadableError:
        picture = None
    if picture:
        disk.write_beside(disk.thumbnail_of(blob.sha256), picture)
    blob.thumbnail = bool(picture)
    blob.save(update_fields=["text", "text_state", "thumbnail"])
    index(StoredFile.objects.filter(current__blob=blob))
