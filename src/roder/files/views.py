"""Pages of files: attach to a record, a file with its versions, and the one way out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from roder import access
from roder.core.faults import UserFault
from roder.core.models import Record, StaleRecordError
from roder.core.numbers import whole_number
from roder.files import disk, secrecy, services, uploading
from roder.files.kinds import ACCEPT, ALLOWED, KINDS
from roder.files.models import FileVersion, StoredFile
from roder.web.scope import page

#: Nothing in a file may run or fetch anything, wherever it is opened.
POLICY = "sandbox; default-src 'none'; img-src 'self'; style-src 'none'; frame-ancestors 'none'"


def receives_file(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Make a view take its files to disk with a limit. The limit must be set before the form is read for its token."""
    protected = csrf_protect(view)

    @wraps(view)
    def receive(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            uploading.limit(request, settings.FILE_MAX_BYTES)
        return protected(request, *args, **kwargs)

    return csrf_exempt(receive)


def _subject(request: HttpRequest, kind: str, pk: int) -> Record:
    """The record, if the person may see it. Raises Http404."""
    model = secrecy.model_of(kind)
    if model is None or not issubclass(model, Record) or pk > 2**62:
        raise Http404("Det som filen ska höra till finns inte.")
    found = access.visible(request.user, model._base_manager.filter(pk=pk)).first()
    if found is None:
        raise Http404("Det som filen ska höra till finns inte.")
    return found


def _file(request: HttpRequest, pk: int) -> StoredFile:
    """The file, if the person may see the record that it belongs to; removed ones are shown as such. Raises Http404."""
    rows = StoredFile.objects.select_related("current__blob", "removed_by")
    found = rows.filter(pk=pk).first() if pk < 2**62 else None
    if found is None or not services.may_see(request.user, found):
        raise Http404("Filen finns inte.")
    return found


def _version(request: HttpRequest, pk: int, number: int) -> FileVersion:
    found = (
        _file(request, pk)
        .versions.select_related("blob", "file")
        .filter(number=min(number, 2**31 - 1))
        .first()
    )
    if found is None or found.blob is None:
        raise Http404("Filen finns inte.")
    return found


def _back(request: HttpRequest, otherwise: str) -> str:
    """Where the form says that one came from, when that is a page of ours."""
    wanted = request.POST.get("next", "")
    return (
        wanted
        if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
        else otherwise
    )


def _sent(request: HttpRequest) -> Any:
    """The file of the form. Raises FileFault when there is none, or when it was too large to take in."""
    sent = request.FILES.get("fil")  # the form is read here, at the latest
    if name := getattr(request, "file_too_large", ""):
        most = services.limit_words(settings.FILE_MAX_BYTES)
        raise services.FileFault(
            f"”{services.clean_name(name)}” är för stor: högst {most} ryms. Minska den eller dela upp den."
        )
    if sent is None:
        raise services.FileFault("Välj en fil.")
    return sent


@require_http_methods(["GET", "HEAD", "POST"])
@receives_file
@page()
def attach(request: HttpRequest, kind: str, subject: int) -> HttpResponseBase:
    """A record's files, and the form to attach one. What was wrong is said here, and nothing typed is lost."""
    record = _subject(request, kind, subject)
    fault = ""
    if request.method == "POST":
        if not services.may_add(request.user, record):
            raise PermissionDenied("Dina mandat ger inte rätt att bifoga filer här.")
        try:
            services.store(_sent(request), record, request.user, title=request.POST.get("titel", ""))
            messages.success(request, "Filen är sparad.")
            return redirect(_back(request, request.path))
        except UserFault as error:
            fault = str(error)
    context = {
        "subject": record,
        "files": services.of(record),
        "may_add": services.may_add(request.user, record),
        "fault": fault,
        "title": request.POST.get("titel", ""),
        "next": _back(request, ""),
        **_limits(),
    }
    return render(request, "files/attach.html", context, status=400 if fault else 200)


def _limits() -> dict[str, str]:
    return {"accept": ACCEPT, "allowed": ALLOWED, "most": services.limit_words(settings.FILE_MAX_BYTES)}


@require_GET
@page()
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """A file with its versions; a tombstone when it is removed."""
    return _show(request, _file(request, pk))


def _show(request: HttpRequest, found: StoredFile, fault: str = "") -> HttpResponse:
    subject = secrecy.subject_of(found)
    context = {
        "file": found,
        "subject": subject,
        "versions": found.versions.select_related("blob", "stored_by"),
        "may_add": found.removed_at is None
        and subject is not None
        and services.may_add(request.user, subject),
        "may_remove": found.removed_at is None and services.may_remove(request.user, found),
        "fault": fault,
        "title": request.POST.get("titel", found.title),
        "why": request.POST.get("varfor", ""),
        **_limits(),
    }
    return render(request, "files/file.html", context, status=400 if fault else 200)


def _done(request: HttpRequest, pk: int, deed: Callable[[StoredFile], str]) -> HttpResponseBase:
    """Do a deed on the file and go back to its page, which says what was done or what was wrong."""
    found = _file(request, pk)
    try:
        messages.success(request, deed(found))
    except StaleRecordError:
        return _show(
            request, _file(request, pk), "Någon annan hann ändra filen före dig. Läs sidan och försök igen."
        )
    except UserFault as error:
        return _show(request, _file(request, pk), str(error))
    return redirect("files:file", pk)


@require_POST
@receives_file
@page()
def new_version(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Store a new version of the file."""

    def deed(found: StoredFile) -> str:
        if not services.may_change(request.user, found):
            raise PermissionDenied("Dina mandat ger inte rätt att ändra filen.")
        version = services.add_version(found, _sent(request), request.user)
        return f"Version {version.number} är sparad."

    return _done(request, pk, deed)


@require_POST
@page()
def title(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the file another title."""

    def deed(found: StoredFile) -> str:
        expected = whole_number(request.POST.get("revision"), 9) or 0
        services.rename(found, request.POST.get("titel", ""), expected, request.user)
        return "Titeln är sparad."

    return _done(request, pk, deed)


@require_POST
@page()
def bring_back(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """Make an earlier version the current one."""

    def deed(found: StoredFile) -> str:
        version = services.restore(found, min(number, 2**31 - 1), request.user)
        return f"Version {number} gäller igen, som version {version.number}."

    return _done(request, pk, deed)


@require_POST
@page()
def take_away(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Remove the file."""

    def deed(found: StoredFile) -> str:
        services.remove(found, request.POST.get("varfor", ""), request.user)
        return "Filen är borttagen."

    return _done(request, pk, deed)


def _safe(response: HttpResponseBase) -> HttpResponseBase:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_GET
@page()
def download(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """The one way out: a version, streamed, as a file to save. The trail says who took it out."""
    version = _version(request, pk, number)
    try:
        path = services.open_version(version)
    except services.FileFault as error:
        raise Http404(str(error)) from error
    assert version.blob is not None  # noqa: S101 - _version has seen to it
    kind = KINDS[version.blob.type]
    name = version.name if "." in version.name else f"{version.name}.{kind.endings[0]}"
    access.record(request.user, "file.read", version.file, version=number)
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=kind.mime)
    return _safe(answer)


@require_GET
@page()
def thumbnail(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """A small picture of a version's first page."""
    version = _version(request, pk, number)
    path = disk.thumbnail_of(version.sha256)
    if not path.is_file():
        raise Http404("Bilden finns inte.")
    return _safe(FileResponse(path.open("rb"), content_type="image/png"))
