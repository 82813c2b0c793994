"""One risk of the workshop: to score it by oneself, and to decide together."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from roder.access.matrix import Action, Resource
from roder.control.models import Risk, Workshop, WorkshopDecision, WorkshopScore
from roder.control.pages import workshop_show as show
from roder.control.pages.workshop import EVERY
from roder.control.pages.workshop_forms import DecideForm, ScoreForm
from roder.control.services import workshops
from roder.control.services.workshops import TooLateFault, WorkshopFault
from roder.web.scope import CommitteeRequest, committee_page


def _order(workshop: Workshop, risk: Risk) -> tuple[int, int, Risk | None, Risk | None]:
    """The risk's place in the list, how many there are, and the risks before and after."""
    every = list(workshops.risks_of(workshop))
    at = next(place for place, one in enumerate(every) if one.pk == risk.pk)
    return at + 1, len(every), every[at - 1] if at else None, every[at + 1] if at + 1 < len(every) else None


@committee_page(Resource.RISKS, Action.COMMENT)
def score(request: CommitteeRequest, pk: int, risk: int) -> HttpResponseBase:
    """Score a risk. What comes when the step has passed is told, and stays on the page."""
    found = show.find(request, pk)
    if request.method == "POST" and not workshops.risks_of(found).filter(pk=risk).exists():
        return _gone(request, found)
    one = show.find_risk(found, risk)
    mine = WorkshopScore.objects.filter(workshop=found, risk=one, person=request.user).first()
    initial = {"likelihood": mine.likelihood, "impact": mine.impact, "note": mine.note} if mine else {}
    form = ScoreForm(
        request.POST if request.method == "POST" else None, scale=workshops.scale_in(found), named=found.names_shown,
        initial=initial,
    )  # fmt: skip
    place, count, before, after = _order(found, one)
    late = ""
    if request.method == "POST":
        try:
            if form.try_to(lambda given: _save(found, one, request, given)):
                return redirect(_onwards(request, found, after))
        except TooLateFault as fault:
            late = str(fault)
    context = {
        "workshop": found, "risk": one, "form": form, "mine": mine, "place": place, "count": count,
        "before": before, "after": after, "late": late, "open": found.state == Workshop.State.SCORING,
        "seen": workshops.revision_of(found), "every": EVERY,
    }  # fmt: skip
    return render(request, "control/workshop/score.html", context, status=409 if late else form.status)


def _gone(request: CommitteeRequest, workshop: Workshop) -> HttpResponseBase:
    """A score of a risk that was struck in the meantime: told, with what was chosen."""
    chosen = " × ".join(request.POST.get(name, "")[:3] or "–" for name in ("likelihood", "impact"))
    messages.error(
        request,
        f"Risken är struken eller hopförd med en annan medan du bedömde den. Du valde {chosen}; det är inte sparat.",
    )
    return redirect(request.scope.url("control:workshop", workshop.pk))


def _save(workshop: Workshop, risk: Risk, request: CommitteeRequest, given: dict[str, Any]) -> None:
    workshops.my_score(workshop, risk, request.user, given["likelihood"], given["impact"], given["note"])


def _onwards(request: CommitteeRequest, workshop: Workshop, after: Risk | None) -> str:
    if after is not None:
        return request.scope.url("control:workshop_score", workshop.pk, after.pk)
    messages.success(request, "Du har gått igenom alla risker. Tack.")
    return request.scope.url("control:workshop", workshop.pk)


@committee_page(Resource.RISKS)
def decide(request: CommitteeRequest, pk: int, risk: int) -> HttpResponseBase:
    """How the scores of a risk lie, and the group's decision, which starts from the median."""
    found = show.find(request, pk)
    one = show.find_risk(found, risk)
    if found.state not in (Workshop.State.DECIDING, Workshop.State.CLOSED):
        messages.info(request, "Spridningen visas när alla har bedömt och gruppen ska besluta.")
        return redirect(request.scope.url("control:workshop", pk))
    if request.method == "POST":
        return _settle(request, found, one)
    return _decide_page(request, found, one, _fresh(found, one))


def _fresh(workshop: Workshop, risk: Risk) -> DecideForm:
    decided = WorkshopDecision.objects.filter(workshop=workshop, risk=risk).first()
    proposed = workshops.spread(workshop, risk).proposed if decided is None else None
    start = (decided.likelihood, decided.impact) if decided else proposed or (None, None)
    initial = {
        "likelihood": start[0], "impact": start[1], "note": decided.reason if decided else "",
        "revision": risk.revision,
    }  # fmt: skip
    return DecideForm(scale=workshops.scale_in(workshop), initial=initial)


def _settle(request: CommitteeRequest, workshop: Workshop, risk: Risk) -> HttpResponseBase:
    form = DecideForm(request.POST, scale=workshops.scale_in(workshop))

    def deed(given: dict[str, Any]) -> None:
        workshops.settle(
            workshop, risk, request.user, given["likelihood"], given["impact"], given["note"],
            expected_revision=given["revision"] or risk.revision,
        )  # fmt: skip

    try:
        if form.try_to(deed):
            messages.success(request, f"Gruppens bedömning av ”{risk.text}” är sparad.")
            return redirect(_next_undecided(request, workshop))
    except WorkshopFault as fault:
        form.add_error(None, str(fault))
        return _decide_page(request, workshop, risk, form, status=409)
    return _decide_page(request, workshop, risk, form, status=form.status)


def _next_undecided(request: CommitteeRequest, workshop: Workshop) -> str:
    """The next risk to talk about, which the screen is turned to when it follows; the list when all are decided."""
    left = [one.risk for one in show.to_talk_about(show.lines(workshop)) if one.decision is None]
    follows = Workshop.objects.filter(pk=workshop.pk, current__isnull=False).exists()
    if not left:
        if follows:
            workshops.talk_about(workshop, request.user, None)
        messages.info(request, "Alla risker är beslutade. Avsluta workshopen när ni är klara.")
        return request.scope.url("control:workshop", workshop.pk)
    if follows:
        workshops.talk_about(workshop, request.user, left[0])
    return request.scope.url("control:workshop_decide", workshop.pk, left[0].pk)


def _decide_page(
    request: CommitteeRequest, workshop: Workshop, risk: Risk, form: DecideForm, status: int = 200
) -> HttpResponse:
    place, count, before, after = _order(workshop, risk)
    context = {
        "workshop": workshop, "risk": risk, "form": form, "place": place, "count": count, "before": before,
        "after": after, "leads": workshops.leads(request.user, workshop), "clash": form.other,
        "decision": WorkshopDecision.objects.filter(workshop=workshop, risk=risk).first(),
        **show.spread_context(workshop, risk),
    }  # fmt: skip
    return render(request, "control/workshop/decide.html", context, status=status)


@require_POST
@committee_page(Resource.RISKS, Action.EDIT)
def talk(request: CommitteeRequest, pk: int, risk: int) -> HttpResponseBase:
    """Show a risk on the screen, or the list again."""
    found = show.find(request, pk)
    one = show.find_risk(found, risk)
    try:
        workshops.talk_about(found, request.user, None if "list" in request.POST else one)
    except WorkshopFault as fault:
        messages.error(request, str(fault))
        return redirect(request.scope.url("control:workshop", pk))
    return redirect(request.scope.url("control:workshop_decide", pk, risk))
