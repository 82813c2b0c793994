"""Report on the phone, the receipt, and what became of what one has reported."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from roder import files
from roder.access import Action, NotAllowedError, Resource
from roder.core.faults import UserFault
from roder.quality import types
from roder.quality.models import Deviation
from roder.quality.pages.deviation_forms import ReportForm
from roder.quality.services.practice import practice_of
from roder.quality.services.report import Sent, own_units, report, reportable_units, supplement
from roder.web.scope import CommitteeRequest, committee_page

KEPT = "quality_report"  # session key: what was sent when the login had run out
MOST_KEPT = 60_000  # characters
MOST_PICTURES = 5
PER_PAGE = 30
Page = Callable[..., HttpResponseBase]


def keeps_what_was_sent(view: Page) -> Page:
    """When the login has run out, what was sent waits in the session for the same person to log in again."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not request.user.is_authenticated:
            sent = request.POST.copy()
            sent.pop("csrfmiddlewaretoken", None)
            if len(text := sent.urlencode()) <= MOST_KEPT:
                request.session[KEPT] = text
            return redirect_to_login(request.path)
        return view(request, *args, **kwargs)

    return page


@keeps_what_was_sent
@committee_page(Resource.DEVIATIONS, Action.REPORT)
def report_page(request: CommitteeRequest) -> HttpResponseBase:
    """The form. Sent twice with the same key it makes one report, and both times answers with its receipt."""
    scope = request.scope
    if request.method == "POST":
        form = _form(request, request.POST)
        try:
            made, added = _sent(request, form)
        except ValidationError as error:
            _put_at_fields(form, error)
        else:
            faults = _attach(request, made)
            if faults:
                request.session["quality_file_faults"] = faults
            if added:
                request.session["quality_supplemented"] = made.pk
            receipt = scope.url("quality:reported", made.pk)
            if (
                request.headers.get("X-Requested-With") == "fetch"
            ):  # the script goes there itself: one page, not two
                return HttpResponse(status=201, headers={"Location": receipt})
            return redirect(receipt)
        return _page(request, form, status=422)
    kept = request.session.pop(KEPT, None)
    sent = QueryDict(kept) if kept else None
    if sent is not None and sent.get("person") == str(request.user.pk):
        form = _form(request, sent)
        form.is_valid()
        form.errors.clear()
        return _page(request, form)
    return _page(request, _form(request, None))


def _form(request: CommitteeRequest, data: Any) -> ReportForm:
    scope = request.scope
    practice = practice_of(scope.committee, timezone.now())
    kinds = [
        one for group in types.choices(scope.committee) for kind in group.types
        for one in (kind.value, *(cause.value for cause in kind.causes))
    ]  # fmt: skip
    units = reportable_units(request.user, scope.committee).order_by("kind", "name")
    mine = own_units(request.user, scope.committee).order_by("name")
    initial = {
        "unit": mine.first() or (units.first() if units.count() == 1 else None),
        "client_key": uuid.uuid4(),
    }
    severities = [(one.value, one.label) for one in practice.severities]
    return ReportForm(data, units=units, kinds=kinds, severities=severities, initial=initial)


def _sent(request: CommitteeRequest, form: ReportForm) -> tuple[Deviation, bool]:
    """The report, made, and whether it was sent before and now got a supplement.

    Raises ValidationError by field with all that is wrong."""
    form.is_valid()
    read, now = form.cleaned_data, timezone.now()
    faults: dict[str, Any] = {name: list(errors.as_data()) for name, errors in form.errors.items()}
    sent = Sent(
        unit=read.get("unit"), occurred_at=form.moment(now) if "occurred_at" not in faults else now,
        time_written=read.get("when") == "other",
        discovered_at=read.get("discovered_at"), types=types.codes(read.get("types") or ()),
        what=read.get("what") or "", place=read.get("place") or "", reference=read.get("reference") or "",
        immediate_action=read.get("immediate_action") or "", told=form.told_text(), severity=read.get("severity"),
        work_environment=bool(read.get("work_environment")), direction=read.get("direction") or "intern",
        counterpart=read.get("counterpart") or "", client_key=read.get("client_key"),
    )  # fmt: skip
    if faults:
        raise ValidationError(faults)
    made = report(request.scope.committee, request.user, sent, now=now)
    return made, supplement(made, request.user, sent, now=now)


def _put_at_fields(form: ReportForm, error: ValidationError) -> None:
    form.errors.clear()
    for name, errors in getattr(error, "error_dict", {"": [error]}).items():
        form.add_error(name if name in form.fields else None, errors)


def _attach(request: CommitteeRequest, made: Deviation) -> list[str]:
    """Store the pictures that came with the report, each once however often it is sent; what could not be stored is
    told, and the report stands."""
    faults = []
    known = set(files.of(made).values_list("current__sha256", flat=True))
    sent = request.FILES.getlist("files")
    for upload in sent[:MOST_PICTURES]:
        digest = hashlib.sha256()
        for piece in upload.chunks():
            digest.update(piece)
        upload.seek(0)
        if digest.hexdigest() in known:
            continue
        known.add(digest.hexdigest())
        try:
            files.store(upload, made, request.user)
        except (UserFault, ValidationError, NotAllowedError) as fault:
            faults.append(f"{upload.name}: {' '.join(getattr(fault, 'messages', [str(fault)]))}")
    too_many = f"högst {MOST_PICTURES} filer följer med en rapport. Be enhetens chef bifoga den i ärendet."
    return faults + [f"{upload.name}: {too_many}" for upload in sent[MOST_PICTURES:]]


def _page(request: CommitteeRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    scope = request.scope
    chosen = form["types"].value() or []
    groups = types.choices(scope.committee, chosen)
    practice = practice_of(scope.committee, timezone.now())
    context = {
        "form": form,
        "groups": groups,
        "severities": [
            (one, str(form["severity"].value() or "") == str(one.value)) for one in practice.severities
        ],
        "chosen_told": form["told"].value() or [],
        "when": form["when"].value() or "now",
        "few_units": form.fields["unit"].queryset.count() == 1,  # type: ignore[attr-defined]
        "returned": form.is_bound,
        "now": timezone.localtime(),
    }
    return render(request, "quality/report.html", context, status=status)


def _mine(request: CommitteeRequest) -> Any:
    rows = Deviation.objects.filter(committee=request.scope.committee, reporter=request.user)
    return rows.select_related("unit").prefetch_related("matters__type")


@committee_page(Resource.DEVIATIONS, Action.REPORT)
def reported(request: CommitteeRequest, pk: int) -> HttpResponse:
    """One's own report: the receipt with the number and what happens now; later what became of it."""
    case = get_object_or_404(_mine(request), pk=pk)
    context = {
        "case": case,
        "fresh": case.state == Deviation._meta.get_field("state").default and _is_fresh(case),
        "steps": _way(case),
        "file_faults": request.session.pop("quality_file_faults", []),
        "files": files.of(case),
        "supplemented": request.session.pop("quality_supplemented", None) == case.pk,
    }
    return render(request, "quality/reported.html", context)


def _is_fresh(case: Deviation) -> bool:
    return (timezone.now() - case.reported_at).total_seconds() < 15 * 60


def _way(case: Deviation) -> list[tuple[str, Any]]:
    """What the reporter may know of the way: which steps there are and which are done, never by whom or with what."""
    words = {
        "assessment": "Legitimerad personal bedömer händelsen", "facts": "Chefen lämnar uppgifter om händelsen",
        "classification": "Händelsen klassificeras", "investigation": "Händelsen utreds",
        "follow_up": "Åtgärderna följs upp",
    }  # fmt: skip
    done = {one.code: one.done_at for one in case.steps.all()}
    found: list[tuple[str, Any]] = [("Du har rapporterat", case.reported_at)]
    found += [(label, done[code]) for code, label in words.items() if code in done]
    return [*found, ("Avslutad", case.closed_at)]


@committee_page(Resource.DEVIATIONS, Action.REPORT)
def mine(request: CommitteeRequest) -> HttpResponse:
    """Everything that one has reported in the committee, latest first."""
    rows = _mine(request).order_by("-reported_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("sida"))
    return render(request, "quality/mine.html", {"page_rows": page, "cases": list(page)})
