"""Locking minutes: the document is made, drawn in every format, sealed, and only then written for good."""

from __future__ import annotations

import json
from pathlib import Path

from roder.meetings.models import MinuteItem, Minutes
from roder.meetings.papers import extract, signing
from roder.meetings.papers import minutes as paper
from roder.meetings.services import minutes_final as final
from roder.organisation.models import Person
from roder.reports.document import Document, from_json, to_json
from roder.reports.files import write_each
from roder.reports.render import MEDIA_TYPES, draw

FORMATS = tuple(MEDIA_TYPES)


def render(document: Document, workbook: Document) -> dict[str, bytes]:
    """The minutes in their four formats."""
    return {one: draw(workbook if one == "xlsx" else document, one) for one in FORMATS}


def lock(minutes: Minutes, by: Person) -> Minutes:
    """Lock attested minutes: files drawn and sealed (when a key is configured), then everything written at once.

    Raises NotAllowedError; MinutesFault when they are not attested, locked already or changed meanwhile; SealFault for
    a key that cannot be used. Nothing is locked then.
    """
    minutes = _fresh(minutes)
    final.require_lockable(minutes, by)
    key = signing.load_key()
    revisions = dict(
        MinuteItem.objects.filter(item__meeting=minutes.meeting_id).values_list("pk", "revision")
    )
    document = paper.document_of(minutes)
    files = render(document, extract.workbook_of(minutes))
    left_out = paper.withheld(minutes)
    if left_out:
        files["public"] = draw(paper.document_of(minutes, public=True), "pdf")
    if key is not None:
        reason = f"Protokoll {minutes.meeting.date.isoformat()}, {minutes.meeting.body.name}"
        for one in ("pdf", "public"):
            if one in files:
                place = minutes.meeting.body.municipality.name
                files[one] = signing.seal(files[one], key, reason=reason, place=place)
    finished = final.Finished(
        json.loads(to_json(document)), files, minutes.revision, revisions, sealed=key is not None,
        withheld=left_out,
    )  # fmt: skip
    return final.freeze(minutes, by, finished)


def _fresh(minutes: Minutes) -> Minutes:
    related = ("meeting__body__municipality", "meeting__committee", "chair", "secretary")
    return Minutes.objects.select_related(*related).get(pk=minutes.pk)


def document_now(minutes: Minutes, *, public: bool = False) -> Document:
    """The minutes as a document: as it was locked, or as it stands."""
    if minutes.state == Minutes.State.LOCKED and not public:
        return from_json(json.dumps(minutes.document))
    return paper.document_of(_fresh(minutes), public=public)


def file_of(minutes: Minutes, format: str, *, public: bool = False) -> bytes:
    """A file of the minutes: what was kept when they were locked, or drawn as they stand now.

    The public PDF of minutes without anything secret is the PDF itself. What has come under secrecy since they were
    locked is in no public file: the public PDF is drawn anew then, without seal. Raises MinutesFileFault.
    """
    if minutes.state == Minutes.State.LOCKED:
        if not public:
            return final.read_file(minutes, format)
        if format == "pdf" and set(paper.withheld(minutes)) <= set(final.withheld(minutes)):
            return final.read_file(minutes, "public" if "public" in minutes.files else "pdf")
    minutes = _fresh(minutes)
    if format == "xlsx":
        return draw(extract.workbook_of(minutes, public=public), format)
    return draw(paper.document_of(minutes, public=public), format)


def write_files(minutes: Minutes, folder: Path, *, public: bool = False) -> list[Path]:
    """Write ``protokoll-<date>`` in the four formats to a folder. Gives where."""
    return write_each(folder, file_stem(minutes), FORMATS, lambda one: file_of(minutes, one, public=public))


def file_stem(minutes: Minutes) -> str:
    """The name of the files without ending."""
    return f"protokoll-{minutes.meeting.date.isoformat()}"
