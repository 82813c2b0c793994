"""The page of a case: what to do now first, then what happened, the steps with their clocks, actions and history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from roder import access, files, tasks
from roder.access import Action, Resource
from roder.core.register import history
from roder.quality.clocks import clocks
from roder.quality.models import Deviation
from roder.quality.pages.deviation_deeds import DEEDS, At, available, find_case
from roder.quality.rules import deviations as rules
from roder.quality.services import moves
from roder.quality.services.handling import case_of, planned, roles_at
from roder.quality.services.practice import practice_of
from roder.quality.services.questions import asked_in, may_answer, open_set
from roder.questionnaires.answering import read_lines
from roder.steering.models import DeviationCause, DeviationType
from roder.web.scope import CommitteeRequest, committee_page

SIMILAR = 8
#: Deeds on the case itself, in the order of the page.
OTHER = ("klassificera", "patientkonferens", "lamna-over", "for-samman", "dela")


@committee_page()
def case_page(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """A case, for those whose mandates cover it. The reporter is sent to the page of the report."""
    scope = request.scope
    if not access.visible(request.user, Deviation.objects.filter(pk=pk), own=False).exists():
        mine = Deviation.objects.filter(pk=pk, reporter=request.user, committee=scope.committee)
        if scope.may(Action.REPORT, Resource.DEVIATIONS) and mine.exists():
            return redirect(scope.url("quality:reported", pk))
    return render(request, "quality/case.html", _context(request, find_case(request, pk)))


def _context(request: CommitteeRequest, case: Deviation) -> dict[str, Any]:
    held = {one.code: one for one in case.steps.select_related("done_by")}
    steps = list(planned(case, held).values())
    actions = list(tasks.actions_of(case))
    state = case_of(case, steps, actions)
    roles = roles_at(request.user, case)
    at = At(case, request.user, state, roles)
    now = timezone.now()
    clock = {one.step.code: one for one in clocks(steps, state, now)}
    ready = [(slug, deed, clock.get(step)) for slug, deed, step in available(at)]
    obstacles = rules.obstacles(state)
    closes = bool(roles & set(rules.CLOSES))
    practice = practice_of(case.committee, case.reported_at)
    investigation = next((one for one in steps if one.code == "investigation" and one.pk), None)
    seen = access.visible(request.user, moves.similar(case), own=False)
    return {
        "case": case,
        "clocks": list(clock.values()),
        "ready": sorted(ready, key=lambda one: (one[2].optional if one[2] else True, _due(one[2], now))),
        "can_close": closes and state.open and not obstacles,
        "obstacles": obstacles if closes and state.open and {"follow_up"} & state.done else [],
        "can_reopen": closes and not state.open,
        "others": [
            (slug, DEEDS[slug])
            for slug in OTHER
            if state.open and DEEDS[slug].allowed(at) and slug not in {one[0] for one in ready}
        ],
        "redo": _redo(at) if state.open else {},
        "actions": _actions(actions, at),
        "can_act": state.open and bool(moves.groups_of(roles, state)),
        "matters": list(case.matters.select_related("type", "cause").order_by("type__position", "pk")),
        "severity": practice.severity(case.severity),
        "severity_reported": practice.severity(case.severity_reported),
        "details": _details(steps),
        "classifications": _classifications(case, practice),
        "events": list(case.case_events.select_related("by")),
        "similar": list(seen.prefetch_related("matters__type")[:SIMILAR]),
        "merged_from": list(case.merged_from.all()),
        "split_into": list(case.split_into.all()),
        "lex_sarah": list(access.visible(request.user, case.lex_sarah.all())),
        "lex_maria": list(access.visible(request.user, case.lex_maria.all())),
        "asked": [
            (one, read_lines(one.answer) if one.final and one.answer else ())
            for one in asked_in(case, request.user)
        ],
        "may_answer": may_answer(case, request.user),
        "files": files.of(case),
        "file_subject": investigation,
        "history": history.of(case),
    }


@require_POST
@committee_page(Resource.DEVIATIONS, Action.COMMENT)
def answer_set(request: CommitteeRequest, pk: int, code: str) -> HttpResponseBase:
    """Begin or go on with the case's answer to one of the committee's question sets."""
    case = find_case(request, pk)
    try:
        answer = open_set(case, request.user, code)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(request.scope.url("quality:deviation", pk))
    except LookupError:
        raise Http404("Formuläret finns inte.") from None
    return redirect(request.scope.url("questionnaires:answer", answer.pk))


def _due(clock: Any, now: Any) -> Any:
    return (clock.step.due_at if clock else None) or now + timedelta(days=3650)


def _redo(at: At) -> dict[str, str]:
    """code of step -> the deed's slug, for steps that are done and may be written again by this person."""
    return {
        deed.step: slug
        for slug, deed in DEEDS.items()
        if deed.step and deed.step in at.state.done and deed.allowed(at) and deed.step != "decision"
    }


def _actions(actions: list[Any], at: At) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Each action with what this person may do with it: (slug, label)."""
    may = set(moves.groups_of(at.roles, at.state)) if at.state.open else set()
    found = []
    for one in actions:
        deeds: list[tuple[str, str]] = []
        if one.group in may and not one.dropped_at and not one.effect:
            if one.done_at is None:
                deeds = [("klar", "Genomförd"), ("effekt", "Blev inte av"), ("stryk", "Stryk")]
            else:
                deeds = [("effekt", "Bedöm effekten")]
        found.append((one, deeds))
    return found


LABELS = {
    "home_visit": "Hembesök behövs", "situation": "Situation", "background": "Bakgrund",
    "current": "Aktuellt tillstånd", "recommendation": "Rekommendation", "checks": "Kontroller",
    "when": "När", "what": "Vad hände",
    "worked": "Vem arbetade", "talked": "Samtal med dem som arbetade", "course": "Händelseförlopp",
    "causes": "Bakomliggande orsaker", "barriers": "Skydd som brast", "outcome": "Beslut",
}  # fmt: skip
OUTCOME_WORDS = {
    "lex_sarah": "Lex Sarah",
    "lex_maria": "Lex Maria",
    "neither": "Varken lex Sarah eller lex Maria",
}


def _word(name: str, value: Any) -> str:
    from roder.quality.services.deviations import CHECKS  # noqa: PLC0415

    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if name == "checks":
        return ", ".join(dict(CHECKS).get(code, code) for code in value)
    return OUTCOME_WORDS.get(value, str(value)) if name == "outcome" else str(value)


def _details(steps: list[Any]) -> dict[str, list[tuple[str, str]]]:
    """code of step -> what was written in it, in words."""
    found = {}
    for step in steps:
        rows = [
            (LABELS[name], _word(name, value))
            for name, value in step.detail.items()
            if name in LABELS and value not in ("", [], None)
        ]
        if step.note:
            rows.append(("Anteckning", step.note))
        if rows:
            found[step.code] = rows
    return found


def _classifications(case: Deviation, practice: Any) -> list[dict[str, Any]]:
    """Every time it was classified, with both values in words."""
    rows = list(case.classifications.select_related("by"))
    if not rows:
        return []
    kinds = dict(DeviationType.objects.filter(committee=case.committee).values_list("code", "label"))
    causes = {
        (kind, code): label
        for kind, code, label in DeviationCause.objects.filter(committee=case.committee).values_list(
            "type__code", "code", "label"
        )
    }

    def types(pairs: list[list[str]]) -> str:
        words = [
            f"{kinds.get(kind, kind)} ({causes.get((kind, cause), cause)})"
            if cause
            else kinds.get(kind, kind)
            for kind, cause in pairs
        ]
        return ", ".join(words)

    found = []
    for one in rows:
        first = one.severity_before is None
        found.append(
            {
                "row": one,
                "severity": one.severity,
                "severity_before": None if first else one.severity_before,
                "types": types(one.types),
                "types_before": "" if one.types == one.types_before else types(one.types_before),
                "changed": not first
                and (one.severity != one.severity_before or one.types != one.types_before),
            }
        )
    return found
