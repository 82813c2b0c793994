"""Pages of reports: the list, the report as it reads, comments in place, locking and unlocking."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from roder import access
from roder.access.matrix import Action, Resource
from roder.access.models import AuditRecord
from roder.core.faults import UserFault
from roder.core.models import StaleRecordError
from roder.core.numbers import whole_number
from roder.core.register.export import BOM, csv_value
from roder.reports import files, listing, presenting, services
from roder.reports.base import CommentKey
from roder.reports.build import Finding, findings
from roder.reports.document import Document
from roder.reports.kinds import UnknownReportError, report_class
from roder.reports.models import Report, ReportComment, ReportFile
from roder.reports.render import MEDIA_TYPES, html, xlsx
from roder.web.scope import CommitteeRequest, committee_page

CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", **MEDIA_TYPES}
LIST_FORMATS = ("csv", "xlsx")
FORMAT_NAMES = {"html": "Webbsida", "pdf": "PDF", "docx": "Word", "xlsx": "Excel"}


@committee_page(Resource.REPORTS)
def reports(request: CommitteeRequest) -> HttpResponseBase:
    """The year's reports by occasion: what is open, what is locked, what can be begun. As a file too."""
    lines = listing.lines(request.user, request.scope.occasions)
    if (wanted := request.GET.get("format", "")) in LIST_FORMATS:
        return _list_file(request, lines, wanted)
    may_open = request.scope.may(Action.EDIT, Resource.DRAFTS)
    return render(
        request, "reports/list.html", {"lines": lines, "may_open": may_open, "formats": FORMAT_NAMES}
    )


def _list_file(request: CommitteeRequest, lines: list[listing.Line], wanted: str) -> HttpResponse:
    """The list as CSV (semicolons, UTF-8 with BOM) or as a workbook. The trail says who took it out."""
    scope, table = request.scope, listing.as_table(lines, request.scope.year)
    access.record(
        request.user, "exported", f"{scope.committee.slug}/rapporter", format=wanted, year=scope.year
    )
    if wanted == "xlsx":
        who = scope.committee.municipality.name
        content = xlsx.render(Document(table.caption, "Lista", who, scope.committee.name, blocks=(table,)))
    else:
        target = io.StringIO()
        writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
        writer.writerow([column.title for column in table.columns])
        writer.writerows([csv_value(row.cells[column.key]) for column in table.columns] for row in table.rows)
        content = (BOM + target.getvalue()).encode()
    answer = HttpResponse(content, content_type=CONTENT_TYPES[wanted])
    name = f"{scope.committee.slug}-rapporter-{scope.year}.{wanted}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@committee_page()
def stylesheet(request: CommitteeRequest) -> HttpResponse:
    """The style of a document set into a page."""
    response = HttpResponse(html.stylesheet(), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _versions(request: CommitteeRequest, kind: str, code: str) -> list[Report]:
    """The versions of a report that the person may see, latest first. Raises Http404 when there is none."""
    try:
        slug = report_class(kind).slug
    except UnknownReportError as error:
        raise Http404(str(error)) from error
    occasion = request.scope.occasion(code)
    rows = Report.objects.filter(occasion=occasion, kind=slug)
    rows = rows.select_related(
        "occasion__committee__municipality", "occasion__model", "snapshot", "locked_by"
    )
    return list(access.visible(request.user, rows).order_by("-number"))


def _version(request: CommitteeRequest, kind: str, code: str, number: int) -> Report:
    for report in _versions(request, kind, code):
        if report.number == number:
            return report
    raise Http404("Rapporten finns inte.")


def _address(
    request: CommitteeRequest, report: Report, name: str = "reports:version", anchor: str = ""
) -> str:
    address = request.scope.url(name, report.kind, report.occasion.code, report.number)
    return f"{address}#{anchor}" if anchor else address


@committee_page(Resource.REPORTS)
def latest(request: CommitteeRequest, kind: str, code: str) -> HttpResponse:
    """The newest version that the person may see: the draft, or the locked report."""
    versions = _versions(request, kind, code)
    if not versions:
        raise Http404("Rapporten är inte påbörjad.")
    return _show(request, versions[0], versions)


@committee_page(Resource.REPORTS)
def version(request: CommitteeRequest, kind: str, code: str, number: int) -> HttpResponse:
    """One version of a report."""
    return _show(request, _version(request, kind, code, number), _versions(request, kind, code))


@require_POST
@committee_page(Resource.DRAFTS, Action.EDIT)
def open_report(request: CommitteeRequest, kind: str, code: str) -> HttpResponse:
    """Begin a report."""
    occasion = request.scope.occasion(code)
    try:
        report = services.open_draft(occasion, kind, request.user)
    except UnknownReportError as error:
        raise Http404(str(error)) from error
    except services.ReportFault as fault:
        messages.error(request, str(fault))
        return redirect(request.scope.url("reports:list"))
    return redirect(_address(request, report))


def _show(request: CommitteeRequest, report: Report, versions: list[Report]) -> HttpResponse:
    common = _common(request, report, versions)
    if report.state == Report.State.LOCKED:
        document = services.document_of(report)
        shown = presenting.body(document, presenting.figure_url(report))
        stored = sorted(report.files.all(), key=lambda one: list(FORMAT_NAMES).index(one.format))
        context = {**common, "document": document, "body": shown, "files": stored, "formats": FORMAT_NAMES}
        return render(request, "reports/locked.html", context)
    return _draft(request, report, common)


def _common(
    request: CommitteeRequest, report: Report, versions: list[Report] | None = None
) -> dict[str, Any]:
    """What every page of a report shows."""
    versions = versions or _versions(request, report.kind, report.occasion.code)
    subjects = [f"reports.report:{one.pk}" for one in versions]
    unlocked = AuditRecord.objects.filter(deed="report.unlocked", subject__in=subjects)
    reasons = {row.subject: row.detail.get("reason", "") for row in unlocked}
    return {
        "report": report,
        "kind": report_class(report.kind),
        "versions": [(one, reasons.get(f"reports.report:{one.pk}", "")) for one in versions],
        "newest": versions[0].number == report.number if versions else True,
        "may_decide": request.scope.may(Action.DECIDE, Resource.REPORTS),
    }


def _draft(
    request: CommitteeRequest,
    report: Report,
    common: dict[str, Any],
    conflict: presenting.Conflict | None = None,
    fault: tuple[CommentKey, str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """A draft: the document with its fields in place, and in the margin what to see to before it is locked."""
    with services.written(report) as assembly:
        found = findings(assembly)
        comments = services.comments_of(report)
        fields = presenting.fields_of(assembly, comments, found, conflict, fault)
        shown = list(presenting.pieces(assembly, fields, presenting.figure_url(report)))
    context = {
        **common,
        "document": assembly.document,
        "pieces": shown,
        "groups": _groups(found),
        "may_comment": access.may(request.user, Action.COMMENT, report),
        "may_edit": request.scope.may(Action.EDIT, Resource.DRAFTS),
    }
    return render(request, "reports/draft.html", context, status=status)


@dataclass(frozen=True)
class Group:
    """Findings of one kind, under a heading that says what they mean."""

    title: str
    tone: str
    findings: tuple[tuple[Finding, str], ...]


def _groups(found: list[Finding]) -> list[Group]:
    """Findings with the anchor of their field: what blocks, what must be seen, what is missing."""
    sorts = (
        ("Måste rättas innan rapporten låses", "bad", [one for one in found if one.blocks]),
        ("Tal som inte stämmer med siffrorna", "warning", [one for one in found if one.must_be_acknowledged]),
        ("Saknas", "info", [one for one in found if not one.blocks and not one.must_be_acknowledged]),
    )
    return [
        Group(title, tone, tuple((one, _anchor(one)) for one in ones)) for title, tone, ones in sorts if ones
    ]


def _anchor(finding: Finding) -> str:
    return presenting.anchor((finding.section, finding.subject)) if finding.section else ""


def _revision(text: str) -> int | None:
    """The revision that a form was opened with."""
    return whole_number(text, 9)


@require_POST
@committee_page(Resource.DRAFTS, Action.COMMENT)
def comment(request: CommitteeRequest, kind: str, code: str, number: int) -> HttpResponse:
    """Save a comment, with a chosen figure put last where one is chosen; a second saver sees both texts."""
    report = _version(request, kind, code, number)
    key = (request.POST.get("section", ""), request.POST.get("subject", ""))
    text = request.POST.get("text", "")
    if request.POST.get("action") == "insert" and (figure := request.POST.get("figure", "")):
        text = f"{text.rstrip()} {figure}".strip()
    if report.state == Report.State.DRAFT:
        with services.written(report) as assembly:
            if assembly.slot(key) is None:
                raise Http404("Rapporten har inget sådant avsnitt.")
    try:
        services.save_comment(report, *key, text, request.user, _revision(request.POST.get("revision", "")))
    except StaleRecordError as stale:
        assert isinstance(stale.current, ReportComment)  # noqa: S101 - it is a comment that was saved
        conflict = presenting.Conflict(stale.current, text)
        return _draft(request, report, _common(request, report), conflict=conflict, status=409)
    except services.ReportFault as refused:
        if Report.objects.filter(pk=report.pk, state=Report.State.LOCKED).exists():
            messages.error(request, f"{refused} Din text: {text}")
            return redirect(_address(request, report))
        return _draft(request, report, _common(request, report), fault=(key, text, str(refused)), status=422)
    messages.success(request, "Kommentaren är sparad.")
    return redirect(_address(request, report, anchor=presenting.anchor(key)))


@require_POST
@committee_page(Resource.DRAFTS, Action.EDIT)
def registration_number(request: CommitteeRequest, kind: str, code: str, number: int) -> HttpResponse:
    """Give the draft its registration number."""
    report = _version(request, kind, code, number)
    given = request.POST.get("registration_number", "")
    expected = _revision(request.POST.get("revision", "")) or report.revision
    try:
        services.set_registration_number(report, given, request.user, expected)
    except StaleRecordError as stale:
        assert isinstance(stale.current, Report)  # noqa: S101 - it is a report that was saved
        there = stale.current.registration_number or "(tomt)"
        messages.error(request, f"{stale} Där står nu {there}; du skrev {given}.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except services.ReportFault as fault:
        messages.error(request, str(fault))
    return redirect(_address(request, report))


@committee_page(Resource.REPORTS, Action.DECIDE)
def lock_report(request: CommitteeRequest, kind: str, code: str, number: int) -> HttpResponse:
    """Ask, with everything there is to see to, and lock."""
    report = _version(request, kind, code, number)
    if report.state == Report.State.LOCKED:
        return redirect(_address(request, report))
    fault = ""
    if request.method == "POST":
        seen = request.POST.getlist("seen") if request.POST.get("acknowledged") else []
        try:
            locked = services.lock(report, request.user, seen)
        except services.NotAcknowledgedError:
            fault = "Gå igenom talen här nedanför och kryssa i att du har sett dem."
        except UserFault as refused:
            fault = str(refused)
        else:
            messages.success(request, "Rapporten är låst. Text, siffror och filer ändras inte mer.")
            return redirect(_address(request, locked))
    found = services.check(report)
    context = {
        **_common(request, report),
        "groups": _groups(found),
        "blocked": any(one.blocks for one in found),
        "to_acknowledge": [one.mark for one in found if one.must_be_acknowledged],
        "fault": fault,
    }
    return render(request, "reports/lock.html", context, status=422 if fault else 200)


@committee_page(Resource.REPORTS, Action.DECIDE)
def unlock_report(request: CommitteeRequest, kind: str, code: str, number: int) -> HttpResponse:
    """Ask why, and make a new version that can be written in."""
    report = _version(request, kind, code, number)
    fault, reason = "", request.POST.get("reason", "")
    if request.method == "POST":
        try:
            draft = services.unlock(report, request.user, reason)
        except services.ReportFault as refused:
            fault = str(refused)
        else:
            messages.success(request, f"Version {draft.number} är öppnad. Den låsta versionen finns kvar.")
            mine = access.may(request.user, Action.VIEW, draft)
            return redirect(_address(request, draft if mine else report))
    context = {**_common(request, report), "fault": fault, "reason": reason}
    return render(request, "reports/unlock.html", context, status=422 if fault else 200)


@committee_page(Resource.REPORTS)
def file(request: CommitteeRequest, kind: str, code: str, number: int, form: str) -> HttpResponse:
    """A file of a locked report, exactly as it was written when the report was locked."""
    report = _version(request, kind, code, number)
    stored = report.files.filter(format=form).first()
    if stored is None:
        raise Http404("Filen finns inte.")
    return download(request, stored)


def download(request: HttpRequest, stored: ReportFile) -> HttpResponse:
    """A stored file as a download; the web page is downloaded too, since it carries its own style."""
    try:
        content = files.read(stored)
    except files.ReportFileFault as fault:
        return render(request, "reports/file_fault.html", {"fault": fault}, status=500)
    response = HttpResponse(content, content_type=CONTENT_TYPES[stored.format])
    name = stored.path.rsplit("/", 1)[-1]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
