"""The session: presence first, then one item at a time; those who do not write follow it as it goes."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.dateparse import parse_time
from django.views.decorators.http import require_POST

from roder import access
from roder.access import Action, Resource
from roder.core.models import StaleRecordError
from roder.core.numbers import whole_number
from roder.meetings.models import BodyMember, Meeting, Presence
from roder.meetings.pages import session_show as show
from roder.meetings.rules.session import MeetingNotDoneError, SessionFault
from roder.meetings.services import session
from roder.meetings.services.attendance import Row, stamp
from roder.meetings.services.members import members_on
from roder.web.scope import CommitteeRequest, committee_page

LIVE_EVERY = 4  # seconds between the looks of those who follow


def writes(request: CommitteeRequest, meeting: Meeting) -> bool:
    """Whether the person writes in the session (the secretary); others follow it."""
    return access.may(request.user, Action.EDIT, meeting)


@committee_page(Resource.MEETINGS)
def session_page(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """The presence, for those who write; what is said and decided now, for those who follow."""
    meeting = show.find_meeting(request, pk)
    if not writes(request, meeting):
        return _follow(request, meeting, None)
    if request.method == "POST":
        return _save_presence(request, meeting)
    return _presence_page(request, meeting)


def _follow(request: CommitteeRequest, meeting: Meeting, item: Any) -> HttpResponseBase:
    context = _live_context(request, meeting, item)
    context["live"] = render_to_string("meetings/session_live.html", context, request)
    return render(request, "meetings/session_follow.html", context)


def _live_context(request: CommitteeRequest, meeting: Meeting, item: Any) -> dict[str, Any]:
    shown = show.lines(meeting, request.user, item)
    at = item or (show.now_at(shown) if meeting.state == Meeting.State.OPEN else None)
    for one in shown:
        one.current = at is not None and one.item.pk == at.pk
    before, after = show.neighbours(shown, at) if at else (None, None)
    return {
        "meeting": meeting, "lines": shown,
        "number": next((one.number for one in shown if one.current), ""),
        "fixed": item, "before": before, "after": after, "every": LIVE_EVERY,
        "presence": show.presence_summary(meeting), "may_decide": access.may(request.user, Action.DECIDE, meeting),
        "editing": False, **(show.item_context(at, request.user) if at else {"item": None}),
    }  # fmt: skip


@committee_page(Resource.MEETINGS)
def live(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """What those who follow see, fetched again and again; 204 when nothing has changed since ``sett``."""
    meeting = show.find_meeting(request, pk)
    wanted = whole_number(request.GET.get("punkt"))
    item = show.find_item(request, wanted) if wanted is not None else None
    text = render_to_string("meetings/session_live.html", _live_context(request, meeting, item), request)
    sign = show.digest(text)
    if request.GET.get("sett") == sign:
        return HttpResponse(status=204)
    return HttpResponse(
        text.replace("sett=&", f"sett={sign}&", 1).replace("sett=&amp;", f"sett={sign}&amp;", 1)
    )


@committee_page(Resource.MEETINGS)
def item_page(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """A point: written by the secretary while the meeting lasts, read by the others, and by all when it is over."""
    from roder.meetings.pages.session_deeds import editor  # noqa: PLC0415 - the deeds show this page again

    item = show.find_item(request, pk)
    if item.meeting.state == Meeting.State.ENDED or not access.may(request.user, Action.EDIT, item):
        return _follow(request, item.meeting, item)
    return editor(request, item)


# --- presence ---------------------------------------------------------------------------------------------------------


def _rows_shown(meeting: Meeting, given: dict[int, Row], faults: dict[int, str]) -> list[dict[str, Any]]:
    """Every member with their presence: as it was sent, else as it is noted, else as not noted."""
    noted = {one.member_id: one for one in session.presences(meeting)}
    found = []
    for member in members_on(meeting.body, meeting.date):
        kept: Any = given.get(member.pk) or noted.get(member.pk)
        serves_for = getattr(kept, "serves_for", None)
        found.append(
            {
                "member": member,
                "status": kept.status if kept else "",
                "serves_for": serves_for.pk if serves_for else None,
                "remote": kept.remote if kept else False,
                "arrived": kept.arrived if kept else None,
                "left": kept.left if kept else None,
                "served_until": getattr(noted.get(member.pk), "served_until", None),
                "fault": faults.get(member.pk, ""),
                "stands": noted.get(member.pk),
            }
        )
    return found


def _presence_page(
    request: CommitteeRequest,
    meeting: Meeting,
    *,
    given: dict[int, Row] | None = None,
    faults: dict[int, str] | None = None,
    error: str = "",
    clash: bool = False,
    status: int = 200,
) -> HttpResponse:
    rows = _rows_shown(meeting, given or {}, faults or {})
    shown = show.lines(meeting, request.user)
    context = {
        "meeting": meeting, "lines": shown, "rows": rows, "ordinary": [r for r in rows if not r["member"].substitute],
        "substitutes": [r for r in rows if r["member"].substitute], "presence": show.presence_summary(meeting),
        "stamp": stamp(session.presences(meeting)), "error": error, "clash": clash, "editing": True,
        "may_decide": access.may(request.user, Action.DECIDE, meeting), "next": show.now_at(shown),
        "first": shown[0].item if shown else None, "on_presence": True,
        "open": meeting.state not in (Meeting.State.ENDED, Meeting.State.CANCELLED),
    }  # fmt: skip
    return render(request, "meetings/session.html", context, status=status)


def _time(written: str) -> time | None:
    return parse_time(written) if written else None


def _sent_rows(request: CommitteeRequest, meeting: Meeting) -> tuple[dict[int, Row], dict[int, str]]:
    """What was sent, and what cannot be read."""
    sits = {one.pk: one for one in members_on(meeting.body, meeting.date)}
    rows: dict[int, Row] = {}
    faults: dict[int, str] = {}
    for key, member in sits.items():
        status = request.POST.get(f"narvaro-{key}", "")
        if status not in Presence.Status.values:
            continue
        place: BodyMember | None = None
        wanted = whole_number(request.POST.get(f"for-{key}"))
        if wanted is not None:
            place = sits.get(wanted)
        times = {}
        for name in ("kom", "gick"):
            written = request.POST.get(f"{name}-{key}", "").strip()
            try:
                times[name] = _time(written)
            except ValueError:
                times[name] = None
            if written and times[name] is None:
                faults[key] = f"”{written[:20]}” är inget klockslag. Skriv till exempel 18.30 som 18:30."
        remote = f"distans-{key}" in request.POST
        rows[key] = Row(member, status, place, remote, times["kom"], times["gick"])
    return rows, faults


def _save_presence(request: CommitteeRequest, meeting: Meeting) -> HttpResponseBase:
    rows, faults = _sent_rows(request, meeting)
    if faults:
        error = "Närvaron är inte sparad. Rätta det som är markerat."
        return _presence_page(request, meeting, given=rows, faults=faults, error=error, status=422)
    try:
        session.set_presences(
            meeting, list(rows.values()), request.user, expected=request.POST.get("stamp", "")
        )
        called = session.call_in(meeting, request.user) if "kalla" in request.POST else None
    except StaleRecordError:
        return _presence_page(request, meeting, given=rows, clash=True, status=409)
    except SessionFault as fault:
        return _presence_page(request, meeting, given=rows, faults=fault.rows, error=str(fault), status=422)
    if called:
        for member, substitute in called.items():
            messages.success(request, f"{substitute} tjänstgör för {member}.")
    elif called is not None:
        messages.info(request, "Närvaron är sparad. Ingen fler ersättare behövde eller kunde kallas in.")
    else:
        messages.success(request, "Närvaron är sparad.")
    return redirect(request.scope.url("meetings:session", meeting.pk))


# --- opening and ending -----------------------------------------------------------------------------------------------


@require_POST
@committee_page(Resource.MEETINGS)
def open_page(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Open the meeting, or open again one that was ended too soon."""
    meeting = show.find_meeting(request, pk)
    deed = session.reopen_meeting if meeting.state == Meeting.State.ENDED else session.open_meeting
    try:
        deed(meeting, request.user)
        messages.success(request, "Sammanträdet är öppnat.")
    except SessionFault as fault:
        messages.error(request, str(fault))
    return redirect(request.scope.url("meetings:session", meeting.pk))


@require_POST
@committee_page(Resource.MEETINGS)
def end_page(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """End the meeting, or say what is missing."""
    meeting = show.find_meeting(request, pk)
    try:
        session.end_meeting(meeting, request.user)
    except MeetingNotDoneError as refused:
        seen = {one.pk for one in show.items_of(meeting, request.user)}
        left = [
            (request.scope.url("meetings:session_item", key) if key in seen else "", text)
            if key is None or key in seen
            else ("", "en punkt som du inte kan se är inte beslutad")
            for key, text in refused.missing
        ]
        return render(
            request, "meetings/session_missing.html", {"meeting": meeting, "left": left}, status=409
        )
    except SessionFault as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, "Sammanträdet är avslutat.")
    return redirect(request.scope.url("meetings:session", meeting.pk))
