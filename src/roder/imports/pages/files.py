"""Reading a file in: choose it, look at what it would do, decide."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from roder.access import Action, Resource
from roder.core.faults import UserFault
from roder.core.words import capital_first
from roder.files import kinds as files
from roder.imports import uploads
from roder.imports.blank import asked, csv_text, write_xlsx
from roder.imports.cells import Context
from roder.imports.declaration import Import
from roder.imports.faults import SHOWN
from roder.imports.guessing import first_rows
from roder.imports.headings import has_heading
from roder.imports.kinds import KINDS
from roder.imports.mapping import fitting
from roder.imports.readers import FileFault
from roder.imports.services import ImportFault, commit, may_import, preview, require_rights
from roder.web.scope import CommitteeRequest, committee_page

REPORTS = {"csv": "text/csv; charset=utf-8", "xlsx": files.KINDS["xlsx"].mime}


def kind_asked(request: CommitteeRequest, name: str) -> Import:
    """The kind in the address, if the person may read it in. Raises Http404, NotAllowedError."""
    what = KINDS.get(name)
    if what is None:
        raise Http404("Slaget av fil finns inte.")
    require_rights(what, request.scope.committee, request.user)
    return what


def kept_file(request: CommitteeRequest, what: Import, sha256: str) -> uploads.Upload:
    """The file in the address, if this person has uploaded it as this kind. Raises Http404."""
    kept = uploads.find(sha256, what.kind, request.scope.committee, request.user)
    if kept is None:
        raise Http404("Filen finns inte kvar. Välj den igen.")
    return kept


@committee_page(Resource.IMPORTS, Action.IMPORT)
def choose(request: CommitteeRequest) -> HttpResponse:
    """The kinds of files that the person may read in."""
    kinds = [what for what in KINDS.values() if may_import(what, request.scope.committee, request.user)]
    return render(request, "imports/choose.html", {"kinds": kinds})


@committee_page(Resource.IMPORTS, Action.IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: CommitteeRequest, kind: str) -> HttpResponse:
    """Choose a file of a kind; the page says which columns it has. A file with other headings goes by the page where
    they are mapped, unless a saved mapping fits."""
    what = kind_asked(request, kind)
    fault = ""
    if request.method == "POST":
        file: Any = request.FILES.get("fil")
        if isinstance(file, UploadedFile):
            try:
                kept = uploads.keep(file, what.kind, request.scope.committee, request.user)
                page = "imports:review" if _can_be_read(request, what, kept) else "imports:columns"
                return redirect(request.scope.url(page, what.kind, kept.sha256))
            except FileFault as error:
                fault = str(error)
        else:
            fault = "Välj en fil."
    return render(
        request,
        "imports/upload.html",
        {"what": what, "columns": asked(what), "fault": fault},
        status=400 if fault else 200,
    )


def _can_be_read(request: CommitteeRequest, what: Import, kept: uploads.Upload) -> bool:
    """Whether the file has our headings, or those of a saved mapping (which is then proposed); also when it is no table
    at all, which the review says best."""
    if what.opens is not None:
        return True
    context = Context(request.scope.committee, request.scope.year)
    try:
        sheets = [(one.name, [cells for _, cells in one.rows]) for one in first_rows(kept.path)]
    except FileFault:
        return True
    ours = has_heading(what, context)
    if any(ours(cells) for _, rows in sheets for cells in rows) or not any(rows for _, rows in sheets):
        return True
    layout = fitting(what, context, sheets)
    if layout is not None:
        kept.read_as(layout, proposed=True)
    return layout is not None


@committee_page(Resource.IMPORTS, Action.IMPORT)
def heading(request: CommitteeRequest, kind: str) -> HttpResponse:
    """A blank CSV file to fill in, with an example row."""
    what, context = kind_asked(request, kind), Context(request.scope.committee, request.scope.year)
    response = HttpResponse(csv_text(what, context), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{what.kind}.csv"'
    return response


@committee_page(Resource.IMPORTS, Action.IMPORT)
def workbook(request: CommitteeRequest, kind: str) -> HttpResponse:
    """A blank workbook to fill in, with explanations and the committee's own lists to choose from."""
    what, context = kind_asked(request, kind), Context(request.scope.committee, request.scope.year)
    response = HttpResponse(content_type=files.KINDS["xlsx"].mime)
    write_xlsx(what, context, response)
    response["Content-Disposition"] = f'attachment; filename="{what.kind}.xlsx"'
    return response


@committee_page(Resource.IMPORTS, Action.IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: CommitteeRequest, kind: str, sha256: str) -> HttpResponse:
    """What the file would do, with its faults at their rows; on POST another sheet of it, or reading it in."""
    what = kind_asked(request, kind)
    kept = kept_file(request, what, sha256)
    scope = request.scope
    if request.method == "POST" and "blad" in request.POST:
        kept.read_as(replace(kept.layout, sheet=request.POST["blad"] or None))
        return redirect(scope.url("imports:review", what.kind, sha256))
    context = kept.layout.on(Context(scope.committee, scope.year))
    if request.method == "POST":
        if request.POST.get("lasning", kept.reading) != kept.reading:
            messages.error(
                request, "Hur filen läses har ändrats sedan du granskade den. Se igenom den en gång till."
            )
            return redirect(scope.url("imports:review", what.kind, sha256))
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
    seen = preview(what, context, kept.path, request.user)
    return render(
        request,
        "imports/review.html",
        {"what": what, "kept": kept, "seen": seen, "more": max(0, seen.fault_count - SHOWN)},
    )


@committee_page(Resource.IMPORTS, Action.IMPORT)
def report(request: CommitteeRequest, kind: str, sha256: str, form: str) -> HttpResponseBase:
    """All that the review has found, as a file. The file is looked through again, so that it says how things stand."""
    what = kind_asked(request, kind)
    kept = kept_file(request, what, sha256)
    context = kept.layout.on(Context(request.scope.committee, request.scope.year))
    with tempfile.TemporaryDirectory(prefix="roder-granskning-") as folder:
        path = Path(folder) / f"granskning.{form}"
        preview(what, context, kept.path, request.user, path)
        file = path.open("rb")  # lives on without its name until it is sent
    name = f"granskning-{kept.name.rsplit('.', 1)[0]}.{form}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=REPORTS[form])
