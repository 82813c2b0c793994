"""The pack (möteshandlingar): one PDF with everything for a meeting, made again only when something has changed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q, QuerySet

from roder import access, files
from roder.access import Action, Resource
from roder.core.paths import private_dir
from roder.files import disk
from roder.files.services import let_go
from roder.meetings.models import AgendaItem, Document, ItemPaper, Meeting, Pack
from roder.meetings.models.meetings import secret_item
from roder.meetings.papers import pack_front
from roder.meetings.papers.pack_parts import RIGHT
from roder.meetings.papers.pack_plan import Plan, plan
from roder.meetings.rules import pack as rules
from roder.meetings.services.calendar import MeetingFault, freeze_papers
from roder.organisation.models import Person

if TYPE_CHECKING:
    from roder.meetings.papers.pack_merge import Mark

_CHUNK = 1024 * 1024


def latest(meeting: Meeting, *, public: bool) -> Pack | None:
    """The pack made last."""
    return Pack.objects.filter(meeting=meeting, public=public).select_related("blob").first()


def parts_of(found: Plan) -> list[rules.Part]:
    """What a finished pack is compared with: the front by everything it says, the documents by their content."""
    front = rules.Part(
        rules.FRONT, rules.FRONT_TITLE, pack_front.fingerprint(pack_front.front_data(found)), 0
    )
    return [front, *(
        rules.Part(paper.gid, paper.title, paper.sha256, paper.facts.pages if paper.facts else 0)
        for paper in found.papers
    )]  # fmt: skip


def make_pack(meeting: Meeting, by: Person | None, *, public: bool = False) -> Pack:
    """Make the meeting's pack, or give the one that is there when nothing has changed since.

    ``public``: without what is secret. A paper that cannot come along (not converted, protected, broken) is told on the
    front; the rest is made all the same. Once the summons is sent, what the pack holds is frozen. ``by`` None: the
    system. Raises NotAllowedError, MeetingFault."""
    if by is not None:
        access.require(by, Action.EDIT, meeting)
        if not public:
            access.require(by, Action.VIEW, Resource.SECRETS, meeting.committee_id)
    if meeting.state == Meeting.State.CANCELLED:
        raise MeetingFault("Sammanträdet är inställt. Det görs inga handlingar till det.")
    meeting = Meeting.objects.select_related("body", "committee__municipality").get(pk=meeting.pk)
    found = plan(meeting, public=public)
    wanted = parts_of(found)
    there = latest(meeting, public=public)
    if there is not None and rules.same(there.manifest, wanted) and not holds_secrets(there):
        return there
    unfinished = private_dir("pack-parts") / f".ofardig-{secrets.token_hex(8)}.pdf"
    front_file = unfinished.with_suffix(".front.pdf")
    try:
        placed, pages = _write(found, wanted, front_file, unfinished)
        return _keep(found, by, placed, pages, unfinished)
    finally:
        unfinished.unlink(missing_ok=True)
        front_file.unlink(missing_ok=True)


def _write(
    found: Plan, wanted: list[rules.Part], front_file: Path, out: Path
) -> tuple[list[rules.Placed], int]:
    from roder.meetings.papers.pack_merge import Piece, merge  # noqa: PLC0415 - large, and rarely used

    front, length, starts = pack_front.typeset_front(found, pack_front.front_data(found))
    front_file.write_bytes(front)
    pieces = [Piece(front_file, length, RIGHT * length)]
    for paper in found.papers:
        if paper.facts is not None:
            pieces.append(Piece(disk.path_of(paper.sha256), paper.facts.pages, paper.facts.spots))
    meeting = found.meeting
    words = "Möteshandlingar, offentlig version" if found.public else "Möteshandlingar"
    pages = merge(pieces, _marks(found, starts), starts, f"{words} {meeting.body.name} {meeting.date}", out)
    whole = [rules.Part(rules.FRONT, rules.FRONT_TITLE, wanted[0].sha256, length), *wanted[1:]]
    return rules.place(whole), pages


def _marks(found: Plan, starts: dict[str, int]) -> list[Mark]:
    """Bookmarks: the front, then every point with its documents; lettered points under theirs."""
    from roder.meetings.papers.pack_merge import Mark  # noqa: PLC0415 - large, and rarely used

    marks = [Mark(rules.FRONT_TITLE, 1)]
    for one in found.items:
        under = [Mark(paper.title, starts[paper.sha256]) for paper in one.papers if paper.facts]
        title = f"{one.number}. {one.title}" + (" (utgår)" if one.item.withdrawn and not one.hidden else "")
        mark = Mark(title, under[0].page if under else 1, under)
        if one.sub and len(marks) > 1:
            marks[-1].under.append(mark)
        else:
            marks.append(mark)
    return marks


def holds_secrets(pack: Pack) -> bool:
    """Whether a public pack holds something that has come under secrecy since it was made: a point or a paper that it
    shows. It is read by nobody then. Papers that have been taken off the agenda are known by their content."""
    if not pack.public:
        return False
    shown = {gid for part in pack.manifest for gid in (part["gid"], *part.get("shown", ()))}
    keys: dict[str, set[int]] = {"meetings.agendaitem": set(), "meetings.itempaper": set()}
    for kind, _, key in (gid.partition(":") for gid in shown):
        if kind in keys:
            keys[kind].add(int(key))
    items = AgendaItem.objects.filter(pk__in=keys["meetings.agendaitem"]).filter(secret_item())
    papers = ItemPaper.objects.filter(pk__in=keys["meetings.itempaper"])
    secret = Q(secret=True) | Q(case__secret=True)
    hidden = papers.filter(secret_item("item__") | Q(version__document__in=Document.objects.filter(secret)))
    if items.exists() or hidden.exists():
        return True
    there = {f"meetings.itempaper:{pk}" for pk in papers.values_list("pk", flat=True)}
    gone = [part["sha256"] for part in pack.manifest if part["gid"] not in (rules.FRONT, *there)]
    documents = Document.objects.filter(secret, versions__pdf__sha256__in=gone)
    return bool(gone) and documents.exists()


def _manifest(found: Plan, placed: list[rules.Placed]) -> list[dict[str, Any]]:
    """The parts of a pack, and at the front what is shown by name in it."""
    lines = [one.as_data() for one in placed]
    items = [one for one in found.items if not one.hidden]
    lines[0]["shown"] = [gid for one in items for gid in (one.item.gid, *(paper.gid for paper in one.papers))]
    return lines


def _keep(found: Plan, by: Person | None, placed: list[rules.Placed], pages: int, path: Path) -> Pack:
    meeting, public = found.meeting, found.public
    with transaction.atomic():
        held = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
        twin = latest(held, public=public)
        same = twin is not None and rules.same(twin.manifest, [one.part for one in placed])
        if twin is not None and same and not holds_secrets(twin):
            return twin  # somebody made the same one meanwhile
        blob = files.keep_made(_chunks(path), "pdf")
        made = Pack.objects.create(
            meeting=held, public=public, blob=blob, pages=pages, made_by=by, manifest=_manifest(found, placed)
        )  # fmt: skip
        access.record(by, "pack.made", made, meeting=held.pk, public=public, pages=pages, sha256=blob.sha256)
        if held.state == Meeting.State.PLANNED:
            _forget(Pack.objects.filter(meeting=held, public=public).exclude(pk=made.pk))
        else:
            freeze_papers(held)
        return made


def _forget(packs: QuerySet[Pack]) -> None:
    """Before the summons a pack is a working copy: the one before goes when there is a new one."""
    hashes = list(packs.values_list("blob__sha256", flat=True))
    packs.delete()
    let_go(hashes)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
