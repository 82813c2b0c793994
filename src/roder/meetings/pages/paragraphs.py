"""The page of a paragraph, writing in it, attesting it at once, and its extract."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from roder import access
from roder.access import Action, Resource
from roder.core.faults import UserFault
from roder.core.models import StaleRecordError
from roder.core.numbers import whole_number
from roder.core.register import history
from roder.meetings.models import BodyMember, MinuteItem, Minutes
from roder.meetings.pages.minutes import _day, _put
from roder.meetings.pages.minutes_forms import ParagraphForm
from roder.meetings.papers import extract
from roder.meetings.papers import minutes as paper
from roder.meetings.rules import minutes as rules
from roder.meetings.rules.minutes import MinutesFault
from roder.meetings.services import dispatch
from roder.meetings.services import minutes as services
from roder.reports.document import Document, Heading, Reference
from roder.reports.render import html
from roder.web.scope import CommitteeRequest, committee_page


def own_paragraph(request: CommitteeRequest, pk: int) -> tuple[MinuteItem, Minutes | None]:
    """A paragraph that the person may read, and its minutes if they are opened. Raises Http404."""
    rows = MinuteItem.objects.filter(item__meeting__committee=request.scope.committee)
    row = get_object_or_404(
        rows.select_related("item__meeting__body__municipality", "item__case", "body"), pk=pk
    )
    record = (
        Minutes.objects.filter(meeting=row.item.meeting_id)
        .select_related("meeting__body__municipality", "meeting__committee", "chair__person")
        .first()
    )
    seen = (
        services.paragraphs_for(request.user, record)
        if record
        else access.visible(request.user, MinuteItem.objects.all())
    )
    if not seen.filter(pk=pk).exists():
        raise Http404("Paragrafen finns inte.")
    return row, record


def _shown(row: MinuteItem, record: Minutes, *, public: bool) -> str:
    """The paragraph as it is printed, as a part of a page. Its own heading is the page's."""
    blocks = paper.paragraph_blocks(paper.paragraphs(record).get(pk=row.pk), public=public)
    kept = tuple(
        replace(one, level=1) if isinstance(one, Heading) else one
        for one in blocks
        if not (isinstance(one, Heading) and one.level == 1) and not isinstance(one, Reference)
    )
    made = Document(title=row.heading, kind=paper.KIND, municipality="", committee="", blocks=kept)
    return html.render(made, fragment=True)


@committee_page(Resource.MEETINGS)
def paragraph(request: CommitteeRequest, pk: int) -> HttpResponse:
    """What was decided, as printed; where it came from and where it went."""
    row, record = own_paragraph(request, pk)
    return render(request, "meetings/paragraph.html", _context(request, row, record))


def _context(request: CommitteeRequest, row: MinuteItem, record: Minutes | None) -> dict[str, Any]:
    edits = request.scope.may(Action.EDIT, Resource.MINUTES)
    sees = request.scope.may(Action.VIEW, Resource.SECRETS)
    signed = {one.member_id: one for one in row.attestations.all()} if record else {}
    mine = {one.pk for one in services.attests(request.user, record)} if record else set()
    early = bool(
        record and row.immediate and record.state in (rules.DRAFT, rules.CHECKED) and not row.attested_at
    )
    attested = dispatch.is_attested(row)
    return {
        "row": row,
        "record": record,
        "meeting": row.item.meeting,
        "shown": _shown(row, record, public=not sees) if record else "",
        "edits": edits,
        "writes": edits and record is not None and record.state == rules.DRAFT and not signed,
        "attested": attested,
        "signers": [
            {"member": one, "signed": signed.get(one.pk), "mine": one.pk in mine}
            for one in (services.signers_of(record) if record and early else [])
        ],
        "early": early,
        "dispatches": list(row.dispatches.select_related("sent_by")) if edits else [],
        "today": timezone.localdate(),
        "history": history.of(row) if edits else [],
        "seen_case": row.item.case and access.may(request.user, Action.VIEW, row.item.case),
    }


@committee_page(Resource.MINUTES, Action.EDIT)
def write(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Write in a paragraph of draft minutes."""
    row, record = own_paragraph(request, pk)
    if record is None:
        raise Http404("Protokollet är inte öppnat.")
    post = request.method == "POST"
    form = ParagraphForm(request.POST if post else None, initial=ParagraphForm.values_of(row))
    status, clash, revision, fault = 200, [], row.revision, ""
    if post:
        status = 422
        try:
            if form.is_valid():
                seen = whole_number(request.POST.get("revision"), 9) or 0
                services.edit_paragraph(row, request.user, seen, **form.deed())
                messages.success(request, f"§ {row.number} är sparad.")
                return redirect(_next(request, row, record))
        except StaleRecordError as stale:
            status, revision = 409, stale.current.revision
            current = MinuteItem.objects.get(pk=row.pk)
            values = ParagraphForm.values_of(current)
            clash = [
                (str(form.fields[name].label), value or "–")
                for name, value in values.items()
                if isinstance(value, str) and value != (form.cleaned_data.get(name) or "")
            ]
        except ValidationError as error:
            _put(form, error)
        except UserFault as error:
            fault = str(error)
    context = {
        "row": row, "record": record, "meeting": row.item.meeting, "form": form, "clash": clash,
        "revision": revision, "fault": fault,
    }  # fmt: skip
    return render(request, "meetings/paragraph_edit.html", context, status=status)


def _next(request: CommitteeRequest, row: MinuteItem, record: Minutes) -> str:
    """The next paragraph when asked for, else the minutes."""
    if "next" in request.POST and row.number:
        following = (
            services.paragraphs_for(request.user, record)
            .filter(number__gt=row.number)
            .order_by("number")
            .first()
        )
        if following:
            return request.scope.url("meetings:paragraph_write", following.pk)
    return request.scope.url("meetings:minutes", record.meeting_id)


@committee_page(Resource.MEETINGS)
def attest_at_once(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Attest one paragraph before the rest, or note its own notice."""
    row, record = own_paragraph(request, pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        if record is None:
            raise MinutesFault("Protokollet är inte öppnat.")
        if "posted_on" in request.POST:
            day = _day(request, "posted_on")
            if day is None:
                raise MinutesFault("Skriv dagen då anslaget sätts upp.")
            services.post_notice(record, request.user, day, paragraph=row)
            messages.success(request, "Anslaget är uppe.")
        else:
            member = BodyMember.objects.filter(pk=whole_number(request.POST.get("member")) or 0).first()
            if member is None:
                raise MinutesFault("Välj vem som har justerat.")
            services.attest_at_once(row, member, request.user, on_paper=_day(request, "on_paper"))
            messages.success(request, "Justeringen är antecknad.")
    except UserFault as fault:
        row, record = own_paragraph(request, pk)
        context = _context(request, row, record) | {"fault": str(fault)}
        return render(request, "meetings/paragraph.html", context, status=422)
    return redirect(request.scope.url("meetings:paragraph", pk))


@committee_page(Resource.MEETINGS)
def extract_file(request: CommitteeRequest, pk: int) -> HttpResponse:
    """The extract of an attested paragraph, as PDF."""
    row, _ = own_paragraph(request, pk)
    try:
        content = extract.extract_of(row)
    except MinutesFault as fault:
        raise Http404(str(fault)) from fault
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{dispatch.file_name(row)}"'
    return response
