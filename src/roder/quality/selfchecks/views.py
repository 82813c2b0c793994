"""Pages of self-checks: the committee's overview, a unit's plan, a round, and its form on the phone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from roder import access, questionnaires, tasks
from roder.access import Action, Resource
from roder.core.models import StaleRecordError
from roder.quality.models import ProcessRisk, QualityPlan, SelfCheck, SelfCheckRound
from roder.quality.models.selfchecks import ProcessStep
from roder.quality.selfchecks import rules, services
from roder.quality.selfchecks.forms import (
    ActionForm,
    AimForm,
    CheckForm,
    CloseForm,
    PlanForm,
    RiskChangeForm,
    RiskForm,
    WhyForm,
)
from roder.questionnaires.answering import handle, read_lines
from roder.questionnaires.models import Answer
from roder.web.scope import CommitteeRequest, committee_page

WORDS = {
    "yes": ("Ja", "good"),
    "partly": ("Delvis", "near"),
    "no": ("Nej", "bad"),
    "": ("Inget än", "none"),
}


def _plans(request: CommitteeRequest) -> QuerySet[QualityPlan]:
    rows = QualityPlan.objects.filter(committee=request.scope.committee).select_related("unit", "decided_by")
    return access.visible(request.user, rows)


def _rounds(request: CommitteeRequest) -> QuerySet[SelfCheckRound]:
    rows = SelfCheckRound.objects.filter(committee=request.scope.committee)
    return access.visible(request.user, rows).select_related(
        "control__plan", "control__question_set", "control__risk", "unit", "done_by"
    )


def _followed(rounds: Iterable[SelfCheckRound]) -> dict[str, Any]:
    found = rules.followed([services.as_made(one) for one in rounds], timezone.localdate())
    return {"counts": found, "interval": WORDS[found.interval], "method": WORDS[found.method]}


def _told(form: forms.Form, error: ValidationError) -> None:
    """Put what a service refused at its field."""
    for name, told in getattr(error, "message_dict", {"__all__": error.messages}).items():
        form.add_error(name if name in form.fields else None, told)


@committee_page(Resource.SELF_CHECKS)
def overview(request: CommitteeRequest) -> HttpResponse:
    """Which units follow their plan: as to interval, as to method, and what they found. Constant number of queries."""
    scope = request.scope
    plans = list(_plans(request).filter(year=scope.year).order_by("unit__name"))
    rounds: dict[int, list[SelfCheckRound]] = {}
    for one in _rounds(request).filter(control__plan__in=[plan.pk for plan in plans]).order_by("due_on"):
        rounds.setdefault(one.control.plan_id, []).append(one)
    lines = []
    for plan in plans:
        made = rounds.get(plan.pk, [])
        upcoming = next((one for one in made if not one.done_at and not one.skipped_at), None)
        found = sum(one.found for one in made)
        lines.append(
            {"plan": plan, "next": upcoming, "found": found, "planned": len(made), **_followed(made)}
        )
    without = (
        services.units_to_plan_for(request.user, scope.committee.pk)
        .exclude(pk__in=[plan.unit_id for plan in plans])
        .order_by("name")
    )
    form = PlanForm(request.POST or None, units=without)
    if request.method == "POST":
        access.require(request.user, Action.EDIT, Resource.SELF_CHECKS, scope.committee)
        if form.is_valid():
            try:
                made_plan = services.make_plan(
                    form.cleaned_data["unit"], scope.year, request.user, form.cleaned_data["aim"]
                )
            except ValidationError as error:
                _told(form, error)
            else:
                return redirect(scope.url("quality:plan", made_plan.pk))
    context = {
        "lines": lines,
        "form": form if without else None,
        "whole": _followed(one for several in rounds.values() for one in several),
    }
    return render(request, "quality/selfchecks/overview.html", context, status=400 if form.errors else 200)


@committee_page(Resource.SELF_CHECKS)
def plan(request: CommitteeRequest, pk: int) -> HttpResponse:
    """A unit's plan: risks step by step, checks with their rounds, and what may be done with it."""
    found = get_object_or_404(_plans(request), pk=pk)
    edits = access.may(request.user, Action.EDIT, found)
    shown: dict[str, forms.Form] = {}
    if edits:
        shown = {
            "risk": RiskForm(), "check": CheckForm(plan=found),
            "aim": AimForm(initial={"aim": found.aim, "revision": found.revision}),
        }  # fmt: skip
    if request.method == "POST":
        access.require(request.user, Action.EDIT, found)
        answer = _plan_deed(request, found, shown)
        if answer is not None:
            return answer
    refused = any(form.errors for form in shown.values())
    return render(
        request,
        "quality/selfchecks/plan.html",
        _plan_context(found, edits, shown),
        status=400 if refused else 200,
    )


@committee_page(Resource.SELF_CHECKS, Action.EDIT)
def risk_page(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Change a risk. The second of two who change the same one sees what the first has saved."""
    rows = ProcessRisk.objects.filter(plan__committee=request.scope.committee).select_related("plan__unit")
    found = get_object_or_404(access.visible(request.user, rows, Action.EDIT), pk=pk)
    back = request.scope.url("quality:plan", found.plan_id)
    names = ("step", "what", "likelihood", "consequence", "revision")
    form = RiskChangeForm(request.POST or {name: getattr(found, name) for name in names})
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data}
        try:
            services.change_risk(found, request.user, values.pop("revision"), **values)
        except ValidationError as error:
            _told(form, error)
        except StaleRecordError:
            found.refresh_from_db()
            form.data = request.POST.copy()
            form.data["revision"] = str(found.revision)
            saved = f"”{found.what}”, {found.likelihood} × {found.consequence}"
            form.add_error(
                "what", f"Någon annan sparade medan du skrev: {saved}. Ta med det som ska vara kvar."
            )
        else:
            return redirect(back)
    context = {
        "form": form, "title": "Ändra risken", "lead": str(found.plan), "submit": "Spara risken", "back": back,
    }  # fmt: skip
    return render(request, "quality/selfchecks/why.html", context, status=400 if form.errors else 200)


def _by_value(risk: Any) -> int:
    """The greatest risk first."""
    return -int(risk.value)


def _plan_context(found: QualityPlan, edits: bool, shown: dict[str, forms.Form]) -> dict[str, Any]:
    rounds: dict[int, list[SelfCheckRound]] = {}
    all_rounds = list(
        SelfCheckRound.objects.filter(control__plan=found).select_related("done_by").order_by("due_on")
    )
    for one in all_rounds:
        rounds.setdefault(one.control_id, []).append(one)
    checks = [
        {"check": one, "rounds": rounds.get(one.pk, []), **_followed(rounds.get(one.pk, []))}
        for one in found.checks.select_related("risk", "question_set")
    ]
    risks: list[ProcessRisk] = list(found.risks.all())
    steps = [
        {
            "label": label,
            "risks": sorted((one for one in risks if one.step == step), key=_by_value),
        }
        for step, label in ProcessStep.choices
    ]
    return {
        "plan": found, "steps": steps, "checks": checks, "edits": edits, "forms": shown, "today": timezone.localdate(),
        "checked": {one["check"].risk_id for one in checks}, **_followed(all_rounds),
    }  # fmt: skip


def _plan_deed(
    request: CommitteeRequest, found: QualityPlan, shown: dict[str, forms.Form]
) -> HttpResponse | None:
    """Do what was asked (``deed``); None when the page is to be shown again with what is wrong."""
    back, deed, by = request.scope.url("quality:plan", found.pk), request.POST.get("deed", ""), request.user
    form: forms.Form
    if deed == "risk":
        form = shown["risk"] = RiskForm(request.POST)
    elif deed == "check":
        form = shown["check"] = CheckForm(request.POST, plan=found)
    else:
        form = AimForm(request.POST)
        if deed == "aim":
            shown["aim"] = form
    if not form.is_valid() and deed in ("risk", "check", "aim"):
        return None
    try:
        if deed == "risk":
            services.add_risk(found, by, **form.cleaned_data)
        elif deed == "check":
            services.add_check(found, by, **form.cleaned_data)
        elif deed == "aim":
            services.change_plan(found, by, form.cleaned_data["aim"], form.cleaned_data["revision"])
        elif deed == "decide":
            services.decide_plan(found, by, found.revision)
            messages.success(request, "Planen är beslutad och årets omgångar är planerade.")
    except ValidationError as error:
        if deed == "decide":
            messages.error(request, " ".join(error.messages))
            return redirect(back)
        _told(form, error)
        return None
    except StaleRecordError as stale:
        current = QualityPlan.objects.get(pk=stale.current.pk)
        form.data = request.POST.copy()
        form.data["revision"] = str(current.revision)
        form.add_error(
            "aim", f"Någon annan sparade medan du skrev: ”{current.aim}”. Ta med det som ska vara kvar."
        )
        return None
    return redirect(back)


@committee_page(Resource.SELF_CHECKS, Action.EDIT)
def stop(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Stop a check, with a reason."""
    rows = access.visible(
        request.user, SelfCheck.objects.filter(plan__committee=request.scope.committee), Action.EDIT
    )
    check = get_object_or_404(rows.select_related("plan__unit"), pk=pk)
    return _with_reason(
        request, f"Avsluta egenkontrollen {check}", "Omgångar som inte är gjorda stryks.", "Avsluta egenkontrollen",
        request.scope.url("quality:plan", check.plan_id), lambda why: services.stop_check(check, request.user, why),
    )  # fmt: skip


@committee_page(Resource.SELF_CHECKS, Action.EDIT)
def skip(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Say that a round is not made, with a reason."""
    rows = access.visible(request.user, _rounds(request), Action.EDIT)
    made = get_object_or_404(rows, pk=pk)
    return _with_reason(
        request, f"{made} görs inte", "Den räknas som utebliven i uppföljningen av planen.", "Stryk omgången",
        request.scope.url("quality:round", made.pk), lambda why: services.skip_round(made, request.user, why),
    )  # fmt: skip


def _with_reason(
    request: CommitteeRequest, title: str, lead: str, submit: str, back: str, do: Any
) -> HttpResponse:
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data["why"])
        except ValidationError as error:
            _told(form, error)
        else:
            return redirect(back)
    context = {"form": form, "title": title, "lead": lead, "submit": submit, "back": back}
    return render(request, "quality/selfchecks/why.html", context, status=400 if form.errors else 200)


@committee_page(Resource.SELF_CHECKS)
def round_page(request: CommitteeRequest, pk: int) -> HttpResponse:
    """A round: the sample with what is answered, the outcome, and the actions with status and effect."""
    made = get_object_or_404(_rounds(request), pk=pk)
    answers = {one.key: one for one in questionnaires.of(made).select_related("answered_by")}
    given = [one for one in answers.values() if one.state == Answer.State.FINAL]
    answering = access.may(request.user, Action.COMMENT, made) and not made.done_at and not made.skipped_at
    edits = access.may(request.user, Action.EDIT, made)
    closing = answering and (edits or made.control.role != "unit_manager")
    items = [(number, answers.get(str(number))) for number in range(1, made.control.sample + 1)]
    close = CloseForm(initial={"revision": made.revision}) if closing else None
    action = ActionForm(initial={"finding": made.outcome}) if edits else None
    if request.method == "POST":
        deed = request.POST.get("deed")
        if deed == "close":
            close = CloseForm(request.POST)
            done = _close(request, made, close)
        else:
            action = ActionForm(request.POST)
            done = _add_action(request, made, action)
        if done:
            return redirect(request.scope.url("quality:round", made.pk))
    context = {
        "made": made, "check": made.control, "items": items, "given": given, "answering": answering, "edits": edits,
        "close": close, "action_form": action, "actions": tasks.actions_of(made), "today": timezone.localdate(),
        "next": next((number for number, one in items if one is None or one.state != Answer.State.FINAL), None),
        "found_now": sum(one.remarks > 0 for one in given),
    }  # fmt: skip
    refused = any(form is not None and form.errors for form in (close, action))
    return render(request, "quality/selfchecks/round.html", context, status=400 if refused else 200)


def _close(request: CommitteeRequest, made: SelfCheckRound, form: CloseForm) -> bool:
    if not form.is_valid():
        return False
    said = dict(form.cleaned_data)
    try:
        services.close_round(made, request.user, expected_revision=said.pop("revision"), **said)
    except ValidationError as error:
        _told(form, error)
        return False
    except StaleRecordError:
        messages.error(request, "Någon annan hann avsluta eller ändra omgången. Se vad som står här nu.")
        return True
    messages.success(request, "Omgången är klar.")
    return True


def _add_action(request: CommitteeRequest, made: SelfCheckRound, form: ActionForm) -> bool:
    if not form.is_valid():
        return False
    try:
        services.add_action(made, request.user, **form.cleaned_data)
    except ValidationError as error:
        _told(form, error)
        return False
    messages.success(request, "Åtgärden är tillagd och finns hos enhetschefen i Att göra.")
    return True


@committee_page(Resource.SELF_CHECKS)
def item(request: CommitteeRequest, pk: int, number: int) -> HttpResponse:
    """The form of one item of the sample, for the phone; to read when it is handed in."""
    scope = request.scope
    made = get_object_or_404(_rounds(request), pk=pk)
    back = scope.url("quality:round", made.pk)
    existing = questionnaires.of(made).filter(key=str(number)).select_related("answered_by").first()
    may = access.may(request.user, Action.COMMENT, made)
    if existing is not None and (
        existing.state == Answer.State.FINAL or not may or made.done_at or made.skipped_at
    ):
        context = {"made": made, "number": number, "answer": existing, "sections": read_lines(existing), "back": back,
                   "reopens": may and existing.state == Answer.State.FINAL and not made.done_at}  # fmt: skip
        return render(request, "quality/selfchecks/item_read.html", context)
    access.require(request.user, Action.COMMENT, made)
    try:
        answer = existing or services.answer_item(made, request.user, number)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(back)
    done = handle(
        request, answer,
        lambda values, revision, final: services.save_item(
            answer, request.user, values, expected_revision=revision, final=final
        ),
    )  # fmt: skip
    if done.saved is None:
        context = {
            "made": made,
            "number": number,
            "answer": answer,
            "done": done,
            "form": done.form,
            "back": back,
        }
        return render(request, "quality/selfchecks/item.html", context, status=done.status)
    if not done.final:
        messages.success(request, "Utkastet är sparat.")
        return redirect(scope.url("quality:round-item", pk, number))
    messages.success(request, f"Nummer {number} är inlämnat.")
    return redirect(back)


@require_POST
@committee_page(Resource.SELF_CHECKS, Action.COMMENT)
def reopen_item(request: CommitteeRequest, pk: int, number: int) -> HttpResponse:
    """Open an item's answer for correction."""
    made = get_object_or_404(_rounds(request), pk=pk)
    answer = get_object_or_404(questionnaires.of(made), key=str(number))
    try:
        services.reopen_item(answer, request.user, request.POST.get("reason", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(request.scope.url("quality:round-item", pk, number))
