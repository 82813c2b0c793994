"""Att expediera: what is left to send, and noting or mailing each extract."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from roder import access
from roder.access import Action, Resource
from roder.core.faults import UserFault
from roder.files.models import Blob
from roder.files.services import keep_bytes
from roder.meetings.models import Dispatch, MinuteItem
from roder.meetings.pages.minutes import _day, own_minutes
from roder.meetings.pages.minutes_forms import RecipientForm
from roder.meetings.pages.paragraphs import own_paragraph
from roder.meetings.papers import extract
from roder.meetings.services import dispatch as services
from roder.web.scope import CommitteeRequest, committee_page

WAYS = [("post", "Post"), ("hand", "Lämnat över"), ("program", "I programmet")]


def _lines(request: CommitteeRequest) -> Any:
    rows = Dispatch.objects.filter(paragraph__item__meeting__committee=request.scope.committee)
    return (
        access.visible(request.user, rows)
        .select_related(
            "paragraph__item__meeting__body",
            "paragraph__item__case",
            "paragraph__item__parent__case",
            "sent_by",
        )
        .order_by("paragraph__item__meeting__date", "paragraph__number", "pk")
    )


@committee_page(Resource.MINUTES, Action.EDIT)
def to_send(request: CommitteeRequest) -> HttpResponse:
    """Everything of the committee that is not sent, by meeting."""
    found: dict[int, dict[str, Any]] = {}
    for one in _lines(request).filter(sent_at=None):
        meeting = one.paragraph.item.meeting
        found.setdefault(meeting.pk, {"meeting": meeting, "count": 0})["count"] += 1
    return render(request, "meetings/dispatch_list.html", {"meetings": list(found.values())})


@committee_page(Resource.MINUTES, Action.EDIT)
def dispatches(request: CommitteeRequest, pk: int) -> HttpResponse:
    """The extracts of one meeting: to whom, for what, sent when and how."""
    return render(request, "meetings/dispatch.html", _context(request, pk))


def _context(request: CommitteeRequest, pk: int) -> dict[str, Any]:
    record = own_minutes(request, pk)
    rows = list(_lines(request).filter(paragraph__item__meeting=record.meeting_id))
    groups: dict[int, dict[str, Any]] = {}
    for one in rows:
        group = groups.setdefault(
            one.paragraph_id,
            {"row": one.paragraph, "lines": [], "secret": services.is_secret(one.paragraph)},
        )
        group["lines"].append(one)
    return {
        "record": record,
        "meeting": record.meeting,
        "groups": list(groups.values()),
        "left": sum(one.sent_at is None for one in rows),
        "count": len(rows),
        "ways": WAYS,
        "today": timezone.localdate(),
    }


def _extract(row: MinuteItem) -> Blob:
    return keep_bytes(extract.extract_of(row), "pdf")


@committee_page(Resource.MINUTES, Action.EDIT)
def deed(request: CommitteeRequest, pk: int, slug: str) -> HttpResponse:
    """Mail an extract, note that it has gone, or strike the line."""
    if slug not in ("e-posta", "skickat", "stryk"):
        raise Http404("Sidan finns inte.")
    one = get_object_or_404(_lines(request), pk=pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    meeting = one.paragraph.item.meeting_id
    try:
        if slug == "stryk":
            services.remove(one, request.user)
            messages.success(request, f"{one.recipient} är struken.")
        elif slug == "e-posta":
            services.queue_mail(
                one, request.user, _extract(one.paragraph), str(request.POST.get("email", ""))
            )
            messages.success(request, f"Utdraget skickas till {one.recipient}.")
        else:
            way, on = str(request.POST.get("way", "")), _day(request, "on")
            services.note_sent(one, request.user, way, _extract(one.paragraph), on)
            messages.success(request, f"Antecknat: skickat till {one.recipient}.")
    except UserFault as fault:
        context = _context(request, meeting) | {"fault": str(fault), "faulty": pk, "typed": request.POST}
        return render(request, "meetings/dispatch.html", context, status=422)
    return redirect(request.scope.url("meetings:dispatches", meeting))


@committee_page(Resource.MINUTES, Action.EDIT)
def add(request: CommitteeRequest, pk: int) -> HttpResponse:
    """One more recipient of a paragraph."""
    row, _ = own_paragraph(request, pk)
    form, status = RecipientForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                services.add_recipient(row, request.user, **form.cleaned_data)
                messages.success(request, "Mottagaren är tillagd.")
                return redirect(request.scope.url("meetings:dispatches", row.item.meeting_id))
        except ValidationError as error:
            names = {"recipient": "name"}
            for name, errors in getattr(error, "error_dict", {"": [error]}).items():
                field = names.get(name, name)
                form.add_error(field if field in form.fields else None, errors)
        except UserFault as fault:
            form.add_error(None, str(fault))
    context = {"row": row, "meeting": row.item.meeting, "form": form}
    return render(request, "meetings/dispatch_add.html", context, status=status)
