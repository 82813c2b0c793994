"""What people do with reports: open a draft, comment, check, lock, unlock, take out the files."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, Model
from django.utils import timezone

from roder import access
from roder.access.matrix import Action, Resource
from roder.core.faults import UserFault
from roder.core.models import StaleRecordError
from roder.core.persons import LONGEST, LONGEST_REASON, checked_text
from roder.figures import At, Engine, LiveSource, SnapshotSource, take_snapshot
from roder.figures.models import Snapshot
from roder.followup.services.rounds import close_for
from roder.organisation.models import Body, Person
from roder.reports import compiled, files
from roder.reports.base import CommentKey
from roder.reports.build import Assembly, Finding, assemble, findings, values_of
from roder.reports.document import Document, from_json, to_json
from roder.reports.gather import gather
from roder.reports.kinds import report_class, reports_for
from roder.reports.models import Report, ReportComment, ReportFile
from roder.steering.models import Occasion
from roder.steering.phases import close_phases


class ReportFault(UserFault):
    """The report cannot be opened, written in, locked or unlocked as asked. The message is Swedish."""


class CannotLockError(ReportFault):
    """A comment names a figure that does not exist. ``findings`` are those that block."""

    def __init__(self, blocking: Collection[Finding]) -> None:
        named = "; ".join(f"{one.where}: {one.excerpt} ({one.message})" for one in blocking)
        super().__init__(f"Rapporten kan inte låsas: {named}.")
        self.findings = tuple(blocking)


class NotAcknowledgedError(ReportFault):
    """There are plain numbers that equal no figure, and nobody has said that they have been seen."""

    def __init__(self, unseen: Collection[Finding]) -> None:
        named = "; ".join(f"{one.where}: {one.message}" for one in unseen)
        super().__init__(f"Gå igenom det här innan rapporten låses: {named}.")
        self.findings = tuple(unseen)


def _require(
    by: Person | None, action: Action, target: Model | Resource, committee: Body | None = None
) -> None:
    """Ask access for a person; None is the system itself (the command line, the demonstration)."""
    if by is not None:
        access.require(by, action, target, committee)


# --- drafts --------------------------------------------------------------------------------------------------------


def open_draft(occasion: Occasion, kind: str, by: Person | None, registration_number: str = "") -> Report:
    """The draft of a report for an occasion, made if there is none.

    Raises NotAllowedError; UnknownReportError; ReportFault when the report is not made at this kind of occasion, or
    when it is locked (unlock it instead).
    """
    _require(by, Action.EDIT, Resource.DRAFTS, occasion.committee)
    report = report_class(kind)
    if occasion.kind not in report.kinds:
        fitting = ", ".join(one.title for one in reports_for(occasion.kind)) or "ingen rapport"
        raise ReportFault(f"{report.title} görs inte vid {occasion.name}. Där görs: {fitting}.")
    same = Report.objects.filter(occasion=occasion, kind=report.slug)
    if draft := same.filter(state=Report.State.DRAFT).first():
        return draft
    if same.exists():
        raise ReportFault(
            f"{report.title} för {occasion.name} är låst. Lås upp den för att göra en ny version."
        )
    try:
        with transaction.atomic():
            made = Report.objects.create(
                committee_id=occasion.committee_id,
                occasion=occasion,
                kind=report.slug,
                registration_number=registration_number,
            )
            access.record(by, "report.opened", made, occasion=occasion.code, kind=report.slug)
            return made
    except IntegrityError:  # somebody else opened it at the same moment
        return same.get(state=Report.State.DRAFT)


def comments_of(report: Report) -> dict[CommentKey, ReportComment]:
    """The report's comments by section and subject."""
    return {(one.section, one.subject): one for one in report.comments.select_related("written_by")}


def save_comment(
    report: Report,
    section: str,
    subject: str,
    text: str,
    by: Person | None,
    expected_revision: int | None = None,
) -> ReportComment:
    """Save what somebody writes in a section.

    ``expected_revision`` is the revision that the field was opened with (None: there was no comment). Raises
    NotAllowedError; ReportFault for a locked report or a text that cannot be kept; StaleRecordError with what somebody
    else has saved since.
    """
    kept = _kept(text.replace("\r\n", "\n"))
    with transaction.atomic():
        # Held against a lock that is being made: what is written is either in the locked report, or refused.
        held = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if held.state == Report.State.LOCKED:
            raise ReportFault("Rapporten är låst. Lås upp den för att skriva i den.")
        _require(by, Action.COMMENT, held)
        return _saved(held, section, subject, kept, by, expected_revision)


def _kept(text: str, most: int = LONGEST, *, required: str = "") -> str:
    """Free text as it is kept. Raises ReportFault for a personal identity number and what cannot be kept."""
    try:
        return checked_text(text, "text", most, required=required)
    except ValidationError as error:
        raise ReportFault(" ".join(error.messages)) from error


def _saved(
    report: Report, section: str, subject: str, text: str, by: Person | None, expected_revision: int | None
) -> ReportComment:
    existing = report.comments.filter(section=section, subject=subject).first()
    if existing is None:
        return ReportComment.objects.create(
            report=report, section=section, subject=subject, text=text, written_by=by
        )
    if existing.text == text:
        return existing
    if expected_revision is None:
        raise StaleRecordError(existing)
    return existing.save_over(expected_revision, text=text, written_by=by)


@contextmanager
def written(report: Report, source: Engine | None = None) -> Iterator[Assembly]:
    """The report as it stands: on ``source``, or for a draft on the live database. Read-only."""
    if source is not None:
        with _assembled(report, source, None) as assembly:
            yield assembly
        return
    with LiveSource(report.committee_id) as live, _assembled(report, live, None) as assembly:
        yield assembly


@contextmanager
def _assembled(report: Report, source: Engine, snapshot: Snapshot | None) -> Iterator[Assembly]:
    """The report as it is on a source. What a report over several committees reads is open as long as it is used."""
    occasion, at = report.occasion, At.of(report.occasion)
    facts = gather(
        occasion,
        source,
        at,
        registration_number=report.registration_number,
        date=timezone.localdate(),
        snapshot_id=snapshot.code if snapshot else "",
        draft=snapshot is None,
    )
    texts = {key: comment.text for key, comment in comments_of(report).items()}
    if not report_class(report.kind).compiles:
        yield assemble(report.kind, values_of(source, at), texts, facts)
        return
    with compiled.opened(occasion, at, facts) as (values, together):
        yield assemble(report.kind, values, texts, together)


def document_of(report: Report) -> Document:
    """The document of a locked report, as it was frozen. Raises ReportFault for a draft."""
    if report.document is None:
        raise ReportFault("Rapporten är ett utkast och har inget fastställt dokument.")
    return from_json(json.dumps(report.document))


def check(report: Report) -> list[Finding]:
    """Everything to see to before the report is locked, on the figures as they stand now."""
    with written(report) as assembly:
        return findings(assembly)


# --- locking -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Seen:
    """What a report was built from, to be compared under the lock."""

    revision: int
    comments: tuple[tuple[str, str, int], ...]


def _seen(report: Report) -> _Seen:
    rows = report.comments.order_by("section", "subject").values_list("section", "subject", "revision")
    return _Seen(report.revision, tuple(rows))


def lock(
    report: Report, by: Person | None, acknowledged: Collection[str] = (), date: dt.date | None = None
) -> Report:
    """Lock a draft: take a snapshot, build from it, freeze text and document, write the four files.

    ``acknowledged`` are the marks of the findings that the person has seen (see `Finding.mark`). A snapshot that the
    draft already has is used, else one is taken. Everything or nothing is done.

    Raises NotAllowedError; ReportFault when it is locked already or somebody wrote in it meanwhile; CannotLockError
    for an unknown figure; NotAcknowledgedError for plain numbers nobody has said they have seen.
    """
    _require(by, Action.DECIDE, Resource.REPORTS, report.committee)
    report.refresh_from_db()
    _require_draft(report)
    seen = _seen(report)
    _require_members(report)
    with LiveSource(report.committee_id) as live, _assembled(report, live, None) as draft:
        _refuse(findings(draft), acknowledged)
    snapshot = report.snapshot or take_snapshot(report.occasion, _taker(by, report))
    with SnapshotSource.open(snapshot) as source, _assembled(report, source, snapshot) as assembly:
        open_findings = findings(assembly)
    _refuse(open_findings, acknowledged)
    rendered = files.render_all(assembly.document)
    name = "-".join((report.committee.slug, report.occasion.code, report.kind, f"v{report.number}"))
    folder = files.write_folder(name, file_stem(report), rendered)
    frozen = False
    try:
        with transaction.atomic():
            _freeze(report, seen, assembly, snapshot, folder, rendered, by, open_findings)
            frozen = True
    except BaseException:
        if (
            not frozen
        ):  # else the rows may be there, though the answer to COMMIT was lost: what has none is swept
            files.remove_folder(folder)
        raise
    report.refresh_from_db()
    return report


def _taker(by: Person | None, report: Report) -> Person | None:
    """Who takes the snapshot: the one who locks, where they may take one by themselves, else the system for them."""
    may = by is not None and access.may(by, Action.EDIT, Resource.FIGURES, report.committee)
    return by if may else None


def _require_draft(report: Report) -> None:
    if report.state == Report.State.LOCKED:
        raise ReportFault("Rapporten är redan låst.")


def _require_members(report: Report) -> None:
    """A report over several committees needs something to compile."""
    kind = report_class(report.kind)
    if kind.compiles and not any(compiled.locked_reports(report.occasion).values()):
        raise ReportFault(
            f"{kind.title} kan inte låsas: ingen nämnd har låst sin rapport för {report.occasion.name}. "
            "Lås minst en nämnds rapport först."
        )


def _refuse(found: list[Finding], acknowledged: Collection[str]) -> None:
    if blocking := [one for one in found if one.blocks]:
        raise CannotLockError(blocking)
    if unseen := [one for one in found if one.must_be_acknowledged and one.mark not in acknowledged]:
        raise NotAcknowledgedError(unseen)


def _freeze(
    report: Report,
    seen: _Seen,
    assembly: Assembly,
    snapshot: Snapshot,
    folder: Path,
    rendered: tuple[files.Rendered, ...],
    by: Person | None,
    found: list[Finding],
) -> None:
    """Write the locked state, if nothing has happened to the draft since it was built."""
    held = Report.objects.select_for_update().get(pk=report.pk)
    _require_draft(held)
    if _seen(held) != seen:
        raise ReportFault("Någon har skrivit i rapporten medan den låstes. Gå igenom den och lås igen.")
    for one in rendered:
        ReportFile.objects.create(
            report=held,
            format=one.format,
            path=f"{folder.name}/{file_stem(report)}.{one.format}",
            sha256=one.sha256,
            size=len(one.content),
        )
    held.save_over(
        seen.revision,
        state=Report.State.LOCKED,
        snapshot=snapshot,
        document=json.loads(to_json(assembly.document)),
        locked_at=timezone.now(),
        locked_by=by,
    )
    close_phases(report.occasion, by)
    if report_class(report.kind).place == 0:  # the occasion's own report: what units have written is included
        close_for(report.occasion, by)
    access.record(
        by,
        "report.locked",
        held,
        snapshot=snapshot.code,
        number=held.number,
        files={one.format: one.sha256 for one in rendered},
        acknowledged=sum(one.must_be_acknowledged for one in found),
    )


def unlock(report: Report, by: Person | None, reason: str) -> Report:
    """Make a new draft version of a locked report, with its comments. The locked version stays as it is.

    Raises NotAllowedError; ReportFault without a reason, with one that cannot be kept, for a draft, or when there is a
    newer version.
    """
    _require(by, Action.DECIDE, Resource.REPORTS, report.committee)
    why = _kept(reason, LONGEST_REASON, required="Skriv varför rapporten låses upp.")
    if report.state != Report.State.LOCKED:
        raise ReportFault("Rapporten är ett utkast och behöver inte låsas upp.")
    same = Report.objects.filter(occasion=report.occasion, kind=report.kind)
    with transaction.atomic():
        Report.objects.select_for_update().get(pk=report.pk)
        newest = same.aggregate(newest=Max("number"))["newest"]
        if newest != report.number:
            raise ReportFault(f"Det finns redan en nyare version ({newest}).")
        draft = Report.objects.create(
            committee_id=report.committee_id,
            occasion=report.occasion,
            kind=report.kind,
            number=newest + 1,
            registration_number=report.registration_number,
        )
        for comment in report.comments.all():
            ReportComment.objects.create(
                report=draft,
                section=comment.section,
                subject=comment.subject,
                text=comment.text,
                written_by=comment.written_by,
            )
        access.record(by, "report.unlocked", draft, reason=why, previous=report.gid)
    return draft


def set_registration_number(report: Report, number: str, by: Person | None, expected_revision: int) -> Report:
    """Give a draft its registration number. Raises NotAllowedError, ReportFault, StaleRecordError, ValidationError."""
    _require(by, Action.EDIT, Resource.DRAFTS, report.committee)
    _require_draft(report)
    return report.save_over(expected_revision, registration_number=number.strip())


# --- files ---------------------------------------------------------------------------------------------------------


def file_stem(report: Report) -> str:
    """The name of the report's files without ending."""
    occasion = report.occasion
    return report_class(report.kind).file_name(occasion.year, occasion.code, occasion.kind)


def write_files(report: Report, folder: Path) -> list[Path]:
    """Copy a locked report's files to a folder, each checked against its hash. Raises ReportFault, ReportFileFault."""
    if report.state != Report.State.LOCKED:
        raise ReportFault("Rapporten är ett utkast. Lås den först.")
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for file in report.files.order_by("format"):
        target = folder / Path(file.path).name
        files.write_beside(target, files.read(file))
        made.append(target)
    return made
