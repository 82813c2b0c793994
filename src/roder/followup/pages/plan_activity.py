"""The page of an activity: what is planned, how far it has come, and its history."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from roder import access
from roder.access.matrix import Action, Resource
from roder.core.models import StaleRecordError
from roder.core.numbers import whole_number
from roder.core.register import history
from roder.followup.models import ActionPlan
from roder.followup.pages import plan_forms as forms
from roder.followup.pages.plans import shown
from roder.followup.services import plans as services
from roder.steering.models import Activity
from roder.web.scope import CommitteeRequest, committee_page


def _found(request: CommitteeRequest, pk: int) -> Activity:
    rows = Activity.objects.filter(committee=request.scope.committee).select_related(
        "goal", "unit__committee", "committee"
    )
    return get_object_or_404(access.visible(request.user, rows), pk=pk)


def _may_edit(request: CommitteeRequest, row: Activity) -> bool:
    if row.unit is None:
        return access.may(request.user, Action.EDIT, row)
    return services.may_plan(request.user, request.scope.committee).filter(pk=row.unit.pk).exists()


def _back(request: CommitteeRequest, row: Activity) -> str:
    scope = request.scope
    return scope.url("followup:plan", row.unit.code) if row.unit else scope.url("followup:plans")


@committee_page(Resource.ACTION_PLANS)
def activity(request: CommitteeRequest, pk: int) -> HttpResponse:
    """One activity: follow it up, or change what is planned. The second of two who save sees what the first has
    saved."""
    row = _found(request, pk)
    edits = _may_edit(request, row)
    goals = services.goals_for(row.committee, row.year)
    made: dict[str, Any] = {}
    if edits:
        planned = {name: getattr(row, name) for name in services.PLANNED}
        said = {name: getattr(row, name) for name in ("progress", "done_on", "followed_up")}
        made = {
            "follow": forms.FollowUpForm(initial={**said, "revision": row.revision}),
            "change": forms.ActivityChangeForm(initial={**planned, "revision": row.revision}, goals=goals),
        }
    if request.method == "POST":
        if not edits:
            raise access.NotAllowedError("Dina mandat ger inte rätt att ändra aktiviteten.")
        deed = "follow" if request.POST.get("deed") == "follow" else "change"
        made[deed] = form = (
            forms.FollowUpForm(request.POST)
            if deed == "follow"
            else forms.ActivityChangeForm(request.POST, goals=goals)
        )
        if form.is_valid():
            values = {**form.cleaned_data}
            revision = values.pop("revision")
            try:
                if deed == "follow":
                    services.follow_up(row, request.user, revision, **values)
                else:
                    services.change_activity(row, request.user, revision, **values)
            except ValidationError as error:
                forms.told(form, error)
            except StaleRecordError as stale:
                forms.clash(form, stale, request.POST)
            else:
                messages.success(
                    request, "Uppföljningen är sparad." if deed == "follow" else "Aktiviteten är sparad."
                )
                return redirect(_back(request, row))
            row = _found(request, pk)
    decided = ActionPlan.objects.filter(unit=row.unit, year=row.year, state=ActionPlan.State.DECIDED)
    context = {
        "activity": shown(row, timezone.localdate()),
        "forms": made,
        "edits": edits,
        "removes": edits
        and not (row.done_on or row.progress or row.followed_up)
        and not (row.unit and decided.exists()),
        "back": _back(request, row),
        "events": history.of(row),
    }
    refused = any(form.errors for form in made.values())
    return render(request, "followup/plans/activity.html", context, status=422 if refused else 200)


@require_POST
@committee_page(Resource.ACTION_PLANS)
def done(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Mark an activity as done today."""
    row = _found(request, pk)
    try:
        services.mark_done(row, request.user, whole_number(request.POST.get("revision"), 9) or 0)
        messages.success(request, f"{row.what} är klar.")
    except (StaleRecordError, ValueError):
        messages.error(request, "Någon annan har ändrat aktiviteten. Se vad som står nu och försök igen.")
        return redirect(request.scope.url("followup:activity", row.pk))
    return redirect(_back(request, row))


@require_POST
@committee_page(Resource.ACTION_PLANS)
def remove(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Take an activity out of a plan that is not decided."""
    row = _found(request, pk)
    back = _back(request, row)
    try:
        services.remove_activity(row, request.user)
        messages.success(request, "Aktiviteten är borttagen.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(request.scope.url("followup:activity", row.pk))
    return redirect(back)
