"""The pages of lex Sarah."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from roder import access, tasks
from roder.access.matrix import Action, Resource, allows
from roder.core.days import DayError, read_day
from roder.core.numbers import whole_number
from roder.organisation.models import Unit
from roder.quality import case_actions
from roder.quality.models import LexSarahCase
from roder.quality.pages import lex_forms as forms
from roder.quality.pages.case_words import NOT_NOW
from roder.quality.pages.lex_register import sarah_tone
from roder.quality.services import lex, lex_maria
from roder.web.deeds import tried
from roder.web.forms import ActionForm, DeedForm
from roder.web.scope import CommitteeRequest, committee_page

State = LexSarahCase.State


def _cases(request: CommitteeRequest) -> QuerySet[LexSarahCase]:
    rows = LexSarahCase.objects.filter(committee=request.scope.committee)
    return access.visible(request.user, rows).select_related(
        "unit", "service_area", "type", "deviation", "decision__decided_by", "reporter", "committee"
    )


def covers(user: Any, case: LexSarahCase) -> bool:
    """Whether a mandate gives the right to see the case: who only reported it sees the report and what became of it."""
    return any(
        grant.committee_id == case.committee_id
        and grant.covers(case.unit_id)
        and allows(grant.role, Resource.LEX_SARAH, Action.VIEW)
        for grant in access.grants(user)
    )


@committee_page(Resource.LEX_SARAH, Action.REPORT)
def report(request: CommitteeRequest) -> HttpResponse:
    """Report (risk of) misconduct. Own unit is chosen beforehand."""
    committee = request.scope.committee
    own = [grant.unit_id for grant in access.grants(request.user) if grant.committee_id == committee.pk]
    units = [pk for pk in own if pk is not None]
    first = Unit.objects.filter(pk__in=units, kind=Unit.Kind.UNIT).values_list("pk", flat=True).first()
    form = forms.ReportForm(request.POST or None, committee=committee, initial={"unit": first})
    made: list[LexSarahCase] = []
    if request.method == "POST" and form.try_to(
        lambda _: made.append(lex.report(committee, request.user, form.report()))
    ):
        messages.success(
            request, f"Tack. Din rapport har nummer {made[0].number} och är hos den som utreder."
        )
        return redirect(request.scope.url("quality:lex_sarah", made[0].pk))
    return render(request, "quality/lex_sarah_report.html", {"form": form}, status=form.status)


@committee_page()
def case(request: CommitteeRequest, pk: int) -> HttpResponse:
    """A case with everything that is known of it; for its reporter, what was reported and what became of it."""
    row = get_object_or_404(_cases(request), pk=pk)
    deeds: dict[str, tuple[Callable[..., DeedForm], Callable[[Any], Any], str]] = {
        "atgard": (
            partial(ActionForm, owners=case_actions.owners_of(row)),
            lambda said: case_actions.add(row, request.user, said),
            "Åtgärden är tillagd, och den ansvariga får veta det.",
        ),
        "anmal": (forms.NoticeForm, lambda said: lex.notify_ivo(row, request.user, said["on"]), "Inskrivet."),
        "svar": (
            forms.AnswerForm,
            lambda said: lex.answer_from_ivo(row, request.user, said["answer"], said["on"]),
            "IVO:s svar är inskrivet.",
        ),
        "avsluta": (forms.CloseForm, lambda said: lex.close(row, request.user, said["on"]), "Ärendet är avslutat."),
    }  # fmt: skip
    done = tried(request, {name: deeds[name] for name in _possible(request, row)}, not_now=NOT_NOW)
    if done.answer is not None:
        return done.answer
    edits = access.may(request.user, Action.EDIT, row)
    context = {
        "case": row,
        "tone": sarah_tone(row),
        "full": edits or covers(request.user, row),
        "edits": edits and row.state in lex.WAITING,
        "decides": row.state == State.INVESTIGATED and access.may(request.user, Action.DECIDE, row),
        "sends_on": row.state == State.REPORTED and access.may(request.user, Action.DECIDE, row),
        "shows_reporter": edits,
        "together": row.decision.cases.exclude(pk=row.pk).order_by("number") if row.decision else [],
        "carried_over": lex.is_carried_over(row),
        "actions": tasks.actions_of(row),
        "deeds": done.forms,
        "lex_maria": list(access.visible(request.user, lex_maria.of_sarah(row))),
        "deviation_seen": row.deviation is not None and access.may(request.user, Action.VIEW, row.deviation),
    }
    return render(request, "quality/lex_sarah_case.html", context, status=done.status)


def _possible(request: HttpRequest, row: LexSarahCase) -> list[str]:
    """The small deeds of the case page that can be done now by the person."""
    if row.state == State.CLOSED or not access.may(request.user, Action.DECIDE, row):
        return []
    if row.decision is None:
        return ["atgard"]
    if row.state == State.NOTIFIED:
        return ["svar" if row.ivo_answered_on is None else "avsluta", "atgard"]
    return ["anmal" if row.decision.outcome == row.decision.Outcome.SERIOUS else "avsluta", "atgard"]


@committee_page(Resource.LEX_SARAH, Action.EDIT)
def investigate(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Write the investigation. A second saver sees both texts."""
    row = get_object_or_404(access.visible(request.user, _cases(request), Action.EDIT), pk=pk)
    back = request.scope.url("quality:lex_sarah", pk)
    form = forms.InvestigationForm(request.POST or None, initial=forms.InvestigationForm.initial_of(row))

    def save(said: dict[str, Any]) -> None:
        lex.investigate(
            row,
            request.user,
            form.found(),
            expected_revision=said["revision"] or 0,
            finished=said["finished"],
        )

    if request.method == "POST" and form.try_to(save):
        done = form.cleaned_data["finished"]
        messages.success(
            request, "Utredningen är klar och kan beslutas." if done else "Utredningen är sparad."
        )
        return redirect(back)
    context = {"form": form, "case": row, "back": back, "other": form.other}
    return render(request, "quality/lex_sarah_investigate.html", context, status=form.status)


@committee_page(Resource.LEX_SARAH, Action.DECIDE)
def decide(request: CommitteeRequest) -> HttpResponse:
    """Decide one case or several together: those that are ticked."""
    waiting = (
        access.visible(request.user, _cases(request), Action.DECIDE)
        .filter(state__in=lex.WAITING)
        .order_by("reported_at", "pk")
    )
    chosen = [pk for one in request.GET.getlist("arende") if (pk := whole_number(one)) is not None]
    form = forms.DecisionForm(request.POST or None, initial={"cases": chosen})
    form.fields["cases"].queryset = waiting  # type: ignore[attr-defined]
    form.fields["cases"].label_from_instance = _named  # type: ignore[attr-defined]

    def save(said: dict[str, Any]) -> None:
        texts = {name: said[name] for name in ("outcome", "motive", "line", "decided_on")}
        lex.decide(list(said["cases"]), request.user, **texts)

    if request.method == "POST" and form.try_to(save):
        numbers = [one.number for one in form.cleaned_data["cases"]]
        messages.success(request, f"Beslutat: {', '.join(numbers)}.")
        first = form.cleaned_data["cases"][0] if len(numbers) == 1 else None
        return redirect(
            request.scope.url("quality:lex_sarah", first.pk)
            if first
            else request.scope.url("quality:lex-sarah")
        )
    context = {"form": form, "any": waiting.exists()}
    return render(request, "quality/lex_sarah_decide.html", context, status=form.status)


def _named(row: LexSarahCase) -> str:
    where = row.unit.name if row.unit else "ingen enhet"
    return (
        f"{row.number}, {where}, rapporterad {timezone.localdate(row.reported_at)}, {row.get_state_display()}"
    )


@committee_page(Resource.LEX_SARAH)
def decisions(request: CommitteeRequest) -> HttpResponse:
    """What the committee is to hear: every decision since a day, by outcome, one line each and no names."""
    scope = request.scope
    today = timezone.localdate()
    after = _day(request.GET.get("efter", "")) or date(scope.year - 1, 12, 31)
    upto = _day(request.GET.get("till", "")) or min(date(scope.year, 12, 31), max(today, after))
    rows = list(access.visible(request.user, lex.since_last(scope.committee, after, upto)))
    context = {
        "rows": rows,
        "after": after,
        "upto": upto,
        "months": lex.reported_per_month(scope.committee, after, upto),
        "whole": any(
            grant.unit_id is None and allows(grant.role, Resource.LEX_SARAH, Action.VIEW)
            for grant in access.grants(request.user)
            if grant.committee_id == scope.committee.pk
        ),
    }
    return render(request, "quality/lex_sarah_decisions.html", context)


def _day(text: str) -> date | None:
    try:
        return read_day(text)
    except DayError:
        return None
