"""What has been read in: one file, the file itself, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from roder import access
from roder.access import Action, Resource
from roder.core.faults import UserFault
from roder.core.models import ImportBatch
from roder.core.words import capital_first
from roder.imports import uploads
from roder.imports.kinds import KINDS
from roder.imports.pages.files import kind_asked
from roder.imports.refusals import UndoFault
from roder.imports.services import may_import, undo, undo_plan
from roder.web.scope import CommitteeRequest, committee_page


def _batch(request: CommitteeRequest, pk: int) -> ImportBatch:
    rows = ImportBatch.objects.filter(committee=request.scope.committee, pk=pk)
    found = access.visible(request.user, rows.select_related("imported_by", "undone_by")).first()
    if found is None:
        raise Http404("Inläsningen finns inte.")
    return found


@committee_page(Resource.IMPORTS)
def batch(request: CommitteeRequest, pk: int) -> HttpResponse:
    """One read-in file: what, when, by whom, how it was read, the file itself, and the way to take it back."""
    one = _batch(request, pk)
    what = KINDS.get(one.kind)
    may = what is not None and may_import(what, request.scope.committee, request.user)
    context = {
        "batch": one,
        "what": what,
        "may_fetch": may and uploads.original(one.sha256) is not None,
        "may_undo": may and one.undone_at is None,
        "columns": sorted(one.layout.get("kolumner", {}).items()),
        "constants": sorted(one.layout.get("samma", {}).items()),
        "sheet": one.layout.get("blad", ""),
    }
    return render(request, "imports/batch.html", context)


@committee_page(Resource.IMPORTS, Action.IMPORT)
def original(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """The file as it was when it was read in. Who may read in the kind may fetch it; that it was fetched is noted."""
    one = _batch(request, pk)
    kind_asked(request, one.kind)
    path = uploads.original(one.sha256)
    if path is None:
        raise Http404("Filen finns inte kvar.")
    access.record(request.user, "import.fetched", one, kind=one.kind, sha256=one.sha256)
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=one.file_name, content_type="application/octet-stream"
    )


@committee_page(Resource.IMPORTS, Action.IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: CommitteeRequest, pk: int) -> HttpResponse:
    """What undoing a read-in file would do, table by table, or why it cannot be done; on POST, doing it."""
    one = _batch(request, pk)
    what = kind_asked(request, one.kind)
    page = request.scope.url("imports:batch", pk)
    if one.undone_at is not None:
        messages.info(request, "Inläsningen är redan ångrad.")
        return redirect(page)
    refused: UserFault | None = None
    plan = None
    try:
        if request.method == "POST":
            done = undo(what, one, request.user)
            messages.success(request, f"Inläsningen är ångrad: {done.rows} rader.")
            for remark in done.left:
                messages.warning(request, remark)
            return redirect(page)
        plan = undo_plan(what, one, request.user)
    except UserFault as fault:
        refused = fault
    return render(
        request,
        "imports/undo.html",
        {
            "batch": one,
            "what": what,
            "plan": plan,
            "refused": refused if isinstance(refused, UndoFault) else None,
            "said": capital_first(str(refused)) if refused is not None else "",
        },
        status=409 if request.method == "POST" else 200,
    )
