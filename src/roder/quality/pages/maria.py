"""The pages of lex Maria."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from roder import access, tasks
from roder.access.matrix import Action, Resource
from roder.quality.models import LexMariaCase
from roder.quality.pages import lex_forms as forms
from roder.quality.pages.case_words import NOT_NOW
from roder.quality.pages.lex_register import maria_tone
from roder.quality.services import lex_maria
from roder.web.deeds import tried
from roder.web.forms import DeedForm
from roder.web.scope import CommitteeRequest, committee_page

State = LexMariaCase.State


def _cases(request: CommitteeRequest) -> QuerySet[LexMariaCase]:
    rows = LexMariaCase.objects.filter(committee=request.scope.committee)
    return access.visible(request.user, rows).select_related(
        "unit", "service_area", "deviation", "lex_sarah", "decided_by", "committee"
    )


@committee_page(Resource.LEX_MARIA)
def case(request: CommitteeRequest, pk: int) -> HttpResponse:
    """A case, with the deed that comes next."""
    row = get_object_or_404(_cases(request), pk=pk)

    def decide(said: dict[str, Any]) -> None:
        texts = {name: said[name] for name in ("notify", "motive", "decided_on", "notified_on")}
        lex_maria.decide_lex_maria(row, request.user, **texts, expected_revision=said["revision"] or 0)

    def outcome(said: dict[str, Any]) -> None:
        lex_maria.outcome_of_lex_maria(
            row, request.user, said["outcome"], expected_revision=said["revision"] or 0
        )

    deeds: dict[str, tuple[type[DeedForm], Callable[[Any], Any], str]] = {
        "besluta": (forms.MariaDecisionForm, decide, "Beslutet är inskrivet."),
        "utfall": (forms.OutcomeForm, outcome, "IVO:s beslut är inskrivet."),
        "avsluta": (
            forms.CloseForm,
            lambda said: lex_maria.close_lex_maria(row, request.user, said["on"]),
            "Ärendet är avslutat.",
        ),
    }
    initial = {"revision": row.revision, "outcome": row.outcome}
    possible = {name: deeds[name] for name in _possible(request, row)}
    done = tried(request, possible, initial, not_now=NOT_NOW)
    if done.answer is not None:
        return done.answer
    context = {
        "case": row,
        "tone": maria_tone(row),
        "late": row.state == State.OPEN and row.due_on < timezone.localdate(),
        "edits": row.state != State.CLOSED and access.may(request.user, Action.EDIT, row),
        "reported_on": lex_maria.reported_on(row.deviation, row.lex_sarah),
        "deviation_seen": row.deviation is not None and access.may(request.user, Action.VIEW, row.deviation),
        "lex_sarah": list(access.visible(request.user, lex_maria.sarah_of(row))),
        "actions": tasks.actions_of(row),
        "deeds": done.forms,
    }
    return render(request, "quality/lex_maria_case.html", context, status=done.status)


def _possible(request: HttpRequest, row: LexMariaCase) -> list[str]:
    """The deeds of the case page that can be done now by the person."""
    if row.state == State.CLOSED or not access.may(request.user, Action.DECIDE, row):
        return []
    if row.state == State.OPEN:
        return ["besluta"]
    return ["utfall", "avsluta"] if row.state == State.NOTIFIED else ["avsluta"]


@committee_page(Resource.LEX_MARIA, Action.EDIT)
def analyse(request: CommitteeRequest, pk: int) -> HttpResponse:
    """Write the event analysis, and whether the patient is informed. A second saver sees both texts."""
    row = get_object_or_404(access.visible(request.user, _cases(request), Action.EDIT), pk=pk)
    back = request.scope.url("quality:lex_maria", pk)
    form = forms.AnalysisForm(request.POST or None, initial=forms.AnalysisForm.initial_of(row))

    def save(said: dict[str, Any]) -> None:
        lex_maria.analyse(row, request.user, form.found(), expected_revision=said["revision"] or 0)

    if request.method == "POST" and form.try_to(save):
        messages.success(request, "Händelseanalysen är sparad.")
        return redirect(back)
    context = {"form": form, "case": row, "back": back, "other": form.other}
    return render(request, "quality/lex_maria_analyse.html", context, status=form.status)
