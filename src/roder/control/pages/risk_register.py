"""The year's register of risks, declared: what is shown, filtered, written out and edited."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from roder import access
from roder.access.matrix import Action, Resource
from roder.control.models import Risk, RiskAnalysis
from roder.control.pages.matrix import matrix_of
from roder.control.rules import risks as rules
from roder.control.rules import scales
from roder.control.services import analyses, risks
from roder.control.services.scales import scale_of
from roder.core.numbers import NBSP
from roder.core.register import Column, Filter, Register
from roder.organisation.models import Person
from roder.web.scope import Scope

State = Risk.State
FIELDS = (
    "number", "text", "category", "process", "activity", "cause", "consequence", "existing_controls", "obligatory",
    "common", "owner_role", "responsible", "unit", "origin", "origin_note",
)  # fmt: skip
_YES_NO = (("ja", "Ja"), ("nej", "Nej"))


def analysis_of(scope: Scope) -> RiskAnalysis | None:
    """The year's analysis, if the person may see it."""
    rows = RiskAnalysis.objects.filter(committee=scope.committee, year=scope.year)
    return access.visible(scope.user, rows).select_related("scale", "committee").first()


def _rows(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    return rows.filter(committee=scope.committee, analysis__year=scope.year).select_related("previous")


def printed(part: int) -> Any:
    """Likelihood (0), impact (1) or value (2) as the register prints it: a number where there is one."""

    def read(risk: Risk) -> int | str:
        text = risks.printed_score(risk)[part]
        return int(text) if text.isdecimal() else text

    return read


def level_of(risk: Risk) -> tuple[str, str]:
    """The level of a risk, and its tone; what it is instead where it has no score."""
    if risk.state == State.RETIRED:
        return "Utgången", "none"
    if risk.state == State.SUGGESTED:
        return "Förslag", "none"
    if risk.likelihood is None:
        return "Inte bedömd", "none"
    shown = scales.shown_level(scale_of(risk.scale_id), risk.likelihood, risk.impact)
    return (shown.label, shown.tone) if shown else ("", "none")


def moved(risk: Risk) -> str:
    """The movement since last year, arrow and words on one line; what it was for a risk without a score."""
    found = risks.movement_of(risk)
    if found.direction == "unscored":
        return "" if found.before is None else f"var{NBSP}{found.before}"
    if found.direction == "new":
        return f"inget{NBSP}värde"
    return f"{found.arrow} {found.words}".strip().replace(" ", NBSP)


def departs(risk: Risk) -> tuple[str, str]:
    """Whether the handling departs from the rule, and its tone: a departure lacks its reason or has it."""
    if risks.departs(risk) is None:
        return "", "none"
    return ("Avviker", "near") if risk.handling_reason else ("Utan skäl", "bad")


def _by_departure(rows: QuerySet[Any], wanted: str) -> QuerySet[Any]:
    found = [risk.pk for risk in rows if (risks.departs(risk) is not None) == (wanted == "ja")]
    return rows.filter(pk__in=found)


def _yes_or_no(name: str, title: str) -> Filter:
    return Filter(
        name, title, options=_YES_NO, apply=lambda rows, wanted: rows.filter(**{name: wanted == "ja"})
    )


def _new(scope: Scope) -> Risk:
    """A risk last in the year's analysis, with the next number filled in."""
    analysis = analysis_of(scope)
    if analysis is None:
        raise Http404("Året har ingen riskanalys.")
    taken = analysis.risks.values_list("number", "position")
    return Risk(
        committee=scope.committee,
        analysis=analysis,
        scale_id=analysis.scale_id,
        number=rules.next_number(number for number, _ in taken),
        position=max((place for _, place in taken), default=0) + 1,
    )


def saved(risk: Risk, by: Person) -> None:
    """A decided analysis is not changed. Raises RiskFault."""
    risks.require_open(risk.analysis)


def above(scope: Scope) -> dict[str, Any]:
    """What stands over the register: how far the year's analysis has come, and the picture of it."""
    analysis = analysis_of(scope)
    if analysis is None:
        raise Http404("Året har ingen riskanalys.")
    is_open = analysis.state == RiskAnalysis.State.OPEN
    rows = list(risks.rows_of(analysis))
    active = [one for one in rows if one.state == State.ACTIVE]
    departing = [one for one in active if risks.departs(one) is not None]
    return {
        "analysis": analysis,
        "scale": scale_of(analysis.scale_id),
        "matrix": matrix_of(analysis, active),
        "active": len(active),
        "unscored": sum(one.likelihood is None for one in active),
        "suggested": sum(one.state == State.SUGGESTED for one in rows),
        "retired": sum(one.state == State.RETIRED for one in rows),
        "unhandled": sum(not one.handling for one in active),
        "departing": departing,
        "lacking": sum(not one.handling_reason for one in departing),
        "older": sum(one.likelihood is not None and one.scale_id != analysis.scale_id for one in active),
        "may_add": is_open and scope.may(Action.EDIT, Resource.RISKS),
        "newer": scope.may(Action.EDIT, Resource.RISKS) and is_open and analyses.has_newer_scale(analysis),
    }


register = Register(
    Risk,
    name="riskanalys",
    title="Riskanalys",
    lead="Vad som kan hindra nämnden från att nå sina mål: hur troligt det är, hur allvarligt, och vad ni gör åt det.",
    rows=_rows,
    columns=(
        Column("number", title="Nr", value=lambda one: one.number or one.code, sort=("position",)),
        Column("text", link=lambda one, scope: scope.url("control:risk", one.pk), room=True),
        Column("category", shown=False),
        Column("process", shown=False),
        Column("activity", shown=False),
        Column("likelihood", title="Sann.", value=printed(0), kind="number", sort=("likelihood",)),
        Column("impact", title="Kons.", value=printed(1), kind="number", sort=("impact",)),
        Column("value", title="Värde", value=printed(2), kind="number", sort=("value",)),
        Column("moved", title="Förra året", value=moved, sort=("previous_value",)),
        Column("level", title="Nivå", value=lambda one: level_of(one)[0], tone=lambda one: level_of(one)[1],
               sort=("value",)),
        Column("handling"),
        Column("departs", title="Mot regeln", value=lambda one: departs(one)[0], tone=lambda one: departs(one)[1]),
        Column("in_plan", title="I planen"),
        Column("handling_reason", shown=False),
        Column("plan_reason", shown=False),
        Column("responsible", shown=False),
        Column("unit", shown=False),
        Column("common", shown=False),
        Column("obligatory", shown=False),
        Column("previous_value", shown=False),
        Column("state", title="Läge", shown=False),
        Column("origin", shown=False),
        Column("code", title="Id genom åren", shown=False),
        Column("cause", shown=False),
        Column("consequence", shown=False),
        Column("existing_controls", shown=False),
    ),
    filters=(
        "category", "handling", "state", _yes_or_no("in_plan", "I planen"),
        Filter("departs", title="Mot regeln", options=(("ja", "Avviker"), ("nej", "Följer")), apply=_by_departure),
        _yes_or_no("common", "Gemensam"), "value",
    ),
    search=("text", "number", "code", "process", "cause", "consequence"),
    order=("position",),
    form=FIELDS,
    new=_new,
    saved=saved,
    above="control/risk/above.html",
    above_context=above,
    empty="Här kommer årets risker. Öppna riskanalysen, ta med förra årets risker eller samla nya i en workshop.",
)  # fmt: skip
