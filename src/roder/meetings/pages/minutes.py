"""The page of a meeting's minutes: what it says, what is left to do, and the deeds from draft to notice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from roder import access
from roder.access import Action, Resource
from roder.core.days import DayError, read_day
from roder.core.faults import UserFault
from roder.core.models import StaleRecordError
from roder.core.numbers import whole_number
from roder.core.register import history
from roder.meetings.models import BodyMember, Meeting, MinuteItem, Minutes
from roder.meetings.pages.minutes_forms import ArrangeForm
from roder.meetings.papers import locking, notice, signing
from roder.meetings.papers.minutes import has_secrets
from roder.meetings.rules import minutes as rules
from roder.meetings.rules.minutes import MinutesFault
from roder.meetings.services import dispatch
from roder.meetings.services import minutes as services
from roder.meetings.services.attesting import attested_day
from roder.reports.render import MEDIA_TYPES
from roder.web.scope import CommitteeRequest, committee_page

TONES = {"draft": "none", "checked": "near", "attested": "good", "locked": "good"}


def own_meeting(request: CommitteeRequest, pk: int) -> Meeting:
    """A meeting of the committee. Raises Http404."""
    rows = access.visible(request.user, Meeting.objects.filter(committee=request.scope.committee))
    return get_object_or_404(rows.select_related("body__municipality", "committee"), pk=pk)


def own_minutes(request: CommitteeRequest, pk: int) -> Minutes:
    """The minutes of a meeting, when the person may read them. Raises Http404."""
    meeting = own_meeting(request, pk)
    rows = services.minutes_for(request.user).select_related(
        "meeting__body__municipality", "meeting__committee", "chair__person", "secretary"
    )
    return get_object_or_404(rows, meeting=meeting)


@committee_page(Resource.MEETINGS)
def record(request: CommitteeRequest, pk: int) -> HttpResponse:
    """The minutes: paragraphs, state, who has attested, files, and what can be done."""
    meeting = own_meeting(request, pk)
    edits = request.scope.may(Action.EDIT, Resource.MINUTES)
    if not Minutes.objects.filter(meeting=meeting).exists() and edits:
        return redirect(request.scope.url("meetings:minutes_open", pk))
    if not services.minutes_for(request.user).filter(meeting=meeting).exists():
        own = list(_early(request, meeting))
        return render(request, "meetings/minutes_waiting.html", {"meeting": meeting, "early": own})
    return render(request, "meetings/minutes.html", _context(request, own_minutes(request, pk), edits))


def _early(request: CommitteeRequest, meeting: Meeting) -> Any:
    """Paragraphs attested at once, which may be read before the rest."""
    rows = MinuteItem.objects.filter(item__meeting=meeting, attested_at__isnull=False)
    return access.visible(request.user, rows).order_by("number")


def _context(request: CommitteeRequest, found: Minutes, edits: bool) -> dict[str, Any]:
    signed = {one.member_id: one for one in found.attestations.filter(paragraph=None)}
    mine = {one.pk for one in services.attests(request.user, found)}
    missing = services.problems(found) if edits and found.state == rules.DRAFT else []
    faults = {key: text for key, text in missing if key}
    return {
        "record": found,
        "meeting": found.meeting,
        "edits": edits,
        "tone": TONES[found.state],
        "rows": [(one, faults.get(one.pk, "")) for one in services.paragraphs_for(request.user, found)],
        "missing": missing,
        "signers": [
            {"member": one, "signed": signed.get(one.pk), "mine": one.pk in mine,
             "paper": one.pk in signed and signed[one.pk].by_id != one.person_id,
             "role": "ordförande" if one.pk == found.chair_id else "justerare"}
            for one in services.signers_of(found)
        ],
        "attest_by": rules.attest_by(found.meeting.date),
        "attested_on": attested_day(found),
        "notice_by": rules.notice_by(day) if (day := attested_day(found)) else None,
        "appeal_by": rules.appeal_by(found.posted_on) if found.posted_on else None,
        "left": dispatch.left(found).count() if edits else 0,
        "sent": found.state in (rules.ATTESTED, rules.LOCKED) and edits,
        "today": timezone.localdate(),
        "seals": signing.configured(),
        "sees_all": _sees_all(request, found),
        "secrets": has_secrets(found),
        "formats": [("pdf", "PDF"), ("docx", "Word"), ("xlsx", "Excel"), ("html", "Webbsida")],
        "history": history.of(found) if edits else [],
    }  # fmt: skip


def _sees_all(request: CommitteeRequest, found: Minutes) -> bool:
    """Whether the person may read the whole minutes, with what is secret in it."""
    return request.scope.may(Action.VIEW, Resource.SECRETS)


def _put(form: forms.Form, error: ValidationError | MinutesFault) -> None:
    if isinstance(error, MinutesFault):
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return
    for name, errors in getattr(error, "error_dict", {"": [error]}).items():
        form.add_error(name if name in form.fields else None, errors)


@committee_page(Resource.MINUTES, Action.EDIT)
def open_record(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Open the minutes: who presided, who attests, when and where."""
    meeting = own_meeting(request, pk)
    if Minutes.objects.filter(meeting=meeting).exists():
        return redirect(request.scope.url("meetings:minutes", pk))
    form, status = ArrangeForm(meeting, request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                services.open_minutes(meeting, request.user, **form.cleaned_data)
                messages.success(request, "Protokollet är öppnat. Gå igenom paragraferna.")
                return redirect(request.scope.url("meetings:minutes", pk))
        except (ValidationError, MinutesFault) as error:
            _put(form, error)
    return render(request, "meetings/minutes_open.html", {"meeting": meeting, "form": form}, status=status)


@committee_page(Resource.MINUTES, Action.EDIT)
def arrange(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Change who attests, when and where."""
    found = own_minutes(request, pk)
    form = ArrangeForm(found.meeting, request.POST if request.method == "POST" else None, record=found)
    status, clash, revision = 200, False, found.revision
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                given = whole_number(request.POST.get("revision"), 9)
                seen = revision if given is None else given
                services.arrange_attesting(found, request.user, seen, **form.cleaned_data)
                messages.success(request, "Justeringen är ändrad.")
                return redirect(request.scope.url("meetings:minutes", pk))
        except StaleRecordError as stale:
            status, clash, revision = 409, True, stale.current.revision
        except (ValidationError, MinutesFault) as error:
            _put(form, error)
    context = {"meeting": found.meeting, "form": form, "record": found, "clash": clash, "revision": revision}
    return render(request, "meetings/minutes_open.html", context, status=status)


# --- deeds ----------------------------------------------------------------------------------------------------------


def _day(request: CommitteeRequest, name: str) -> date | None:
    text = str(request.POST.get(name, "")).strip()
    if not text:
        return None
    try:
        return read_day(text)
    except DayError as error:
        raise MinutesFault(str(error), field=name) from None


def _check(request: CommitteeRequest, found: Minutes) -> str:
    services.check(found, request.user)
    return "Protokollet är granskat. De som justerar har fått besked."


def _reopen(request: CommitteeRequest, found: Minutes) -> str:
    services.reopen(found, request.user, str(request.POST.get("reason", "")))
    return "Protokollet är öppet för ändring igen."


def _attest(request: CommitteeRequest, found: Minutes) -> str:
    rows = BodyMember.objects.filter(pk=whole_number(request.POST.get("member")) or 0)
    member = rows.first()
    if member is None:
        raise MinutesFault("Välj vem som har justerat.")
    services.attest(found, member, request.user, on_paper=_day(request, "on_paper"))
    if found.state == rules.ATTESTED:
        return "Protokollet är justerat. Sätt upp anslaget, lås protokollet och expediera besluten."
    return "Justeringen är antecknad."


def _lock(request: CommitteeRequest, found: Minutes) -> str:
    done = locking.lock(found, request.user)
    return "Protokollet är låst" + (
        " och förseglat." if done.signed else ". Det är inte förseglat: ingen nyckel är inställd."
    )


def _post(request: CommitteeRequest, found: Minutes) -> str:
    day = _day(request, "posted_on")
    if day is None:
        raise MinutesFault("Skriv dagen då anslaget sätts upp.", field="posted_on")
    services.post_notice(found, request.user, day)
    return f"Anslaget är uppe. Överklagandetiden går ut {rules.appeal_by(day).isoformat()}."


DEEDS: dict[str, Callable[[CommitteeRequest, Minutes], str]] = {
    "granska": _check,
    "oppna-igen": _reopen,
    "justera": _attest,
    "las": _lock,
    "anslag": _post,
}


def _wrong(fault: UserFault | ValidationError) -> dict[str, list[str]]:
    """What is wrong, by field; under "" what belongs to none."""
    if isinstance(fault, ValidationError):
        return fault.message_dict if hasattr(fault, "error_dict") else {"": fault.messages}
    return {str(getattr(fault, "field", "")): [str(fault)]}


@committee_page(Resource.MEETINGS)
def deed(request: CommitteeRequest, pk: int, slug: str) -> HttpResponse:
    """Do one of the deeds; what is wrong is said on the page, and nothing typed is lost."""
    if slug not in DEEDS:
        raise Http404("Sidan finns inte.")
    found = own_minutes(request, pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        messages.success(request, DEEDS[slug](request, found))
    except (UserFault, ValidationError) as fault:
        edits = request.scope.may(Action.EDIT, Resource.MINUTES)
        context = _context(request, own_minutes(request, pk), edits)
        wrong = _wrong(fault)
        words = " ".join(one for texts in wrong.values() for one in texts)
        context |= {"fault": words, "wrong": wrong, "faulty": slug, "typed": request.POST}
        return render(request, "meetings/minutes.html", context, status=422)
    return redirect(request.scope.url("meetings:minutes", pk))


# --- files ----------------------------------------------------------------------------------------------------------


@committee_page(Resource.MEETINGS)
def file(request: CommitteeRequest, pk: int, format: str) -> HttpResponse:
    """The minutes as a file; without what is secret for those who may not see it, or when ``offentlig`` is asked."""
    found = own_minutes(request, pk)
    if format not in MEDIA_TYPES:
        raise Http404("Formatet finns inte.")
    public = "offentlig" in request.GET or not _sees_all(request, found)
    content = locking.file_of(found, format, public=public)
    response = HttpResponse(content, content_type=MEDIA_TYPES[format])
    name = f"{locking.file_stem(found)}{'-offentlig' if public and has_secrets(found) else ''}.{format}"
    shown = (
        "inline" if format == "pdf" else "attachment"
    )  # a web page of its own would not stand under our policy
    response["Content-Disposition"] = f'{shown}; filename="{name}"'
    return response


@committee_page(Resource.MEETINGS)
def notice_file(request: CommitteeRequest, pk: int) -> HttpResponse:
    """The notice as PDF, to be put up."""
    found = own_minutes(request, pk)
    try:
        content = notice.notice_of(found)
    except MinutesFault as fault:
        raise Http404(str(fault)) from fault
    response = HttpResponse(content, content_type=MEDIA_TYPES["pdf"])
    response["Content-Disposition"] = f'inline; filename="anslag-{found.meeting.date.isoformat()}.pdf"'
    return response
