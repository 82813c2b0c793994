"""The pages of documents: add one, look at one with its versions, compare two versions, fetch the file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from roder import access, files
from roder.access.matrix import Action, Resource
from roder.core.register import history
from roder.files import disk
from roder.files.kinds import KINDS
from roder.files.services import clean_name
from roder.files.views import POLICY, receives_file
from roder.meetings.models import AgendaItem, Document, DocumentVersion, ItemPaper
from roder.meetings.pages.case_forms import DocumentForm, NewDocumentForm, VersionForm, sent_file
from roder.meetings.pages.cases import case_of, most_bytes, show_form
from roder.meetings.rules import differences
from roder.meetings.services import documents as services
from roder.meetings.services.calendar import seen_items
from roder.web.scope import CommitteeRequest, committee_page

CONTEXT = 1  # paragraphs shown around a change; the rest of what is equal is folded


def _rows(request: CommitteeRequest) -> QuerySet[Document]:
    rows = Document.objects.filter(committee=request.scope.committee).defer("search", "text")
    return access.visible(request.user, rows).select_related("case", "committee__municipality")


def _document(request: CommitteeRequest, pk: int, action: Action = Action.VIEW) -> Document:
    """The document, for those who may see it (404), and then do the action (403)."""
    found = get_object_or_404(_rows(request), pk=min(pk, 2**62))
    if action is not Action.VIEW:
        access.require(request.user, action, found)
    return found


def _version(request: CommitteeRequest, pk: int) -> DocumentVersion:
    rows = DocumentVersion.objects.filter(document__committee=request.scope.committee, pk=min(pk, 2**62))
    seen = access.visible(request.user, rows).select_related("document__case", "file_version__blob", "pdf")
    return get_object_or_404(seen)


# --- look -------------------------------------------------------------------------------------------------------------


@require_GET
@committee_page(Resource.CASES)
def document(request: CommitteeRequest, pk: int) -> HttpResponse:
    """A document: what it is, its versions, where it has stood."""
    row = _document(request, pk)
    versions = list(row.versions.select_related("file_version__blob", "made_by"))
    papers = access.visible(request.user, ItemPaper.objects.filter(version__document=row))
    items = seen_items(request.user, AgendaItem.objects.filter(papers__in=papers)).select_related(
        "meeting__body"
    )
    current = next((one for one in versions if one.current), None)
    context = {
        "document": row,
        "number": services.number_of(row),
        "versions": versions,
        "current": current,
        "before": next((one for one in versions if current and one.number < current.number), None),
        "items": items.distinct().order_by("meeting__date", "position"),
        "file": files.of(row).first(),
        "edits": access.may(request.user, Action.EDIT, row),
        "history": history.of(row),
    }
    return render(request, "meetings/document.html", context)


@require_GET
@committee_page(Resource.CASES)
def compare(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Two versions beside each other, paragraph by paragraph, with the words that came and went marked."""
    row = _document(request, pk)
    versions = list(row.versions.select_related("file_version__blob"))
    if len(versions) < 2:
        raise Http404("Handlingen har bara en version.")
    by_number = {str(one.number): one for one in versions}
    new = by_number.get(request.GET.get("till", ""), versions[0])
    before = next((one for one in versions if one.number < new.number), versions[-1])
    old = by_number.get(request.GET.get("fran", ""), before)
    changes = services.difference(old, new)
    context = {
        "document": row,
        "versions": versions,
        "old": old,
        "new": new,
        "count": differences.count(changes),
        "parts": _shown(changes),
        "unread": not services.paragraphs_of(old) or not services.paragraphs_of(new),
    }
    return render(request, "meetings/document_compare.html", context)


def _shown(changes: list[differences.Change]) -> list[dict[str, Any]]:
    """The paragraphs to show: what differs with its words, what is equal near it, and how much is folded between."""
    near = {
        place + step
        for place, one in enumerate(changes)
        if one.op != differences.EQUAL
        for step in range(-CONTEXT, CONTEXT + 1)
    }
    shown: list[dict[str, Any]] = []
    for place, one in enumerate(changes):
        if one.op == differences.EQUAL and place not in near:
            if shown and shown[-1]["op"] == "folded":
                shown[-1]["paragraphs"].append(one.new)
            else:
                shown.append({"op": "folded", "paragraphs": [one.new]})
            continue
        words = differences.words(one.old, one.new) if one.op == differences.CHANGED else []
        shown.append({"op": one.op, "old": one.old, "new": one.new, "words": words})
    return shown


# --- add and change ---------------------------------------------------------------------------------------------------


@receives_file
@committee_page(Resource.CASES, Action.EDIT)
def new(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Add a document to a case."""
    case = case_of(request, pk, Action.EDIT)
    back = request.scope.url("meetings:case", pk)
    form = NewDocumentForm(request.POST or None, request.FILES or None, scope=request.scope)
    made: list[Document] = []

    def save(said: dict[str, Any]) -> None:
        values = {
            name: value for name, value in said.items() if name not in ("revision", "file", "kind", "title")
        }
        made.append(
            services.add_document(
                case, said["kind"], said["title"], request.user, upload=said["file"], **values
            )
        )

    if request.method == "POST":
        sent_file(request, form, most_bytes())
        if not form.errors and form.try_to(save):
            _say_added(request, services.current(made[0]))
            return redirect(back)
    return show_form(
        request, form, "Lägg till handling", "Lägg till", back, case=case,
        lead="En tjänsteskrivelse skriver du i Roder: välj Skriv tjänsteskrivelse på ärendets sida.",
    )  # fmt: skip


def _say_added(request: CommitteeRequest, version: DocumentVersion) -> None:
    if version.pdf_state == DocumentVersion.PdfState.FAILED:
        messages.warning(request, f"Handlingen är sparad, men: {version.pdf_fault}")
    elif version.pdf_state == DocumentVersion.PdfState.WAITING:
        messages.success(request, "Handlingen är sparad. Den görs om till PDF inom någon minut.")
    else:
        messages.success(request, "Handlingen är sparad.")


@committee_page(Resource.CASES, Action.EDIT)
def edit(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Change what stands on a document. A second saver sees both texts, and nothing typed is lost."""
    row = _document(request, pk, Action.EDIT)
    back = request.scope.url("meetings:document", pk)
    initial = {name: getattr(row, name) for name in (*services.FIELDS, "revision")}
    form = DocumentForm(request.POST or None, scope=request.scope, initial=initial)

    def save(said: dict[str, Any]) -> None:
        values = {name: value for name, value in said.items() if name in services.FIELDS}
        services.update_document(row, request.user, said["revision"] or 0, **values)

    if request.method == "POST" and form.try_to(save):
        messages.success(request, "Sparat.")
        return redirect(back)
    return show_form(request, form, f"Ändra {row.title}", "Spara", back, case=row.case)


@receives_file
@committee_page(Resource.CASES, Action.EDIT)
def new_version(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Add a version of a document that is a file."""
    row = _document(request, pk, Action.EDIT)
    back = request.scope.url("meetings:document", pk)
    is_letter = row.kind == Document.Kind.LETTER
    if is_letter and row.versions.filter(current=True, letter__isnull=False).exists():
        return redirect(request.scope.url("meetings:letter_version", pk))
    form = VersionForm(request.POST or None, request.FILES or None)

    def save(said: dict[str, Any]) -> None:
        services.add_document_version(
            row, request.user, upload=said["file"], dated_on=said["dated_on"], note=said["note"]
        )

    if request.method == "POST":
        sent_file(request, form, most_bytes())
        if not form.errors and form.try_to(save):
            _say_added(request, services.current(row))
            return redirect(back)
    lead = "Den nya versionen gäller från nu. De tidigare finns kvar och går att jämföra med."
    return show_form(request, form, f"Ny version av {row.title}", "Spara", back, lead=lead, case=row.case)


@require_POST
@committee_page(Resource.CASES, Action.EDIT)
def pdf_again(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Try once more to make the PDF of a version."""
    version = _version(request, pk)
    services.try_pdf_again(version, request.user)
    messages.success(request, "Ett nytt försök görs inom någon minut. Ladda om sidan om en stund.")
    return redirect(request.scope.url("meetings:document", version.document_id))


# --- the way out ------------------------------------------------------------------------------------------------------


@require_GET
@committee_page(Resource.CASES)
def file(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """A version as a file to save: its PDF, or with ``?original`` (or when there is no PDF) the file that came in. The
    trail says who took it out."""
    version = _version(request, pk)
    stored = version.file_version
    original = stored if "original" in request.GET or version.pdf is None else None
    if original is not None and original.blob is not None:
        sha, kind, name = original.sha256, original.blob.type, original.name
    elif version.pdf is not None:
        sha, kind, name = (
            version.pdf.sha256,
            "pdf",
            f"{services.number_of(version.document)} {version.document.title}.pdf",
        )
    else:
        raise Http404("Handlingen har ingen fil att hämta än.")
    path = disk.path_of(sha)
    if not path.is_file():
        raise Http404(
            "Filens innehåll saknas på servern. Säg till systemförvaltaren: den finns i säkerhetskopian."
        )
    access.record(request.user, "document.read", version.document, version=version.number)
    answer = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=clean_name(name.replace("/", "-")),
        content_type=KINDS[kind].mime,
    )
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
