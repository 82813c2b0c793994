"""Pages for reading files in: choose a file, look at what it would do, decide; see what was read in, take it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from roder import access
from roder.access import Action, Resource
from roder.core.faults import UserFault
from roder.core.models import ImportBatch
from roder.core.words import capital_first
from roder.files import kinds as files
from roder.imports import uploads
from roder.imports.blank import csv_text, write_xlsx
from roder.imports.cells import Context
from roder.imports.declaration import Import
from roder.imports.faults import SHOWN
from roder.imports.kinds import KINDS
from roder.imports.readers import FileFault
from roder.imports.services import ImportFault, commit, may_import, preview, require_rights, undo
from roder.web.scope import CommitteeRequest, committee_page


def _kind(request: CommitteeRequest, name: str) -> Import:
    """The kind in the address, if the person may read it in. Raises Http404, NotAllowedError."""
    what = KINDS.get(name)
    if what is None:
        raise Http404("Slaget av fil finns inte.")
    require_rights(what, request.scope.committee, request.user)
    return what


@committee_page(Resource.IMPORTS, Action.IMPORT)
def choose(request: CommitteeRequest) -> HttpResponse:
    """The kinds of files that the person may read in."""
    kinds = [what for what in KINDS.values() if may_import(what, request.scope.committee, request.user)]
    return render(request, "imports/choose.html", {"kinds": kinds})


@committee_page(Resource.IMPORTS, Action.IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: CommitteeRequest, kind: str) -> HttpResponse:
    """Choose a file of a kind; the page says which columns it has."""
    what = _kind(request, kind)
    fault = ""
    if request.method == "POST":
        file: Any = request.FILES.get("fil")
        if isinstance(file, UploadedFile):
            try:
                kept = uploads.keep(file, what.kind, request.scope.committee, request.user)
                return redirect(request.scope.url("imports:review", what.kind, kept.sha256))
            except FileFault as error:
                fault = str(error)
        else:
            fault = "Välj en fil."
    return render(
        request, "imports/upload.html", {"what": what, "fault": fault}, status=400 if fault else 200
    )


@committee_page(Resource.IMPORTS, Action.IMPORT)
def heading(request: CommitteeRequest, kind: str) -> HttpResponse:
    """A blank CSV file to fill in, with an example row."""
    what, context = _kind(request, kind), Context(request.scope.committee, request.scope.year)
    response = HttpResponse(csv_text(what, context), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{what.kind}.csv"'
    return response


@committee_page(Resource.IMPORTS, Action.IMPORT)
def workbook(request: CommitteeRequest, kind: str) -> HttpResponse:
    """A blank workbook to fill in, with explanations and the committee's own lists to choose from."""
    what, context = _kind(request, kind), Context(request.scope.committee, request.scope.year)
    response = HttpResponse(content_type=files.KINDS["xlsx"].mime)
    write_xlsx(what, context, response)
    response["Content-Disposition"] = f'attachment; filename="{what.kind}.xlsx"'
    return response


def _kept(request: CommitteeRequest, what: Import, sha256: str) -> uploads.Upload:
    kept = uploads.find(sha256, what.kind, request.scope.committee, request.user)
    if kept is None:
        raise Http404("Filen finns inte kvar. Välj den igen.")
    return kept


@committee_page(Resource.IMPORTS, Action.IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: CommitteeRequest, kind: str, sha256: str) -> HttpResponse:
    """What the file would do, with its faults at their rows; and, on POST, reading it in."""
    what = _kind(request, kind)
    kept = _kept(request, what, sha256)
    scope = request.scope
    context = Context(scope.committee, scope.year)
    if request.method == "POST":
        try:
            done = commit(what, context, kept.path, kept.name, request.user, sha256=sha256)
        except ImportFault as fault:
            messages.error(request, f"{fault.fault_count} fel; ingenting har lästs in.")
        except UserFault as fault:
            messages.error(request, capital_first(str(fault)))
        else:
            if done.batch is None:
                messages.info(request, "Allt i filen fanns redan. Ingenting ändrades.")
                return redirect(scope.url("imports:inlasning"))
            messages.success(request, f"{kept.name} är inläst.")
            return redirect(scope.url("imports:batch", done.batch.pk))
    seen = preview(what, context, kept.path, request.user, kept.report)
    return render(
        request,
        "imports/review.html",
        {"what": what, "kept": kept, "seen": seen, "more": max(0, seen.fault_count - SHOWN)},
    )


@committee_page(Resource.IMPORTS, Action.IMPORT)
def faults(request: CommitteeRequest, kind: str, sha256: str) -> HttpResponseBase:
    """All faults of a file as CSV."""
    kept = _kept(request, _kind(request, kind), sha256)
    if not kept.report.is_file():
        raise Http404("Filen har inga fel.")
    name = f"fel-{kept.name.rsplit('.', 1)[0]}.csv"
    return FileResponse(kept.report.open("rb"), as_attachment=True, filename=name, content_type="text/csv")


def _batch(request: CommitteeRequest, pk: int) -> ImportBatch:
    rows = ImportBatch.objects.filter(committee=request.scope.committee, pk=pk).select_related("imported_by")
    found = access.visible(request.user, rows).first()
    if found is None:
        raise Http404("Inläsningen finns inte.")
    return found


@committee_page(Resource.IMPORTS)
def batch(request: CommitteeRequest, pk: int) -> HttpResponse:
    """One read-in file: what, when, by whom, and taking it back."""
    one = _batch(request, pk)
    what = KINDS.get(one.kind)
    may_undo = (
        what is not None
        and what.has_batch
        and one.undone_at is None
        and may_import(what, request.scope.committee, request.user)
    )
    return render(request, "imports/batch.html", {"batch": one, "what": what, "may_undo": may_undo})


@committee_page(Resource.IMPORTS, Action.IMPORT)
@require_POST
def take_back(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Undo a read-in file."""
    one = _batch(request, pk)
    try:
        rows = undo(_kind(request, one.kind), one, request.user)
        messages.success(request, f"Inläsningen är ångrad: {rows} rader.")
    except UserFault as fault:
        messages.error(request, capital_first(str(fault)))
    return redirect(request.scope.url("imports:batch", pk))
