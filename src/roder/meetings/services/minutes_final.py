"""Locking for good, the files of locked minutes, and the notice on the notice board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from roder import access
from roder.core.faults import UserFault
from roder.files import disk
from roder.files.services import keep_bytes
from roder.meetings.models import MinuteItem, Minutes
from roder.meetings.rules import minutes as rules
from roder.meetings.rules.minutes import MinutesFault
from roder.meetings.services import minutes_tasks
from roder.meetings.services.attesting import attested_day
from roder.meetings.services.minutes_draft import hold, require_edit
from roder.organisation.models import Person

#: format -> the kind of content it is kept as. A web page is kept as text: the file room serves no web pages.
KEPT_AS = {"pdf": "pdf", "docx": "docx", "xlsx": "xlsx", "html": "txt", "public": "pdf"}


class MinutesFileFault(UserFault):
    """A file of locked minutes is not there, or is not the one that was written."""


@dataclass(frozen=True)
class Finished:
    """What locked minutes are: the document as data and its files by format (``KEPT_AS``; pdf must be there).

    ``revision`` is the minutes' revision and ``paragraphs`` {key: revision} that it was made from; ``sealed`` whether
    the PDF carries an electronic seal. ``withheld`` is what the public file was made without."""

    document: dict[str, Any]
    files: Mapping[str, bytes]
    revision: int
    paragraphs: Mapping[int, int] = field(default_factory=dict)
    sealed: bool = False
    withheld: Sequence[str] = ()


def require_lockable(minutes: Minutes, by: Person) -> None:
    """Raise unless the minutes are attested and this is somebody who may lock them. Asked before files are drawn."""
    require_edit(by, minutes.meeting)
    rules.require_move(minutes.state, rules.LOCKED)


def freeze(minutes: Minutes, by: Person, finished: Finished) -> Minutes:
    """Write the document and the files for good. Everything or nothing; afterwards the database refuses changes.

    Raises NotAllowedError; MinutesFault when the minutes are not attested, locked already, or changed meanwhile.
    """
    if "pdf" not in finished.files or set(finished.files) - set(KEPT_AS):
        raise ValueError(f"filerna ska vara {sorted(KEPT_AS)}, pdf alltid med: {sorted(finished.files)}")
    with transaction.atomic():
        held = hold(minutes, by, rules.DRAFT, rules.CHECKED, rules.ATTESTED, rules.LOCKED)
        rules.require_move(held.state, rules.LOCKED)
        rows = MinuteItem.objects.select_for_update(of=("self",)).filter(item__meeting=held.meeting_id)
        now = dict(rows.values_list("pk", "revision"))
        if held.revision != finished.revision or now != dict(finished.paragraphs):
            raise MinutesFault("Någon ändrade i protokollet medan det låstes. Gå igenom det och lås igen.")
        blobs = {one: keep_bytes(content, KEPT_AS[one]) for one, content in finished.files.items()}
        kept: dict[str, dict[str, Any]] = {
            one: {"sha256": blob.sha256, "size": blob.size} for one, blob in blobs.items()
        }
        if "public" in kept:
            kept["public"]["withheld"] = list(finished.withheld)
        held.save_over(
            held.revision,
            state=rules.LOCKED,
            document=finished.document,
            pdf=blobs["pdf"],
            files=kept,
            signed=finished.sealed,
            locked_at=timezone.now(),
        )
        minutes_tasks.locked(held, by)
        access.record(
            by,
            "minutes.locked",
            held,
            sealed=finished.sealed,
            files={one: kept[one]["sha256"] for one in kept},
        )
    minutes.refresh_from_db()
    return held


def withheld(minutes: Minutes) -> list[str]:
    """What the public file was made without when the minutes were locked; nothing where there is no such file."""
    return list(minutes.files.get("public", {}).get("withheld", ()))


def read_file(minutes: Minutes, format: str) -> bytes:
    """A file of locked minutes. Raises MinutesFileFault when there is none, or it is not what was written."""
    found = minutes.files.get(format)
    if found is None:
        raise MinutesFileFault("Filen finns inte. Den skrivs när protokollet låses.")
    return read_kept(found["sha256"])


def read_kept(sha256: str) -> bytes:
    """Kept content, checked against its hash. Raises MinutesFileFault."""
    from hashlib import sha256 as digest  # noqa: PLC0415 - the name is the parameter's

    path = disk.path_of(sha256)
    if not path.is_file():
        raise MinutesFileFault(
            "Filens innehåll saknas på servern. Säg till systemförvaltaren: den finns i säkerhetskopian."
        )
    content = path.read_bytes()
    if digest(content).hexdigest() != sha256:
        raise MinutesFileFault("Filen är inte den som skrevs. Säg till systemförvaltaren.")
    return content


def post_notice(
    minutes: Minutes, by: Person, on: date, *, paragraph: MinuteItem | None = None
) -> Minutes | MinuteItem:
    """Note that the notice is up since ``on``: of the minutes, or of one paragraph that was attested at once. The day
    it may be taken down follows. A day that was wrong may be noted again.

    Raises NotAllowedError; MinutesFault (not attested, before the attestation, a day to come).
    """
    with transaction.atomic():
        held = hold(minutes, by, rules.DRAFT, rules.CHECKED, rules.ATTESTED, rules.LOCKED)
        record: Minutes | MinuteItem = held
        state, attested = held.state, attested_day(held)
        if paragraph is not None:
            record = MinuteItem.objects.select_for_update(of=("self",)).get(
                pk=paragraph.pk, item__meeting=held.meeting_id
            )
            if held.state == rules.LOCKED:
                raise MinutesFault("Protokollet är låst. Anslaget för hela protokollet gäller nu.")
            attested = timezone.localdate(record.attested_at) if record.attested_at else None
            state = rules.ATTESTED
        if fault := rules.notice_fault(state, attested, on, timezone.localdate()):
            raise MinutesFault(fault, field="posted_on")
        record.save_over(record.revision, posted_on=on, down_on=rules.down_on(on))
        minutes_tasks.posted(record, by)
        access.record(by, "minutes.posted", record, on=on.isoformat(), down=rules.down_on(on).isoformat())
    return record
