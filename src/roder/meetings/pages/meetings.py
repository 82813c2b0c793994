"""Pages of the meetings of a year: the calendar, planning, moving, cancelling."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from roder import access
from roder.access import Action, Resource
from roder.core.models import StaleRecordError
from roder.core.words import MONTHS
from roder.meetings.models import AgendaItem, Meeting
from roder.meetings.pages.meeting_forms import MeetingForm, PlanForm, ReasonForm
from roder.meetings.rules.calendar import read_days
from roder.meetings.services import calendar
from roder.web.scope import CommitteeRequest, committee_page

TONES = {"planned": "none", "summoned": "near", "open": "near", "ended": "good", "cancelled": "bad"}


def meetings_of(request: CommitteeRequest) -> QuerySet[Meeting]:
    """The committee's meetings that the person may see."""
    rows = Meeting.objects.filter(committee=request.scope.committee)
    return access.visible(request.user, rows).select_related("body", "committee__municipality")


def told(form: forms.Form, error: ValidationError) -> None:
    """Put what a service refused at its field."""
    for name, words in getattr(error, "message_dict", {"__all__": error.messages}).items():
        form.add_error(name if name in form.fields else None, words)


@committee_page(Resource.MEETINGS)
def year(request: CommitteeRequest) -> HttpResponse:
    """The meetings of the year, month by month, with their state and what comes next. Constant number of queries."""
    rows = meetings_of(request).filter(date__year=request.scope.year)
    seen = access.visible(request.user, AgendaItem.objects.filter(withdrawn=False)).values("pk")
    rows = rows.annotate(count=Count("items", filter=Q(items__in=seen))).order_by("date", "starts")
    months = [
        {"name": MONTHS[number - 1].capitalize(), "meetings": [one for one in rows if one.date.month == number]}
        for number in range(1, 13)
    ]  # fmt: skip
    today = timezone.localdate()
    coming = next((one for one in rows if one.date >= today and one.state != Meeting.State.CANCELLED), None)
    context = {
        "months": [one for one in months if one["meetings"]],
        "coming": coming,
        "tones": TONES,
        "today": today,
    }
    return render(request, "meetings/meetings.html", context)


@committee_page(Resource.MEETINGS, Action.EDIT)
def plan(request: CommitteeRequest) -> HttpResponse:
    """Plan one meeting, or all of a year from a pasted list."""
    form = PlanForm(request.scope.committee, request.POST or None)
    if request.method == "POST" and form.is_valid():
        days, faults = read_days(form.cleaned_data["days"], request.scope.year)
        for fault in faults:
            form.add_error("days", str(fault))
        if not days and not faults:
            form.add_error("days", "Skriv minst en dag.")
        if not faults and days:
            try:
                made, known = calendar.plan_year(
                    form.cleaned_data["body"], request.scope.committee, days, form.cleaned_data["starts"], request.user,
                    place=form.cleaned_data["place"],
                )  # fmt: skip
            except ValidationError as error:
                told(form, error)
            else:
                skipped = f" {len(known)} fanns redan och är orörda." if known else ""
                messages.success(
                    request, f"{len(made)} sammanträden är planerade med sina sista dagar.{skipped}"
                )
                year_of = days[0].day.year
                request.scope.year = year_of
                return redirect(request.scope.url("meetings:meetings"))
    back = request.scope.url("meetings:meetings")
    context = {"form": form, "back": back, "lead": calendar.lead()}
    return render(request, "meetings/meeting_plan.html", context, status=400 if form.errors else 200)


def own_meeting(request: CommitteeRequest, pk: int, action: Action = Action.VIEW) -> Meeting:
    """The meeting, if the person may. Raises Http404, NotAllowedError."""
    found: Meeting = get_object_or_404(meetings_of(request), pk=pk)
    if action != Action.VIEW:
        access.require(request.user, action, found)
    return found


@committee_page(Resource.MEETINGS, Action.EDIT)
def change(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Move a meeting, or change its time, place and deadlines."""
    meeting = own_meeting(request, pk, Action.EDIT)
    initial = {name: getattr(meeting, name) for name in MeetingForm.base_fields}
    form = MeetingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            calendar.change_meeting(meeting, request.user, said.pop("revision"), **said)
        except ValidationError as error:
            told(form, error)
        except StaleRecordError as stale:
            both_texts(form, stale.current, said)
        except calendar.MeetingFault as fault:
            form.add_error(None, str(fault))
        else:
            messages.success(request, "Sammanträdet är ändrat.")
            return redirect(request.scope.url("meetings:meeting", pk))
    context = {"form": form, "meeting": meeting, "back": request.scope.url("meetings:meeting", pk)}
    return render(request, "meetings/meeting_change.html", context, status=400 if form.errors else 200)


def both_texts(form: forms.Form, current: Any, said: dict[str, Any]) -> None:
    """Somebody else saved first: say at each field what stands there now, keep what was written, and let the next
    saving be over that."""
    form.data = {**form.data.dict(), "revision": str(current.revision)}  # type: ignore[attr-defined]  # a QueryDict
    differs = False
    for name, mine in said.items():
        now = getattr(current, name, mine)
        if now != mine:
            differs = True
            shown = now if now not in (None, "", False) else "tomt"
            form.add_error(
                name, f"Någon annan hann spara: här står nu ”{shown}”. Ditt förslag står kvar i fältet."
            )
    words = (
        "Läs båda texterna och spara igen." if differs else "Ni skrev samma sak. Spara igen om det behövs."
    )
    form.add_error(None, f"Någon annan sparade medan du skrev. {words}")


@committee_page(Resource.MEETINGS, Action.EDIT)
def cancel(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Cancel a meeting, with the reason."""
    meeting = own_meeting(request, pk, Action.EDIT)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            calendar.cancel_meeting(meeting, request.user, form.cleaned_data["reason"])
        except ValidationError as error:
            told(form, error)
        except calendar.MeetingFault as fault:
            form.add_error(None, str(fault))
        else:
            messages.success(request, "Sammanträdet är inställt.")
            return redirect(request.scope.url("meetings:meeting", pk))
    context = {"form": form, "meeting": meeting, "back": request.scope.url("meetings:meeting", pk)}
    return render(request, "meetings/meeting_cancel.html", context, status=400 if form.errors else 200)
