"""My sheets, and one sheet: filled in by whoever's turn it is, read by those above. Rows are saved one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from roder import access
from roder.access import NotAllowedError
from roder.access.matrix import Action, Resource
from roder.followup.faults import MissingFault
from roder.followup.models import Line, Sheet
from roder.followup.pages import my_show, sheet_show
from roder.followup.pages.sheet_forms import LineForm, ReasonForm, RowForm, SummaryForm, plain
from roder.followup.services import sheets
from roder.web.scope import CommitteeRequest, committee_page


@committee_page(Resource.FOLLOW_UP)
def mine(request: CommitteeRequest) -> HttpResponse:
    """The sheets that wait for me, by post or as a deputy, and those that I am to approve."""
    return render(request, "followup/round/my.html", my_show.context(request))


def sheet_of(request: CommitteeRequest, pk: int) -> Sheet:
    """A sheet of the committee that the person may see. Raises Http404."""
    rows = Sheet.objects.filter(committee=request.scope.committee)
    rows = rows.select_related("unit", "above", "committee", "round__occasion__model", "written_by")
    return get_object_or_404(access.visible(request.user, rows), pk=pk)


@committee_page(Resource.FOLLOW_UP)
def sheet_page(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Fill in the sheet, or read it. What was typed is saved whether or not it can be marked ready."""
    sheet = sheet_of(request, pk)
    shown = sheet_show.Shown.of(sheet, request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if shown.rights.write:
            if answer := _sent(request, shown):
                return answer
        elif access.may(request.user, Action.COMMENT, sheet):
            return page(request, shown, unsaved=unsaved(request, shown), status=409)
        else:
            raise NotAllowedError("Bladet är inte ditt att skriva i.")
    return page(request, shown)


def page(request: CommitteeRequest, shown: sheet_show.Shown, **more: Any) -> HttpResponse:
    """The page of a sheet, with its deeds' forms when they were refused."""
    wrong = shown.faults or shown.missing or shown.refused
    status = more.pop("status", 0) or (409 if shown.clashes else 400 if wrong else 200)
    context = {
        **shown.context(request),
        "return_form": ReasonForm(
            label="Vad behöver kompletteras?", help_text="Texten läses av den som har skrivit bladet.",
            auto_id="tillbaka_%s",
        ),
        "reopen_form": ReasonForm(
            label="Varför öppnas bladet igen?", help_text="Den som har skrivit bladet får veta det.",
            auto_id="oppna_%s",
        ),
        **more,
    }  # fmt: skip
    return render(request, "followup/round/sheet.html", context, status=status)


def unsaved(request: CommitteeRequest, shown: sheet_show.Shown) -> list[tuple[str, str]]:
    """What was typed in a sheet that somebody marked as ready in between, where it is not what stands there."""
    found = []
    for row in shown.rows:
        for name in ("comment", "outlook", "measures_taken", "override_reason"):
            typed = plain(request.POST.get(f"r{row.line.pk}-{name}", ""))
            if typed and typed != plain(getattr(row.line, name)):
                found.append((row.line.title, typed))
    typed = plain(request.POST.get(f"s{shown.sheet.pk}-summary", ""))
    if typed and typed != plain(shown.sheet.summary):
        found.append(("Sammanfattning", typed))
    return found


def _sent(request: CommitteeRequest, shown: sheet_show.Shown) -> HttpResponse | None:
    """Save what was typed, and mark ready when asked to. None: the page is shown again with what is wrong."""
    ready = request.POST.get("deed") == "klar"
    for row in shown.rows:
        form = row.form
        if form and (settled(row.line, form, accept=ready) or form.try_to(line_saver(row.line, request))):
            shown.renew(row)
    told = shown.summary
    if told and (settled(shown.sheet, told) or told.try_to(summary_saver(shown.sheet, request))):
        shown.summary = SummaryForm(row=shown.sheet)
    if shown.clashes or shown.faults:
        return None
    here = request.scope.url("followup:sheet", shown.sheet.pk)
    if not ready:
        messages.success(request, "Sparat.")
        return redirect(here)
    try:
        sheets.mark_ready(sheet_of(request, shown.sheet.pk), request.user)
    except MissingFault as fault:
        fresh = sheet_show.Shown.of(sheet_of(request, shown.sheet.pk), request.user)
        shown.__dict__.update(fresh.__dict__)
        shown.missing = fault.missing
        return None
    except ValidationError as fault:
        shown.refused = " ".join(fault.messages)
        return None
    return redirect(my_show.after(request, shown.sheet))


def settled(row: Line | Sheet, form: RowForm, *, accept: bool = False) -> bool:
    """Whether there is nothing to save: what was typed stands there already, or has not been touched since the form was
    opened, in which case what somebody else has saved since is to stand."""
    if form.same_as(row, accept=accept):
        return True
    opened = form.typed("revision")
    if not opened or str(row.revision) == str(opened):
        return False
    before = row.events.filter(revision=opened).order_by("-pgh_id").first()  # type: ignore[union-attr]
    return before is not None and form.same_as(before)


def line_saver(line: Line, request: HttpRequest) -> Callable[[dict[str, Any]], Any]:
    """The deed of a row's form."""

    def save(said: dict[str, Any]) -> None:
        revision = said.pop("revision") or 0
        sheets.save_line(line, request.user, expected_revision=revision, **said)  # type: ignore[arg-type]

    return save


def summary_saver(sheet: Sheet, request: HttpRequest) -> Callable[[dict[str, Any]], Any]:
    """The deed of the summary's form."""

    def save(said: dict[str, Any]) -> None:
        sheets.save_summary(sheet, request.user, said["summary"], said["revision"] or 0)  # type: ignore[arg-type]

    return save


@require_POST
@committee_page(Resource.FOLLOW_UP, Action.COMMENT)
def line_saved(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Save one row by itself. Answers with its new revision and what is left, or with the row and what is wrong."""
    rows = Line.objects.filter(sheet__committee=request.scope.committee)
    line = get_object_or_404(access.visible(request.user, rows, Action.COMMENT), pk=pk)
    sheet = sheet_of(request, line.sheet_id)
    scale = sheets.scale_of(sheet)
    form = LineForm(request.POST, row=line, scale=scale)
    if settled(line, form) or form.try_to(line_saver(line, request)):
        return _answered(request, sheet, line.pk)
    shown = sheet_show.Shown.of(sheet, request.user, only=line.pk)
    row = shown.rows[0]
    row.form = form
    html = render_to_string("followup/round/_row.html", {"row": row, "summing": shown.sums_up}, request)
    return HttpResponse(html, status=form.status)


@require_POST
@committee_page(Resource.FOLLOW_UP, Action.COMMENT)
def summary_saved(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Save the summary by itself."""
    sheet = sheet_of(request, pk)
    form = SummaryForm(request.POST, row=sheet)
    if settled(sheet, form) or form.try_to(summary_saver(sheet, request)):
        return _answered(request, sheet_of(request, pk), 0)
    context = {"summary": form, "sheet": sheet, "summing": sheets.sums_up(sheet)}
    html = render_to_string("followup/round/_summary.html", context, request)
    return HttpResponse(html, status=form.status)


def _answered(request: CommitteeRequest, sheet: Sheet, line: int) -> JsonResponse:
    """What the page needs to know when a row has been saved (``line`` 0: the summary)."""
    shown = sheet_show.Shown.of(sheet, request.user)
    row = next((one for one in shown.rows if one.line.pk == line), None)
    answer: dict[str, Any] = {
        "revision": row.line.revision if row else shown.sheet.revision,
        "left": shown.left_words,
    }
    if row is not None:
        answer["mark"] = render_to_string("followup/round/_mark.html", {"row": row, "summing": shown.sums_up})
    return JsonResponse(answer)
