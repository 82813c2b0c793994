"""Cases and their documents. Read only; what is secret is not there for those without the right to it."""

from __future__ import annotations

from datetime import date
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from ninja import Query, Router

from roder import access
from roder.access.matrix import Action, Resource
from roder.api import values
from roder.api.answers import ALSO, unit_out
from roder.api.auth import Token, person
from roder.api.meeting_answers import (
    CaseOut,
    CasePage,
    CaseRow,
    CaseStepOut,
    DocumentPage,
    DocumentRow,
    FileOut,
)
from roder.api.scopes import Scope
from roder.api.values import After, Code, Committee, Day, Id, Limit, Number
from roder.files import disk
from roder.files.kinds import KINDS
from roder.files.services import open_version
from roder.meetings.models import Case, CaseStep, Document, DocumentVersion
from roder.meetings.rules import numbers
from roder.organisation.models import Person

cases = Router(tags=["Ärenden"])
documents = Router(tags=["Handlingar"])

CaseKind = Literal[
    "own", "motion", "citizen_proposal", "member_initiative", "referral", "audit", "report", "grant", "consultation"
]  # fmt: skip
Phase = Literal[
    "registered", "prepared", "subcommittee", "committee", "executive_board", "council", "carried_out", "closed"
]  # fmt: skip
DocumentKind = Literal[
    "letter", "report", "attachment", "extract", "statement", "motion", "referral", "message", "application",
    "contract", "other",
]  # fmt: skip
BINARY = {"schema": {"type": "string", "format": "binary"}}


def _case_row(one: Case) -> dict[str, Any]:
    names = (
        "number", "title", "kind", "phase", "course", "opened_on", "closed_on", "origin", "answer_by", "answered_on",
        "secret", "secrecy_section",
    )  # fmt: skip
    values_ = {name: getattr(one, name) for name in names}
    return {"id": one.pk, "committee": one.committee.slug, "unit": unit_out(one.unit), **values_}


def _cases(user: Person, slug: str | None) -> QuerySet[Case]:
    access.require(user, Action.VIEW, Resource.CASES)
    rows = values.within(user, access.visible(user, Case.objects.all()), slug)
    return rows.select_related("committee", "unit").defer("search", "summary")


@cases.get("", auth=Token(Scope.CASES_READ), response={200: CasePage, **ALSO}, summary="Lista ärenden")
def list_cases(
    request: HttpRequest,
    committee: Committee = None,
    number: Annotated[Code | None, Query(description="Diarienummer, i vilken stavning som helst.")] = None,
    kind: CaseKind | None = None,
    phase: Phase | None = None,
    course: Literal["active", "returned", "deferred", "withdrawn"] | None = None,
    opened_from: Annotated[Day | None, Query(description="Registrerat denna dag eller senare.")] = None,
    opened_before: Annotated[Day | None, Query(description="Registrerat före denna dag.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> CasePage:
    """De senast registrerade först."""
    rows = _cases(person(request), committee)
    if number is not None:
        rows = rows.filter(number_key=numbers.key(number))
    wanted = {"kind": kind, "phase": phase, "course": course}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    if opened_from is not None:
        rows = rows.filter(opened_on__gte=opened_from)
    if opened_before is not None:
        rows = rows.filter(opened_on__lt=opened_before)
    found, place = values.a_page(rows, "opened_on", after, limit, date.fromisoformat)
    return CasePage(items=[CaseRow(**_case_row(one)) for one in found], next=place)


@cases.get("/{id}", auth=Token(Scope.CASES_READ), response={200: CaseOut, **ALSO}, summary="Ett ärende")
def get_case(request: HttpRequest, id: Id) -> CaseOut:
    """Ärendet med det som har hänt och dess handlingar."""
    user = person(request)
    one = _cases(user, None).defer("search").filter(pk=id).first()
    if one is None:
        raise Http404("Ärendet finns inte.")
    if one.secret:
        access.record(user, "case.read", one, channel="api")
    before = one.continues_id and access.visible(user, Case.objects.filter(pk=one.continues_id)).exists()
    steps = access.visible(user, CaseStep.objects.filter(case=one)).select_related("body")
    return CaseOut(
        **_case_row(one),
        summary=one.summary,
        continues=one.continues_id if before else None,
        steps=[
            CaseStepOut(
                on=step.on, phase=step.phase, course=step.course, body=step.body.short_name if step.body else None,
                note=step.note,
            )
            for step in steps
        ],
        documents=[
            _document_row(each) for each in _documents(user, None).filter(case=one).order_by("number")
        ],
    )  # fmt: skip


def _documents(user: Person, slug: str | None) -> QuerySet[Document]:
    access.require(user, Action.VIEW, Resource.CASES)
    rows = values.within(user, access.visible(user, Document.objects.all()), slug)
    current = DocumentVersion.objects.filter(current=True).defer("letter")
    versions = Prefetch("versions", current.select_related("file_version__blob", "pdf"), to_attr="holding")
    return (
        rows.select_related("committee", "case")
        .defer("search", "text", "case__search")
        .prefetch_related(versions)
    )


def _content(version: DocumentVersion) -> tuple[str, str, int, str] | None:
    """Name, type, size and digest of what a version holds: the file that came in, or the letter as PDF."""
    if (kept := version.file_version) is not None and kept.blob is not None:
        return kept.name, kept.blob.type, kept.size, kept.sha256
    if version.pdf is not None and version.pdf_state == DocumentVersion.PdfState.DONE:
        return f"{version.document.title}.pdf", "pdf", version.pdf.size, version.pdf.sha256
    return None


def _document_row(one: Document) -> DocumentRow:
    version: DocumentVersion | None = next(iter(one.holding), None)  # type: ignore[attr-defined]  # by _documents
    content = _content(version) if version else None
    return DocumentRow(
        id=one.pk, committee=one.committee.slug, case=one.case_id, case_number=one.case.number, number=one.number,
        kind=one.kind, title=one.title, dated_on=one.dated_on, received_on=one.received_on, sender=one.sender,
        secret=one.secret or one.case.secret, secrecy_section=one.secrecy_section or one.case.secrecy_section,
        version=version.number if version else None, pages=version.pages if version else None,
        file=FileOut(
            name=content[0], type=content[1], size=content[2], sha256=content[3],
            url=reverse("api:v1:document_file", args=[one.pk]),
        ) if content else None,
    )  # fmt: skip


@documents.get(
    "", auth=Token(Scope.CASES_READ), response={200: DocumentPage, **ALSO}, summary="Lista handlingar"
)
def list_documents(
    request: HttpRequest,
    committee: Committee = None,
    case: Annotated[Number | None, Query(description="Ärendets id.")] = None,
    kind: DocumentKind | None = None,
    dated_from: Annotated[Day | None, Query(description="Daterad denna dag eller senare.")] = None,
    dated_before: Annotated[Day | None, Query(description="Daterad före denna dag.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> DocumentPage:
    """Uppgifter om handlingarna, de senast daterade först. Innehållet hämtas med adressen i file.url."""
    rows = _documents(person(request), committee)
    if case is not None:
        rows = rows.filter(case=case)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if dated_from is not None:
        rows = rows.filter(dated_on__gte=dated_from)
    if dated_before is not None:
        rows = rows.filter(dated_on__lt=dated_before)
    found, place = values.a_page(rows, "dated_on", after, limit, date.fromisoformat)
    return DocumentPage(items=[_document_row(one) for one in found], next=place)


@documents.get(
    "/{id}/file",
    auth=Token(Scope.CASES_READ),
    response={**ALSO},
    summary="En handlings fil",
    url_name="document_file",
    openapi_extra={
        "responses": {200: {"description": "OK", "content": {one.mime: BINARY for one in KINDS.values()}}}
    },
)
def get_document_file(request: HttpRequest, id: Id) -> HttpResponseBase:
    """Den gällande versionens fil som den kom in, eller tjänsteskrivelsen som PDF."""
    user = person(request)
    one = _documents(user, None).filter(pk=id).first()
    version: DocumentVersion | None = next(iter(one.holding), None) if one else None  # type: ignore[attr-defined]
    content = _content(version) if version else None
    if one is None or version is None or content is None:
        raise Http404("Handlingen finns inte, eller har ingen fil än.")
    path: FilePath = open_version(version.file_version) if version.file_version else disk.path_of(content[3])
    if not path.is_file():
        raise Http404("Filens innehåll saknas på servern. Säg till systemförvaltaren.")
    access.record(user, "document.read", one, channel="api")
    answer = FileResponse(
        path.open("rb"), as_attachment=True, filename=content[0], content_type=KINDS[content[1]].mime
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
