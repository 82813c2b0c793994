"""The yearly self-assessment of internal control, and the review of corruption: the year beside the years before."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from roder.access.matrix import Action, Resource
from roder.control.rules.self_assessment import finding
from roder.control.services import self_assessments as rounds
from roder.control.services.self_assessments import RoundFault, Yearly
from roder.core.numbers import Unit as Counted
from roder.measures.charts import Picture
from roder.organisation.models import Body, Unit
from roder.questionnaires import compiling
from roder.questionnaires import services as questionnaires
from roder.questionnaires.models import Answer, QuestionSet
from roder.questionnaires.shape import Type
from roder.reports.charts import Series, chart_svg, line_chart
from roder.reports.document import Number
from roder.tasks.listing import lines
from roder.web.forms import DeedForm, day
from roder.web.scope import CommitteeRequest, committee_page

FEWEST = 2  # a line needs two points
MOST = 5  # lines that can be told apart
LONGEST_NAME = 20  # of a line, beside its last value
WRITTEN = (Type.TEXT, Type.TABLE)


class RoundForm(DeedForm):
    """Which units are asked, and by when."""

    due = day("Svara senast")
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label="Enheter som ska svara", widget=forms.CheckboxSelectMultiple,
        help_text="De som har en egen enhetschef är valda.",
        error_messages={"required": "Välj minst en enhet som ska svara.",
                        "invalid_choice": "Enheten finns inte i nämnden. Ladda om sidan."},
    )  # fmt: skip

    def __init__(self, *args: Any, committee: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = Unit.objects.filter(committee=committee).order_by("name")  # type: ignore[attr-defined]
        self.initial.setdefault("units", list(rounds.units_asked(committee).values_list("pk", flat=True)))
        self.initial.setdefault("due", None)


def _found(request: CommitteeRequest, code: str) -> tuple[list[QuestionSet], QuestionSet | None]:
    """The sets of the committee that are asked for here, and the one wanted. Raises Http404 for another."""
    sets = rounds.sets_of(request.scope.committee)
    if not code:
        return sets, sets[0] if sets else None
    found = next((one for one in sets if one.code == code), None)
    if found is None:
        raise Http404("Formuläret finns inte i nämnden.")
    return sets, found


@committee_page(Resource.CONTROLS)
def page(request: CommitteeRequest, code: str = "") -> HttpResponseBase:
    """The year's compilation per area beside earlier years; who has answered and what was written, for those who may
    see the answers."""
    sets, found = _found(request, code)
    if found is None:
        return render(
            request,
            "control/self/empty.html",
            {"may_load": request.scope.may(Action.EDIT, Resource.QUESTIONNAIRES)},
        )
    return _page(request, sets, found)


def _page(
    request: CommitteeRequest,
    sets: list[QuestionSet],
    found: QuestionSet,
    form: RoundForm | None = None,
    status: int = 200,
) -> HttpResponse:
    scope = request.scope
    made = rounds.yearly(found, scope.year)
    leads = scope.may(Action.EDIT, Resource.CONTROLS)
    rows = _units(request, found)
    context = {
        "set": found, "sets": sets, "made": made, "picture": _picture(made), "units": rows, "leads": leads,
        "finding": finding(made.by_area, made.year),
        "table": _table(made), "answered": made.answers.get(scope.year, 0), "texts": _texts(request, found),
        "waiting": sum(one["task"] is not None for one in rows),
        "form": form or (RoundForm(committee=scope.committee) if leads else None), "opened": form is not None,
    }  # fmt: skip
    return render(request, "control/self/page.html", context, status=status)


def _table(made: Yearly) -> list[dict[str, Any]]:
    """The areas and their questions by year, as they are printed."""
    latest = made.years[-FEWEST:]
    rows: list[dict[str, Any]] = []
    for area in made.areas:
        rows.append({"text": area.title, "sum": True, "cells": [area.years[one].share for one in made.years]})
        rows.extend(
            {
                "text": asked.text,
                "cells": [asked.years[one].share for one in made.years],
                "mean": asked.means.get(made.year),
                "answers": ""
                if asked.means
                else ", ".join(f"{label}: {count}" for label, _, count in asked.options if count),
            }
            for asked in area.questions
        )
    for row in rows:
        known = row["cells"][-FEWEST:]
        whole = len(latest) == FEWEST and latest[-1] == made.year and None not in known
        row["change"] = round(known[1]) - round(known[0]) if whole else None
    return rows


def _picture(made: Yearly) -> Picture | None:
    """The lines of the areas, in the form's order; the title says the finding. None with too few years for a line."""
    shown = made.areas[:MOST]
    if len(made.years) < FEWEST or not shown:
        return None
    series = [
        Series(_short(one.title), tuple((str(year), _number(one.years[year].share)) for year in made.years))
        for one in shown
    ]
    years = f"{made.years[0]}–{made.years[-1]}"
    described = f"Linjediagram över andelen goda svar per område {years}. Siffrorna står i tabellen under."
    title = finding(made.by_area, made.year)
    chart = line_chart(title, described, series, unit=Counted.PERCENT, digits=0, label="Område")
    return Picture(chart, mark_safe(chart_svg(chart)))  # noqa: S308 - drawn by our own renderer, texts escaped


def _short(title: str) -> str:
    """An area's name as it fits at the end of a line."""
    return title if len(title) <= LONGEST_NAME else f"{title[: LONGEST_NAME - 1].rstrip()}…"


def _number(share: float | None) -> Number | None:
    return None if share is None else Number(Decimal(round(share)), Counted.PERCENT, 0)


def _units(request: CommitteeRequest, found: QuestionSet) -> list[dict[str, Any]]:
    """The units' answers of the year that the person may see or write, with the task of those not handed in."""
    scope = request.scope
    every = rounds.round_answers(found, scope.year)
    seen = questionnaires.visible_answers(request.user, every)
    mine = questionnaires.units_to_answer_for(request.user, scope.committee)
    rows = list((seen | every.filter(unit__in=mine)).distinct().order_by("unit__name"))
    waits = {
        line.task.subject_id: line for line in lines(rounds.open_tasks(rows).select_related("committee"))
    }
    return [
        {"answer": one, "task": waits.get(one.pk), "final": one.state == Answer.State.FINAL} for one in rows
    ]


def _texts(
    request: CommitteeRequest, found: QuestionSet
) -> list[tuple[str, list[tuple[compiling.Column, str]]]]:
    """What was written this year, by question: only from the answers that the person may see."""
    rows = questionnaires.visible_answers(request.user, found.answers.filter(year=request.scope.year))
    made = compiling.compile_answers(found, rows)
    shown = []
    for question in made.content.questions():
        if question.type not in WRITTEN:
            continue
        said = [
            (one, text)
            for one in made.columns
            if (text := compiling.words(made.content, question, one.values.get(question.code)))
        ]
        if said:
            shown.append((question.text, said))
    return shown


@require_POST
@committee_page(Resource.CONTROLS, Action.EDIT)
def start(request: CommitteeRequest, code: str) -> HttpResponseBase:
    """Ask the chosen units to answer by a day."""
    sets, found = _found(request, code)
    assert found is not None  # noqa: S101 - an address with a code gives a set or 404
    form = RoundForm(request.POST, committee=request.scope.committee)
    asked: list[int] = []
    try:
        if form.try_to(
            lambda given: asked.append(
                rounds.start_round(found, request.scope.year, request.user, given["units"], given["due"])
            )
        ):
            word = "enhet har" if asked[0] == 1 else "enheter har"
            messages.success(request, f"{asked[0]} {word} fått uppgiften att svara.")
            return redirect(request.scope.url("control:self_assessment_form", code))
    except RoundFault as fault:
        form.add_error(fault.field or None, str(fault))
    return _page(request, sets, found, form, 422)


@require_POST
@committee_page(Resource.CONTROLS, Action.EDIT)
def remind(request: CommitteeRequest, code: str) -> HttpResponseBase:
    """Remind those who have not answered."""
    _, found = _found(request, code)
    assert found is not None  # noqa: S101 - an address with a code gives a set or 404
    told = rounds.remind(found, request.scope.year, request.user)
    if told:
        messages.success(
            request, f"{told} {'person har' if told == 1 else 'personer har'} fått en påminnelse."
        )
    else:
        messages.info(request, "Ingen behövde påminnas: alla har svarat, eller har redan påmints i dag.")
    return redirect(request.scope.url("control:self_assessment_form", code))
