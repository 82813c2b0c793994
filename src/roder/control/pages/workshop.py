"""The workshop's own page: begin one, suggest on one's phone, and for the one who leads, the steps and suggestions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from roder import access
from roder.access.matrix import Action, Resource
from roder.control.models import RiskAnalysis, Workshop
from roder.control.pages import workshop_show as show
from roder.control.pages.workshop_forms import MergeForm, StartForm, SuggestForm
from roder.control.services import workshops
from roder.control.services.workshops import TooLateFault, WorkshopFault
from roder.core.models import StaleRecordError
from roder.core.numbers import whole_number
from roder.web.scope import CommitteeRequest, committee_page

#: Seconds between the looks of a screen or a phone that follows.
EVERY = 3


@committee_page(Resource.RISKS)
def listed(request: CommitteeRequest) -> HttpResponseBase:
    """The workshops of the year's analysis, and to begin one."""
    scope = request.scope
    rows = access.visible(request.user, Workshop.objects.filter(committee=scope.committee))
    found = rows.filter(analysis__year=scope.year).select_related("led_by")
    analyses = access.visible(request.user, RiskAnalysis.objects.filter(committee=scope.committee))
    analysis = analyses.filter(year=scope.year).first()
    may_lead = scope.may(Action.EDIT, Resource.RISKS)
    form = StartForm(request.POST if request.method == "POST" and may_lead else None)
    if request.method == "POST":
        access.require(request.user, Action.EDIT, Resource.RISKS, scope.committee)
        if analysis is None:
            raise Http404("Året har ingen riskanalys.")
        try:
            made: list[Workshop] = []
            if form.try_to(lambda given: made.append(_start(request, analysis, given))):
                messages.success(
                    request,
                    "Workshopen är öppen. Alla som ska vara med hittar den under Riskanalys, Riskworkshop.",
                )
                return redirect(scope.url("control:workshop", made[0].pk))
        except WorkshopFault as fault:
            form.add_error(None, str(fault))
    context = {
        "workshops": found.annotate(decided=Count("decisions", distinct=True)), "analysis": analysis, "form": form,
        "may_lead": may_lead and analysis is not None and analysis.state == RiskAnalysis.State.OPEN,
    }  # fmt: skip
    return render(request, "control/workshop/list.html", context, status=form.status)


def _start(request: CommitteeRequest, analysis: RiskAnalysis, given: dict[str, Any]) -> Workshop:
    return workshops.start(
        analysis, request.user, given["title"], given["held_on"], names_shown=given["names_shown"]
    )


@committee_page(Resource.RISKS)
def workshop(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """The workshop at its step: to suggest, to score, or what the group has decided."""
    return _page(request, show.find(request, pk))


def _page(
    request: CommitteeRequest,
    found: Workshop,
    *,
    form: SuggestForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = show.lines(found, request.user)
    scored = [one for one in shown if one.mine is not None]
    leads = workshops.leads(request.user, found)
    if found.state in (Workshop.State.DECIDING, Workshop.State.CLOSED):
        shown = show.to_talk_about(shown)
    context = {
        "workshop": found, "lines": shown, "leads": leads, "takes_part": workshops.takes_part(request.user, found),
        "steps": show.STEPS, "form": form or SuggestForm(),
        "scored": len(scored), "next": next((one.risk for one in shown if one.mine is None), None),
        "undecided": sum(one.decision is None for one in shown), "people": show.taken_part(found),
        "own": [one.risk for one in shown if one.risk.suggested_by_id == request.user.pk],
        "seen": workshops.revision_of(found), "every": EVERY,
        "suggestions": leads and found.state != Workshop.State.CLOSED,
    }  # fmt: skip
    return render(request, "control/workshop/workshop.html", context, status=status)


@require_POST
@committee_page(Resource.RISKS, Action.COMMENT)
def suggest(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Suggest a risk. One that is there already is told, and what was written stays."""
    found = show.find(request, pk)
    form = SuggestForm(request.POST)
    try:
        if form.try_to(
            lambda given: workshops.suggest(
                found, request.user, **{name: value for name, value in given.items() if name != "revision"}
            )
        ):
            messages.success(request, "Förslaget är med. Skriv gärna ett till.")
            return redirect(f"{request.scope.url('control:workshop', pk)}#foresla")
    except TooLateFault as fault:
        form.add_error(fault.field or None, str(fault))
        return _page(request, show.find(request, pk), form=form, status=409)
    except WorkshopFault as fault:
        form.add_error(fault.field or None, str(fault))
    return _page(request, found, form=form, status=422)


@require_POST
@committee_page(Resource.RISKS, Action.EDIT)
def turn(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Go to another step, forwards or back."""
    found = show.find(request, pk)
    written = whole_number(request.POST.get("revision"), 9)
    expected = found.revision if written is None else written
    try:
        workshops.step(found, request.user, request.POST.get("state", ""), expected_revision=expected)
    except StaleRecordError:
        messages.error(request, "Någon annan har just lett workshopen vidare. Sidan visar var den är nu.")
    except WorkshopFault as fault:
        messages.error(request, str(fault))
    return redirect(request.scope.url("control:workshop", pk))


@require_POST
@committee_page(Resource.RISKS, Action.EDIT)
def names(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Show or hide names."""
    try:
        workshops.show_names(show.find(request, pk), request.user, request.POST.get("shown") == "ja")
    except WorkshopFault as fault:
        messages.error(request, str(fault))
    return redirect(request.scope.url("control:workshop", pk))


@committee_page(Resource.RISKS, Action.EDIT)
def suggestion(request: CommitteeRequest, pk: int, risk: int) -> HttpResponseBase:
    """A suggestion, to put together with another risk or to strike."""
    found = show.find(request, pk)
    one = show.find_risk(found, risk)
    others = workshops.risks_of(found).exclude(pk=one.pk)
    form = MergeForm(request.POST if "merge" in request.POST else None, others=others)
    back = redirect(f"{request.scope.url('control:workshop', pk)}#forslag")
    try:
        if "strike" in request.POST:
            workshops.strike(found, one, request.user)
            messages.success(request, f"Förslaget ”{one.text}” är struket.")
            return back
        if form.is_bound and form.try_to(
            lambda given: workshops.merge(found, one, given["into"], request.user, text=given["text"])
        ):
            messages.success(request, "Förslagen är hopförda till en risk.")
            return back
    except ValidationError as error:
        form.refuse(error)
    except WorkshopFault as fault:
        messages.error(request, str(fault))
        return back
    context = {"workshop": found, "risk": one, "form": form, "others": others}
    return render(request, "control/workshop/suggestion.html", context, status=form.status)
